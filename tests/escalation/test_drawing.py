"""Ladders drawn on a time axis: in order, in scale, with words."""

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from escalation.drawing import BREACH, LEFT, RIGHT, draw
from escalation.models import Ladder, Step

pytestmark = pytest.mark.django_db


def drawing(code):
    return draw(Ladder.objects.get(code=code))


def test_a_warning_stands_before_the_breach_and_later_steps_after_it_in_scale():
    handling = drawing("handle-in-days")

    breach, eight_hours, two_more = handling.marks
    assert breach.x == BREACH
    assert two_more.x == RIGHT
    assert (eight_hours.x - BREACH) / (RIGHT - BREACH) == pytest.approx(8 / 10)
    assert "8 h" in eight_hours.words
    assert "working time" in eight_hours.words
    warning = drawing("reply").marks[0]
    assert LEFT < warning.x < BREACH


def test_a_ladder_without_a_limit_begins_at_once():
    grave = drawing("grave")

    assert grave.breach_x is None
    assert [mark.x for mark in grave.marks] == [LEFT, RIGHT]


def test_steps_of_one_rung_stand_at_the_same_instant_on_lines_of_their_own():
    hours = drawing("handle-in-hours")

    _warning, director, supervisor = hours.marks
    assert director.x == supervisor.x
    assert director.y < supervisor.y


def test_a_step_that_is_switched_off_is_not_drawn():
    Step.objects.filter(ladder__code="grave", order=2).update(is_active=False)

    assert len(drawing("grave").marks) == 1


@pytest.mark.parametrize("code", ["dispatch", "reply", "by-hand", "handle-in-days"])
def test_it_holds_no_style_that_the_browser_would_block(code):
    drawn = render_to_string("escalation/ladder.html", {"drawing": drawing(code)})

    assert "style" not in drawn
    assert drawn.count("<circle") == 2 * len(drawing(code).marks)


def test_an_empty_ladder_is_an_empty_axis():
    empty = draw(
        Ladder.objects.create(code="empty", name_zh="空", name_en="Empty", trigger="clock", clock_kind="chase")
    )

    assert empty.marks == []


def test_the_editor_shows_the_drawing(admin_client):
    ladder = Ladder.objects.get(code="reply")

    answer = admin_client.get(reverse("admin:escalation_ladder_change", args=[ladder.pk]))

    assert answer.status_code == 200
    assert "<svg viewBox" in answer.content.decode()
