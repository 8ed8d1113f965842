"""Deeds about solutions above somebody's authority (方案审批, R33)."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from approvals import actions
from approvals.models import Approval, SolutionKind
from common.refusals import NotPossible
from complaints.models import Ticket
from desk.forms.deeds import Deed, with_due
from desk.forms.fields import Line, Words


class RequestApproval(Deed):
    """Put a solution to whoever may decide about its amount."""

    name = act = "request_approval"
    label = _("Put a solution up for approval")
    button = _("Ask for approval")
    follows = _("The reply waits for the decision.")
    kind = forms.ChoiceField(label=_("kind"), choices=SolutionKind.choices)
    amount = forms.DecimalField(label=_("amount (yuan)"), min_value=0, max_digits=10, decimal_places=2)
    solution = Words(label=_("solution"), rows=2)

    def carry_out(self) -> str:
        said = self.cleaned_data
        actions.request(
            self.ticket,
            kind=said["kind"],
            amount=said["amount"],
            solution=said["solution"],
            by=self.person,
            at=self.at,
        )
        return with_due(_now("The solution is with whoever may decide."), self.ticket, self.at)

    @classmethod
    def applies(cls, ticket: Ticket, person: Person, at: datetime) -> bool:
        return ticket.open_approvals == 0


class GrantSolution(Deed):
    """Grant a solution within one's own authority, on the spot."""

    name, act = "grant_solution", "request_approval"
    label = _("Grant a solution within my authority")
    button = _("Grant it")
    kind = forms.ChoiceField(label=_("kind"), choices=SolutionKind.choices)
    amount = forms.DecimalField(label=_("amount (yuan)"), min_value=0, max_digits=10, decimal_places=2)
    solution = Words(label=_("solution"), rows=2)

    def carry_out(self) -> str:
        said = self.cleaned_data
        actions.grant(
            self.ticket,
            kind=said["kind"],
            amount=said["amount"],
            solution=said["solution"],
            by=self.person,
            at=self.at,
        )
        return with_due(_now("The solution is granted; tell the customer."), self.ticket, self.at)


class DecideApproval(Deed):
    """Say yes or no to a solution; for whom its amount and unit cover."""

    name = act = "decide_approval"
    label = _("Decide about the solution")
    button = _("Decide")
    conflicts = False
    approval = forms.ModelChoiceField(queryset=Approval.objects.none(), widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        label=_("decision"), choices=[("yes", _("approve")), ("no", _("refuse"))], widget=forms.RadioSelect
    )
    note = Line(label=_("reason, where refused"), required=False)

    def prepare(self) -> None:
        waiting = Approval.objects.for_person(self.person, self.at).filter(ticket=self.ticket)
        self.fields["approval"].queryset = Approval.objects.filter(ticket=self.ticket)  # type: ignore[attr-defined]
        self.asked = waiting.with_people().first()
        if self.asked is not None:
            self.initial["approval"] = self.asked.pk
            self.fields[
                "decision"
            ].help_text = f"{self.asked.get_kind_display()} · {self.asked.amount} · {self.asked.solution}"

    def carry_out(self) -> str:
        said = self.cleaned_data
        approves = said["decision"] == "yes"
        actions.decide(said["approval"], approves=approves, note=said["note"], by=self.person, at=self.at)
        return _now("Your decision on %(ticket)s is on record.") % {"ticket": self.ticket.reference}

    @classmethod
    def applies(cls, ticket: Ticket, person: Person, at: datetime) -> bool:
        return ticket.open_approvals > 0 and Approval.objects.for_person(person, at).filter(ticket=ticket).exists()


class WithdrawApproval(Deed):
    """Take one's own request back."""

    name = act = "withdraw_approval"
    label = _("Withdraw the solution from approval")
    button = _("Withdraw it")
    conflicts = False

    def carry_out(self) -> str:
        asked = Approval.objects.open().filter(ticket=self.ticket).first()
        if asked is None:
            raise NotPossible(
                _now("%(ticket)s awaits no approval any more.") % {"ticket": self.ticket.reference},
                code="no_approval",
                state=self.ticket.state,
            )
        actions.withdraw(asked, by=self.person, at=self.at)
        return _now("The request for approval is withdrawn.")

    @classmethod
    def applies(cls, ticket: Ticket, person: Person, at: datetime) -> bool:
        own = Approval.objects.open().filter(ticket=ticket, requested_by=person)
        return ticket.open_approvals > 0 and own.exists()
