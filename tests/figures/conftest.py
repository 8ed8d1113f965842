"""A small past: real complaints played through the lifecycle, the same in every run."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from pytest_django import DjangoDbBlocker

from demo import records
from demo.simulation.habits import Habits
from demo.simulation.play import Play
from figures.periods import Grain, Period
from tests.databases import back_to_the_shipped

LIVES = 24
# The play begins in spring 2015; its last callbacks are over long before the end of that year.
THE_YEAR = Period(date(2015, 1, 1), date(2016, 7, 1), Grain.MONTH)


@pytest.fixture(scope="module")
def played(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[datetime]:
    """Two dozen lives, cut off while some still run; the instant at which they were."""
    complaints, _repairs = records.load()
    spread = complaints[:: len(complaints) // LIVES][:LIVES]
    cut_off = spread[-1].raised_at
    with django_db_blocker.unblock():
        # So few lives would have few chase-ups otherwise.
        play = Play(complaints=spread, seed=5, ends_at=cut_off, habits=Habits(chases_up=0.5))
        play.run()
        yield cut_off
        back_to_the_shipped()
