"""Cases of outside authorities: putting one on record from its ticket, and what is done to it (R82)."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from authorities.actions import cases
from authorities.models import Case, Kind, Standing
from common.refusable import RefusableForm
from common.refusals import Malformed, Refusal
from complaints.models import Ticket
from complaints.states import Level
from desk.forms.deeds import Deed
from desk.forms.fields import Line, Moment, Words


class OpenCase(Deed):
    """An authority has written about this ticket."""

    name = act = "open_case"
    tucked = ("received_at",)
    label = _("Put an authority's case on record")
    button = _("Put it on record")
    follows = _("The ticket counts as an escalated complaint from now on.")
    kind = forms.ChoiceField(label=_("authority"), choices=Kind.choices)
    authority_name = Line(label=_("name of the authority"), max_length=120)
    number = Line(label=_("number of the case"), max_length=60)
    level = forms.ChoiceField(label=_("level"), choices=Level.choices)
    lodged_at = Moment(label=_("lodged with the authority"))
    received_at = Moment(
        label=_("received by us"), required=False, help_text=_("Empty: now. Our own limit runs from it.")
    )
    demand = Words(label=_("what is asked of us"), rows=2)

    def carry_out(self) -> str:
        said = self.cleaned_data
        case = cases.open_case(
            self.ticket,
            kind=said["kind"],
            name=said["authority_name"],
            number=said["number"],
            level=said["level"],
            demand=said["demand"],
            lodged_at=said["lodged_at"],
            received_at=said["received_at"] or self.at,
            by=self.person,
            at=self.at,
        )
        self.case = case
        return _now("The case %(case)s is on record.") % {"case": case}

    @property
    def leads_to(self) -> tuple[Any, ...]:
        """The case's own page, with its clocks."""
        return "desk:case", self.case.pk


class CaseDeed(RefusableForm):
    """One thing done to a case on its page."""

    name: ClassVar[str]
    label: ClassVar[Any]
    changes: ClassVar[tuple[()]] = ()

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, Any] | None = None,
        *,
        case: Case,
        person: Person,
        at: datetime,
    ) -> None:
        self.case, self.person, self.at = case, person, at
        super().__init__(data, files, auto_id=f"{self.name}-%s")

    @classmethod
    def applies(cls, case: Case) -> bool:
        """Whether it can be done to the case as it stands."""
        return case.is_open

    def do(self, said: dict[str, Any]) -> None:
        """Call the action. Raises Refusal."""
        raise NotImplementedError

    def succeeds(self) -> bool:
        """Do it if it is well formed; a refusal becomes an error of the form."""
        if not self.is_valid():
            return False
        try:
            self.do(self.cleaned_data)
        except Refusal as refusal:
            self.explain(refusal)
            return False
        return True


def standing_documents(case: Case) -> list[tuple[int, str]]:
    """The documents of a case, read with it, that are not withdrawn; for a choice between them."""
    return [(document.pk, document.title) for document in case.documents.all() if document.stands]


class Acceptance(CaseDeed):
    """Whether the authority takes the case."""

    name, label = "acceptance", _("The authority has decided on acceptance")
    accepts = forms.ChoiceField(
        label=_("the authority"), choices=[("yes", _("accepts the case")), ("no", _("does not accept the case"))]
    )
    decided_at = Moment(
        label=_("decided"), required=False, help_text=_("Empty: now. The authority's limit runs from it.")
    )

    @classmethod
    def applies(cls, case: Case) -> bool:
        return case.state == Standing.LODGED

    def do(self, said: dict[str, Any]) -> None:
        cases.note_acceptance(
            self.case,
            accepts=said["accepts"] == "yes",
            decided_at=said["decided_at"] or self.at,
            by=self.person,
            at=self.at,
        )


class Answer(CaseDeed):
    """What we have answered."""

    name, label = "answer", _("We have answered")
    text = Words(label=_("our answer"), rows=3)

    @classmethod
    def applies(cls, case: Case) -> bool:
        return case.is_open and case.answered_at is None

    def do(self, said: dict[str, Any]) -> None:
        cases.answer(self.case, text=said["text"], by=self.person, at=self.at)


class Paper(CaseDeed):
    """A document."""

    name, label = "document", _("Add a document")
    title = Line(label=_("title"), max_length=120)
    link = Line(label=_("link"), max_length=500, required=False)
    text = Words(label=_("text"), rows=2, required=False)
    file = forms.FileField(
        label=_("file"),
        required=False,
        max_length=255,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/*,audio/*,video/mp4,application/pdf"}),
    )
    replaces = forms.TypedChoiceField(label=_("in place of"), required=False, coerce=int, empty_value=None)
    reason = Line(label=_("why the other is withdrawn"), max_length=cases.LONGEST_REASON, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        standing = standing_documents(self.case)
        if standing:
            self.fields["replaces"].choices = [("", _("no other document")), *standing]  # type: ignore[attr-defined]
        else:
            del self.fields["replaces"], self.fields["reason"]

    @classmethod
    def applies(cls, case: Case) -> bool:
        return True

    def do(self, said: dict[str, Any]) -> None:
        cases.add_document(
            self.case,
            title=said["title"],
            link=said["link"],
            text=said["text"],
            file=said["file"],
            replaces=said.get("replaces"),
            reason=said.get("reason", ""),
            by=self.person,
            at=self.at,
        )


class Withdrawal(CaseDeed):
    """A document that does not belong here."""

    name, label = "withdraw", _("Withdraw a document")
    document = forms.TypedChoiceField(label=_("document"), coerce=int)
    reason = Line(
        label=_("reason"), max_length=cases.LONGEST_REASON, help_text=_("It stays on record, and so does the reason.")
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["document"].choices = standing_documents(self.case)  # type: ignore[attr-defined]

    @classmethod
    def applies(cls, case: Case) -> bool:
        return bool(standing_documents(case))

    def do(self, said: dict[str, Any]) -> None:
        cases.withdraw_document(self.case, said["document"], reason=said["reason"], by=self.person, at=self.at)


class Linking(CaseDeed):
    """Another ticket that it is about."""

    name, label = "link", _("Link another ticket")
    reference = Line(label=_("reference"), max_length=20)

    def do(self, said: dict[str, Any]) -> None:
        visible = Ticket.objects.visible_to(self.person, self.at).with_people()
        ticket = visible.filter(reference=said["reference"].strip().upper()).first()
        if ticket is None:
            message = _now("There is no such ticket.")
            raise Malformed(message, errors={"reference": [message]})
        cases.link_ticket(self.case, ticket, by=self.person, at=self.at)


class Closing(CaseDeed):
    """How it ended."""

    name, label = "close", _("The case has ended")
    outcome = Words(label=_("outcome"), rows=2)

    def do(self, said: dict[str, Any]) -> None:
        cases.close(self.case, outcome=said["outcome"], by=self.person, at=self.at)


DEEDS: dict[str, type[CaseDeed]] = {
    each.name: each for each in (Acceptance, Answer, Paper, Withdrawal, Linking, Closing)
}
