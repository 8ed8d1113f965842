"""The streams of one process: one ear for all of them, one question who may hear, and then to each their own."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from asgiref.sync import sync_to_async
from django.db import connections

from live import channel
from live.hints import Hints, Unreadable
from live.stream import Heard, Stream

log = logging.getLogger(__name__)

GATHER = 0.15  # seconds in which hints are gathered, so that a burst is one question
CENSUS = 15.0  # seconds after which it is asked whether those who listen are still there and signed in
LINGER = 30.0  # seconds that the ear stays open after the last stream, for whoever turns a page
KEPT = 1000  # hints that are kept for pages which were drawn a moment before their stream opened


@dataclass(frozen=True)
class Listener:
    """Who listens, and by which session."""

    person: int
    session: str


Hears = Callable[[Hints, Collection[Listener]], Mapping[Listener, Heard]]
"""Decides who of these hears what, with the rights of this instant; who is not named is not signed in any more."""


class Hub:
    """One for each event loop. It lives from its first stream until a while after its last."""

    def __init__(self, hears: Hears) -> None:
        self._hears = hears
        self._streams: dict[Stream, Listener] = {}
        self._late: list[tuple[Stream, Hints]] = []
        self._fresh = Hints()
        self._missed = False
        self._kept: deque[tuple[float, Hints]] = deque(maxlen=KEPT)
        self._complete_since: float | None = None
        self._something = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._closing: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._streams)

    # Streams come and go

    def join(self, listener: Listener, *, since: float | None) -> Stream:
        """Open a stream that goes on from an instant (seconds of the epoch); where that is too long ago, afresh."""
        stream = Stream()
        self._streams[stream] = listener
        self._open()
        if self._complete_since is None:
            stream.fall_deaf()
        elif since is None or since < self._complete_since:
            stream.fetch_afresh()
        else:
            missed = Hints()
            for arrived, hints in self._kept:
                if arrived >= since:
                    missed.add(hints)
            if missed:
                self._late.append((stream, missed))
                self._something.set()
        return stream

    def leave(self, stream: Stream) -> None:
        """Forget a stream whose client has gone."""
        self._streams.pop(stream, None)
        if not self._streams and self._closing is None:
            self._closing = asyncio.get_running_loop().call_later(LINGER, self.close)

    def close(self) -> None:
        """Stop listening, unless somebody has come meanwhile; the next stream begins anew."""
        self._closing = None
        if self._streams:
            return
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()
        self._kept.clear()
        self._complete_since = None

    def _open(self) -> None:
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._hand_out())]

    # Hints come in

    async def _listen(self) -> None:
        async for said in channel.listen():
            if said is channel.Gap.NOT_LISTENING:
                self._complete_since = None
                for stream in self._streams:
                    stream.fall_deaf()
            elif isinstance(said, channel.Gap):
                self._begin_afresh()
            else:
                self._take(said)

    def _begin_afresh(self) -> None:
        """From now on nothing is missed; what was before is not known."""
        self._kept.clear()
        self._complete_since = time.time()
        self._missed = True
        self._something.set()

    def _take(self, text: str) -> None:
        try:
            hints = Hints.read(text)
        except Unreadable:
            log.warning("something else than a hint came over the live channel", exc_info=True)
            self._begin_afresh()
            return
        self._kept.append((time.time(), hints))
        if len(self._kept) == KEPT:
            self._complete_since = self._kept[0][0]
        self._fresh.add(hints)
        self._something.set()

    # And go out

    async def _hand_out(self) -> None:
        """Gather, ask, hand out, for ever; while one question is asked, the next hints gather."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._something.wait(), CENSUS)
                await asyncio.sleep(GATHER)
            self._something.clear()
            try:
                await self._hand_out_once()
            except Exception:  # whatever the database does: nobody hears anything, and then all fetch afresh
                log.exception("it cannot be decided who may hear of a change")
                self._missed = True
                self._something.set()
                await asyncio.sleep(1)

    async def _hand_out_once(self) -> None:
        hints, self._fresh = self._fresh, Hints()
        late, self._late = self._late, []
        missed, self._missed = self._missed, False
        present = dict(self._streams)
        heard = await asyncio.to_thread(self._ask, hints, set(present.values()))
        for stream, listener in present.items():
            if listener not in heard:
                stream.end()
            elif missed:
                stream.fetch_afresh()
            else:
                stream.hear(heard[listener])
        for stream, missed_by_one in late:
            if stream in present:
                once = await asyncio.to_thread(self._ask, missed_by_one, {present[stream]})
                stream.hear(once.get(present[stream], Heard()))

    def _ask(self, hints: Hints, listeners: Collection[Listener]) -> Mapping[Listener, Heard]:
        """In a thread, whose connection to the database is given back at once: no stream ever holds one."""
        try:
            return self._hears(hints, listeners) if listeners else {}
        finally:
            connections.close_all()


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


async def follow(listener: Listener, *, hears: Hears, since: float | None) -> AsyncIterator[str]:
    """The events for one listener, until they go or are signed out.

    The request's own thread has asked the database who they are; its connection goes back before the long wait begins.
    """
    await sync_to_async(connections.close_all)()
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub(hears)
    hub = _hubs[loop]
    stream = hub.join(listener, since=since)
    try:
        async for event in stream.events():
            yield event
    finally:
        hub.leave(stream)


def count_streams() -> int:
    """How many streams this process holds."""
    return sum(len(hub) for hub in list(_hubs.values()))
