"""A ladder drawn on a time axis: before the breach by share of the limit, after it by the distances of the steps."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from escalation.kinds import Counting, Trigger, When, Who
from escalation.models import Ladder, Step
from notifications.kinds import Channel

WIDTH, LEFT, RIGHT = 710, 12, 690
BREACH = 250
WARNING_SHARE = 0.8
TOP, LINE = 56, 24


@dataclass(frozen=True)
class Mark:
    """One step: where on the axis, on which line its words stand, and what they say."""

    x: float
    y: int
    words: str
    channels: str
    severity: int
    reads_leftwards: bool

    @property
    def words_x(self) -> float:
        """Where the words begin, or end where they read leftwards."""
        return self.x - 10 if self.reads_leftwards else self.x + 10


@dataclass(frozen=True)
class Drawing:
    """All of it, in units of the drawing."""

    name: str
    marks: list[Mark]
    begin: str
    breach_x: int | None
    height: int
    left: int = LEFT
    right: int = RIGHT
    width: int = WIDTH
    axis: int = TOP - 20


def draw(ladder: Ladder) -> Drawing:
    """Lay out the steps in use; working time is drawn as long as elapsed time and named as what it is."""
    on_a_limit = ladder.trigger == Trigger.CLOCK
    origin = BREACH if on_a_limit else LEFT
    anchors = {When.WARNING: LEFT + (BREACH - LEFT) * WARNING_SHARE, When.BREACH: BREACH, When.AT_ONCE: LEFT}
    minutes: list[tuple[Step, float, int]] = []
    anchor, passed = float(origin), 0
    for rung in ladder.get_rungs():
        first = rung[0]
        if first.when == When.AFTER_PREVIOUS:
            passed += first.delay_minutes
        else:
            share = LEFT + (BREACH - LEFT) * (first.share_percent or 0) / 100
            anchor, passed = float(anchors.get(When(first.when), share)), 0
        minutes += [(step, anchor, passed) for step in rung]
    longest = max((after for _step, _anchor, after in minutes), default=0) or 1
    scale = (RIGHT - origin) / longest
    marks = [
        _mark(step, x=round(min(at + after * scale, RIGHT), 1), line=line)
        for line, (step, at, after) in enumerate(minutes)
    ]
    return Drawing(
        name=ladder.name,
        marks=marks,
        begin=str(_("begin")) if on_a_limit else str(ladder.get_trigger_display()),
        breach_x=BREACH if on_a_limit else None,
        height=TOP + LINE * len(marks) + 8,
    )


def _mark(step: Step, *, x: float, line: int) -> Mark:
    what = str(step.get_what_display())
    by = ", ".join(str(Channel(channel).label) for channel in step.channels)
    words = " · ".join((f"{step.order}", _when(step), _who(step), what))
    return Mark(
        x=x,
        y=TOP + LINE * line + 12,
        words=words,
        channels=by,
        severity=step.severity,
        reads_leftwards=x > WIDTH / 2,
    )


def _when(step: Step) -> str:
    if step.when == When.SHARE:
        return _("at %(share)s %% of the limit") % {"share": step.share_percent}
    if step.when != When.AFTER_PREVIOUS:
        return str(step.get_when_display())
    hours, minutes = divmod(step.delay_minutes, 60)
    parts = [_("%(h)s h") % {"h": hours} if hours else "", _("%(m)s min") % {"m": minutes} if minutes else ""]
    distance = "+" + " ".join(part for part in parts if part)
    return f"{distance} ({step.get_delay_counts_display()})" if step.delay_counts == Counting.WORKING else distance


def _who(step: Step) -> str:
    facts: list[Any] = [step.get_role_display() if step.role else step.get_who_display()]
    if step.who == Who.ON_DUTY:
        facts.append(_("on duty"))
    if step.level:
        facts.append(step.get_level_display())
    return ", ".join(str(fact) for fact in facts)
