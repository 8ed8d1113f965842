"""Deeds on the way to the answer: telling how it stands (R34), helping at once (R31), following up (R44)."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, Role
from complaints.actions import following_up, progressing
from complaints.models import FollowUp, Ticket
from complaints.models import permissions as may
from complaints.models.follow_up import FollowUpResult
from complaints.states import Medium
from desk.forms.deeds import Deed, with_due
from desk.forms.fields import Words

MEDIA = [(medium.value, medium.label) for medium in Medium if medium in progressing.MEDIA]


class TellProgress(Deed):
    """How it stands, told to the customer."""

    name = act = "tell_progress"
    label = _("Tell the customer how it stands")
    button = _("Record what was said")
    follows = _("The reply is owed as before.")
    conflicts = False
    medium = forms.ChoiceField(label=_("medium"), choices=MEDIA, initial=Medium.PHONE)
    text = Words(label=_("what the customer was told"), rows=3)

    def carry_out(self) -> str:
        said = self.cleaned_data
        progressing.tell_progress(self.ticket, medium=said["medium"], text=said["text"], by=self.person, at=self.at)
        return with_due(_now("What the customer was told is on record."), self.ticket, self.at)


class ReportInterim(Deed):
    """What helps the customer at once."""

    name = act = "report_interim"
    label = _("Report an interim remedy")
    button = _("Tell the owner")
    follows = _("The feedback is owed as before.")
    text = Words(label=_("what was done at once"), rows=3)

    def carry_out(self) -> str:
        progressing.report_interim(self.ticket, text=self.cleaned_data["text"], by=self.person, at=self.at)
        return with_due(_now("The owner hears of the interim remedy."), self.ticket, self.at)


class FinishFollowUp(Deed):
    """How the follow-up with a customer who does not accept went."""

    name = act = "finish_follow_up"
    label = _("Record the follow-up")
    button = _("Record it")
    conflicts = False
    result = forms.ChoiceField(label=_("result"), choices=FollowUpResult.choices, widget=forms.RadioSelect)
    medium = forms.ChoiceField(label=_("medium"), choices=MEDIA, initial=Medium.PHONE)
    text = Words(label=_("how it went"), rows=3)

    def carry_out(self) -> str:
        said = self.cleaned_data
        task = FollowUp.objects.filter(ticket=self.ticket).order_by("done_at", "pk").latest("round")
        following_up.finish_follow_up(
            task, result=said["result"], text=said["text"], medium=said["medium"], by=self.person, at=self.at
        )
        return _now("The follow-up on %(ticket)s is on record.") % {"ticket": self.ticket.reference}

    @classmethod
    def applies(cls, ticket: Ticket, person: Person, at: datetime) -> bool:
        open_one = next((task for task in ticket.follow_ups.all() if task.done_at is None), None)
        if open_one is None:
            return False
        authority = person.authority(at)
        is_managers = open_one.manager_id is not None and authority.is_or_stands_in_for(
            open_one.manager_id, Role.CUSTOMER_MANAGER
        )
        return is_managers or may.supervises(ticket, authority)
