"""What follows for the clocks when something has happened to a ticket: section 3's second table, exactly."""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Unit
from approvals.events import ApprovalEnded, ApprovalRequested
from approvals.models import Decision
from calendars.models import WORKING_DAYS, Calendar
from common.refusals import NotYours
from complaints.events import (
    Accepted,
    AssistanceAnswered,
    AssistanceAsked,
    ChasedUp,
    ChaseUpAnswered,
    Confirmed,
    Consented,
    Held,
    Merged,
    Moved,
    NotReached,
    Promised,
    Reclassified,
    Resumed,
)
from complaints.models import Ticket
from complaints.models import permissions as may
from complaints.states import Verdict
from contact.models import Consent
from customers.events import Regraded
from letters.events import LetterDecided, LetterSubmitted, LetterTakenBack
from sla.actions.ledger import Ledger
from sla.actions.recomputing import ask_for_customers
from sla.kinds import FEEDBACK, HELD_WITH_THE_TICKET, Kind, Outcome, Variant
from sla.models import Clock, ClockRules

DECIDES_LIMITS = frozenset({"category", "urgency", "tier"})
EXEMPT = "exempt"


# --- The life of a ticket ---------------------------------------------------------------------------------------------


def accept(event: Accepted) -> None:
    """Dispatch is owed from now, the reply from when the matter was raised (R20, R21)."""
    ticket = event.ticket
    with Ledger.of_new(ticket, by=event.by, at=event.at) as ledger:
        ledger.start(Kind.DISPATCH, unit=ticket.desk)
        ledger.start(Kind.REPLY, unit=ticket.accepting_unit, since=ticket.raised_at)


def follow(event: Moved) -> None:
    """What each move starts, meets and cancels."""
    change = MOVES.get(event.move)
    if change is None:
        return
    with Ledger.of(event.ticket, by=event.by, at=event.at) as ledger:
        change(ledger, event)


def _resolve_on_site(ledger: Ledger, event: Moved) -> None:
    """Solved in the first contact: the reply was given with it, and counts by the same verdict as any other (R21)."""
    ledger.cancel(*ledger.running(Kind.DISPATCH, Kind.ASSIST))
    _answer_the_customer(ledger)
    _count_the_reply(ledger, verdict=event.ticket.verdict)
    ledger.start(Kind.CALLBACK, unit=_callback_desk(event.ticket))


def _return_for_completion(ledger: Ledger, event: Moved) -> None:
    ledger.meet(*ledger.running(Kind.DISPATCH))


def _resubmit(ledger: Ledger, event: Moved) -> None:
    ledger.start(Kind.DISPATCH, unit=event.ticket.desk)


def _dispatch(ledger: Ledger, event: Moved) -> None:
    ledger.meet(*ledger.running(Kind.DISPATCH))
    ledger.start(Kind.HANDLE, unit=event.ticket.lead_unit)


def _back_to_the_desk(ledger: Ledger, event: Moved) -> None:
    ledger.cancel(*ledger.running(*HELD_WITH_THE_TICKET))
    ledger.start(Kind.DISPATCH, unit=event.ticket.desk)


def _transfer(ledger: Ledger, event: Moved) -> None:
    """The clock is not renewed: another unit owes what is left of it."""
    ledger.cancel(*ledger.running(Kind.ASSIST))
    ledger.pass_on(*ledger.running(*FEEDBACK), to=event.ticket.holding_unit)


def _feed_back(ledger: Ledger, event: Moved) -> None:
    ledger.meet(*ledger.running(*FEEDBACK))
    ledger.cancel(*ledger.running(Kind.ASSIST))


def _reject_feedback(ledger: Ledger, event: Moved) -> None:
    ledger.start(Kind.REWORK, unit=event.ticket.lead_unit)


def _reply(ledger: Ledger, event: Moved) -> None:
    _answer_the_customer(ledger)
    ledger.start(Kind.CONCLUDE, unit=event.ticket.accepting_unit)


def _conclude(ledger: Ledger, event: Moved) -> None:
    ledger.meet(*ledger.running(Kind.CONCLUDE))
    _count_the_reply(ledger, verdict=event.ticket.verdict)
    ledger.start(Kind.CALLBACK, unit=_callback_desk(event.ticket))


def _conclude_unreachable(ledger: Ledger, event: Moved) -> None:
    for clock in ledger.running(Kind.REPLY):
        ledger.end(clock, Outcome.UNREACHABLE)
    ledger.cancel(*ledger.running())


def _reopen(ledger: Ledger, event: Moved) -> None:
    """A new round: what was owed for the last one is owed no more, and the reply is owed from this instant."""
    ticket = event.ticket
    ledger.cancel(*ledger.running())
    for clock in Clock.objects.filter(ticket=ticket, kind=Kind.REPLY, outcome=Outcome.ANSWERED):
        clock.ticket = ticket
        ledger.decide_outcome(clock, accepted=False)
    promise = ticket.matter.get_promise(event.at)
    ahead = promise is not None and promise.agreed_for > event.at
    ledger.start(
        Kind.REPLY,
        unit=ticket.accepting_unit,
        night_consent=ticket.matter.get_night_consent(event.at) is not None,
        promised_for=promise.agreed_for if promise is not None and ahead else None,
        promised_at=promise.agreed_at if promise is not None and ahead else None,
    )
    if ticket.lead_unit is not None:
        ledger.start(Kind.HANDLE, unit=ticket.lead_unit)
    else:
        ledger.start(Kind.DISPATCH, unit=ticket.desk)


def _finish_callback(ledger: Ledger, event: Moved) -> None:
    if event.facts.get("how") != EXEMPT:
        ledger.meet(*ledger.running(Kind.CALLBACK))
    ledger.cancel(*ledger.running())


def _cancel(ledger: Ledger, event: Moved) -> None:
    """'cancel' ends everything."""
    ledger.cancel(*ledger.running())


MOVES: dict[str, Callable[[Ledger, Moved], None]] = {
    "resolve_on_site": _resolve_on_site,
    "return_for_completion": _return_for_completion,
    "resubmit": _resubmit,
    "dispatch": _dispatch,
    "handle_at_desk": _dispatch,
    "recall": _back_to_the_desk,
    "send_back": _back_to_the_desk,
    "transfer": _transfer,
    "feed_back": _feed_back,
    "reject_feedback": _reject_feedback,
    "reply": _reply,
    "conclude": _conclude,
    "conclude_unreachable": _conclude_unreachable,
    "reopen": _reopen,
    "finish_callback": _finish_callback,
    "cancel": _cancel,
    # claim, release and assign leave every clock as it is
}


def _answer_the_customer(ledger: Ledger) -> None:
    """The reply clock stops; how it counts is known with the verdict. Any reply answers the chase-ups too."""
    for clock in ledger.running(Kind.REPLY):
        ledger.end(clock, Outcome.ANSWERED)
    ledger.meet(*ledger.running(Kind.CHASE))


def _count_the_reply(ledger: Ledger, *, verdict: str) -> None:
    if ledger.reply is not None and ledger.reply.outcome == Outcome.ANSWERED:
        ledger.decide_outcome(ledger.reply, accepted=verdict == Verdict.ACCEPTS)


def _callback_desk(ticket: Ticket) -> Unit:
    return ticket.accepting_unit.get_nearest("callback_desk") or ticket.accepting_unit


# --- Beside the state -------------------------------------------------------------------------------------------------


def ask_assistance(event: AssistanceAsked) -> None:
    """An assisting unit owes an answer (R24)."""
    with Ledger.of(event.ticket, by=event.by, at=event.at) as ledger:
        ledger.start(Kind.ASSIST, unit=event.assistance.unit, assistance=event.assistance)


def answer_assistance(event: AssistanceAnswered) -> None:
    """It has answered."""
    with Ledger.of(event.ticket, by=event.by, at=event.at) as ledger:
        asked = [clock for clock in ledger.running(Kind.ASSIST) if clock.assistance_id == event.assistance.pk]
        ledger.meet(*asked)


def chase_up(event: ChasedUp) -> None:
    """Whoever holds the ticket owes the customer an answer (R32)."""
    with Ledger.of(event.ticket, by=event.by, at=event.at) as ledger:
        ledger.start(Kind.CHASE, unit=None, chase_up=event.chase_up)


def answer_chase_up(event: ChaseUpAnswered) -> None:
    """The customer was told."""
    with Ledger.of(event.ticket, by=event.by, at=event.at) as ledger:
        ledger.meet(*[clock for clock in ledger.running(Kind.CHASE) if clock.chase_up_id == event.chase_up.pk])


def hold(event: Held) -> None:
    """Handling and assistance stand still; the reply by consent or for the customer; a chase never (R6)."""
    stops = HELD_WITH_THE_TICKET | ({Kind.REPLY} if event.hold.stops_the_reply_clock else frozenset())
    with Ledger.of(event.ticket, by=event.by, at=event.at) as ledger:
        for clock in ledger.running(*stops):
            ledger.hold(clock, event.hold)


def resume(event: Resumed) -> None:
    """What stood still runs again, from when the hold ended: each due moves by what did not count (R6)."""
    since = event.hold.ended_at or event.at
    with Ledger.of(event.ticket, by=event.by, at=event.at) as ledger:
        held = [clock for clock in ledger.running() if clock.is_held]
        for clock in held:
            ledger.resume(clock, since=since)
        ledger.decide_again(*held, because="resumed")


def promise(event: Promised) -> None:
    """The agreed time stands in the limit's place, which is kept beside it (R29).

    Raises NotYours for a time beyond the bound that needs a supervisor.
    """
    with Ledger.of(event.ticket, by=event.by, at=event.at) as ledger:
        for clock in ledger.running(Kind.REPLY):
            _refuse_far_promise(event, since=clock.started_at)
            clock.promised_for, clock.promised_at = event.agreed_for, event.at
            clock.save(update_fields=["promised_for", "promised_at"])
            ledger.decide_again(clock, because="promise")


def consent(event: Consented) -> None:
    """Contact at night ends the move out of it; a longer limit takes the place of the normal one (R22, R23)."""
    with Ledger.of(event.ticket, by=event.by, at=event.at) as ledger:
        for clock in ledger.running(Kind.REPLY):
            if event.what == Consent.What.NIGHT:
                clock.night_consent = True
            elif event.what == Consent.What.LONGER_LIMIT:
                clock.consented_days = event.days
            else:
                continue
            clock.save(update_fields=["night_consent", "consented_days"])
            ledger.decide_again(clock, because="consent", choosing=event.what == Consent.What.LONGER_LIMIT)


def miss_the_customer(event: NotReached) -> None:
    """An attempt made in time defers the reply clock to the next planned one (R43)."""
    with Ledger.of(event.ticket, by=event.by, at=event.at) as ledger:
        for clock in ledger.running(Kind.REPLY):
            if clock.is_breached or clock.is_held:
                continue
            ledger.defer(clock, until=event.next_at)
            ledger.decide_again(clock, because="not_reached")


def reclassify(event: Reclassified) -> None:
    """Running clocks are decided anew from their original start, with the time held before (R27)."""
    if not DECIDES_LIMITS & set(event.new):
        return
    with Ledger.of(event.ticket, by=event.by, at=event.at) as ledger:
        ledger.decide_again(*ledger.running(), because="reclassified", choosing=True)


def regrade(event: Regraded) -> None:
    """Running clocks of customers with another tier or brand are decided anew, in the background (R27).

    Whole lists of customers come by import, which must not hold the locks of all their tickets.
    """
    ask_for_customers(event.customers, by=None, at=event.at)


def confirm(event: Confirmed) -> None:
    """A supervisor confirms a conclusion without acceptance: the reply counts as met after all (R21)."""
    with Ledger.of(event.ticket, by=event.by, at=event.at) as ledger:
        if ledger.reply is not None and ledger.reply.outcome == Outcome.INEFFECTIVE:
            ledger.decide_outcome(ledger.reply, accepted=True)


def merge(event: Merged) -> None:
    """The surviving ticket takes the earlier raised-at and due."""
    absorbed = Clock.objects.filter(ticket=event.absorbed, kind=Kind.REPLY, ended_at=event.at).order_by("-pk").first()
    with Ledger.of(event.ticket, by=event.by, at=event.at) as ledger:
        for clock in ledger.running(Kind.REPLY):
            if absorbed is None or absorbed.outcome != Outcome.CANCELLED:
                continue
            ledger.take_over(clock, since=absorbed.started_at, due=absorbed.due_at)
            ledger.decide_again(clock, because="merged")


def request_approval(event: ApprovalRequested) -> None:
    """A decision is owed (R33)."""
    with Ledger.of(event.ticket, by=event.by, at=event.at) as ledger:
        ledger.start(Kind.APPROVE, unit=event.approval.unit, variant=Variant.SOLUTION)


def end_approval(event: ApprovalEnded) -> None:
    """It was decided; or withdrawn, and owed no more."""
    with Ledger.of(event.ticket, by=event.by, at=event.at) as ledger:
        asked = ledger.running(Kind.APPROVE)
        if event.approval.decision == Decision.WITHDRAWN:
            ledger.cancel(*asked)
        else:
            ledger.meet(*asked)


def request_letter(event: LetterSubmitted) -> None:
    """A decision about a letter is owed, by its lead and its legal adviser together (R41)."""
    with Ledger.of(event.ticket, by=event.by, at=event.at) as ledger:
        ledger.start(Kind.APPROVE, unit=event.letter.unit, variant=Variant.LETTER)


def decide_letter(event: LetterDecided) -> None:
    """All who have to agree did so, or one of them did not."""
    with Ledger.of(event.ticket, by=event.by, at=event.at) as ledger:
        ledger.meet(*ledger.running(Kind.APPROVE))


def take_letter_back(event: LetterTakenBack) -> None:
    """The decision is owed no more."""
    with Ledger.of(event.ticket, by=event.by, at=event.at) as ledger:
        ledger.cancel(*ledger.running(Kind.APPROVE))


def _refuse_far_promise(event: Promised, *, since: datetime) -> None:
    days = ClockRules.current().promise_at_most_working_days
    latest = Calendar.objects.get(code=WORKING_DAYS).compiled().add_working_days(since, days, end_of_day=True)
    if event.agreed_for <= latest or event.by is None:
        return
    if not may.supervises(event.ticket, event.by.authority(event.at)):
        raise NotYours(
            _("A time more than %(days)d working days away needs a supervisor.") % {"days": days},
            code="promise_needs_supervisor",
        )
