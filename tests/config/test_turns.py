"""So many requests are worked on at once, the others wait; streams do not stand in the way of anybody."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from config.turns import KEPT, TakeTurns


class Counting:
    """An application whose requests last until they are let go; it knows how many were in it at once."""

    def __init__(self) -> None:
        self.inside = self.most = self.done = 0
        self.let_go = asyncio.Event()

    async def __call__(self, scope, receive, send) -> None:
        self.inside += 1
        self.most = max(self.most, self.inside)
        if scope["path"].startswith("/live/"):
            await send({"type": "http.response.start"})
            await send({"type": "http.response.body", "more_body": True})
        await self.let_go.wait()
        self.inside -= 1
        self.done += 1


def _run(asking: Any) -> Any:
    """In a thread of its own: the browser's loop may run in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asking).result()


async def _unheard(message) -> None:
    """Where answers go to."""
    await asyncio.sleep(0)


async def _ask(paths: list[str], *, at_once: int) -> tuple[Counting, int]:
    application = Counting()
    turns = TakeTurns(application, at_once=at_once, streams=("/live/",), apart=("/livez",))
    asked = [asyncio.create_task(turns({"type": "http", "path": path}, None, _unheard)) for path in paths]
    for _ in range(9 * len(paths)):
        await asyncio.sleep(0)  # lets every task come as far as it can
    inside = application.inside
    application.let_go.set()
    await asyncio.gather(*asked)
    return application, inside


def test_no_more_requests_than_that_are_inside_at_once_and_all_come_to_their_turn():
    application, inside = _run(_ask(["/board/"] * 20, at_once=4))

    assert inside == application.most == 4
    assert application.done == 20


def test_streams_give_their_turn_back_once_they_have_begun():
    _application, inside = _run(_ask(["/live/"] * 10 + ["/board/"] * 3, at_once=2))

    assert inside == 12


def test_a_stream_waits_for_its_turn_to_begin():
    application, inside = _run(_ask(["/board/"] * 2 + ["/live/"] * 3, at_once=2))

    assert inside == 2
    assert application.done == 5


def test_whether_the_process_lives_is_answered_at_once():
    _application, inside = _run(_ask(["/board/"] * 2 + ["/livez"], at_once=2))

    assert inside == 3


def test_a_stream_that_breaks_before_its_first_words_gives_its_turn_back():
    async def broken(scope, receive, send):
        raise ConnectionError

    async def ask() -> int:
        turns = TakeTurns(broken, at_once=1, streams=("/live/",))
        broke = [turns({"type": "http", "path": "/live/"}, None, _unheard) for _ in range(3)]
        return sum(
            isinstance(answer, ConnectionError) for answer in await asyncio.gather(*broke, return_exceptions=True)
        )

    assert _run(ask()) == 3


class Working:
    """An application whose requests work in a thread, all of them at once; it knows in which."""

    def __init__(self, together: int) -> None:
        self.threads: list[threading.Thread] = []
        self._together = threading.Barrier(together)

    async def __call__(self, scope, receive, send) -> None:
        await sync_to_async(self._work)()
        await sync_to_async(self._work)()

    def _work(self) -> None:
        self._together.wait(timeout=30)
        self.threads.append(threading.current_thread())


def test_a_request_works_in_the_thread_that_the_one_before_has_left():
    application = Working(together=1)

    async def ask() -> None:
        turns = TakeTurns(application, at_once=4)
        for _ in range(3):
            await turns({"type": "http", "path": "/board/"}, None, _unheard)

    _run(ask())

    assert len(application.threads) == 6
    assert len(set(application.threads)) == 1


def test_requests_at_the_same_time_work_in_threads_of_their_own_and_few_of_them_are_kept():
    many = KEPT + 4
    application = Working(together=many)

    async def ask() -> int:
        turns = TakeTurns(application, at_once=many)
        await asyncio.gather(*(turns({"type": "http", "path": "/board/"}, None, _unheard) for _ in range(many)))
        used = set(application.threads)
        while sum(thread.is_alive() for thread in used) > KEPT:
            await asyncio.sleep(0.01)
        return sum(thread.is_alive() for thread in used)

    kept = _run(ask())

    assert len(set(application.threads)) == many
    assert kept == KEPT


@pytest.mark.parametrize("path", ["/board/", "/live/", "/livez"])
def test_a_request_that_begins_with_the_last_words_of_another_works_in_a_thread_of_its_own(path):
    application = Working(together=1)
    begun = []

    async def ask() -> None:
        turns = TakeTurns(application, at_once=4, streams=("/live/",), apart=("/livez",))

        async def first(scope, receive, send) -> None:
            await sync_to_async(threading.current_thread)()
            # As a server does for what has come on the same connection meanwhile.
            begun.append(asyncio.create_task(turns({"type": "http", "path": path}, None, _unheard)))

        await TakeTurns(first, at_once=4)({"type": "http", "path": "/board/"}, None, _unheard)
        await asyncio.gather(*begun)

    _run(ask())

    assert len(application.threads) == 2
    assert len(set(application.threads)) == 1
