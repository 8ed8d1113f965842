"""Trying a draft before it is published: what it would do to open tickets, and how a month would have looked (R2B).

Nothing is written; the database is told to refuse it. A trial decides by the very functions that a publication for
running clocks decides by, with the draft in the place of the version before it.
"""

from collections import defaultdict
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common.readonly import reading_only
from common.refusals import NotPossible
from complaints.models import Ticket
from sla.actions.changes import PolicyPublished, accounts_of, decide_anew, with_all_they_need
from sla.actions.deciding import choose_policy, deadline_of
from sla.actions.grounds import GroundsInHand
from sla.kinds import BOUND_TO_THE_REPLY, Kind, Outcome
from sla.models import Clock, Policy

AT_ONCE = 500
SHOWN = 50
COUNTED = frozenset({Outcome.MET, Outcome.MET_LATE})


@dataclass(frozen=True)
class MovedDue:
    """One running clock whose due would move."""

    ticket: Ticket
    clock: Clock
    old_due: datetime | None
    new_due: datetime | None
    breaches: bool
    """It would be missed at once: not missed yet, and the new due has passed."""


@dataclass
class UnitMoved:
    """What would happen to what one unit owes."""

    unit: str
    earlier: int = 0
    later: int = 0
    breaches: int = 0
    without_due: int = 0

    def count(self, moved: MovedDue) -> None:
        """Take one more into account."""
        if moved.new_due is None:
            self.without_due += 1
        elif moved.old_due is not None and moved.new_due < moved.old_due:
            self.earlier += 1
        else:
            self.later += 1
        self.breaches += moved.breaches


@dataclass
class OpenTrial:
    """A draft against the open tickets, as of an instant."""

    at: datetime
    tickets: int = 0
    """Looked at."""
    moved: int = 0
    breaches: int = 0
    units: list[UnitMoved] = field(default_factory=list)
    examples: list[MovedDue] = field(default_factory=list)
    """Those that would be missed at once before the others; not all of them."""
    is_cut_off: bool = False
    """There are more open tickets than were to be looked at."""


@dataclass
class Timeliness:
    """Met and missed under the policies that held, and as they would have been under the draft."""

    name: str
    old_met: int = 0
    old_missed: int = 0
    new_met: int = 0
    new_missed: int = 0

    def count(self, *, old: bool, new: bool) -> None:
        """Take one more clock into account: whether it was met, and whether it would have been."""
        self.old_met += old
        self.old_missed += not old
        self.new_met += new
        self.new_missed += not new

    @property
    def clocks(self) -> int:
        """How many were counted."""
        return self.old_met + self.old_missed

    @property
    def old_share(self) -> float | None:
        """Percent met under the policies that held; None where nothing was owed."""
        return 100 * self.old_met / self.clocks if self.clocks else None

    @property
    def new_share(self) -> float | None:
        """Percent that would have been met."""
        return 100 * self.new_met / self.clocks if self.clocks else None


@dataclass
class PastTrial:
    """A draft against the clocks of its kind that began in a stretch of time."""

    since: datetime
    until: datetime
    whole: Timeliness
    concerned: int = 0
    """Of those counted, how many the draft would have decided."""
    apart: int = 0
    """Cancelled, unreachable, ineffective, or not decided yet: counted neither way."""
    units: list[Timeliness] = field(default_factory=list)
    days: dict[date, Timeliness] = field(default_factory=dict)
    is_cut_off: bool = False


def problems_of(draft: Policy, *, at: datetime) -> list[str]:
    """Why a draft would be refused if it were published now, in sentences; none where it would not."""
    found: list[str] = []
    would_be = _as_if_published(draft, at=at)
    # Published, it takes the place of its own earlier version, which is no rival of it.
    rivals = [str(rival) for rival in would_be.get_rivals() if rival.code != draft.code]
    if rivals:
        found.append(_("Equal in every selector and in force at the same time: %s.") % ", ".join(rivals))
    for check in (would_be.clean, would_be.refuse_misfits):
        try:
            check()
        except ValidationError as error:
            found += error.messages
    return found


def try_on_open(draft: Policy, *, at: datetime, at_most: int | None = None) -> OpenTrial:
    """What publishing the draft for running clocks would do to open tickets (R2B). Raises NotPossible for no draft.

    `at_most` bounds the tickets looked at, the newest first; the trial says when there are more.
    """
    _refuse_what_is_no_draft(draft)
    trial = OpenTrial(at=at)
    units: dict[int, UnitMoved] = {}
    with reading_only():
        change = PolicyPublished(_as_if_published(draft, at=at))
        grounds = GroundsInHand(change.policies())
        listed = change.concerned().order_by().values("ticket")
        keys = Ticket.objects.filter(pk__in=listed).order_by("-pk").values_list("pk", flat=True)
        wanted, trial.is_cut_off = _at_most(list(keys), at_most)
        for some in _batches(wanted):
            tickets = Ticket.objects.filter(pk__in=some).select_related("customer", "category").order_by("-pk")
            for ticket, account in accounts_of(list(tickets)):
                trial.tickets += 1
                for clock, old_due in decide_anew(account, change, grounds=grounds, at=at).moved:
                    breaches = clock.breached_at is None and clock.due_at is not None and clock.due_at < at
                    moved = MovedDue(ticket, clock, old_due, clock.due_at, breaches and not clock.is_held)
                    units.setdefault(clock.unit_id, UnitMoved(clock.unit.name)).count(moved)
                    trial.moved += 1
                    trial.breaches += moved.breaches
                    _keep(trial.examples, moved)
    trial.units = sorted(units.values(), key=lambda unit: (-unit.breaches, -unit.earlier - unit.later, unit.unit))
    return trial


def try_on_past(
    draft: Policy, *, since: datetime, until: datetime, at: datetime, at_most: int | None = None
) -> PastTrial:
    """How clocks that began from `since` until `until` would have gone by the draft (R2B). Raises NotPossible.

    Each is decided from its own start, with the time held and what was agreed as recorded, and the ticket as it is
    filed now; it is met if it ended by then. `at_most` bounds the clocks looked at, the newest first.
    """
    _refuse_what_is_no_draft(draft)
    trial = PastTrial(since=since, until=until, whole=Timeliness(""))
    units: dict[int, Timeliness] = {}
    days: dict[date, Timeliness] = defaultdict(lambda: Timeliness(""))
    zone = ZoneInfo(settings.BUSINESS_TIME_ZONE)
    with reading_only():
        change = PolicyPublished(_as_if_published(draft, at=at))
        grounds = GroundsInHand(change.policies())
        began = Clock.objects.filter(kind=draft.kind, started_at__gte=since, started_at__lt=until)
        wanted, trial.is_cut_off = _at_most(list(began.order_by("-pk").values_list("pk", flat=True)), at_most)
        for some in _batches(wanted):
            for clock, reply in _with_replies(some):
                was_met = _was_met(clock, clock.due_at, at=at)
                if was_met is None:
                    trial.apart += 1
                    continue
                before = clock.policy
                due = _due_by(clock, reply, change, grounds, at=at)
                is_met = bool(_was_met(clock, due, at=at, again=True)) if clock.policy != before else was_met
                trial.concerned += clock.policy != before
                for counted in (
                    trial.whole,
                    units.setdefault(clock.unit_id, Timeliness(clock.unit.name)),
                    days[clock.started_at.astimezone(zone).date()],
                ):
                    counted.count(old=was_met, new=is_met)
    trial.units = sorted(units.values(), key=lambda unit: (-unit.clocks, unit.name))
    trial.days = dict(sorted(days.items()))
    return trial


def _as_if_published(draft: Policy, *, at: datetime) -> Policy:
    """The draft as it would be in force from now on; never to be saved."""
    would_be = copy(draft)
    would_be.effective_from = would_be.published_at = at
    return would_be


def _refuse_what_is_no_draft(draft: Policy) -> None:
    if draft.is_published:
        raise NotPossible(
            _("%(policy)s is published; draft a new version of it to try another.") % {"policy": draft},
            code="published_already",
        )


def _due_by(
    clock: Clock, reply: Clock | None, change: PolicyPublished, grounds: GroundsInHand, *, at: datetime
) -> datetime | None:
    """When the clock would have been due; it carries the policy that would have held."""
    bound = reply if clock.kind in BOUND_TO_THE_REPLY else None
    clock.policy = change.choose(clock, choose_policy(clock, reply=bound, at=at, grounds=grounds))
    deadline = deadline_of(clock, reply=bound, grounds=grounds)
    return deadline.due if deadline else None


def _was_met(clock: Clock, due: datetime | None, *, at: datetime, again: bool = False) -> bool | None:
    """Met or missed; None for what counts neither way. `again`: by another due than the recorded verdict knows."""
    if clock.outcome in COUNTED:
        if not again:
            return clock.outcome == Outcome.MET
        return due is None or (clock.ended_at is not None and clock.ended_at <= due)
    if clock.is_running and due is not None and due < at and not clock.is_held:
        return False
    return True if again and clock.is_running else None


def _with_replies(clocks: list[int]) -> Iterator[tuple[Clock, Clock | None]]:
    """Each clock with the reply of its round, and with all that deciding needs."""
    found = with_all_they_need(
        Clock.objects.filter(pk__in=clocks)
        .select_related("ticket", "ticket__customer", "ticket__category")
        .order_by("-pk")
    )
    replies: dict[tuple[int, int], Clock] = {}
    if any(clock.kind in BOUND_TO_THE_REPLY for clock in found):
        of_these = Clock.objects.filter(kind=Kind.REPLY, ticket__in={clock.ticket_id for clock in found})
        for reply in with_all_they_need(of_these.order_by("pk")):
            replies[reply.ticket_id, reply.round] = reply
    for clock in found:
        bound_to = replies.get((clock.ticket_id, clock.round))
        if bound_to is not None:
            bound_to.ticket = clock.ticket
        yield clock, bound_to


def _at_most(keys: list[int], at_most: int | None) -> tuple[list[int], bool]:
    return (keys, False) if at_most is None else (keys[:at_most], len(keys) > at_most)


def _batches(keys: list[int]) -> Iterator[list[int]]:
    rest = iter(keys)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _keep(examples: list[MovedDue], moved: MovedDue) -> None:
    """Keep a few to show; one that would be missed at once takes the place of one that would not."""
    if len(examples) < SHOWN:
        examples.append(moved)
    elif moved.breaches:
        other = next((index for index, each in enumerate(examples) if not each.breaches), None)
        if other is not None:
            examples[other] = moved
