"""Deeds beside the life: words, promises, holds, chase-ups, filing, ownership."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Authority, Person, Role
from complaints.actions import agreements, cancelling, chasing, classifying, commenting, holding, owning, reopening
from complaints.models import ChaseUp, Ticket
from complaints.models.acts import possible_acts
from complaints.models.hold import HoldReason
from complaints.models.permissions import FRONT_LINE
from complaints.states import Addressee, Medium, Scope, Urgency
from contact.agreements import LONGER_LIMIT_DAYS, LONGER_LIMIT_REFUSED
from contact.models import Consent
from desk.forms.deeds import Deed, with_due
from desk.forms.fields import CategoryChoice, Line, Moment, PersonChoice, Words, people_with


class Comment(Deed):
    """A word for colleagues."""

    name = act = "comment"
    label = _("Comment")
    button = _("Leave the comment")
    conflicts = False
    text = Words(label=_("comment"), rows=2)

    def carry_out(self) -> str:
        commenting.comment(self.ticket, text=self.cleaned_data["text"], by=self.person, at=self.at)
        return _now("Your comment is on record.")


class ChaseUpDeed(Deed):
    """The customer asks again (催单, R32)."""

    name = act = "chase_up"
    label = _("Add a chase-up")
    button = _("Add the chase-up")
    conflicts = False
    text = Words(label=_("what the customer asks"), rows=2)
    medium = forms.ChoiceField(label=_("medium"), choices=Medium.choices, initial=Medium.PHONE)

    def carry_out(self) -> str:
        chase = chasing.chase_up(
            self.ticket, text=self.cleaned_data["text"], medium=self.cleaned_data["medium"], by=self.person, at=self.at
        )
        return _now("Chase-up %(number)d on %(ticket)s is with whoever holds it.") % {
            "number": chase.number,
            "ticket": self.ticket.reference,
        }


class AnswerChaseUp(Deed):
    """The oldest chase-up without an answer gets one."""

    name = act = "answer_chase_up"
    label = _("Answer the chase-up")
    button = _("Answer")
    conflicts = False
    chase = forms.ModelChoiceField(queryset=ChaseUp.objects.none(), widget=forms.HiddenInput)
    answer = Words(label=_("answer"), rows=2)

    def prepare(self) -> None:
        self.fields["chase"].queryset = self.ticket.chase_ups.all()  # type: ignore[attr-defined]
        waiting = [chase for chase in self.ticket.chase_ups.all() if chase.answered_at is None]
        if waiting:
            self.initial["chase"] = waiting[0].pk
            self.fields["answer"].help_text = waiting[0].text

    def carry_out(self) -> str:
        chasing.answer_chase_up(
            self.cleaned_data["chase"], text=self.cleaned_data["answer"], by=self.person, at=self.at
        )
        return _now("The chase-up has its answer.")

    @classmethod
    def applies(cls, ticket: Ticket, person: Person, at: datetime) -> bool:
        return any(chase.answered_at is None for chase in ticket.chase_ups.all())


class Promise(Deed):
    """A time agreed with the customer (约定时间, R29)."""

    name = act = "promise"
    label = _("Agree on a time with the customer")
    button = _("Record the promise")
    agreed_for = Moment(label=_("agreed for"))
    reason = Line(label=_("reason"))
    evidence = Line(label=_("evidence"), help_text=_("For instance the recording's reference."))

    def carry_out(self) -> str:
        said = self.cleaned_data
        agreements.promise(
            self.ticket,
            agreed_for=said["agreed_for"],
            reason=said["reason"],
            evidence=said["evidence"],
            by=self.person,
            at=self.at,
        )
        return with_due(_now("The promise is on record."), self.ticket, self.at)


class ConsentDeed(Deed):
    """The customer said yes to night contact or to a longer limit (R22, R23)."""

    name = act = "consent"
    label = _("Record the customer's consent")
    button = _("Record the consent")
    what = forms.ChoiceField(label=_("to what"), choices=Consent.What.choices, widget=forms.RadioSelect)
    days = forms.TypedChoiceField(
        label=_("working days, for a longer limit"),
        choices=[("", "—"), *((days, str(days)) for days in LONGER_LIMIT_DAYS)],
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": LONGER_LIMIT_REFUSED},
    )
    evidence = Line(label=_("evidence"))

    def prepare(self) -> None:
        if self.ticket.category.special_scope == Scope.NONE:
            del self.fields["days"]
            self.fields["what"].choices = [  # type: ignore[attr-defined]
                choice for choice in Consent.What.choices if choice[0] != Consent.What.LONGER_LIMIT
            ]

    def carry_out(self) -> str:
        said = self.cleaned_data
        agreements.consent(
            self.ticket,
            what=said["what"],
            evidence=said["evidence"],
            days=said.get("days"),
            by=self.person,
            at=self.at,
        )
        return with_due(_now("The consent is on record."), self.ticket, self.at)


class Hold(Deed):
    """Let it rest until an end (挂起, R6)."""

    name = act = "hold"
    label = _("Put on hold")
    button = _("Put on hold")
    reason = forms.ChoiceField(label=_("reason"), choices=HoldReason.choices, widget=forms.RadioSelect)
    text = Line(label=_("what is awaited"))
    until = Moment(label=_("until"))
    customer_consents = forms.BooleanField(
        label=_("the customer consents, so the reply clock stops too"), required=False
    )

    def prepare(self) -> None:
        self.initial["until"] = self.at + timedelta(days=1)

    def carry_out(self) -> str:
        said = self.cleaned_data
        holding.hold(
            self.ticket,
            reason=said["reason"],
            text=said["text"],
            until=said["until"],
            customer_consents=said["customer_consents"],
            by=self.person,
            at=self.at,
        )
        return _now("%(ticket)s rests and comes back by itself.") % {"ticket": self.ticket.reference}

    @classmethod
    def applies(cls, ticket: Ticket, person: Person, at: datetime) -> bool:
        return not ticket.is_held


class Resume(Deed):
    """End a hold before its end."""

    name = act = "resume"
    label = _("End the hold")
    button = _("End the hold")

    def carry_out(self) -> str:
        holding.resume(self.ticket, by=self.person, at=self.at)
        return with_due(_now("The hold has ended."), self.ticket, self.at)

    @classmethod
    def applies(cls, ticket: Ticket, person: Person, at: datetime) -> bool:
        return ticket.is_held


class Reclassify(Deed):
    """File it otherwise; its running limits are decided anew (R27)."""

    name = act = "reclassify"
    label = _("Change category or urgency")
    button = _("File it so")
    follows = _("Its running limits are decided anew; time already held is kept.")
    category = CategoryChoice(label=_("category"))
    urgency = forms.ChoiceField(label=_("urgency"), choices=Urgency.choices, widget=forms.RadioSelect)

    def prepare(self) -> None:
        self.initial.update(category=self.ticket.category_id, urgency=self.ticket.urgency)

    def carry_out(self) -> str:
        said = self.cleaned_data
        classifying.reclassify(
            self.ticket, category=said["category"], urgency=said["urgency"], by=self.person, at=self.at
        )
        return with_due(_now("It is filed so, and its limits are decided anew."), self.ticket, self.at)


class MarkGrave(Deed):
    """It goes at once to the supervisor (R93)."""

    name = act = "mark_grave"
    label = _("Mark as grave")
    button = _("Mark as grave")
    follows = _("It goes at once to the supervisor, who confirms or lowers it.")
    reason = Line(label=_("reason"))

    def carry_out(self) -> str:
        classifying.mark_grave(self.ticket, reason=self.cleaned_data["reason"], by=self.person, at=self.at)
        return _now("%(ticket)s is with the supervisor.") % {"ticket": self.ticket.reference}

    @classmethod
    def applies(cls, ticket: Ticket, person: Person, at: datetime) -> bool:
        return not ticket.is_grave


class Readdress(Deed):
    """Learnt later: it was put to somebody else as well (R11)."""

    name = act = "readdress"
    label = _("Change to whom it was put")
    button = _("Record it")
    addressee = forms.ChoiceField(label=_("addressee"), choices=Addressee.choices)

    def prepare(self) -> None:
        self.initial["addressee"] = self.ticket.addressee

    def carry_out(self) -> str:
        classifying.readdress(self.ticket, addressee=self.cleaned_data["addressee"], by=self.person, at=self.at)
        return _now("The addressee is on record.")


class HandOver(Deed):
    """The ownership towards the customer goes to somebody else (R13)."""

    name = act = "hand_over"
    label = _("Hand over the ownership")
    button = _("Hand over")
    to = PersonChoice(label=_("to"))
    reason = Line(label=_("reason"), required=False)

    def prepare(self) -> None:
        choices = people_with(*FRONT_LINE, over=self.ticket.accepting_unit, at=self.at)
        self.fields["to"].queryset = choices  # type: ignore[attr-defined]

    def carry_out(self) -> str:
        to = self.cleaned_data["to"]
        owning.hand_over(self.ticket, to=to, reason=self.cleaned_data["reason"], by=self.person, at=self.at)
        return _now("%(person)s owns %(ticket)s now.") % {"person": to.name, "ticket": self.ticket.reference}


def who_could_reply(ticket: Ticket, *, at: datetime) -> Any:
    """The people who may be named to reply to this ticket: of the customer's branch, and of where it was accepted."""
    unit = (ticket.customer.branch if ticket.customer.branch_id else None) or ticket.accepting_unit
    roles = (*FRONT_LINE, Role.BRANCH_CONTACT, Role.CUSTOMER_MANAGER)
    choices = people_with(*roles, over=unit, at=at)
    if unit != ticket.accepting_unit:
        choices = choices | people_with(*roles, over=ticket.accepting_unit, at=at)
    return choices


class NameReplier(Deed):
    """Who replies, where it is not the owner (R40)."""

    name = act = "name_replier"
    label = _("Name who replies")
    button = _("Name who replies")
    to = PersonChoice(label=_("who replies"), required=False, empty_label=_("the owner"))

    def prepare(self) -> None:
        self.fields["to"].queryset = who_could_reply(self.ticket, at=self.at)  # type: ignore[attr-defined]
        self.initial["to"] = self.ticket.replier_id

    def carry_out(self) -> str:
        to = self.cleaned_data["to"]
        owning.name_replier(self.ticket, to=to, by=self.person, at=self.at)
        return _now("%(person)s replies to %(ticket)s.") % {
            "person": to.name if to else _now("the owner"),
            "ticket": self.ticket.reference,
        }


class Demand(Deed):
    """A supervisor's formal demand (督办, R94)."""

    name = act = "demand"
    label = _("Demand")
    button = _("Put the demand")
    conflicts = False
    text = Words(label=_("what is demanded"), rows=2)

    @classmethod
    def is_possible(cls, ticket: Ticket, authority: Authority) -> bool:
        """Whether this authority could put a demand on it now; without a query."""
        return cls.act in possible_acts(ticket, authority)

    def carry_out(self) -> str:
        commenting.demand(self.ticket, text=self.cleaned_data["text"], by=self.person, at=self.at)
        return _now("The demand on %(ticket)s is with whoever holds it.") % {"ticket": self.ticket.reference}


class Cancel(Deed):
    """The customer has withdrawn it (撤销)."""

    name = move = "cancel"
    label = _("Cancel: withdrawn by the customer")
    button = _("Cancel the ticket")
    follows = _("Everything on it ends, and it cannot be opened again.")
    reason = Line(label=_("reason"))

    def carry_out(self) -> str:
        cancelling.cancel(self.ticket, reason=self.cleaned_data["reason"], by=self.person, at=self.at)
        return _now("%(ticket)s is cancelled.") % {"ticket": self.ticket.reference}


class Merge(Deed):
    """It is one matter with another ticket of the same customer."""

    name, move = "merge", "cancel"
    label = _("Merge into another ticket")
    button = _("Merge")
    follows = _("This ticket ends; the other one takes the earlier due time.")
    into = forms.ModelChoiceField(
        label=_("into"), queryset=Ticket.objects.none(), empty_label=_("choose an open ticket of the customer")
    )
    reason = Line(label=_("why they are one matter"))

    def prepare(self) -> None:
        mine = Ticket.objects.visible_to(self.person, self.at).live().filter(customer=self.ticket.customer_id)
        self.fields["into"].queryset = mine.exclude(pk=self.ticket.pk).order_by("-pk")  # type: ignore[attr-defined]

    def carry_out(self) -> str:
        into = self.cleaned_data["into"]
        cancelling.merge(self.ticket, into=into, reason=self.cleaned_data["reason"], by=self.person, at=self.at)
        return _now("%(ticket)s is merged into %(into)s.") % {"ticket": self.ticket.reference, "into": into.reference}


class Reopen(Deed):
    """The same matter again (R81)."""

    name = move = "reopen"
    label = _("Reopen")
    button = _("Reopen it")
    follows = _("A new round begins at the last handling unit.")
    reason = Words(label=_("why the matter opens again"), rows=2)
    dissatisfied = forms.BooleanField(label=_("the customer is not content with the reply"), required=False)

    def carry_out(self) -> str:
        said = self.cleaned_data
        reopening.reopen(
            self.ticket, reason=said["reason"], dissatisfied=said["dissatisfied"], by=self.person, at=self.at
        )
        opened = _now("%(ticket)s is open again, round %(round)d.") % {
            "ticket": self.ticket.reference,
            "round": self.ticket.round,
        }
        return with_due(opened, self.ticket, self.at)
