"""How many requests are worked on at once. Each holds a thread and a connection to the database while it is."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakKeyDictionary

from asgiref.sync import ThreadSensitiveContext
from django.db import connections

KEPT = 8
"""How many threads that have nothing to do are kept, each with its connection, for the requests to come."""

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class TakeTurns:
    """An ASGI application that lets so many requests in at once; the others wait their turn, first come first served.

    After an outage everybody asks at the same time. Without turns each would open a connection of its own, until the
    database refuses the next one, the sweep's included. Paths that begin with `streams` give their turn back with the
    first words of their answer: from then on they hold no connection, and stay open for hours. Paths that begin with
    `apart` take none: whether the process lives is answered however many wait.

    A request works in a thread that an earlier one has left, the latest first, and so with a connection that is open
    and knows the tables: opening one and learning them takes the database longer than most pages ask of it. Streams,
    which outlast their turn, have threads of their own. No request works in whatever thread it comes with: a server
    may begin one with the last words of the one before on its connection, whose thread belongs to others by then.
    """

    def __init__(
        self, application: Application, *, at_once: int, streams: tuple[str, ...] = (), apart: tuple[str, ...] = ()
    ) -> None:
        self._application = application
        self._streams, self._apart = streams, apart
        self._at_once = at_once
        # A server has one loop; who has several has as many turns in each, since tasks wait within their loop.
        self._turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()
        self._threads: WeakKeyDictionary[asyncio.AbstractEventLoop, _Threads] = WeakKeyDictionary()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        if scope["path"].startswith(self._apart):
            async with _a_thread_of_its_own():
                await self._application(scope, receive, send)
            return
        loop = asyncio.get_running_loop()
        turns = self._turns.setdefault(loop, asyncio.Semaphore(self._at_once))
        if not scope["path"].startswith(self._streams):
            async with turns, self._threads.setdefault(loop, _Threads()).one():
                await self._application(scope, receive, send)
            return
        turn = _Turn(turns, send)
        await turns.acquire()
        try:
            async with _a_thread_of_its_own():
                await self._application(scope, receive, turn.send)
        finally:
            turn.give_back()


@asynccontextmanager
async def _a_thread_of_its_own() -> AsyncIterator[None]:
    """What is synchronous inside runs in one thread, which goes with it."""
    thread = ThreadPoolExecutor(1, thread_name_prefix="request-of-its-own")
    try:
        async with ThreadSensitiveContext(executor=thread):
            yield
    finally:
        thread.submit(connections.close_all)
        thread.shutdown(wait=False)


class _Threads:
    """Threads that wait for a request, the one that has waited least on top."""

    def __init__(self) -> None:
        self._waiting: list[ThreadPoolExecutor] = []

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """What is synchronous inside runs in one thread, which is left for others afterwards."""
        thread = self._waiting.pop() if self._waiting else ThreadPoolExecutor(1, thread_name_prefix="request")
        try:
            async with ThreadSensitiveContext(executor=thread):
                yield
        finally:
            if len(self._waiting) < KEPT:
                self._waiting.append(thread)
            else:
                thread.submit(connections.close_all)
                thread.shutdown(wait=False)


class _Turn:
    """A turn that is given back with the first words of the answer, or without any."""

    def __init__(self, turns: asyncio.Semaphore, send: Send) -> None:
        self._turns, self._send = turns, send
        self._is_over = False

    async def send(self, message: Mapping[str, Any]) -> None:
        await self._send(message)
        if message["type"] == "http.response.body":
            self.give_back()

    def give_back(self) -> None:
        if not self._is_over:
            self._is_over = True
            self._turns.release()
