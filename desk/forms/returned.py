"""Deeds of the owner before anything is sent: complete a returned record, or solve the matter at once."""

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from complaints.actions import acceptance
from complaints.forms import add_record_fields, record_of
from desk.forms.deeds import Deed, with_due
from desk.forms.fields import Words
from desk.forms.replying import OutcomeDeed


class Resubmit(Deed):
    """Submit a returned ticket again, completed."""

    name = move = "resubmit"
    label = _("Complete and submit again")
    button = _("Submit again")
    happened = Words(label=_("what happened"), rows=4)

    def prepare(self) -> None:
        self.initial["happened"] = self.ticket.happened
        add_record_fields(self, self.ticket.category, initial=self.ticket.record)

    def carry_out(self) -> str:
        acceptance.resubmit(
            self.ticket,
            record_of=record_of(self.cleaned_data),
            happened=self.cleaned_data["happened"],
            by=self.person,
            at=self.at,
        )
        again = _now("%(ticket)s is with the dispatch desk again.") % {"ticket": self.ticket.reference}
        return with_due(again, self.ticket, self.at)


class ResolveOnSite(OutcomeDeed):
    """Solved in the first contact (现场解决)."""

    name = move = "resolve_on_site"
    label = _("Solved on the spot")
    button = _("Solved on the spot")
    not_established = forms.BooleanField(label=_("the complaint is not established"), required=False)

    def carry_out(self) -> str:
        acceptance.resolve_on_site(self.ticket, outcome=self.outcome(), by=self.person, at=self.at)
        return _now("%(ticket)s was solved on the spot.") % {"ticket": self.ticket.reference}
