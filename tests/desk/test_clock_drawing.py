"""The drawing of a clock: its stretches lie end to end, its instants where they belong, and words say the same."""

from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from complaints.actions import agreements, assisting, chasing, holding
from desk.drawing import BESIDE, draw
from desk.timeline import timeline
from sla.actions.explaining import explain
from tests.people import MONDAY_TEN, a_ticket, a_ticket_in_hand, fresh, local, person, unit
from tests.sla.cast import clock_of, later

pytestmark = pytest.mark.django_db

IMPORTANT, ORDINARY = "broadband.speed.slow", "billing.charges.monthly-fee"
EVENING = local("2026-03-02 18:40")


def drawn(ticket, kind, now):
    return draw(explain(clock_of(ticket, kind)), now)


def places(drawing) -> dict[str, float]:
    return {mark.key: mark.left for mark in drawing.marks}


def test_the_stretches_lie_end_to_end_from_the_beginning_to_the_due():
    drawing = drawn(a_ticket(of=IMPORTANT, at=EVENING, routes=False), "reply", EVENING)

    assert [(each.pattern, each.label) for each in drawing.stretches] == [
        ("counted", "counts"),
        ("quiet", "moved out of quiet hours"),
    ]
    counted, quiet = drawing.stretches
    assert counted.left == 0
    assert counted.left + counted.width == pytest.approx(quiet.left, abs=0.01)
    assert quiet.left + quiet.width == pytest.approx(100, abs=0.01)
    assert counted.width == pytest.approx(100 * 120 / (14 * 60 + 20), abs=0.01)


def test_warning_nominal_due_and_due_stand_in_order_each_with_its_word():
    drawing = drawn(a_ticket(of=IMPORTANT, at=EVENING, routes=False), "reply", later(EVENING, minutes=30))

    assert [(mark.number, mark.key) for mark in drawing.marks] == [
        (1, "started"),
        (2, "now"),
        (3, "warning"),
        (4, "nominal"),
        (5, "due"),
    ]
    assert places(drawing)["due"] == 100
    assert "due by the limit alone" in [mark.label for mark in drawing.marks]


def test_a_promise_before_the_limit_strikes_out_what_it_takes_away():
    ticket = a_ticket(of=ORDINARY, at=MONDAY_TEN)
    agreements.promise(
        ticket,
        agreed_for=later(MONDAY_TEN, hours=2),
        evidence="said so",
        reason="wants it sooner",
        by=person("rosa"),
        at=MONDAY_TEN,
    )

    drawing = drawn(ticket, "reply", MONDAY_TEN)

    back = drawing.stretches[-1]
    assert (back.pattern, back.is_back, back.label) == ("cut", True, "agreed with the customer")
    assert (back.left, back.width) == (50, 50)
    assert places(drawing)["due"] == 50
    assert places(drawing)["nominal"] == 100


def test_a_hold_that_lasts_is_drawn_up_to_now():
    ticket = a_ticket_in_hand(of=ORDINARY, at=MONDAY_TEN)
    hold = {"reason": "parts", "text": "waits", "until": local("2026-03-03 09:00"), "by": person("wei")}
    holding.hold(fresh(ticket), **hold, at=later(MONDAY_TEN, minutes=30))

    drawing = drawn(ticket, "handle", later(MONDAY_TEN, minutes=60))

    assert (drawing.stretches[-1].pattern, drawing.stretches[-1].ends_at) == ("held", later(MONDAY_TEN, minutes=60))


def test_closed_hours_are_drawn_as_not_counting():
    ticket = a_ticket_in_hand(of=ORDINARY, at=local("2026-03-02 16:00"))
    assisting.ask(
        fresh(ticket),
        unit=unit("support"),
        question="Is it billed?",
        by=person("wei"),
        at=local("2026-03-02 16:00"),
    )

    drawing = drawn(ticket, "assist", local("2026-03-02 16:00"))

    assert [each.pattern for each in drawing.stretches] == ["counted", "closed", "counted"]


def test_now_grows_the_bar_a_little_and_then_stands_at_its_end():
    ticket = a_ticket(of=ORDINARY, at=MONDAY_TEN)

    soon, late = (drawn(ticket, "reply", MONDAY_TEN + after) for after in (timedelta(hours=5), timedelta(days=30)))

    assert places(soon)["now"] == 100
    assert places(soon)["due"] == 80
    assert (places(late)["now"], places(late)["due"]) == (100, 100)
    assert next(mark for mark in late.marks if mark.key == "now").is_beyond


def test_numbers_that_would_touch_stand_one_above_the_other():
    drawing = drawn(a_ticket(of=ORDINARY, at=MONDAY_TEN), "reply", later(MONDAY_TEN, minutes=2))

    for one, other in zip(drawing.marks, drawing.marks[1:], strict=False):
        assert other.left - one.left >= BESIDE or other.level != one.level


def test_the_page_of_a_ticket_draws_what_runs_with_title_description_and_sentences(as_):
    ticket = a_ticket_in_hand(of=ORDINARY, at=MONDAY_TEN)
    chasing.chase_up(fresh(ticket), text="Well?", by=person("rosa"), at=MONDAY_TEN)

    page = as_("lin").get(reverse("desk:ticket", args=[ticket.reference])).content.decode()

    for kind in ("reply", "handle", "chase"):
        clock = clock_of(ticket, kind)
        assert f'aria-labelledby="clock-{clock.pk}-title clock-{clock.pk}-words"' in page
        for sentence in explain(clock).sentences:
            assert page.count(sentence.replace("'", "&#x27;")) == 2
    assert page.count('class="timeline"') == 3


def test_the_markup_has_each_stretch_and_instant_once_with_its_words():
    drawing = drawn(a_ticket(of=IMPORTANT, at=EVENING, routes=False), "reply", later(EVENING, minutes=30))

    figure = ElementTree.fromstring(timeline(replace(drawing, title="reply: due <soon>"), later(EVENING, minutes=30)))

    title, words = figure.find("svg/title"), figure.find("svg/desc")
    assert (title.text, words.text) == ("reply: due <soon>", " ".join(drawing.sentences))
    assert [rest.text.split(": ")[0] for rest in figure.iterfind("svg/g[@class='stretch quiet']/title")] == [
        "moved out of quiet hours"
    ]
    assert [number.text for number in figure.iterfind("svg/g/text")] == ["1", "2", "3", "4", "5"]
    said = [" ".join("".join(line.itertext()).split()) for line in figure.findall("figcaption/ul")[0]]
    assert [line.split(" ", 1)[0] for line in said] == ["1", "2", "3", "4", "5"]
    assert said[-1].startswith("5 due ")
    assert len(figure.findall("figcaption/ul")[1]) == 2


def test_drawing_costs_a_bounded_number_of_queries_however_many_clocks_run(as_, django_assert_max_num_queries):
    ticket = a_ticket_in_hand(of=ORDINARY, at=MONDAY_TEN)
    for _again in range(5):
        chasing.chase_up(fresh(ticket), text="Well?", by=person("rosa"), at=MONDAY_TEN)
    browser = as_("lin")

    with django_assert_max_num_queries(60):
        browser.get(reverse("desk:ticket", args=[ticket.reference]))
