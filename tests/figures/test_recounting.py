"""Every figure counted a second time by plain code over plain rows, in words of this module (section 14)."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import Any

import pytest

from authorities.models import Case
from callbacks.models import Callback
from complaints.models import ChaseUp, Conclusion, Entry, Feedback, Ticket
from escalation.models import Escalation
from figures import counting
from figures.catalogue import FIGURES
from figures.counting import Line, Scope
from figures.dimensions import DIMENSIONS
from repeats.models import Repeat
from sla.models import Clock
from tests.figures.conftest import THE_YEAR
from tests.people import person

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.extended]

COMPLAINED = {"complaint", "opinion"}


def total(key: str, at: datetime) -> Line:
    return counting.total(FIGURES[key], Scope(person("lin"), at), THE_YEAR)


def whole_tickets() -> list[Ticket]:
    return [ticket for ticket in Ticket.objects.all() if ticket.state != "cancelled"]


def test_on_site_resolution(played):
    accepted = [ticket for ticket in whole_tickets() if ticket.nature in COMPLAINED]
    solved = {each.ticket_id for each in Conclusion.objects.all() if each.on_site and each.verdict == "accepts"}

    line = total("on_site", played)

    assert line.numbers["accepted"] == len(accepted) > 0
    assert line.numbers["solved"] == len([ticket for ticket in accepted if ticket.pk in solved]) > 0


def test_escalated_complaint_rate(played):
    few = Ticket.objects.exclude(state="cancelled").order_by("pk").values("pk")[:2]
    Ticket.objects.filter(pk__in=few).update(addressee="regulator")  # so few lives need not have any
    complaints = [each for each in whole_tickets() if each.nature == "complaint" and each.addressee == "centre"]
    escalated = [each for each in whole_tickets() if each.addressee != "centre"]

    line = total("escalated", played)

    assert line.numbers["escalated"] == len(escalated) > 0
    assert line.share == pytest.approx(100 * len(escalated) / (len(complaints) + len(escalated)))


def tally(kind: str) -> Counter[str]:
    """How the limits of a kind ended: a miss is a miss, however it ended afterwards."""
    counted: Counter[str] = Counter()
    for clock in Clock.objects.filter(kind=kind):
        if clock.breached_at is not None:
            counted["breached"] += 1
        elif clock.ended_at is not None:
            word = {"unreachable": "apart", "ineffective": "apart", "answered": "awaited"}
            counted[word.get(clock.outcome, clock.outcome)] += 1
    return counted


@pytest.mark.parametrize("kind", ["dispatch", "handle", "rework", "assist", "reply", "conclude", "chase", "callback"])
def test_timeliness_by_clock(played, kind):
    counted = tally(kind)

    line = total(f"timely_{kind}", played)

    assert counted
    assert {name: number for name, number in line.numbers.items() if name != "counted" and number} == counted
    if counted["met"] + counted["breached"]:
        assert line.share == pytest.approx(100 * counted["met"] / (counted["met"] + counted["breached"]))


def test_replies_against_the_limit_count_without_promises(played):
    counted: Counter[str] = Counter()
    for clock in Clock.objects.filter(kind="reply"):
        ended = clock.ended_at
        if (ended or played) > clock.limit_due_at and clock.held_since is None:
            counted["breached"] += 1
        elif ended is not None:
            word = {"met_late": "met", "unreachable": "apart", "ineffective": "apart", "answered": "awaited"}
            counted[word.get(clock.outcome, clock.outcome)] += 1

    line = total("timely_reply_by_limit", played)

    assert counted["met"] and counted["breached"]
    assert {name: number for name, number in line.numbers.items() if name != "counted" and number} == counted
    assert line.numbers["counted"] == counted["met"] + counted["breached"]


def test_repeat_rate(played):
    """R81: by an earlier ticket unless somebody rejected that, or chased up after the reply's limit was missed."""
    complaints = {each.pk for each in whole_tickets() if each.nature == "complaint"}
    first, again, another = sorted(complaints)[:3]  # so few lives have hardly one
    Repeat.objects.filter(ticket__in=[again, another]).delete()
    linked = {"earlier_id": first, "first_id": first, "ground": "open", "match": "customer", "found_at": played}
    Repeat.objects.create(ticket_id=again, standing="found", **linked)
    Repeat.objects.create(ticket_id=another, standing="rejected", decided_by=person("lin"), decided_at=played, **linked)
    repeating = {each.ticket_id for each in Repeat.objects.all() if each.standing != "rejected"}
    missed: dict[int, list[datetime]] = defaultdict(list)
    for clock in Clock.objects.filter(kind="reply", breached_at__isnull=False):
        missed[clock.ticket_id].append(clock.breached_at)
    chased = {each.ticket_id for each in ChaseUp.objects.all() if any(at < each.at for at in missed[each.ticket_id])}

    line = total("repeated", played)

    assert line.numbers == {"repeats": len(complaints & (repeating | chased)), "complaints": len(complaints)}
    assert line.numbers["repeats"]


def test_timely_answers_to_authorities(played):
    lin, at_first = person("lin"), played - timedelta(days=60)
    for number, ticket in enumerate(Ticket.objects.exclude(state="cancelled").order_by("pk")[:3]):
        case = Case.objects.create(
            kind="regulator", name="Administration", number=str(number), level="provincial", ticket=ticket,
            demand="Answer.", lodged_at=at_first, received_at=at_first, opened_at=at_first, opened_by=lin,
            acceptance_due_at=at_first + timedelta(days=7), answer_due_at=at_first + timedelta(days=14),
        )  # fmt: skip
        case.tickets.add(ticket)
    Case.objects.filter(number="0").update(answer="Paid.", answered_by=lin, answered_at=at_first + timedelta(days=1))
    Case.objects.filter(number="1").update(answer="Paid.", answered_by=lin, answered_at=at_first + timedelta(days=20))

    line = total("timely_authority", played)

    given = [each for each in Case.objects.all() if each.answered_at is not None]
    met = [each for each in given if each.answered_at <= each.answer_due_at]
    owed = [each for each in Case.objects.all() if each.closed_at is None or each.answered_at is not None]
    assert (line.numbers["met"], line.numbers["counted"]) == (len(met), len(owed))
    assert line.numbers["breached"] >= 2


def test_first_feedback_resolution(played):
    sent: dict[int, list[datetime]] = defaultdict(list)
    for entry in Entry.objects.all():
        if entry.kind in {"dispatched", "handled_at_desk"} or (entry.kind, entry.target) == ("reopened", "dispatched"):
            sent[entry.ticket_id].append(entry.at)
    rejected: dict[int, list[datetime]] = defaultdict(list)
    for feedback in Feedback.objects.exclude(rejected_at=None):
        rejected[feedback.ticket_id].append(feedback.rejected_at)
    conclusions = list(Conclusion.objects.all())
    at_first = [
        each
        for each in conclusions
        if sum(at <= each.at for at in sent[each.ticket_id]) < 2
        and not any(at <= each.at for at in rejected[each.ticket_id])
    ]

    line = total("first_feedback", played)

    assert line.numbers == {"at_first": len(at_first), "concluded": len(conclusions)}
    assert 0 < len(at_first) < len(conclusions)


def test_internal_escalation_rate(played):
    handled = set(Clock.objects.filter(kind="handle").values_list("ticket", flat=True))
    raised = {
        each.ticket_id
        for each in Escalation.objects.select_related("clock")
        if each.clock is not None and each.clock.kind in {"handle", "rework"} and each.noticed_at is not None
    }

    line = total("internally_escalated", played)

    assert line.numbers == {"raised": len(raised & handled), "handled": len(handled)}
    assert raised


def test_return_rate(played):
    returned = set(Entry.objects.filter(kind__in=["returned", "sent_back"]).values_list("ticket", flat=True))
    submitted = {each.pk for each in Ticket.objects.all() if each.resolved_on_site_at is None or each.dispatches}

    line = total("returned", played)

    assert line.numbers == {"returned": len(returned), "submitted": len(submitted)}
    assert returned


@pytest.mark.parametrize("about", ["with_result", "with_handling"])
def test_satisfaction(played, about):
    said = Counter(getattr(each, about) for each in Callback.objects.all() if each.state == "answered")

    line = total(f"satisfied_{about}", played)

    assert line.numbers == {
        "satisfied": said["satisfied"],
        "neutral": said["neutral"],
        "dissatisfied": said["dissatisfied"],
        "answered": said.total(),
    }
    assert said["satisfied"]


def test_age_of_open_tickets(played):
    ages = [played - each.raised_at for each in whole_tickets() if each.state != "closed"]

    line = total("ageing", played)

    assert line.numbers["open"] == len(ages) > 0
    assert line.numbers["to_4_hours"] == sum(age < timedelta(hours=4) for age in ages)
    assert sum(line.numbers.values()) == 2 * len(ages)


def between(values: list[timedelta], share: float) -> timedelta:
    """The value below which a share of them lies, between two of them where it falls there."""
    values = sorted(values)
    place = share * (len(values) - 1)
    below, part = int(place), place - int(place)
    above = values[min(below + 1, len(values) - 1)]
    return values[below] + (above - values[below]) * part


def test_median_and_ninetieth_percentile(played):
    lengths = [
        clock.ended_at - clock.started_at
        for clock in Clock.objects.filter(kind="handle", ended_at__isnull=False)
        if clock.breached_at is not None or clock.outcome == "met"
    ]

    spread = total("timely_handle", played).spread

    for name, share in (("p50", 0.5), ("p90", 0.9)):
        assert abs(spread[name] - between(lengths, share)) < timedelta(milliseconds=1)


@pytest.mark.parametrize("key", sorted(FIGURES))
def test_parts_of_the_period_and_groups_add_up_to_the_whole(played, key):
    figure, scope = FIGURES[key], Scope(person("lin"), played)
    whole = counting.total(figure, scope, THE_YEAR).numbers
    sheets: list[Any] = [counting.by_group(figure, scope, THE_YEAR, each) for each in DIMENSIONS.values()]
    if not figure.is_standing:
        sheets.append(counting.over_time(figure, scope, THE_YEAR))

    for sheet in sheets:
        assert {part: sum(line.numbers[part] for line in sheet.lines) for part in whole} == whole
        assert sheet.as_of == played


def test_nobody_counts_what_they_may_not_see(played):
    """R1, A13."""
    noor = person("noor")
    hers = Ticket.objects.visible_to(noor, played)

    line = counting.total(FIGURES["on_site"], Scope(noor, played), THE_YEAR)

    counted = [each for each in hers if each.state != "cancelled" and each.nature in COMPLAINED]
    assert line.numbers["accepted"] == len(counted) < len(whole_tickets())
