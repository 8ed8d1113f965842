"""What came out of a play, as numbers that are the same for the same seed."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, F, Q

from approvals.models import Approval
from authorities.models import AppealWarning, Case, Document
from callbacks.models import Callback, Campaign
from complaints.models import Entry, FollowUp, InterimRemedy, Progress, Ticket
from demo.simulation.play import Play
from escalation.models import Escalation
from inbound.models import ShortMessage
from letters.models import Letter, Review
from sla.models import Clock


def counted(values: Iterable[Any]) -> dict[str, int]:
    """How often each value stands there, in the order of the values."""
    return dict(sorted(Counter(str(value) for value in values).items()))


def report(play: Play, violations: dict[str, list[str]]) -> dict[str, Any]:
    """Tickets by state, clocks by kind, escalations by step, refused contacts, callbacks by answer, reopenings."""
    return {
        "seed": play.seed,
        "complaints": len(play.complaints),
        "ended_at": play.now.isoformat() if play.now else None,
        "acts": play.acts,
        "sweeps": play.sweeps,
        "tickets": {
            "total": Ticket.objects.count(),
            "by_state": counted(Ticket.objects.values_list("state", flat=True)),
            "by_medium": counted(Ticket.objects.values_list("medium", flat=True)),
            "by_nature": counted(Ticket.objects.values_list("nature", flat=True)),
            "escalated": Ticket.objects.exclude(addressee="centre").count(),
            "resolved_on_site": Ticket.objects.filter(resolved_on_site_at__isnull=False).count(),
            "reopened": Entry.objects.filter(kind="reopened").count(),
            "merged": Ticket.objects.filter(merged_into__isnull=False).count(),
            "chase_ups": Entry.objects.filter(kind="chased_up").count(),
            "holds": Entry.objects.filter(kind="held").count(),
        },
        "history": counted(Entry.objects.values_list("kind", flat=True)),
        "clocks": _clocks(),
        "escalations": _escalations(),
        "contacts_refused_by_the_gate": play.company.refused_contacts["total"],
        "refusals": dict(sorted(play.company.refused.items())),
        "callbacks": {
            "by_mode": counted(Callback.objects.values_list("mode", flat=True)),
            "by_state": counted(Callback.objects.values_list("state", flat=True)),
            "with_result": counted(Callback.objects.exclude(with_result="").values_list("with_result", flat=True)),
            "with_handling": counted(
                Callback.objects.exclude(with_handling="").values_list("with_handling", flat=True)
            ),
            "await_a_decision": Callback.objects.filter(awaits_decision=True).count(),
        },
        "answers": _answers(),
        "authorities": _authorities(),
        "checks": {name: len(found) for name, found in violations.items()},
        "violations": {name: found[:20] for name, found in violations.items() if found},
    }


def _clocks() -> dict[str, dict[str, int]]:
    rows: Iterable[Mapping[str, Any]] = (
        Clock.objects.order_by("kind")
        .values("kind")
        .annotate(
            total=Count("pk"),
            breached=Count("pk", filter=Q(breached_at__isnull=False)),
            running=Count("pk", filter=Q(ended_at__isnull=True)),
            **{
                outcome: Count("pk", filter=Q(outcome=outcome))
                for outcome in ("answered", "met", "met_late", "cancelled", "unreachable", "ineffective")
            },
        )
    )
    return {row["kind"]: {name: number for name, number in row.items() if name != "kind"} for row in rows}


def _escalations() -> dict[str, dict[str, int]]:
    told: dict[str, Counter[str]] = {}
    for escalation in Escalation.objects.select_related("step__ladder").order_by("pk"):
        step = f"{escalation.step.ladder.code}/{escalation.step.order}"
        told.setdefault(step, Counter())[escalation.state] += 1
    return {step: dict(sorted(states.items())) for step, states in sorted(told.items())}


def _answers() -> dict[str, Any]:
    """Letters, what was offered, what was told on the way, follow-ups, short messages, campaigns."""
    return {
        "letters": counted(Letter.objects.values_list("standing", flat=True)),
        "letter_decisions": counted(f"{step} {'yes' if yes else 'no'}" for step, yes in _reviews()),
        "solutions": counted(Approval.objects.values_list("decision", flat=True)),
        "progress_told": Progress.objects.count(),
        "interim_remedies": InterimRemedy.objects.count(),
        "follow_ups": counted(FollowUp.objects.values_list("result", flat=True)),
        "short_messages": counted(ShortMessage.objects.values_list("outcome", flat=True)),
        "campaigns": Campaign.objects.count(),
        "called_for_campaigns": counted(
            Callback.objects.filter(campaign__isnull=False).values_list("state", flat=True)
        ),
    }


def _reviews() -> Iterable[tuple[str, bool]]:
    return Review.objects.values_list("step", "approves")


def _authorities() -> dict[str, Any]:
    answered = Case.objects.filter(answered_at__isnull=False)
    return {
        "cases": counted(Case.objects.values_list("state", flat=True)),
        "answered_in_time": answered.filter(answered_at__lte=F("answer_due_at")).count(),
        "answered_late": answered.filter(answered_at__gt=F("answer_due_at")).count(),
        "documents": Document.objects.count(),
        "appeals_warned_of": AppealWarning.objects.count(),
    }


def in_words(outcome: dict[str, Any], *, took: float) -> list[str]:
    """The report for somebody at a terminal."""
    answers, authorities = outcome["answers"], outcome["authorities"]
    lines = [
        f"{outcome['complaints']} complaints, {outcome['tickets']['total']} tickets, "
        f"{outcome['acts']} acts and {outcome['sweeps']} sweeps in {took:.0f} s",
        "tickets: " + _joined(outcome["tickets"]["by_state"]),
        f"solved on the spot {outcome['tickets']['resolved_on_site']}, reopened {outcome['tickets']['reopened']}, "
        f"chase-ups {outcome['tickets']['chase_ups']}, escalated complaints {outcome['tickets']['escalated']}",
    ]
    lines += [f"{kind:>9} clocks: {_joined(row)}" for kind, row in outcome["clocks"].items()]
    lines += [f"escalations of {step}: {_joined(row)}" for step, row in outcome["escalations"].items()]
    lines += [
        f"contacts refused by the gate: {outcome['contacts_refused_by_the_gate']}",
        "callbacks: " + _joined(outcome["callbacks"]["by_state"]),
        "content with the result: " + _joined(outcome["callbacks"]["with_result"]),
        "letters: " + _joined(answers["letters"] | answers["letter_decisions"]),
        "solutions: " + _joined(answers["solutions"]),
        f"told how it stands {answers['progress_told']}, "
        f"interim remedies {answers['interim_remedies']}, "
        "follow-ups: " + _joined(answers["follow_ups"]),
        "short messages: " + _joined(answers["short_messages"]),
        f"{answers['campaigns']} campaigns: " + _joined(answers["called_for_campaigns"]),
        "cases of authorities: "
        + _joined(authorities["cases"])
        + f", answered in time {authorities['answered_in_time']}, late {authorities['answered_late']}",
    ]
    for name, found in outcome["checks"].items():
        lines.append(f"{'holds ' if not found else 'FAILS '} {name.replace('_', ' ')}{f': {found}' if found else ''}")
        lines += [f"       {line}" for line in outcome["violations"].get(name, [])[:5]]
    return lines


def _joined(numbers: dict[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in numbers.items())
