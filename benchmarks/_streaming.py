"""Many live streams on one server process: memory and processor, idle and with events."""

import asyncio
import os
import random
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import Path

from accounts.models import Person
from benchmarks._visiting import Desk, Visitor
from complaints.models import Ticket
from live import channel
from live.hints import Hints

STREAMS = 500
A_SECOND = 20
IDLE_SECONDS = 20
BUSY_SECONDS = 20
PEOPLE = 60
AT_ONCE = 20
OPEN_WITHIN = 300


@dataclass
class Streams:
    """What was measured: MiB of the server, shares of one core, and what came through."""

    before: float
    with_streams: float
    opened_in: float
    idle_share: float = 0
    busy_share: float = 0
    heard: int = 0


def measure_streams(desk: Desk) -> Streams:
    """Open the streams, wait, then publish hints as deeds do."""
    people = list(Person.objects.filter(is_active=True, assignments__isnull=False).distinct().order_by("pk")[:PEOPLE])
    visitors = [Visitor(desk, person) for person in people]
    visitors[0].get("/messages/")
    open_tickets = list(Ticket.objects.live().order_by("?").values_list("pk", flat=True)[:2000])
    return asyncio.run(_measure(desk, [visitors[number % len(visitors)] for number in range(STREAMS)], open_tickets))


async def _measure(desk: Desk, visitors: list[Visitor], tickets: list[int]) -> Streams:
    before = _memory(desk.pid)
    begun = time.perf_counter()
    said: list[float] = []
    greeted: list[float] = []
    listening = []
    for visitor in visitors:
        listening.append(asyncio.create_task(_listen(desk, visitor, greeted, said)))
        while len(listening) - len(greeted) >= AT_ONCE:
            await asyncio.sleep(0.01)
            if time.perf_counter() - begun > OPEN_WITHIN:
                raise TimeoutError(f"{len(greeted)} of {len(visitors)} streams opened")
    opened_in = time.perf_counter() - begun
    await asyncio.sleep(5)
    if len(greeted) < len(visitors):
        raise RuntimeError(f"only {len(greeted)} of {len(visitors)} streams opened")
    found = Streams(before, _memory(desk.pid), opened_in)
    found.idle_share = await _share(desk.pid, asyncio.sleep(IDLE_SECONDS))
    said.clear()
    chance = random.Random(20)
    found.busy_share = await _share(desk.pid, _publish(chance, tickets))
    await asyncio.sleep(2)
    found.heard, found.with_streams = len(said), max(found.with_streams, _memory(desk.pid))
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    return found


async def _listen(desk: Desk, visitor: Visitor, greeted: list[float], said: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", desk.port)
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    writer.write(f"GET /live/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n\r\n".encode())
    try:
        while line := await reader.readline():
            if line.startswith(b"event: hello"):
                greeted.append(time.perf_counter())
            elif line.startswith(b"event: "):
                said.append(time.perf_counter())
    finally:
        writer.close()


async def _publish(chance: random.Random, tickets: list[int]) -> None:
    begun = time.perf_counter()
    for number in range(A_SECOND * BUSY_SECONDS):
        await asyncio.to_thread(channel.publish, Hints(tickets={chance.choice(tickets)}).written())
        await asyncio.sleep(max(0, begun + (number + 1) / A_SECOND - time.perf_counter()))


async def _share(pid: int, meanwhile: Awaitable[None]) -> float:
    """The share of one core that a process uses meanwhile."""
    spent, begun = _processor(pid), time.perf_counter()
    await meanwhile
    return (_processor(pid) - spent) / (time.perf_counter() - begun)


def _processor(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024
