"""When a clock is due: its policy, its stretches and what was agreed, handed to the arithmetic (R20–R29)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from complaints.models import Ticket
from sla.actions.grounds import ASKED_EACH_TIME, Grounds
from sla.arithmetic import Agreed, Deadline, Limit, Mode, Quiet, Span, decide
from sla.kinds import BOUND_TO_THE_REPLY, Kind, LimitUnit, Stretch, Variant
from sla.models import Clock, ClockInterval, Policy
from sla.querysets import Situation


def choose_policy(
    clock: Clock, *, reply: Clock | None, at: datetime, grounds: Grounds = ASKED_EACH_TIME
) -> Policy | None:
    """The policy for a clock of a ticket as it is filed now, of those in force at an instant (R27)."""
    clock.variant = _variant(clock, reply)
    days = clock.consented_days if clock.kind == Kind.REPLY else None
    situation = Situation.of(clock.ticket, clock.kind, variant=clock.variant, consented_days=days)
    return grounds.choose(situation, at=at)


def bind_to_reply(clock: Clock, *, reply: Clock | None) -> None:
    """Note what the reply leaves, where the policy allows no more than that (R24)."""
    if clock.kind not in BOUND_TO_THE_REPLY:
        return
    clock.ceiling_at = None
    if clock.policy is None or not clock.policy.within_reply:
        return
    if reply is None or not reply.is_running or reply.is_held or reply.due_at is None:
        return
    # Nobody could meet an obligation that leaves no time at all, so a reply that is overdue already does not bind.
    if reply.due_at > clock.started_at:
        clock.ceiling_at = reply.due_at


def decide_due(clock: Clock, *, reply: Clock | None, grounds: Grounds = ASKED_EACH_TIME) -> None:
    """Set when the clock is due by its policy, when it warns, and when it is called next; nothing is saved."""
    bind_to_reply(clock, reply=reply)
    deadline = deadline_of(clock, reply=reply, grounds=grounds)
    clock.nominal_due_at = deadline.nominal_due if deadline else None
    clock.limit_due_at = deadline.limit_due if deadline else None
    clock.due_at = deadline.due if deadline else None
    clock.warn_at = deadline.warn_at if deadline else None
    clock.plan_next_call()


def deadline_of(clock: Clock, *, reply: Clock | None, grounds: Grounds = ASKED_EACH_TIME) -> Deadline | None:
    """When the clock is due by its policy; None without a policy. `reply` is the reply clock of its round."""
    policy = clock.policy
    if policy is None:
        return None
    stretches = clock.get_stretches()
    held = _held(stretches)
    if policy.limit_unit == LimitUnit.SHARE_OF_REPLY:
        return _share_of_reply(clock, policy, reply, held, grounds)
    return decide(
        clock.started_at,
        policy.get_limit(clock.unit, consented_days=clock.consented_days, hours=grounds.hours_of),
        held=held,
        quiet=_quiet(clock, policy, grounds) if clock.kind == Kind.REPLY else None,
        at_most=_most_seconds(clock, grounds),
        ceiling=clock.ceiling_at,
        agreed=_agreed(clock),
        deferred_until=_deferral(stretches),
        warning_share=float(policy.warning_share),
    )


def at_shares(clock: Clock, shares: Iterable[int]) -> dict[int, datetime]:
    """When so many per cent of the clock's limit have passed, for each; nothing without a limit (R90)."""
    asked = set(shares)
    reply = reply_of(clock) if asked and clock.kind in BOUND_TO_THE_REPLY else None
    deadline = deadline_of(clock, reply=reply) if asked else None
    return {share: deadline.at_share(share / 100) for share in asked} if deadline is not None else {}


def reply_of(clock: Clock) -> Clock | None:
    """The reply clock of its round, the latest one."""
    replies = Clock.objects.with_ticket().filter(ticket=clock.ticket, kind=Kind.REPLY, round=clock.round)
    return replies.order_by("-pk").first()


def _share_of_reply(
    clock: Clock, policy: Policy, reply: Clock | None, held: list[Span], grounds: Grounds
) -> Deadline | None:
    """Feedback is due when so much of the reply limit has passed, counted from where that one counts (R24)."""
    if reply is None or reply.policy is None:
        return None
    whole = reply.policy.get_limit(reply.unit, consented_days=reply.consented_days, hours=grounds.hours_of)
    seconds = whole.seconds_from(reply.started_at)
    most = _most_seconds(reply, grounds)
    if most is not None and most < seconds:
        whole, seconds = Limit.elapsed(most), most
    quiet = _quiet(reply, reply.policy, grounds)
    return decide(
        reply.started_at,
        Limit.working(seconds * policy.limit / 100, whole.calendar),
        held=[*held, *_held(reply.get_stretches())],
        quiet=quiet if quiet is not None and quiet.mode == Mode.PAUSE else None,
        floor=clock.started_at,
        agreed=_agreed(clock),
        warning_share=float(policy.warning_share),
    )


def _held(stretches: Iterable[ClockInterval]) -> list[Span]:
    """The stretches that are over and did not count."""
    return [(each.starts_at, each.ends_at) for each in stretches if each.kind == Stretch.HELD and each.ends_at]


def _deferral(stretches: Iterable[ClockInterval]) -> datetime | None:
    """Until when the last missed attempt defers the reply (R43)."""
    deferrals = [each.planned_until for each in stretches if each.kind == Stretch.DEFERRED]
    return deferrals[-1] if deferrals else None


def _variant(clock: Clock, reply: Clock | None) -> str:
    """The case of a clock that has a limit of its own (R22, R24, R70)."""
    ticket: Ticket = clock.ticket
    if clock.kind == Kind.REPLY:
        return Variant.CONSENTED if clock.consented_days else ""
    if clock.kind == Kind.HANDLE:
        in_days = reply is not None and reply.policy is not None and reply.policy.owed_in_days
        return Variant.REPLY_IN_DAYS if in_days else Variant.REPLY_IN_HOURS
    if clock.kind == Kind.ASSIST and clock.assistance is not None:
        return Variant(clock.assistance.kind)
    if clock.kind == Kind.CALLBACK:
        return Variant(ticket.category.callback_group)
    return clock.variant


def _quiet(clock: Clock, policy: Policy, grounds: Grounds) -> Quiet | None:
    """What the night does to a reply; nothing where the customer agreed to be called then (R23)."""
    if clock.night_consent:
        return None
    hours = grounds.quiet_hours
    grace = hours.grace if policy.grace_minutes is None else timedelta(minutes=policy.grace_minutes)
    return Quiet(Mode(policy.quiet_mode), hours.window, grace)


def _most_seconds(clock: Clock, grounds: Grounds) -> float | None:
    """An urgent service failure is answered within so long, whatever the rest says (R21)."""
    if clock.kind != Kind.REPLY or not clock.ticket.category.service_failure:
        return None
    return grounds.clock_rules.service_failure_minutes * 60


def _agreed(clock: Clock) -> Agreed | None:
    """The promise or the extension made last; it stands in the limit's place (R29)."""
    promised, extended = clock.promised_at, clock.extended_at
    if extended is not None and (promised is None or extended >= promised):
        assert clock.extended_to is not None
        return Agreed(clock.extended_to, made_at=extended, by_supervisor=True)
    if promised is not None:
        assert clock.promised_for is not None
        return Agreed(clock.promised_for, made_at=promised)
    return None
