"""The figures of section 14, one definition each.

A row belongs to the unit and the person who did what is counted, as the history has it; where nobody has done it yet
it is nobody's. What was withdrawn, or merged into another ticket, is no complaint of its own.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext_lazy as _

from authorities.models import Case
from callbacks.answers import Satisfaction, Standing
from callbacks.models import Callback
from complaints.models import Conclusion, Entry, Feedback, Ticket
from complaints.states import Addressee, Nature, State, Verdict
from escalation.models import Escalation
from figures.measures import Figure, Part
from repeats.chains import is_repeat
from sla.kinds import APART, FEEDBACK, Kind, Outcome
from sla.models import Clock

COMPLAINTS_AND_OPINIONS = (Nature.COMPLAINT, Nature.OPINION)
SENT_OUT = ("dispatched", "handled_at_desk")
LAST_UNIT = Coalesce("last_unit", "accepting_unit")
LAST_UNIT_OF_TICKET = Coalesce("ticket__last_unit", "ticket__accepting_unit")
LAST_HANDLER_OF_TICKET = Coalesce("ticket__last_handler", "ticket__owner")


# --- What becomes of tickets ------------------------------------------------------------------------------------------


def accepted(now: datetime) -> QuerySet[Ticket]:
    """Every ticket that stands for a matter of its own, from when it was accepted."""
    return Ticket.objects.exclude(state=State.CANCELLED).annotate(counted_at=F("accepted_at"))


def submitted(now: datetime) -> QuerySet[Ticket]:
    """What went to the dispatch desk; what was solved in the first contact never did."""
    solved_at_once = Q(resolved_on_site_at__isnull=False, dispatches=0)
    return Ticket.objects.exclude(solved_at_once).annotate(counted_at=F("accepted_at"))


def handled(now: datetime) -> QuerySet[Clock]:
    """What a unit was to handle, from when it was first: the first limit of each ticket that was dispatched."""
    before = Q(started_at__lt=OuterRef("started_at")) | Q(started_at=OuterRef("started_at"), pk__lt=OuterRef("pk"))
    earlier = Clock.objects.filter(before, ticket=OuterRef("ticket"), kind=Kind.HANDLE)
    limits = Clock.objects.filter(~Exists(earlier), kind=Kind.HANDLE, ticket__dispatches__gt=0)
    return limits.annotate(counted_at=F("started_at"))


def concluded(now: datetime) -> QuerySet[Conclusion]:
    """Every conclusion of a round, from when it was made."""
    return Conclusion.objects.annotate(counted_at=F("at"))


def answered(now: datetime) -> QuerySet[Callback]:
    """Every callback to which the customer gave answers, from when."""
    return Callback.objects.filter(state=Standing.ANSWERED).annotate(counted_at=F("ended_at"))


def standing(now: datetime) -> QuerySet[Ticket]:
    """What is open now."""
    return Ticket.objects.live().annotate(counted_at=F("raised_at"), age=now - F("raised_at"))


SOLVED_ON_SITE = Exists(Conclusion.objects.filter(ticket=OuterRef("pk"), on_site=True, verdict=Verdict.ACCEPTS))
# Most tickets say by a number of their own that there is nothing to look for in what happened to them.
FEEDBACK_REJECTED = Q(ticket__rejections__gt=0) & Q(
    Exists(Feedback.objects.filter(ticket=OuterRef("ticket"), rejected_at__lte=OuterRef("at")))
)
# Dispatched a second time before the conclusion: after a return or a recall, or by being opened again.
DISPATCHED_AGAIN = Q(ticket__dispatches__gt=1) & Q(
    Exists(
        Entry.objects.filter(
            Q(kind__in=SENT_OUT) | Q(kind="reopened", target=State.DISPATCHED),
            ticket=OuterRef("ticket"),
            at__lte=OuterRef("at"),
        ).order_by("pk")[1:2]
    )
)
HANDLE_LADDER_FIRED = Exists(
    Escalation.objects.filter(ticket=OuterRef("ticket"), clock__kind__in=FEEDBACK, noticed_at__isnull=False)
)


# --- How limits were met ----------------------------------------------------------------------------------------------

# What whoever met a limit did, as the history calls it: the second table of section 3.
MET_BY: dict[str, tuple[str, ...]] = {
    Kind.DISPATCH: (*SENT_OUT, "returned"),
    Kind.HANDLE: ("fed_back",),
    Kind.REWORK: ("fed_back",),
    Kind.ASSIST: ("assistance_answered",),
    Kind.REPLY: ("replied", "resolved_on_site"),
    Kind.CONCLUDE: ("concluded",),
    Kind.APPROVE: ("approval_approved", "approval_refused", "letter_approved", "letter_refused"),
    Kind.CHASE: ("chase_up_answered", "replied"),
    Kind.CALLBACK: ("callback_finished", "callback_answered"),
}
MET = Q(outcome=Outcome.MET)
BREACHED = Q(breached_at__isnull=False)
UNBROKEN = Q(breached_at__isnull=True)
APART_NAMES: dict[str, Part] = {
    "cancelled": Part(_("cancelled"), UNBROKEN & Q(outcome=Outcome.CANCELLED)),
    "apart": Part(_("apart"), UNBROKEN & Q(outcome__in=sorted(APART))),
    "awaited": Part(_("verdict awaited"), UNBROKEN & Q(outcome=Outcome.ANSWERED)),
}


def who_met(kind: str) -> Subquery:
    """Who did what ended a limit of this kind."""
    did = Entry.objects.filter(ticket=OuterRef("ticket"), at=OuterRef("ended_at"), kind__in=MET_BY.get(kind, ()))
    return Subquery(did.order_by("-pk").values("by")[:1])


def timeliness(kind: Kind, *, name: Any, target: int | None = None) -> Figure:
    """Met ÷ (met + breached); a breach counts from the breach on, however the limit ended afterwards."""

    def limits(now: datetime) -> QuerySet[Clock]:
        called_or_ended = Coalesce("breached_at", "ended_at")
        return Clock.objects.filter(kind=kind).annotate(counted_at=called_or_ended).exclude(counted_at=None)

    return Figure(
        key=f"timely_{kind}",
        name=name,
        formula=_("met ÷ (met + missed); missed counts from the miss; cancelled and apart are shown apart"),
        rows=limits,
        parts={
            "met": Part(_("met"), MET),
            "breached": Part(_("missed"), BREACHED),
            "counted": Part(_("met or missed"), MET | BREACHED),
            **APART_NAMES,
        },
        unit="unit",
        person=who_met(kind),
        hit="met",
        whole="counted",
        target=target,
        length=F("ended_at") - F("started_at"),
    )


def replies_against_the_limit(now: datetime) -> QuerySet[Clock]:
    """Reply clocks by the limit alone, whatever was promised or extended (R29)."""
    late = Q(ended_at__gt=F("limit_due_at")) | Q(ended_at__isnull=True, limit_due_at__lte=now, held_since__isnull=True)
    return (
        Clock.objects.filter(kind=Kind.REPLY, limit_due_at__isnull=False)
        .filter(late | Q(ended_at__isnull=False))
        .annotate(counted_at=Least("limit_due_at", Coalesce("ended_at", "limit_due_at")))
    )


def cases_of_authorities(now: datetime) -> QuerySet[Case]:
    """Authorities' cases whose answer is given, missed or no longer owed, at the ticket of each."""
    over_at = Coalesce("answered_at", "closed_at", "answer_due_at")
    return Case.objects.filter(
        Q(answered_at__isnull=False) | Q(closed_at__isnull=False) | Q(answer_due_at__lte=now)
    ).annotate(ended_at=F("answered_at"), counted_at=Least("answer_due_at", over_at))


ANSWERED_IN_TIME = Q(answered_at__isnull=False, answered_at__lte=F("answer_due_at"))
OVER_BEFORE = Q(answered_at__isnull=True, closed_at__isnull=False, closed_at__lte=F("answer_due_at"))
IN_THE_LIMIT = Q(ended_at__lte=F("limit_due_at"))
ACCEPTED_REPLY = Q(outcome__in=[Outcome.MET, Outcome.MET_LATE])

FIGURES: dict[str, Figure] = {
    each.key: each
    for each in (
        Figure(
            key="on_site",
            name=_("on-site resolution"),
            formula=_("solved on the spot and accepted by the customer ÷ complaints and opinions accepted"),
            rows=lambda now: accepted(now).filter(nature__in=COMPLAINTS_AND_OPINIONS),
            parts={
                "solved": Part(_("solved on the spot"), Q(SOLVED_ON_SITE)),
                "accepted": Part(_("accepted"), Q()),
            },
            ticket="",
            hit="solved",
            whole="accepted",
            target=80,
        ),
        Figure(
            key="escalated",
            name=_("escalated-complaint rate"),
            formula=_("escalated complaints ÷ (complaints + escalated complaints)"),
            rows=lambda now: accepted(now).filter(Q(nature=Nature.COMPLAINT) | ~Q(addressee=Addressee.CENTRE)),
            parts={
                "escalated": Part(_("escalated"), ~Q(addressee=Addressee.CENTRE)),
                "all": Part(_("complaints"), Q()),
            },
            ticket="",
            unit=LAST_UNIT,
            hit="escalated",
            whole="all",
            less_is_better=True,
        ),
        timeliness(Kind.DISPATCH, name=_("timely dispatch"), target=99),
        timeliness(Kind.HANDLE, name=_("timely handling"), target=90),
        timeliness(Kind.REWORK, name=_("timely rework")),
        timeliness(Kind.ASSIST, name=_("timely assistance"), target=90),
        timeliness(Kind.REPLY, name=_("timely reply, against the promise")),
        Figure(
            key="timely_reply_by_limit",
            name=_("timely reply, against the limit"),
            formula=_("answered within the limit, whatever was promised ÷ (that + answered later or not at all)"),
            rows=replies_against_the_limit,
            parts={
                "met": Part(_("met"), IN_THE_LIMIT & ACCEPTED_REPLY),
                "breached": Part(_("missed"), ~IN_THE_LIMIT | Q(ended_at__isnull=True)),
                "counted": Part(_("met or missed"), (IN_THE_LIMIT & ACCEPTED_REPLY) | ~IN_THE_LIMIT),
                "cancelled": Part(_("cancelled"), IN_THE_LIMIT & Q(outcome=Outcome.CANCELLED)),
                "apart": Part(_("apart"), IN_THE_LIMIT & Q(outcome__in=sorted(APART))),
                "awaited": Part(_("verdict awaited"), IN_THE_LIMIT & Q(outcome=Outcome.ANSWERED)),
            },
            unit="unit",
            person=who_met(Kind.REPLY),
            hit="met",
            whole="counted",
        ),
        timeliness(Kind.CONCLUDE, name=_("timely conclusion")),
        timeliness(Kind.APPROVE, name=_("timely approval")),
        timeliness(Kind.CHASE, name=_("timely answer to chase-ups")),
        timeliness(Kind.CALLBACK, name=_("timely callback")),
        Figure(
            key="timely_authority",
            name=_("timely answer to authorities"),
            formula=_("cases answered in time ÷ (that + answered later or not at all); what was over before is apart"),
            rows=cases_of_authorities,
            parts={
                "met": Part(_("met"), ANSWERED_IN_TIME),
                "breached": Part(_("missed"), ~ANSWERED_IN_TIME & ~OVER_BEFORE),
                "counted": Part(_("met or missed"), ~OVER_BEFORE),
                "cancelled": Part(_("cancelled"), OVER_BEFORE),
            },
            unit=LAST_UNIT_OF_TICKET,
            person="answered_by",
            hit="met",
            whole="counted",
            length=F("ended_at") - F("received_at"),
        ),
        Figure(
            key="first_feedback",
            name=_("first-feedback resolution"),
            formula=_("concluded without rejected feedback and without a second dispatch ÷ concluded"),
            rows=concluded,
            parts={
                "at_first": Part(_("at first feedback"), ~FEEDBACK_REJECTED & ~DISPATCHED_AGAIN),
                "concluded": Part(_("concluded"), Q()),
            },
            unit=LAST_UNIT_OF_TICKET,
            person=LAST_HANDLER_OF_TICKET,
            hit="at_first",
            whole="concluded",
            target=85,
        ),
        Figure(
            key="internally_escalated",
            name=_("internal escalation rate"),
            formula=_("tickets on which a ladder of the handling limit was raised ÷ tickets handled"),
            rows=handled,
            parts={
                "raised": Part(_("raised"), Q(HANDLE_LADDER_FIRED)),
                "handled": Part(_("handled"), Q()),
            },
            unit=LAST_UNIT_OF_TICKET,
            person="ticket__last_handler",
            hit="raised",
            whole="handled",
            target=0,
            less_is_better=True,
        ),
        Figure(
            key="returned",
            name=_("return rate"),
            formula=_("tickets returned or sent back ÷ tickets submitted"),
            rows=submitted,
            parts={
                "returned": Part(_("returned or sent back"), Q(send_backs__gt=0)),
                "submitted": Part(_("submitted"), Q()),
            },
            ticket="",
            hit="returned",
            whole="submitted",
            target=0,
            less_is_better=True,
        ),
        Figure(
            key="repeated",
            name=_("repeat rate"),
            formula=_("repeat complaints ÷ complaints; rejected ones left out, chased up past the limit counted"),
            rows=lambda now: accepted(now).filter(nature=Nature.COMPLAINT),
            parts={
                "repeats": Part(_("repeats"), is_repeat()),
                "complaints": Part(_("complaints"), Q()),
            },
            ticket="",
            unit=LAST_UNIT,
            hit="repeats",
            whole="complaints",
            less_is_better=True,
        ),
        *(
            Figure(
                key=f"satisfied_{about}",
                name=name,
                formula=_("satisfied ÷ answered callbacks"),
                rows=answered,
                parts={
                    "satisfied": Part(_("satisfied"), Q(**{about: Satisfaction.SATISFIED})),
                    "neutral": Part(_("neutral"), Q(**{about: Satisfaction.NEUTRAL})),
                    "dissatisfied": Part(_("dissatisfied"), Q(**{about: Satisfaction.DISSATISFIED})),
                    "answered": Part(_("answered"), Q()),
                },
                unit=LAST_UNIT_OF_TICKET,
                person=LAST_HANDLER_OF_TICKET,
                hit="satisfied",
                whole="answered",
            )
            for about, name in (
                ("with_result", _("satisfaction with the result")),
                ("with_handling", _("satisfaction with the handling")),
            )
        ),
        Figure(
            key="ageing",
            name=_("age of open tickets"),
            formula=_("open tickets by how long ago the matter was raised, as of now"),
            rows=standing,
            parts={
                "open": Part(_("open"), Q()),
                "to_4_hours": Part(_("under 4 h"), Q(age__lt=timedelta(hours=4))),
                "to_1_day": Part(_("4 h to 1 day"), Q(age__gte=timedelta(hours=4), age__lt=timedelta(days=1))),
                "to_3_days": Part(_("1 to 3 days"), Q(age__gte=timedelta(days=1), age__lt=timedelta(days=3))),
                "to_7_days": Part(_("3 to 7 days"), Q(age__gte=timedelta(days=3), age__lt=timedelta(days=7))),
                "beyond": Part(_("7 days and more"), Q(age__gte=timedelta(days=7))),
            },
            ticket="",
            unit=LAST_UNIT,
            is_standing=True,
        ),
    )
}
