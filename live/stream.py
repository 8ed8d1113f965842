"""One stream: what its browser has yet to hear, and how that is written as server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

HEARTBEAT = 15.0  # seconds of silence after which a comment is sent, so that a dead connection is noticed
RETRY = 3000  # milliseconds after which a browser connects again
MANY = 50  # tickets that are named one by one; for more the browser fetches everything


@dataclass
class Heard:
    """What somebody may hear: the tickets that changed, by reference, and which parts of their pages are concerned."""

    tickets: set[str] = field(default_factory=set)
    lists: bool = False
    notices: bool = False

    def __bool__(self) -> bool:
        return bool(self.tickets) or self.lists or self.notices


class Stream:
    """What one browser tab has yet to hear. A slow browser hears less often, and never an endless queue."""

    def __init__(self) -> None:
        self._unsaid = Heard()
        self._afresh = False
        self._deaf = False
        self._ended = False
        self._said = 0
        self._something = asyncio.Event()

    def hear(self, heard: Heard) -> None:
        """Take in what its person may hear."""
        if not heard:
            return
        self._unsaid.tickets |= heard.tickets
        self._unsaid.lists |= heard.lists
        self._unsaid.notices |= heard.notices
        if len(self._unsaid.tickets) > MANY:
            self._afresh = True
        self._something.set()

    def fetch_afresh(self) -> None:
        """Something may have been missed, and nothing is from now on."""
        self._afresh, self._deaf = True, False
        self._something.set()

    def fall_deaf(self) -> None:
        """Nothing is heard for the time being; the browser had better look by itself now and then."""
        self._deaf = True
        self._something.set()

    def end(self) -> None:
        """Its person is not signed in any more."""
        self._ended = True
        self._something.set()

    async def events(self) -> AsyncIterator[str]:
        """Greeting, hints as they come, a comment at each heartbeat; the last one is the farewell."""
        now = datetime.now(UTC).isoformat()
        yield f"retry: {RETRY}\n" + self._event("hello", now=now)
        while not self._ended:
            try:
                await asyncio.wait_for(self._something.wait(), HEARTBEAT)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            self._something.clear()
            if not self._ended:
                yield self._next()
        yield self._event("bye")

    def _next(self) -> str:
        unsaid, self._unsaid = self._unsaid, Heard()
        afresh, self._afresh = self._afresh, False
        if self._deaf:
            return self._event("deaf")
        if afresh:
            return self._event("afresh")
        return self._event(
            "hint", tickets=sorted(unsaid.tickets), lists=unsaid.lists or bool(unsaid.tickets), notices=unsaid.notices
        )

    def _event(self, name: str, **data: object) -> str:
        """One event; the numbers of a stream have no gaps, so a browser sees whether one was lost."""
        number, self._said = self._said, self._said + 1
        return f"id: {number}\nevent: {name}\ndata: {json.dumps(data)}\n\n"
