"""Why a clock is due when it is: steps that add up to the due, and sentences for people (R28)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sla.actions.deciding import deadline_of, reply_of
from sla.actions.grounds import ASKED_EACH_TIME, Grounds
from sla.arithmetic import Deadline, Step, Why
from sla.kinds import BOUND_TO_THE_REPLY, Kind, LimitUnit
from sla.models import Clock, Policy

LABELS = {
    Why.COUNTED: gettext_lazy("counts"),
    Why.CLOSED: gettext_lazy("outside working hours"),
    Why.HELD: gettext_lazy("on hold"),
    Why.QUIET: gettext_lazy("quiet hours"),
    Why.CEILING: gettext_lazy("no later than this"),
    Why.QUIET_MOVE: gettext_lazy("moved out of quiet hours"),
    Why.PROMISE: gettext_lazy("agreed with the customer"),
    Why.EXTENSION: gettext_lazy("extended by a supervisor"),
    Why.NOT_REACHED: gettext_lazy("deferred to the next planned attempt"),
    Why.AT_ONCE: gettext_lazy("overdue when it arose, so due at once"),
    Why.AS_DECIDED: gettext_lazy("as it was decided then"),
}
MOVED = {
    Why.CEILING: gettext_lazy("It is due at %(until)s at the latest."),
    Why.QUIET_MOVE: gettext_lazy(
        "That lies in quiet hours (%(starts)s–%(ends)s) or their grace and nobody consented to contact, so it moves to "
        "%(ends)s plus %(grace)d minutes, %(until)s."
    ),
    Why.PROMISE: gettext_lazy("Agreed with the customer for %(until)s instead."),
    Why.EXTENSION: gettext_lazy("A supervisor extended it to %(until)s."),
    Why.NOT_REACHED: gettext_lazy("The customer was not reached; the next attempt is planned for %(until)s."),
    Why.AT_ONCE: gettext_lazy("That had passed when it arose, so it was due at once, at %(until)s."),
    Why.AS_DECIDED: gettext_lazy("What it rests on has changed since; it was decided for %(until)s."),
}


@dataclass(frozen=True)
class Explanation:
    """The way from a clock's start to its due. The steps have no gap: the start plus all their seconds is the due."""

    clock: Clock
    starts_at: datetime | None
    due_at: datetime | None
    steps: list[Step]
    sentences: list[str]

    def as_data(self) -> list[dict[str, object]]:
        """The steps for machines: why, from, until, seconds, and a label in the reader's language."""
        return [
            {
                "why": step.why.value,
                "label": str(LABELS[step.why]),
                "begins_at": step.begins_at,
                "ends_at": step.ends_at,
                "seconds": step.seconds,
            }
            for step in self.steps
        ]


def explain(clock: Clock, *, among: Iterable[Clock] | None = None, grounds: Grounds = ASKED_EACH_TIME) -> Explanation:
    """Why the clock is due when it is (R28). A clock without a policy has no due, and says so.

    `among` are the clocks of its ticket where these are at hand already, in order.
    """
    reply = _reply_of(clock, among) if clock.kind in BOUND_TO_THE_REPLY else None
    deadline = deadline_of(clock, reply=reply, grounds=grounds)
    if deadline is None or clock.policy is None or clock.due_at is None:
        return Explanation(clock, None, None, [], [_("No policy applies, so nothing is due.")])
    steps = deadline.steps
    if deadline.due != clock.due_at:
        steps = [*steps, Step(Why.AS_DECIDED, deadline.due, clock.due_at)]
    told = _sentences(clock, clock.policy, deadline, steps, grounds)
    return Explanation(clock, deadline.start, clock.due_at, steps, told)


def _reply_of(clock: Clock, among: Iterable[Clock] | None) -> Clock | None:
    """The reply clock of its round, the latest one."""
    if among is None:
        return reply_of(clock)
    of_the_round = (each for each in among if each.kind == Kind.REPLY and each.round == clock.round)
    return max(of_the_round, key=lambda each: each.pk, default=None)


def _sentences(clock: Clock, policy: Policy, deadline: Deadline, steps: list[Step], grounds: Grounds) -> list[str]:
    ended_at = next((step.begins_at for step in steps if step.why in MOVED), deadline.due)
    told = [
        _("Due %(due)s.") % {"due": moment(clock.due_at or deadline.due)},
        _("%(limit)s under '%(policy)s' from %(start)s would end at %(end)s.")
        % {
            "limit": describe_limit(policy, clock.consented_days),
            "policy": policy,
            "start": moment(deadline.start),
            "end": moment(ended_at),
        },
    ]
    held = sum((step.ends_at - step.begins_at for step in steps if step.why == Why.HELD), timedelta(0))
    if held:
        minutes = round(held.total_seconds() / 60)
        told.append(
            ngettext("On hold for %(minutes)d minute.", "On hold for %(minutes)d minutes.", minutes)
            % {"minutes": minutes}
        )
    told += [MOVED[step.why] % _words_of(step, policy, grounds) for step in steps if step.why in MOVED]
    if clock.held_since is not None:
        told.append(_("It stands still since %(since)s.") % {"since": moment(clock.held_since)})
    if clock.breached_at is not None:
        told.append(_("Missed at %(broke)s.") % {"broke": moment(clock.breached_at)})
    return told


def _words_of(step: Step, policy: Policy, grounds: Grounds) -> dict[str, object]:
    """What a sentence about a move says."""
    words: dict[str, object] = {"until": moment(step.ends_at)}
    if step.why == Why.QUIET_MOVE:
        hours = grounds.quiet_hours
        own = policy.grace_minutes
        words |= {
            "starts": f"{hours.window.starts:%H:%M}",
            "ends": f"{hours.window.ends:%H:%M}",
            "grace": hours.grace_minutes if own is None else own,
        }
    return words


def describe_limit(policy: Policy, consented_days: int | None = None) -> str:
    """A policy's limit in words."""
    if policy.limit_unit == LimitUnit.ELAPSED_MINUTES:
        return ngettext("%(n)d minute", "%(n)d minutes", policy.limit) % {"n": policy.limit}
    if policy.limit_unit == LimitUnit.WORKING_MINUTES:
        return ngettext("%(n)d working minute", "%(n)d working minutes", policy.limit) % {"n": policy.limit}
    if policy.limit_unit == LimitUnit.SHARE_OF_REPLY:
        return _("%(n)d %% of the reply limit") % {"n": policy.limit}
    days = consented_days or policy.limit if policy.limit_unit == LimitUnit.CONSENTED_DAYS else policy.limit
    return ngettext("%(n)d working day", "%(n)d working days", days) % {"n": days}


def moment(at: datetime) -> str:
    """An instant as people say it here."""
    return date_format(timezone.localtime(at), "l Y-m-d H:i")
