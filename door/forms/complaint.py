"""What a customer fills in to complain (R10, R12)."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from common.inputs import Line, Words
from common.refusable import RefusableForm
from common.refusals import Malformed
from complaints.actions.acceptance import Contacting, Matters, checked
from complaints.actions.callers import Caller
from complaints.forms import PREFIX, add_record_fields, record_of
from complaints.models import Category
from complaints.states import Medium
from customers.models import Standing
from door import times
from door.human import HumanForm

LONGEST_STORY = 4000
_NUMBER = re.compile(r"\+?[0-9 ()\-]{5,24}")


class FileInput(forms.FileInput):
    """Several files."""

    allow_multiple_selected = True


class Complaint(RefusableForm, HumanForm):
    """A matter in the customer's own words; what the category requires is asked for by name."""

    use_required_attribute = False  # the page itself says what is missing, in the language that it is in

    number = Line(label=_("The number that it is about"), max_length=24, required=False)
    standing = forms.ChoiceField(
        label=_("You are"), choices=Standing.choices, initial=Standing.SUBSCRIBER, required=False
    )
    name = Line(label=_("Your name"), max_length=120, required=False)
    happened = Words(label=_("What happened?"), rows=5, max_length=LONGEST_STORY, required=False)
    wanted = Words(label=_("What should we do?"), rows=2, max_length=LONGEST_STORY, required=False)
    contact_number = Line(
        label=_("Where do we reach you?"),
        help_text=_("Only if it is not the number above."),
        max_length=24,
        required=False,
    )
    by = forms.ChoiceField(
        label=_("How should we answer?"),
        choices=[
            (Medium.PHONE.value, _("by a call")),
            (Medium.SMS.value, _("by a short message")),
        ],
        required=False,
    )
    when = forms.ChoiceField(label=_("When should we call?"), required=False)
    night = forms.BooleanField(label=_("You may also call me between 20:00 and 08:00"), required=False)
    another_matter = forms.BooleanField(
        label=_("I have reported something like this before, but this is another matter"),
        help_text=_("Otherwise we add it to what we are working on already."),
        required=False,
    )
    evidence = forms.FileField(
        label=_("Photos, sounds or documents"),
        help_text=_("JPEG, PNG, WebP, HEIC, PDF, MP3, M4A, AMR, WAV or MP4."),
        widget=FileInput(attrs={"accept": "image/*,audio/*,video/mp4,application/pdf"}),
        required=False,
    )

    def __init__(self, data: QueryDict | None = None, *, category: Category, at: datetime, **options: Any) -> None:
        self.category = category
        super().__init__(data, at=at, label_suffix="", **options)
        self.fields["when"].choices = times.choices(at)  # type: ignore[attr-defined]
        for name in ("number", "contact_number"):
            self.fields[name].widget.attrs |= {"type": "tel", "autocomplete": "tel"}
            self.fields[name].widget.input_type = "tel"
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        add_record_fields(self, category, initial={})

    def clean(self) -> dict[str, Any]:
        """The number has to look like one; all else that is missing, the action says at once (R12)."""
        said = super().clean()
        for name, is_asked in (("number", True), ("contact_number", False)):
            typed = (said.get(name) or "").strip()
            if (typed or is_asked) and not _NUMBER.fullmatch(typed):
                self.add_error(name, _("Give a phone number, in figures."))
        return said

    @property
    def required_ones(self) -> list[forms.BoundField]:
        """The fields that the category requires."""
        return [self[name] for name in self.fields if name.startswith(PREFIX)]

    @property
    def optional_ones(self) -> tuple[str, ...]:
        """The fields that may stay empty and do not say so themselves; all others are filled in already or needed."""
        return ("wanted", "evidence", "name")

    def is_complete(self) -> bool:
        """Whether all that acceptance asks for is there (R12); what is not stands at its field afterwards.

        Whatever else is wrong already: one look at the page shows all of it. A field that was refused says one thing.
        """
        try:
            checked(self.matter(), self.contacting(reaches_into_the_night=False), raised=self.at, at=self.at)
        except Malformed as refusal:
            said = {name: told for name, told in refusal.errors.items() if self.field_meant_by(name) not in self.errors}
            if said:
                self.explain(Malformed(str(refusal), errors=said))
        return not self.errors

    def caller(self) -> Caller:
        """Whose matter it is."""
        said = self.cleaned_data
        standing = said["standing"] or Standing.SUBSCRIBER
        speaks = standing != Standing.SUBSCRIBER
        return Caller(
            number=said["number"],
            name="" if speaks else said["name"],
            speaker=said["name"] if speaks else "",
            speaker_number=said["contact_number"] if speaks else "",
            standing=standing,
        )

    def matter(self) -> Matters:
        """What it is about."""
        said = self.cleaned_data
        return Matters(
            category=self.category,
            happened=said.get("happened", ""),
            wanted=said.get("wanted", ""),
            record=record_of(said),
            medium=Medium.WEB,
        )

    def contacting(self, *, reaches_into_the_night: bool) -> Contacting:
        """How they want to be answered. The box that is left empty is a no, where the limit reaches into the night."""
        said = self.cleaned_data
        when = said.get("when", "")
        chosen = dict(self.fields["when"].choices).get(when, "")  # type: ignore[attr-defined]
        ends = times.end_of(when, self.at)
        night = "yes" if said["night"] else "no" if reaches_into_the_night and ends is None else ""
        return Contacting(
            number=said.get("contact_number", ""),
            preferred_medium=said.get("by", ""),
            night=night,
            night_evidence=str(_("ticked on the web form")) if night == "yes" else "",
            promised_for=ends,
            promise_evidence=str(_("chosen on the web form: %(when)s")) % {"when": chosen} if ends else "",
        )

    def field_meant_by(self, name: str) -> str | None:
        """As every form knows it; the files stand under what they are for."""
        return super().field_meant_by("evidence" if name == "file" else name)
