"""Acceptance (受理): who calls, what it is about, what was agreed; and how it ended where it ended at once."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from common.refusable import RefusableForm
from common.refusals import Malformed
from complaints.actions.acceptance import Contacting, Matters
from complaints.actions.callers import Caller
from complaints.actions.concluding import Outcome
from complaints.forms import PREFIX, add_record_fields, record_of
from complaints.models import Category
from complaints.states import Addressee, Liability, Medium, Nature, Urgency, Verdict
from customers.models import Customer, Standing
from desk.forms.fields import CauseChoice, Line, Moment, Words

ASKED_BY_ACTION = {"number", "happened", "night", "duplicate_reason", "verdict", "liability"}
"""What must not be left out where it is asked at all; the form does not ask for it, the step that is taken does."""


class LookUp(forms.Form):
    """Whom the caller is, or which ticket they name."""

    number = forms.CharField(label=_("Subscriber's number or ticket reference"), max_length=40)


class Acceptance(RefusableForm):
    """A matter as the customer tells it. Nothing but the category and what happened is asked by the page itself;
    what else is missing, the action says at once and in one list (R12)."""

    number = Line(label=_("subscriber's number"), max_length=40, required=False)
    name = Line(label=_("name"), max_length=120, required=False)
    speaker = Line(label=_("who speaks"), max_length=120, required=False)
    speaker_number = Line(label=_("their number"), max_length=40, required=False)
    standing = forms.ChoiceField(
        label=_("standing"), choices=Standing.choices, initial=Standing.SUBSCRIBER, required=False
    )
    category = forms.ModelChoiceField(
        label=_("category"),
        queryset=Category.objects.choosable().order_by("path"),
        empty_label=_("choose a category"),
    )
    nature = forms.ChoiceField(label=_("nature"), choices=Nature.choices, initial=Nature.COMPLAINT)
    urgency = forms.ChoiceField(
        label=_("urgency"), choices=[("", _("as the category says")), *Urgency.choices], required=False
    )
    medium = forms.ChoiceField(label=_("came by"), choices=Medium.choices, initial=Medium.PHONE)
    addressee = forms.ChoiceField(label=_("put to"), choices=Addressee.choices, initial=Addressee.CENTRE)
    raised_at = Moment(label=_("raised at, if earlier"), required=False)
    happened = Words(label=_("what happened"), rows=5, required=False)
    wanted = Words(label=_("what the customer wants"), rows=2, required=False)
    preferred_medium = forms.ChoiceField(
        label=_("wants to be answered by"), choices=[("", _("no wish")), *Medium.choices], required=False
    )
    promised_for = Moment(label=_("at an agreed time"), required=False)
    promise_evidence = Line(label=_("evidence"), required=False)
    night = forms.ChoiceField(
        label=_("may be called in quiet hours"),
        choices=[("yes", _("yes")), ("no", _("no, in the morning"))],
        widget=forms.RadioSelect,
        required=False,
    )
    night_evidence = Line(label=_("evidence"), required=False)
    recording = Line(label=_("recording reference"), max_length=120, required=False)
    duplicate_reason = Line(label=_("why another ticket is needed"), required=False)

    verdict = forms.ChoiceField(
        label=_("the customer"), choices=Verdict.choices, widget=forms.RadioSelect, required=False
    )
    liability = forms.ChoiceField(
        label=_("liability"), choices=Liability.choices, widget=forms.RadioSelect, required=False
    )
    cause = CauseChoice(label=_("cause"), required=False)
    remedy = Words(label=_("remedy given"), rows=2, required=False)
    not_established = forms.BooleanField(label=_("the complaint is not established"), required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        customer: Customer | None,
        category: Category | None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        self.customer = customer
        self.asks_about_night = False
        super().__init__(data, initial=initial, auto_id="accept-%s")
        if customer is not None:
            del self.fields["number"], self.fields["name"]
        add_record_fields(self, category, initial={})
        for name in ASKED_BY_ACTION & self.fields.keys():
            self.fields[name].asked_by_action = True  # type: ignore[attr-defined]

    @property
    def required_ones(self) -> list[forms.BoundField]:
        """The fields that the category requires."""
        return [self[name] for name in self.fields if name.startswith(PREFIX)]

    def caller(self) -> Caller:
        """Who the ticket is for."""
        said = self.cleaned_data
        return Caller(
            number=self.customer.number if self.customer else said["number"],
            name="" if self.customer else said["name"],
            speaker=said["speaker"],
            speaker_number=said["speaker_number"],
            standing=said["standing"] or Standing.SUBSCRIBER,
        )

    def matter(self) -> Matters:
        """What it is about."""
        said = self.cleaned_data
        return Matters(
            category=said["category"],
            happened=said["happened"],
            wanted=said["wanted"],
            record=record_of(said),
            nature=said["nature"],
            medium=said["medium"],
            addressee=said["addressee"],
            urgency=said["urgency"],
            recording=said["recording"],
        )

    def contacting(self) -> Contacting:
        """How the customer wants to be answered."""
        said = self.cleaned_data
        return Contacting(
            preferred_medium=said["preferred_medium"],
            night=said["night"],
            night_evidence=said["night_evidence"],
            promised_for=said["promised_for"],
            promise_evidence=said["promise_evidence"],
        )

    def outcome(self) -> Outcome:
        """How it ended in the first contact. Raises Malformed for what was left out."""
        said = self.cleaned_data
        missing = {name: [_("Choose one.")] for name in ("verdict", "liability") if not said[name]}
        if missing:
            raise Malformed(str(_("Say how it ended.")), errors={name: [str(one[0])] for name, one in missing.items()})
        return Outcome(
            verdict=said["verdict"],
            liability=said["liability"],
            remedy=said["remedy"],
            cause=said["cause"],
            established=not said["not_established"],
        )

    def require_night_answer(self) -> None:
        """The limit reaches into quiet hours, so the customer has to be asked (R23)."""
        answer, evidence = self.cleaned_data["night"], self.cleaned_data["night_evidence"]
        if self.asks_about_night and not answer:
            self.add_error("night", _("The limit reaches into quiet hours: ask the customer."))
        if answer == "yes" and not evidence:
            self.add_error("night_evidence", _("Name the evidence."))

    @property
    def raised(self) -> datetime | None:
        """When the matter was raised, where that was earlier than now."""
        raised: datetime | None = self.cleaned_data["raised_at"]
        return raised
