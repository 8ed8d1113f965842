"""The board says how old what is open is and what was solved on the spot today; each number opens its tickets."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.cache import cache
from django.urls import reverse

from complaints.models import Ticket
from desk.board import board_for
from tests.people import MONDAY_TEN, a_ticket, person

pytestmark = pytest.mark.django_db


def test_the_ages_of_what_is_open_add_up_and_open_their_tickets(as_):
    young, old = a_ticket(), a_ticket()
    Ticket.objects.filter(pk=old.pk).update(raised_at=MONDAY_TEN - timedelta(days=5))
    lin = as_("lin")

    board = board_for(person("lin"), MONDAY_TEN)
    behind = {age.number.name: lin.get(age.number.url) for age in board.ages if age.number.value}

    assert [age.number.value for age in board.ages] == [1, 0, 0, 1, 0]
    assert [age.share for age in board.ages] == [50, 0, 0, 50, 0]
    assert [answer.status_code for answer in behind.values()] == [200, 200]
    assert young.reference in behind["under 4 h"].content.decode()
    assert old.reference in behind["3 to 7 days"].content.decode()
    assert old.reference not in behind["under 4 h"].content.decode()


def test_the_share_solved_on_the_spot_today_stands_on_the_board(as_):
    cache.clear()
    a_ticket()

    page = unescape(as_("lin").get(reverse("desk:board")).content.decode())

    shown = re.sub(r"<[^>]+>|\s+", " ", page.split("Solved on the spot today")[1].split("</header>")[0])
    assert re.sub(r"\s+", " ", shown).strip() == "0 / 1 · 0 % · Target ≥ 80 %"
