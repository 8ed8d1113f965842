"""What must always hold, checked on what a play has left behind by plain code of its own.

Nothing here asks the rules: the hours of quiet, the moves of section 3 and the ends of clocks stand here a second time,
in words of this module, so that an error in a rule does not hide itself.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F

from callbacks.models import Attempt as CallbackAttempt
from callbacks.models import Callback, Survey
from complaints.models import Entry, FollowUp, Progress, ReplyAttempt, Ticket
from contact.models import Consent, Contact, Promise
from demo.simulation.answer_checks import ANSWER_CHECKS
from escalation.models import Escalation, Step
from sla.models import Clock, ClockInterval

QUIET_FROM, QUIET_UNTIL = 20, 8
PROMISE_HOLDS_FOR = timedelta(minutes=30)

# Which history entries end a clock, and how; the second table of section 3.
ENDS: dict[str, dict[str, set[str]]] = {
    "dispatch": {
        "met": {"dispatched", "handled_at_desk", "returned"},
        "cancelled": {"resolved_on_site", "cancelled", "merged"},
    },
    "handle": {"met": {"fed_back"}, "cancelled": {"sent_back", "recalled", "cancelled", "merged"}},
    "rework": {"met": {"fed_back"}, "cancelled": {"sent_back", "recalled", "cancelled", "merged"}},
    "assist": {
        "met": {"assistance_answered"},
        "cancelled": {"fed_back", "transferred", "sent_back", "recalled", "cancelled", "merged"},
    },
    "reply": {
        "met": {"replied", "resolved_on_site"},
        "ineffective": {"replied"},
        "answered": {"replied"},
        "unreachable": {"concluded_unreachable"},
        "cancelled": {"cancelled", "merged"},
    },
    "conclude": {"met": {"concluded"}, "cancelled": {"reopened", "cancelled", "merged"}},
    "approve": {
        "met": {"approval_approved", "approval_refused", "letter_approved", "letter_refused"},
        "cancelled": {"approval_withdrawn", "letter_withdrawn", "letter_revised", "cancelled", "merged"},
    },
    "chase": {
        "met": {"chase_up_answered", "replied"},
        "cancelled": {"callback_finished", "reopened", "concluded_unreachable", "cancelled", "merged"},
    },
    "callback": {
        "met": {"callback_finished", "callback_answered", "reopened"},
        "unreachable": {"callback_finished"},
        "cancelled": {"reopened", "callback_finished", "cancelled", "merged"},
    },
}

Check = Callable[[datetime], Iterator[str]]


def history_replays_to_the_state(now: datetime) -> Iterator[str]:
    """Each ticket's entries lead from state to state without a gap, to the state that it has."""
    state: dict[int, str] = {}
    for ticket, kind, source, target in (
        Entry.objects.exclude(target="").order_by("ticket", "pk").values_list("ticket", "kind", "source", "target")
    ):
        if source != state.get(ticket, ""):
            yield f"ticket {ticket}: '{kind}' leads from {source}, but it was {state.get(ticket, 'not there')}"
        state[ticket] = target
    for pk, reference, stands in Ticket.objects.order_by("pk").values_list("pk", "reference", "state"):
        if state.get(pk) != stands:
            yield f"{reference} is {stands}, its history says {state.get(pk)}"


def entries_come_in_order(now: datetime) -> Iterator[str]:
    """Nothing in a ticket's history stands before what happened earlier; breaches carry their own instant."""
    last: dict[int, datetime] = {}
    rows = Entry.objects.exclude(kind__in=["breached", "due_moved"]).order_by("ticket", "pk")
    for ticket, kind, at in rows.values_list("ticket", "kind", "at"):
        if at < last.get(ticket, at):
            yield f"ticket {ticket}: '{kind}' at {at} stands after {last[ticket]}"
        last[ticket] = at


def nobody_is_contacted_at_night(now: datetime) -> Iterator[str]:
    """Every attempt at a customer outside 08:00–20:00 has a consent or a promise that holds (R23)."""
    zone = ZoneInfo(settings.BUSINESS_TIME_ZONE)
    consents: dict[int, list[Consent]] = defaultdict(list)
    for consent in Consent.objects.filter(what="night"):
        consents[consent.matter_id].append(consent)
    promises: dict[int, list[Promise]] = defaultdict(list)
    for promise in Promise.objects.all():
        promises[promise.matter_id].append(promise)
    for what, matter, at in _contacts():
        hour = at.astimezone(zone).hour
        if QUIET_UNTIL <= hour < QUIET_FROM:
            continue
        consented = any(
            given.given_at <= at and (given.withdrawn_at is None or at < given.withdrawn_at)
            for given in consents[matter]
        )
        agreed = any(
            made.agreed_at <= at
            and made.agreed_for <= at < made.agreed_for + PROMISE_HOLDS_FOR
            and (made.withdrawn_at is None or at < made.withdrawn_at)
            for made in promises[matter]
        )
        if not consented and not agreed:
            yield f"matter {matter}: {what} at {at.astimezone(zone):%Y-%m-%d %H:%M} in quiet hours"


def _contacts() -> Iterator[tuple[str, int, datetime]]:
    for purpose, matter, at in Contact.objects.order_by("pk").values_list("purpose", "matter", "at"):
        yield purpose, matter, at
    for matter, at in ReplyAttempt.objects.order_by("pk").values_list("ticket__matter", "at"):
        yield "reply", matter, at
    for matter, at in CallbackAttempt.objects.order_by("pk").values_list("callback__ticket__matter", "at"):
        yield "callback", matter, at
    for matter, at in Survey.objects.order_by("pk").values_list("callback__ticket__matter", "sent_at"):
        yield "survey", matter, at
    for matter, at in Progress.objects.order_by("pk").values_list("ticket__matter", "at"):
        yield "progress", matter, at
    for task in FollowUp.objects.filter(done_at__isnull=False).select_related("ticket").order_by("pk"):
        if task.done_at is not None:
            yield "follow-up", task.ticket.matter_id, task.done_at


def every_breach_happens_once(now: datetime) -> Iterator[str]:
    """A clock that was due before it ended, and before the play did, is breached: once, at the instant it was due.

    One that ended while its ticket was held had stopped when the hold began.
    """
    told: Counter[int] = Counter(
        int(data["clock_id"])
        for data in Entry.objects.filter(kind="breached").values_list("data", flat=True)
        if "clock_id" in data
    )
    held = ClockInterval.objects.filter(kind="held", ends_at=F("clock__ended_at"))
    stopped: dict[int, datetime] = dict(held.values_list("clock", "starts_at"))
    for clock in Clock.objects.select_related("ticket").order_by("pk"):
        name = f"{clock.ticket.reference} {clock.kind} clock {clock.pk}"
        if clock.breached_at is not None and told[clock.pk] != 1:
            yield f"{name} is breached and told {told[clock.pk]} times"
        if clock.breached_at is None and told[clock.pk]:
            yield f"{name} is not breached, but told so"
        if clock.due_at is None or clock.held_since is not None:
            continue
        until = stopped.get(clock.pk, clock.ended_at) or now
        if clock.due_at < until and clock.breached_at is None:
            yield f"{name} was due at {clock.due_at}, ended {clock.ended_at}, and is not breached"
        if clock.outcome == "met" and until > clock.due_at:
            yield f"{name} is met, but ended after it was due"


def every_step_fires_once(now: datetime) -> Iterator[str]:
    """No step of a ladder stands twice for a clock, none is fired before it was planned, none is left behind."""
    seen: Counter[tuple[int, str, int]] = Counter()
    breach_steps: set[tuple[int, int]] = set()
    taken_down: set[tuple[int, int, datetime | None]] = set()
    for escalation in Escalation.objects.select_related("ticket").order_by("pk"):
        name = f"{escalation.ticket.reference} escalation {escalation.pk}"
        key = (escalation.ticket_id, escalation.occasion, escalation.step_id)
        seen[key] += 1
        if seen[key] > 1:
            yield f"{name} is a second one of its step"
        if escalation.state == "planned" and escalation.held_since is None and escalation.planned_at < now:
            yield f"{name} was to be raised at {escalation.planned_at}"
        due_since = escalation.brought_forward_at or escalation.planned_at
        if escalation.noticed_at is not None and escalation.noticed_at < due_since:
            yield f"{name} was raised before it was due"
        if escalation.noticed_at is not None and escalation.clock_id is not None:
            breach_steps.add((escalation.clock_id, escalation.step_id))
        if escalation.state == "cancelled" and escalation.clock_id is not None:
            taken_down.add((escalation.clock_id, escalation.step_id, escalation.closed_at))
    first_steps = {
        (step.ladder.clock_kind, step.ladder.pace): step.pk
        for step in Step.objects.filter(when="breach", ladder__is_active=True, is_active=True).select_related("ladder")
    }
    for clock in Clock.objects.filter(breached_at__isnull=False).select_related("ticket").order_by("pk"):
        wanted = first_steps.get((clock.kind, "any"))
        if wanted is None:
            continue
        # What is found too late by the very deed that ends it is in the history; nobody has to be told (R92).
        is_over = clock.breach_noticed_at == clock.ended_at and (clock.pk, wanted, clock.ended_at) in taken_down
        if (clock.pk, wanted) not in breach_steps and not is_over:
            yield f"{clock.ticket.reference}: nobody heard of the breach of {clock.kind} clock {clock.pk}"


def every_end_agrees_with_the_history(now: datetime) -> Iterator[str]:
    """At the instant a clock ended, the history has an entry that ends it in this way."""
    entries: dict[tuple[int, datetime], set[str]] = defaultdict(set)
    for ticket, at, kind in Entry.objects.values_list("ticket", "at", "kind"):
        entries[ticket, at].add(kind)
    for clock in Clock.objects.filter(ended_at__isnull=False).select_related("ticket").order_by("pk"):
        outcome = "met" if clock.outcome == "met_late" else clock.outcome
        wanted = ENDS.get(clock.kind, {}).get(outcome, set())
        assert clock.ended_at is not None
        there = entries[clock.ticket_id, clock.ended_at]
        if not wanted & there:
            yield (
                f"{clock.ticket.reference}: {clock.kind} ended '{clock.outcome}' at {clock.ended_at}, "
                f"where the history has {sorted(there)}"
            )


def ended_tickets_owe_nothing(now: datetime) -> Iterator[str]:
    """A closed or cancelled ticket has no running clock, no planned or open escalation, no next due."""
    ended = ("closed", "cancelled")
    for clock in Clock.objects.filter(ended_at__isnull=True, ticket__state__in=ended).select_related("ticket"):
        yield f"{clock.ticket.reference} is {clock.ticket.state}, its {clock.kind} clock runs"
    planned = Escalation.objects.filter(state="planned", clock__isnull=False, ticket__state__in=ended)
    for escalation in planned.select_related("ticket"):
        yield f"{escalation.ticket.reference} is {escalation.ticket.state}, escalation {escalation.pk} is planned"
    for ticket in Ticket.objects.filter(state__in=ended, next_due_at__isnull=False):
        yield f"{ticket.reference} is {ticket.state} and has something due"


def callbacks_are_fair(now: datetime) -> Iterator[str]:
    """One callback a round, never by who handled or replied; the dissatisfied are reopened or capped (R70–R74)."""
    part: dict[int, set[int]] = defaultdict(set)
    doers = Entry.objects.filter(kind__in=["claimed", "fed_back", "replied", "handled_at_desk"], by__isnull=False)
    for ticket, by in doers.values_list("ticket", "by"):
        part[ticket].add(by)
    reopened = set(Entry.objects.filter(kind="reopened").values_list("ticket", "data__round"))
    rounds: Counter[tuple[int, int]] = Counter()
    for callback in Callback.objects.select_related("ticket").order_by("pk"):
        name = f"{callback.ticket.reference} round {callback.round}"
        if callback.state == "exempt":
            continue  # a campaign may ask all the same
        rounds[callback.ticket_id, callback.round] += 1
        if rounds[callback.ticket_id, callback.round] > 1:
            yield f"{name} has more than one callback"
        if callback.answered_by_id in part[callback.ticket_id]:
            yield f"{name} was called back by somebody who had a part in it"
        if callback.with_result == "dissatisfied" and not callback.wants_nothing_more:
            again = (callback.ticket_id, callback.round + 1) in reopened
            if not again and not callback.awaits_decision and callback.decided_at is None:
                yield f"{name}: dissatisfied, neither reopened nor put to a supervisor"


CHECKS: dict[str, Check] = {
    check.__name__: check
    for check in (
        history_replays_to_the_state,
        entries_come_in_order,
        nobody_is_contacted_at_night,
        every_breach_happens_once,
        every_step_fires_once,
        every_end_agrees_with_the_history,
        ended_tickets_owe_nothing,
        callbacks_are_fair,
        *ANSWER_CHECKS,
    )
}


def violations(now: datetime) -> dict[str, list[str]]:
    """For each check, by its name, what does not hold; empty lists where all does."""
    return {name: list(check(now)) for name, check in CHECKS.items()}
