"""How long pages take on the server, and how many questions each asks of the database.

Run by `benchmarks/pages.py` in a process of its own for each database; prints what it found as JSON.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import django

django.setup()

# ruff: noqa: E402 (the models are there only now)
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Person, Role, Unit
from benchmarks._furnishing import RARE, SEVERAL, customers_with_several, furnish
from benchmarks._streaming import measure_streams
from benchmarks._usable import time_until_usable
from benchmarks._visiting import BY_SCRIPT, LANGUAGE, Desk, Visitor, counting_boards, desk, session_of
from benchmarks._weighing import weigh
from complaints.models import Ticket
from complaints.querysets import TicketQuerySet
from complaints.states import State
from customers.models import Customer
from desk.board import board_for
from repeats.finding import candidates

WARM_UP = 5
FREQUENT = "客户"
ENGLISH = "fault"

YARDSTICK, YARDSTICK_TURNS = "for comparison: a plain loop", 400_000

SCRIPT = "POST by script"
Step = tuple[str, str, dict[str, str]]
"""How, path, fields: what a person does; a redirect that answers it is followed and counts."""


@dataclass(frozen=True)
class Page:
    """Something that somebody does again and again, each time with another ticket or customer."""

    name: str
    person: Person
    step: Callable[[], Step]


@dataclass
class Cast:
    """Who looks, and at what."""

    chance: random.Random

    def holder(self, role: str, unit: Unit | None = None) -> Person:
        """Somebody who holds a role, over a certain unit if given. Raises RuntimeError where nobody does."""
        held = Person.objects.filter(assignments__role=role, is_active=True)
        found = (held.filter(assignments__unit=unit) if unit else held).order_by("pk").first()
        if found is None:
            raise RuntimeError(f"nobody holds the role {role}")
        return found

    def most(self, field: str, state: str) -> Unit:
        """The unit that has most tickets in a state."""
        counted = Ticket.objects.filter(state=state).order_by().values(field).annotate(number=Count("pk"))
        return Unit.objects.get(pk=counted.order_by("-number")[0][field])

    def pages(self) -> list[Page]:
        """Everything that is measured over HTTP."""
        queue = self.most("lead_unit", State.DISPATCHED)
        handler = self.holder(Role.HANDLER, queue)
        dispatcher = self.holder(Role.DISPATCHER, self.most("desk", State.DISPATCHED))
        supervisor, agent = self.holder(Role.SUPERVISOR), self.holder(Role.AGENT)
        of_the_queue = self._references(Ticket.objects.visible_to(handler, timezone.now()).live())
        in_scope = self._references(Ticket.objects.visible_to(supervisor, timezone.now()))
        open_in_scope = self._references(Ticket.objects.visible_to(supervisor, timezone.now()).live())
        callers = self._numbers()
        return [
            Page("unit queue, unclaimed", handler, lambda: ("GET", "/queue/?tab=unclaimed", {})),
            Page("unit queue, with colleagues", handler, lambda: ("GET", "/queue/?tab=colleagues", {})),
            Page("dispatch desk", dispatcher, lambda: ("GET", "/dispatch/", {})),
            Page("ticket, open, its handler", handler, lambda: ("GET", f"/tickets/{next(of_the_queue)}/", {})),
            Page("ticket, open, a supervisor", supervisor, lambda: ("GET", f"/tickets/{next(open_in_scope)}/", {})),
            Page("ticket, any, a supervisor", supervisor, lambda: ("GET", f"/tickets/{next(in_scope)}/", {})),
            Page("board", supervisor, lambda: ("GET", "/board/", {})),
            Page("customer strip, from number to page", agent, lambda: (SCRIPT, "/calls/", {"number": next(callers)})),
            Page("ticket list, all open", supervisor, lambda: ("GET", "/tickets/", {})),
            Page(
                "ticket list, filtered",
                supervisor,
                lambda: ("GET", f"/tickets/?{urlencode({'state': 'handling', 'due': 'today', 'unit': queue.pk})}", {}),
            ),
            Page("ticket list, ended too", supervisor, lambda: ("GET", "/tickets/?state=any", {})),
            Page(f"search, frequent: {FREQUENT}", supervisor, lambda: self._search(FREQUENT)),
            Page(f"search, frequent: {FREQUENT}, a handler", handler, lambda: self._search(FREQUENT)),
            Page(f"search, rare: {RARE}", supervisor, lambda: self._search(RARE)),
            Page(f"search, rare: {RARE}, a handler", handler, lambda: self._search(RARE)),
            Page(f"search, English: {ENGLISH}", supervisor, lambda: self._search(ENGLISH)),
            Page("search, reference", supervisor, lambda: self._search(next(in_scope))),
            Page("search, number", agent, lambda: self._search(next(callers))),
        ]

    def _search(self, words: str) -> Step:
        return "POST", "/search/", {"words": words}

    def _references(self, tickets: TicketQuerySet) -> Iterator[str]:
        """References of some thousand of these tickets, at random, for ever."""
        known = list(tickets.order_by("?").values_list("reference", flat=True)[:2000])
        while True:
            yield self.chance.choice(known)

    def _numbers(self) -> Iterator[str]:
        """Numbers of customers, every other one of somebody with several tickets."""
        several = customers_with_several()
        keys = list(Ticket.objects.order_by("?").values_list("customer", flat=True)[:2000])
        single = list(Customer.objects.filter(pk__in=keys).values_list("number", flat=True))
        while True:
            yield self.chance.choice(several)
            yield self.chance.choice(single)


def walk(visitor: Visitor, step: Step) -> tuple[float, bytes]:
    """Seconds for one step with the redirect that answers it; raises RuntimeError when it does not end in a page."""
    method, path, fields = step
    answer = visitor.get(path) if method == "GET" else visitor.post(path, by_script=method == SCRIPT, **fields)
    seconds = answer.seconds
    while answer.status == 302:
        answer = visitor.get(answer.headers["location"])
        seconds += answer.seconds
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return seconds, answer.body


def timed(desk: Desk, pages: list[Page], rounds: int) -> dict[str, dict[str, list[float]]]:
    """Milliseconds for each page in each round, and of them the server's processor time; all pages in every round.

    The first few rounds do not count. In each round a loop that has nothing to do with the pages is timed as well: how
    unevenly that goes, the machine went.
    """
    visitors = {page.person.pk: Visitor(desk, page.person) for page in pages}
    taken: dict[str, dict[str, list[float]]] = {page.name: {"ms": [], "processor": []} for page in pages}
    for number in range(WARM_UP + rounds):
        for page in pages:
            before = desk.processor_time
            seconds, _body = walk(visitors[page.person.pk], page.step())
            if number >= WARM_UP:
                taken[page.name]["ms"].append(seconds * 1000)
                taken[page.name]["processor"].append(desk.processor_time - before)
        if number >= WARM_UP:
            taken.setdefault(YARDSTICK, {"ms": []})["ms"].append(_plain_loop() * 1000)
    return taken


def _plain_loop() -> float:
    """Seconds for something that takes about as long as a page does."""
    begun, total = time.perf_counter(), 0
    for number in range(YARDSTICK_TURNS):
        total += number
    return time.perf_counter() - begun


def questions(page: Page) -> int:
    """How many queries a page asks, with the redirect before it, once it is warm."""
    client = Client(headers={"host": "127.0.0.1", "accept-language": LANGUAGE})
    client.cookies["sessionid"] = session_of(page.person)
    number = 0
    for _try in range(2):
        method, path, fields = page.step()
        with CaptureQueriesContext(connection) as asked:
            if method == "GET":
                client.get(path, follow=True)
            else:
                client.post(path, fields, follow=True, headers=BY_SCRIPT if method == SCRIPT else None)
        number = len(asked)
    return number


def candidates_found(rounds: int) -> tuple[list[float], int, int]:
    """Milliseconds to find what a ticket may repeat, queries, and how many were found in the middle."""
    taken, asked, found = [], 0, []
    several = Customer.objects.filter(number__in=customers_with_several())
    keys = list(Ticket.objects.live().filter(customer__in=several).order_by("-pk").values_list("pk", flat=True)[:200])
    others = list(Ticket.objects.live().order_by("-pk").values_list("pk", flat=True)[:200])
    chance = random.Random(7)
    for number in range(WARM_UP + rounds):
        ticket = Ticket.objects.with_people().get(pk=chance.choice(keys if number % 2 else others))
        with CaptureQueriesContext(connection) as queries:
            begun = time.perf_counter()
            likely = candidates(ticket, at=timezone.now())
            took = (time.perf_counter() - begun) * 1000
        if number >= WARM_UP:
            taken.append(took)
            asked = max(asked, len(queries))
            found.append(len(likely))
    return taken, asked, max(found)


def board_counted(supervisor: Person, rounds: int) -> tuple[list[float], int]:
    """Milliseconds to count the whole board anew, and queries."""
    taken, asked = [], 0
    for number in range(2 + rounds):
        person = Person.objects.get(pk=supervisor.pk)
        with CaptureQueriesContext(connection) as queries:
            begun = time.perf_counter()
            board_for(person, timezone.now())
            took = (time.perf_counter() - begun) * 1000
        if number >= 2:
            taken.append(took)
            asked = len(queries)
    return taken, asked


def facts() -> dict[str, int]:
    """How much lies in this database."""
    queues = (
        Ticket.objects.awaiting_the_unit()
        .order_by()
        .values("lead_unit")
        .annotate(number=Count("pk"))
        .order_by("-number")
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        size = cursor.fetchone()[0]
    return {
        "tickets": Ticket.objects.count(),
        "open": Ticket.objects.live().count(),
        "largest queue": queues[0]["number"],
        "customers with several": SEVERAL,
        "MB": size // 2**20,
    }


def main(arguments: list[str]) -> int:
    """Measure this database and print what was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--only", default="", help="only pages with this in their name")
    parser.add_argument("--parts", nargs="*", default=["server"])
    asked = parser.parse_args(arguments)
    furnish()
    cast = Cast(random.Random(20261122))
    pages = [page for page in cast.pages() if asked.only in page.name]
    found: dict[str, Any] = {"facts": facts()}
    if "candidates" in asked.parts and "server" not in asked.parts:
        found["pages"] = candidate_times(asked.rounds)
    if not set(asked.parts) - {"candidates"}:
        print(json.dumps(found))
        return 0
    with desk() as served:
        if "server" in asked.parts:
            found["pages"] = server_times(served, cast, pages, asked.rounds)
        if "weight" in asked.parts:
            found["weights"] = {name: asdict(weigh(*visit)) for name, visit in visits(served, cast).items()}
        if "browser" in asked.parts:
            found["usable"] = time_until_usable(visits(served, cast))
    if "streams" in asked.parts:
        with desk() as served:
            found["streams"] = asdict(measure_streams(served))
    print(json.dumps(found))
    return 0


def server_times(served: Desk, cast: Cast, pages: list[Page], rounds: int) -> dict[str, Any]:
    """Milliseconds and queries of each page, and of what has no page of its own."""
    with counting_boards():
        taken = timed(served, pages, rounds)
    results: dict[str, Any] = {page.name: taken[page.name] | {"queries": questions(page)} for page in pages}
    results[YARDSTICK] = taken[YARDSTICK] | {"queries": 0}
    milliseconds, queries = board_counted(cast.holder(Role.SUPERVISOR), max(5, rounds // 10))
    results["board, counted anew"] = {"ms": milliseconds, "queries": queries}
    return results | candidate_times(rounds)


def candidate_times(rounds: int) -> dict[str, Any]:
    """Milliseconds and queries of finding what a ticket may repeat, by itself."""
    milliseconds, queries, found = candidates_found(rounds)
    return {"candidates of a repeat": {"ms": milliseconds, "queries": queries, "found": found}}


def visits(served: Desk, cast: Cast) -> dict[str, tuple[Visitor, str]]:
    """Pages that are weighed and opened in a browser: who visits, and which address."""
    handler = Visitor(served, cast.holder(Role.HANDLER, cast.most("lead_unit", State.DISPATCHED)))
    agent, supervisor = Visitor(served, cast.holder(Role.AGENT)), Visitor(served, cast.holder(Role.SUPERVISOR))
    caller = agent.post("/calls/", number=customers_with_several()[0]).headers["location"]
    reference = Ticket.objects.visible_to(handler.person, timezone.now()).live().order_by("-pk")[0].reference
    return {
        "unit queue": (handler, "/queue/?tab=unclaimed"),
        "ticket": (handler, f"/tickets/{reference}/"),
        "call screen": (agent, "/calls/"),
        "call screen with a customer": (agent, caller),
        "board, with its plots": (supervisor, "/board/"),
        "figures, with all their shares": (supervisor, "/figures/"),
        "one figure, with its plot": (supervisor, "/figures/timely_reply/"),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
