"""Deeds about repeats, and new facts to an open matter (R81)."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from complaints.actions import adding
from complaints.models import Ticket
from desk.forms.deeds import Deed
from desk.forms.fields import Line, Words
from repeats.actions import linking
from repeats.finding import candidates
from repeats.models import Repeat, Standing


def repeat_of(ticket: Ticket) -> Repeat | None:
    """By what a ticket that `desk.queries.for_page` has loaded counts as a repeat."""
    standing: list[Repeat] = vars(ticket).get("standing_repeats", [])
    return standing[0] if standing else None


class AddFacts(Deed):
    """The customer tells more about an open matter (追加, R81)."""

    name = act = "add_facts"
    label = _("Add what the customer has told")
    button = _("Add it")
    conflicts = False
    text = Words(label=_("new facts"), rows=2)

    def carry_out(self) -> str:
        adding.add_facts(self.ticket, text=self.cleaned_data["text"], by=self.person, at=self.at)
        return _now("It stands in the history, and whoever holds %(ticket)s is told.") % {
            "ticket": self.ticket.reference
        }


class ConfirmRepeat(Deed):
    """It is a repeat, as the system found."""

    name = "confirm_repeat"
    act = "judge_repeat"
    label = _("Confirm that it is a repeat")
    button = _("It is a repeat")

    def carry_out(self) -> str:
        repeat = linking.confirm(self.ticket, by=self.person, at=self.at)
        return _now("%(ticket)s counts as a repeat of %(earlier)s.") % {
            "ticket": self.ticket.reference,
            "earlier": repeat.earlier.reference,
        }

    @classmethod
    def applies(cls, ticket: Ticket, person: Person, at: datetime) -> bool:
        repeat = repeat_of(ticket)
        return repeat is not None and repeat.standing == Standing.FOUND


class RejectRepeat(Deed):
    """It is none."""

    name = "reject_repeat"
    act = "judge_repeat"
    label = _("Say that it is no repeat")
    button = _("It is no repeat")
    reason = Line(label=_("why not"))

    def carry_out(self) -> str:
        linking.reject(self.ticket, reason=self.cleaned_data["reason"], by=self.person, at=self.at)
        return _now("%(ticket)s stands for itself.") % {"ticket": self.ticket.reference}

    @classmethod
    def applies(cls, ticket: Ticket, person: Person, at: datetime) -> bool:
        return repeat_of(ticket) is not None


class LinkRepeat(Deed):
    """It repeats this one."""

    name = "link_repeat"
    act = "judge_repeat"
    label = _("Say which ticket it repeats")
    button = _("It repeats that one")
    earlier = forms.ModelChoiceField(
        label=_("repeats"), queryset=Ticket.objects.none(), empty_label=_("choose an earlier ticket")
    )

    def prepare(self) -> None:
        found = candidates(self.ticket, at=self.at, by=self.person)
        field = self.fields["earlier"]
        field.queryset = Ticket.objects.filter(pk__in=[each.ticket.pk for each in found])  # type: ignore[attr-defined]
        field.choices = [  # type: ignore[attr-defined]
            ("", _("choose an earlier ticket")),
            *(
                (
                    each.ticket.pk,
                    f"{each.ticket.reference} · {each.ticket.category.name} · {each.ground.label} · {each.match.label}",
                )
                for each in found
            ),
        ]

    def carry_out(self) -> str:
        repeat = linking.link(self.ticket, earlier=self.cleaned_data["earlier"], by=self.person, at=self.at)
        return _now("%(ticket)s counts as a repeat of %(earlier)s.") % {
            "ticket": self.ticket.reference,
            "earlier": repeat.earlier.reference,
        }
