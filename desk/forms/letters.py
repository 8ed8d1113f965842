"""Written replies: beginning one from a ticket, its words, and deciding about it (R41)."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from common.refusable import RefusableForm
from complaints.models import Ticket
from complaints.states import Medium
from desk.forms.deeds import Deed
from desk.forms.fields import Line, Words
from letters.actions import drafting
from letters.actions.drafting import LONGEST_ADDRESS, LONGEST_NAME, LONGEST_SUBJECT, Wording
from letters.kinds import Language
from letters.models import Letter, Version
from letters.models.letter import CHOICES, MEDIA


class WriteLetter(Deed):
    """Begin a letter, a fax or an e-mail from the category's template."""

    name, act = "write_letter", "begin_reply"
    label = _("Reply in writing")
    button = _("Begin the letter")
    follows = _("It is filled in from the template; the unit's lead agrees before it is sent.")
    medium = forms.ChoiceField(label=_("medium"), choices=CHOICES)
    language = forms.ChoiceField(label=_("language"), choices=Language.choices)
    letter: Letter | None = None

    def prepare(self) -> None:
        preferred = self.ticket.preferred_medium
        self.initial["medium"] = preferred if preferred in MEDIA else Medium.LETTER
        known = self.ticket.customer.language
        self.initial["language"] = Language.ENGLISH if known.startswith("en") else Language.CHINESE

    def carry_out(self) -> str:
        said = self.cleaned_data
        self.letter = drafting.draft(
            self.ticket, medium=said["medium"], language=said["language"], by=self.person, at=self.at
        )
        return _now("The letter is begun; fill in what is open, then put it up for approval.")

    @property
    def leads_to(self) -> tuple[Any, ...]:
        """To the letter itself."""
        return ("desk:letter", self.letter.pk) if self.letter is not None else ()

    @classmethod
    def applies(cls, ticket: Ticket, person: Person, at: datetime) -> bool:
        return not Letter.objects.open().filter(ticket=ticket).exists()


class LetterForm(RefusableForm):
    """What both forms of a letter's page share: the version that they were opened on."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class WordingForm(LetterForm):
    """The words of a letter; nothing is required to keep them, and the check says what is missing."""

    addressee = Line(label=_("to"), max_length=LONGEST_NAME, required=False)
    address = Line(label=_("address"), max_length=LONGEST_ADDRESS, required=False)
    subject = Line(label=_("subject"), max_length=LONGEST_SUBJECT, required=False)
    body = Words(label=_("text"), rows=18, required=False)

    @classmethod
    def of(cls, version: Version, *, medium: str) -> "WordingForm":
        """The form with the words as they are."""
        names = ("addressee", "address", "subject", "body")
        return cls(initial={"seen": version.number} | {name: getattr(version, name) for name in names}).naming(medium)

    def naming(self, medium: str) -> "WordingForm":
        """With the address called what it is for this medium."""
        labels = {Medium.EMAIL: _("e-mail address"), Medium.FAX: _("fax number")}
        self.fields["address"].label = labels.get(Medium(medium), _("postal address"))
        return self

    @property
    def wording(self) -> Wording:
        """What was typed."""
        said = self.cleaned_data
        return Wording(**{name: said.get(name, "") for name in ("addressee", "address", "subject", "body")})


class DecisionForm(LetterForm):
    """Yes, or no and why."""

    decision = forms.ChoiceField(
        label=_("decision"), choices=[("yes", _("approve")), ("no", _("refuse"))], widget=forms.RadioSelect
    )
    note = Words(label=_("reason, where refused"), rows=3, required=False)
