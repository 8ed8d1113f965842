"""The grammar of urgency: what is owed and how long is left, told by word, shape and colour together."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from complaints.models import Ticket
from complaints.states import LIVE
from contact.gate import Decision
from desk.moments import DAY, exact, short, span
from escalation.models import Escalation
from sla.kinds import Kind, Outcome
from sla.models import Clock

SHAPES = {
    "running": "ring",
    "warning": "ring",
    "overdue": "triangle",
    "held": "bars",
    "moon": "moon",
    "promised": "handshake",
    "met": "check",
    "late": "late",
    "none": "",
}


@dataclass(frozen=True)
class Chip:
    """One clock as a page shows it. `counts` says that the page lets it run."""

    state: str
    text: str
    kind: str = ""
    due_at: datetime | None = None
    starts_at: datetime | None = None
    warns_at: datetime | None = None
    share: int = 0
    title: str = ""

    @property
    def shape(self) -> str:
        """By which shape its state is told."""
        return SHAPES[self.state]

    @property
    def counts(self) -> bool:
        """Whether time runs on it while one looks."""
        return self.state in {"running", "warning", "overdue"} and self.due_at is not None


def running(
    due_at: datetime,
    now: datetime,
    *,
    kind: str = "",
    starts_at: datetime | None = None,
    warns_at: datetime | None = None,
) -> Chip:
    """An obligation whose time runs: left, past the warning share, or overdue."""
    title = _("%(kind)s due %(moment)s") % {"kind": kind or _("next"), "moment": exact(due_at)}
    facts: dict[str, Any] = {"kind": kind, "due_at": due_at, "starts_at": starts_at, "title": title}
    if now > due_at:
        over = now - due_at
        text = (
            _("%(time)s overdue") % {"time": span(over, seconds=False)}
            if over < DAY
            else _("overdue since %(moment)s") % {"moment": short(due_at, now)}
        )
        return Chip("overdue", text, **facts)
    left = due_at - now
    text = (
        _("%(time)s left") % {"time": span(left, seconds=True)}
        if left < DAY
        else _("due %(moment)s") % {"moment": short(due_at, now)}
    )
    share = 0
    if starts_at is not None and due_at > starts_at:
        share = min(100, max(0, round(100 * ((now - starts_at) / (due_at - starts_at)))))
    warned = warns_at is not None and now >= warns_at
    return Chip("warning" if warned else "running", text, warns_at=warns_at, share=share, **facts)


def held(until: datetime, now: datetime, *, kind: str = "") -> Chip:
    """On hold until an instant (R6)."""
    return Chip("held", _("held until %(moment)s") % {"moment": short(until, now)}, kind=kind, title=exact(until))


def waiting_for_contact(decision: Decision, now: datetime) -> Chip:
    """Quiet hours: contact is permitted from an instant on (R23)."""
    moment = decision.permitted_from
    return Chip("moon", _("contact from %(moment)s") % {"moment": short(moment, now)}, title=exact(moment))


def moon_of(decision: Decision, now: datetime) -> Chip:
    """The same under a heading that says what the instant is, where there is little room."""
    full = waiting_for_contact(decision, now)
    return replace(full, text=short(decision.permitted_from, now), title=full.text)


def promised(agreed_for: datetime, now: datetime) -> Chip:
    """A time agreed with the customer (R29)."""
    return Chip("promised", _("promised %(moment)s") % {"moment": short(agreed_for, now)}, title=exact(agreed_for))


def met(kind: str = "") -> Chip:
    """In time."""
    return Chip("met", _("in time"), kind=kind)


def met_late(due_at: datetime, ended_at: datetime, kind: str = "") -> Chip:
    """Done, but late by so much."""
    over = ended_at - due_at
    late = span(over, seconds=False) if over < DAY else _("%(d)s d") % {"d": over.days}
    return Chip("late", _("%(time)s late") % {"time": late}, kind=kind, title=exact(due_at))


def word_of(kind: str) -> str:
    """What is owed, in a word: a chip has no room for more."""
    return _("chase-up") if kind == Kind.CHASE else str(Kind(kind).label)


def of_clock(clock: Clock, now: datetime) -> Chip:
    """One clock, running or ended."""
    kind = word_of(clock.kind)
    if clock.ended_at is not None:
        if clock.outcome == Outcome.CANCELLED or clock.due_at is None:
            return Chip("none", str(clock.get_outcome_display()), kind=kind)
        if clock.breached_at is not None or clock.outcome == Outcome.MET_LATE:
            return met_late(clock.breached_at or clock.due_at, clock.ended_at, kind)
        if clock.outcome in {Outcome.MET, Outcome.ANSWERED}:
            return met(kind)
        return Chip("none", str(clock.get_outcome_display()), kind=kind)
    if clock.held_since is not None:
        return Chip("held", _("held since %(moment)s") % {"moment": short(clock.held_since, now)}, kind=kind)
    if clock.due_at is None:
        return Chip("none", _("without a limit"), kind=kind)
    if clock.promised_for is not None and now <= clock.due_at and clock.due_at - now >= DAY:
        return promised(clock.due_at, now)
    return running(clock.due_at, now, kind=kind, starts_at=clock.started_at, warns_at=clock.warn_at)


def of_ticket(ticket: Ticket, now: datetime) -> Chip:
    """What is owed next on a ticket, as lists show it; they load the clocks of its kind as `clocks_due_next`."""
    if ticket.state not in LIVE:
        return Chip("none", str(ticket.get_state_display()))
    if ticket.held_until is not None:
        return held(ticket.held_until, now)
    if ticket.next_due_at is None:
        return Chip("none", _("nothing due"))
    kind = ticket.next_due_kind
    for clock in _clocks_at_hand(ticket):
        if clock.kind == kind and clock.due_at == ticket.next_due_at:
            return of_clock(clock, now)
    return running(ticket.next_due_at, now, kind=word_of(kind) if kind in Kind.values else "")


def _clocks_at_hand(ticket: Ticket) -> Iterable[Clock]:
    """The clocks that a list or a page has loaded; a chip never asks for them itself."""
    if hasattr(ticket, "clocks_due_next"):
        return list(ticket.clocks_due_next)
    loaded = getattr(ticket, "_prefetched_objects_cache", {}).get("clocks", ())
    return [clock for clock in loaded if clock.is_running]


def of_escalation(escalation: Escalation, now: datetime) -> Chip:
    """By when an escalation is to be acknowledged; once it is, by whom."""
    if escalation.acknowledged_by is not None:
        return Chip("met", _("acknowledged by %(person)s") % {"person": escalation.acknowledged_by.name})
    if escalation.ack_due_at is None:
        return Chip("none", str(escalation.get_state_display()))
    return running(escalation.ack_due_at, now, kind=_("acknowledge"), starts_at=escalation.noticed_at)
