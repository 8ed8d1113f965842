"""Deeds of who replies (回复, 报结)."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from complaints.actions import concluding, replying
from complaints.actions.concluding import Outcome
from complaints.models import Ticket
from complaints.states import AttemptResult, Liability, Medium, Verdict
from desk.forms.deeds import Deed, with_due
from desk.forms.fields import CauseChoice, Line, Moment, Words

REPLY_MEDIA = [(medium.value, medium.label) for medium in Medium if medium in replying.REPLY_MEDIA]
SPOKEN = [(medium.value, medium.label) for medium in Medium if medium in replying.SPOKEN]
NOT_REACHED = [(result.value, result.label) for result in AttemptResult if result != AttemptResult.REACHED]


class BeginReply(Deed):
    """Take the reply in hand, so that nobody replies in parallel (R42)."""

    name = act = "begin_reply"
    label = _("Begin the reply")
    button = _("Begin the reply")
    taken_back_by = "release_reply"

    def carry_out(self) -> str:
        replying.begin_reply(self.ticket, by=self.person, at=self.at)
        return _now("The reply to %(ticket)s is yours; others are kept out meanwhile.") % {
            "ticket": self.ticket.reference
        }

    @classmethod
    def applies(cls, ticket: Ticket, person: Person, at: datetime) -> bool:
        return ticket.replying_by_id is None or (
            ticket.replying_by_id != person.pk and not replying.is_begun_by_another(ticket, by=person, at=at)
        )


class ReleaseReply(Deed):
    """Let go of a begun reply."""

    name = act = "release_reply"
    label = _("Let go of the begun reply")
    button = _("Let go")

    def carry_out(self) -> str:
        replying.release_reply(self.ticket, by=self.person, at=self.at)
        return _now("Anybody who replies may take up %(ticket)s.") % {"ticket": self.ticket.reference}

    @classmethod
    def applies(cls, ticket: Ticket, person: Person, at: datetime) -> bool:
        return ticket.replying_by_id is not None


class Reply(Deed):
    """A reply that reached the customer."""

    name = move = "reply"
    label = _("Reply: the customer was reached")
    button = _("Record the reply")
    medium = forms.ChoiceField(label=_("medium"), choices=SPOKEN)
    text = Words(label=_("what the customer was told"), rows=4)

    def prepare(self) -> None:
        preferred = self.ticket.preferred_medium
        self.initial["medium"] = preferred if preferred in replying.SPOKEN else Medium.PHONE

    def carry_out(self) -> str:
        replying.reply(
            self.ticket, medium=self.cleaned_data["medium"], text=self.cleaned_data["text"], by=self.person, at=self.at
        )
        replied = _now("%(ticket)s is replied to; conclude it.") % {"ticket": self.ticket.reference}
        return with_due(replied, self.ticket, self.at)


class AttemptReply(Deed):
    """An attempt that did not reach the customer, and the next one (R43)."""

    name, move = "attempt_reply", "reply"
    label = _("The customer was not reached")
    button = _("Record the attempt")
    medium = forms.ChoiceField(label=_("medium"), choices=REPLY_MEDIA, initial=Medium.PHONE)
    result = forms.ChoiceField(label=_("how it ended"), choices=NOT_REACHED, widget=forms.RadioSelect)
    next_at = Moment(label=_("next attempt"))
    note = Line(label=_("note"), required=False)

    def prepare(self) -> None:
        self.initial["next_at"] = replying.propose_next_attempt(self.ticket, at=self.at)

    def carry_out(self) -> str:
        said = self.cleaned_data
        replying.attempt_reply(
            self.ticket,
            medium=said["medium"],
            result=said["result"],
            next_at=said["next_at"],
            note=said["note"],
            by=self.person,
            at=self.at,
        )
        noted = _now("The attempt is on record.")
        return with_due(noted, self.ticket, self.at)


class RejectFeedback(Deed):
    """Back to its handler, with a reason."""

    name = move = "reject_feedback"
    label = _("Reject the feedback")
    button = _("Back to the handler")
    reason = Words(label=_("what is wrong with it"), rows=2)

    def carry_out(self) -> str:
        replying.reject_feedback(self.ticket, reason=self.cleaned_data["reason"], by=self.person, at=self.at)
        back = _now("The feedback of %(ticket)s went back.") % {"ticket": self.ticket.reference}
        return with_due(back, self.ticket, self.at)


class OutcomeDeed(Deed):
    """How a round ended (R60): what the customer says, whose doing it was, what was given."""

    tucked = ("cause", "is_repeat", "unsolved", "not_established")

    verdict = forms.ChoiceField(label=_("the customer"), choices=Verdict.choices, widget=forms.RadioSelect)
    liability = forms.ChoiceField(label=_("liability"), choices=Liability.choices, widget=forms.RadioSelect)
    cause = CauseChoice(label=_("cause"), required=False)
    remedy = Words(label=_("remedy given"), rows=2, required=False)
    is_repeat = forms.BooleanField(label=_("it is a repeat complaint"), required=False)
    unsolved = forms.BooleanField(label=_("concluded without a solution"), required=False)

    def outcome(self) -> Outcome:
        """What was typed, as the action takes it."""
        said = self.cleaned_data
        return Outcome(
            verdict=said["verdict"],
            liability=said["liability"],
            remedy=said["remedy"],
            cause=said["cause"],
            established=not said.get("not_established", False),
            solved=not said["unsolved"],
            is_repeat=said["is_repeat"],
        )


class Conclude(OutcomeDeed):
    """The verdict and the liability after a reply (报结)."""

    name = move = "conclude"
    label = _("Conclude")
    button = _("Conclude")

    def carry_out(self) -> str:
        concluding.conclude(self.ticket, outcome=self.outcome(), by=self.person, at=self.at)
        return _now("%(ticket)s is concluded as %(nature)s: %(state)s.") % {
            "ticket": self.ticket.reference,
            "nature": self.ticket.get_nature_display(),
            "state": self.ticket.get_state_display(),
        }


class ConcludeUnreachable(Deed):
    """The customer could not be reached (R43)."""

    name = move = "conclude_unreachable"
    label = _("Conclude as unreachable")
    button = _("Conclude as unreachable")
    follows = _("The ticket is closed, and nobody calls the customer back.")
    liability = forms.ChoiceField(label=_("liability"), choices=Liability.choices, widget=forms.RadioSelect)
    remedy = Line(label=_("remedy given"), required=False)

    def carry_out(self) -> str:
        concluding.conclude_unreachable(
            self.ticket,
            liability=self.cleaned_data["liability"],
            remedy=self.cleaned_data["remedy"],
            by=self.person,
            at=self.at,
        )
        return _now("%(ticket)s is closed: the customer could not be reached.") % {"ticket": self.ticket.reference}


class Confirm(Deed):
    """A supervisor confirms what the customer does not accept (R44)."""

    name = act = "confirm"
    label = _("Confirm the conclusion")
    button = _("Confirm")

    def carry_out(self) -> str:
        concluding.confirm(self.ticket, by=self.person, at=self.at)
        return _now("The conclusion of %(ticket)s is confirmed.") % {"ticket": self.ticket.reference}

    @classmethod
    def applies(cls, ticket: Ticket, person: Person, at: datetime) -> bool:
        return any(
            conclusion.round == ticket.round
            and conclusion.verdict != Verdict.ACCEPTS
            and conclusion.confirmed_at is None
            for conclusion in ticket.conclusions.all()
        )
