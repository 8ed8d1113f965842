"""The shipped ladders: those of R90 word for word, and one for each cause of R93 and R74."""

from dataclasses import dataclass, field
from typing import Any

from accounts.models import Role, UnitKind
from escalation.kinds import Counting, Pace, Severity, Start, Trigger, What, When, Who
from escalation.models import Ladder, Step
from notifications.kinds import Channel
from sla.kinds import Kind

QUIETLY = [Channel.IN_APP]
CLEARLY = [Channel.IN_APP, Channel.EMAIL]
BY_ALL_MEANS = [Channel.IN_APP, Channel.EMAIL, Channel.SMS]
HOUR = 60


@dataclass(frozen=True)
class Rungs:
    """One shipped ladder."""

    code: str
    name_zh: str
    name_en: str
    steps: list[dict[str, Any]]
    facts: dict[str, Any] = field(default_factory=dict)


def _notice(when: str, **facts: Any) -> dict[str, Any]:
    return {"when": when, "what": What.NOTIFY, "severity": Severity.NOTICE, "channels": QUIETLY} | facts


def _alarm(when: str, **facts: Any) -> dict[str, Any]:
    return {"when": when, "what": What.ACKNOWLEDGE, "severity": Severity.WARNING, "channels": CLEARLY} | facts


def _higher(minutes: int, **facts: Any) -> dict[str, Any]:
    return _alarm(When.AFTER_PREVIOUS, delay_minutes=minutes, severity=Severity.SERIOUS, channels=BY_ALL_MEANS) | facts


def _at_once_to_the_supervisor(then_minutes: int) -> list[dict[str, Any]]:
    return [
        _alarm(When.AT_ONCE, order=1, who=Who.ON_DUTY, role=Role.SUPERVISOR, severity=Severity.SERIOUS),
        _higher(then_minutes, order=2, role=Role.DIRECTOR, severity=Severity.CRITICAL),
    ]


def _handling_in_hours() -> list[dict[str, Any]]:
    return [
        _notice(When.WARNING, order=1, role=Role.UNIT_LEAD),
        _alarm(When.BREACH, order=2, role=Role.DIRECTOR),
        _alarm(When.BREACH, order=2, role=Role.SUPERVISOR, start=Start.OWNERS_UNIT),
    ]


LADDERS = [
    Rungs(
        "dispatch",
        "派单超时升级",
        "Dispatch",
        [
            _notice(When.WARNING, order=1, role=Role.DISPATCHER),
            _alarm(When.BREACH, order=2, who=Who.ON_DUTY, role=Role.SUPERVISOR),
            _higher(15, order=3, who=Who.ON_DUTY, role=Role.DUTY_DIRECTOR),
        ],
        {"clock_kind": Kind.DISPATCH},
    ),
    Rungs(
        "reply",
        "回复超时升级",
        "Reply",
        [
            _notice(When.WARNING, order=1, who=Who.OWNER),
            _alarm(When.BREACH, order=2, role=Role.SUPERVISOR),
            _higher(30, order=3, role=Role.DIRECTOR),
        ],
        {"clock_kind": Kind.REPLY},
    ),
    Rungs(
        "handle-in-days",
        "处理超时升级（按天回复）",
        "Handling where the reply is owed in days",
        [
            _alarm(When.BREACH, order=1, role=Role.DIRECTOR),
            _higher(8 * HOUR, order=2, delay_counts=Counting.WORKING, role=Role.DEPUTY_GENERAL_MANAGER),
            _higher(
                2 * HOUR,
                order=3,
                delay_counts=Counting.WORKING,
                role=Role.DIRECTOR,
                level=UnitKind.HEAD_OFFICE,
                what=What.DEMAND,
                acknowledge_within_minutes=HOUR,
                severity=Severity.CRITICAL,
            ),
        ],
        {"clock_kind": Kind.HANDLE, "pace": Pace.DAYS},
    ),
    Rungs(
        "handle-in-hours",
        "处理超时升级（按小时回复）",
        "Handling where the reply is owed in minutes or hours",
        _handling_in_hours(),
        {"clock_kind": Kind.HANDLE, "pace": Pace.HOURS},
    ),
    Rungs("rework", "返工超时升级", "Rework", _handling_in_hours(), {"clock_kind": Kind.REWORK}),
    Rungs("by-hand", "人工升级", "By hand", _at_once_to_the_supervisor(HOUR), {"trigger": Trigger.BY_HAND}),
    Rungs(
        "grave", "紧急重大升级", "Urgent or grave", _at_once_to_the_supervisor(HOUR // 2), {"trigger": Trigger.GRAVE}
    ),
    Rungs(
        "chased-up",
        "多次催单升级",
        "Chased up too often",
        _at_once_to_the_supervisor(HOUR),
        {"trigger": Trigger.CHASED_UP},
    ),
    Rungs(
        "flag-d",
        "扬言升级客户",
        "A customer who says they will escalate or sue",
        _at_once_to_the_supervisor(HOUR),
        {"trigger": Trigger.FLAG_D},
    ),
    Rungs(
        "escalated-complaint",
        "升级投诉",
        "Escalated complaint",
        _at_once_to_the_supervisor(HOUR),
        {"trigger": Trigger.ESCALATED_COMPLAINT},
    ),
    Rungs(
        "rounds-used-up",
        "末轮回访仍不满意",
        "Dissatisfied after the last round",
        _at_once_to_the_supervisor(HOUR),
        {"trigger": Trigger.ROUNDS_USED_UP},
    ),
]


def load() -> str:
    """Create the ladders that are not there yet; says how many. What an administrator has changed stays."""
    created = 0
    for shipped in LADDERS:
        ladder, is_new = Ladder.objects.get_or_create(
            code=shipped.code,
            defaults={"name_zh": shipped.name_zh, "name_en": shipped.name_en, **shipped.facts},
        )
        if is_new:
            created += 1
            for facts in shipped.steps:
                step = Step(ladder=ladder, **facts)
                step.full_clean()
                step.save()
    return f"{created} ladders"
