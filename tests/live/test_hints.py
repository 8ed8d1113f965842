"""Hints of a transaction leave together, after its commit, and only those that were not undone."""

import pytest
import redis
from django.conf import settings
from django.db import transaction

from live import channel
from live.hints import Hints, tell, unheard


@pytest.fixture
def overheard(transactional_db):
    """What is published, read one by one."""
    with redis.Redis.from_url(settings.REDIS_URL, decode_responses=True).pubsub() as subscription:
        subscription.subscribe(channel.name())
        subscription.get_message(timeout=5)

        def read() -> list[Hints]:
            said = []
            while (message := subscription.get_message(timeout=0.1)) is not None:
                said.append(Hints.read(message["data"].partition(" ")[2]))
            return said

        yield read


def test_the_hints_of_one_transaction_leave_as_one(overheard):
    with transaction.atomic():
        tell(tickets=[1])
        tell(tickets=[2, 1], readers=[7])
        assert overheard() == []

    assert overheard() == [Hints(tickets={1, 2}, readers={7})]


def test_what_a_savepoint_undoes_is_not_hinted_at(overheard):
    with transaction.atomic():
        tell(tickets=[1])
        with pytest.raises(LookupError), transaction.atomic():
            tell(tickets=[2])
            raise LookupError
        with transaction.atomic():
            tell(tickets=[3])

    assert {key for hints in overheard() for key in hints.tickets} == {1, 3}


def test_nothing_is_published_for_nothing(overheard):
    tell(tickets=[])

    assert overheard() == []


def test_what_happens_unheard_is_told_to_nobody(overheard):
    with unheard():
        tell(tickets=[1])
    tell(tickets=[2])

    assert overheard() == [Hints(tickets={2})]
