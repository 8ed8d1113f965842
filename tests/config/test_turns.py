"""So many requests are worked on at once, the others wait; streams do not stand in the way of anybody."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from config.turns import TakeTurns


class Counting:
    """An application whose requests last until they are let go; it knows how many were in it at once."""

    def __init__(self) -> None:
        self.inside = self.most = self.done = 0
        self.let_go = asyncio.Event()

    async def __call__(self, scope, receive, send) -> None:
        self.inside += 1
        self.most = max(self.most, self.inside)
        await self.let_go.wait()
        self.inside -= 1
        self.done += 1


def _run(asking: Any) -> Any:
    """In a thread of its own: the browser's loop may run in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asking).result()


async def _ask(paths: list[str], *, at_once: int) -> tuple[Counting, int]:
    application = Counting()
    turns = TakeTurns(application, at_once=at_once, apart=("/live/",))
    asked = [asyncio.create_task(turns({"type": "http", "path": path}, None, None)) for path in paths]
    for _ in range(3 * len(paths)):
        await asyncio.sleep(0)  # lets every task come as far as it can
    inside = application.inside
    application.let_go.set()
    await asyncio.gather(*asked)
    return application, inside


def test_no_more_requests_than_that_are_inside_at_once_and_all_come_to_their_turn():
    application, inside = _run(_ask(["/board/"] * 20, at_once=4))

    assert inside == application.most == 4
    assert application.done == 20


def test_streams_take_nobodys_turn():
    _application, inside = _run(_ask(["/live/"] * 10 + ["/board/"] * 3, at_once=2))

    assert inside == 12
