"""Who has time in a play: somebody whose time is taken for weeks has some after that, and the play goes on."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from accounts.models import Person
from demo.simulation.staffing import DAYTIME, Worker
from tests.people import MONDAY_TEN

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_who_is_taken_for_three_weeks_has_time_in_the_fourth():
    worker = Worker(person=Person(), place=0, hours=DAYTIME[0], days_off_every=7)
    worker.take(MONDAY_TEN, timedelta(weeks=3))

    free = worker.next_free(MONDAY_TEN, SHANGHAI, takes=timedelta(hours=1))

    assert free is not None
    assert timedelta(weeks=3) <= free - MONDAY_TEN < timedelta(weeks=4)
