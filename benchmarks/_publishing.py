"""A policy published for running clocks, with very many open tickets, while people look at their queue."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from statistics import median, quantiles
from threading import Event, Thread

import django

django.setup()

# ruff: noqa: E402 (the models are there only now)
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.models import Person
from benchmarks._measuring import machine
from complaints.models import Entry
from sla.actions.publishing import draft_from, publish
from sla.actions.recomputing import notice_changed_calendars
from sla.models import Clock, Policy, Recomputation

WANTED = int(os.environ.get("BENCH_TICKETS", "100000"))
# Not every open ticket has a reply outstanding; of those generated about this share has.
WITH_A_REPLY = 0.7
LIVES = 120
LOOKING_SECONDS = 30
BETWEEN_LOOKS = 0.2
LOOKER = "wei"

WORK = """
import os
import time
import django
django.setup()
from sla.models import Recomputation
from sla.tasks import recompute
while Recomputation.objects.unfinished().exists():
    recompute()
    time.sleep(0.1)
print(sum(os.times()[:2]))
"""


@dataclass(frozen=True)
class Looks:
    """How long each look at the queue took, in seconds."""

    seconds: list[float]

    @property
    def p95(self) -> float:
        """The slowest twentieth begins here."""
        return quantiles(self.seconds, n=20)[-1]

    def __str__(self) -> str:
        return f"{1000 * self.p95:.0f} ms (median {1000 * median(self.seconds):.0f} ms, {len(self.seconds)} looks)"


def measure(tickets: int = WANTED) -> None:
    """Publish new versions of all reply limits for running clocks, and look at a queue before and meanwhile."""
    opened = round(tickets / WITH_A_REPLY)
    notice_changed_calendars(timezone.now())
    call_command("generate", tickets=opened, open=opened, lives=min(opened, LIVES))
    with desk() as (port, cookie):
        look(port, cookie, seconds=5)
        before = look(port, cookie, seconds=LOOKING_SECONDS)
        for policy in Policy.objects.filter(kind="reply", status="published").order_by("pk"):
            draft = draft_from(policy)
            if draft.limit_unit == "elapsed_minutes":
                draft.limit += 30
            draft.warning_share = "0.75"
            draft.save()
            publish(draft, reason="measured", by=None, at=timezone.now(), for_running=True)
        concerned = Clock.objects.running().filter(kind="reply").values("ticket").distinct().count()
        connection.close()
        time.sleep(4)  # a version published now decides running clocks a moment later
        begun = time.monotonic()
        looking = Looking(port, cookie)
        looking.start()
        worker = subprocess.run(
            [sys.executable, "-c", WORK], cwd=settings.BASE_DIR, check=True, capture_output=True, text=True
        )
        took = time.monotonic() - begun
        during = looking.end()
    jobs = Recomputation.objects.all()
    done, moved = sum(job.tickets for job in jobs), sum(job.moved for job in jobs)
    written = Entry.objects.filter(kind="due_moved", data__because="policy").count()
    print(f"\n{machine()}. The desk, its worker, the database and whoever looks share the machine.\n")
    print("| a policy published for running clocks | |")
    print("| --- | ---: |")
    print(f"| open tickets, of them with a reply outstanding | {opened:,}, {concerned:,} |")
    print(f"| tickets decided anew, due times moved, entries written | {done:,}, {moved:,}, {written:,} |")
    print(f"| from first to last | {took:.0f} s, {done / took:,.0f} tickets a second |")
    print(f"| processor time of the worker, without the database's | {float(worker.stdout):.0f} s |")
    print(f"| p95 of the queue page before | {before} |")
    print(f"| p95 of the queue page meanwhile | {during}, {during.p95 / before.p95:.2f} times |")


@contextmanager
def desk() -> Iterator[tuple[int, str]]:
    """A running desk, and the cookie of somebody who has signed in."""
    person = Person.objects.get(username=LOOKER)
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    port = 18_000 + os.getpid() % 2_000
    command = [sys.executable, "-m", "uvicorn", "config.asgi:application", "--port", str(port), "--log-level", "error"]
    with subprocess.Popen(command, cwd=settings.BASE_DIR) as server:
        try:
            wait_for(port)
            yield port, f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
        finally:
            server.terminate()


def wait_for(port: int) -> None:
    """Until the desk answers; raises TimeoutError after a minute."""
    for _ in range(120):
        try:
            HTTPConnection("127.0.0.1", port, timeout=5).request("GET", "/")
            return
        except OSError:
            time.sleep(0.5)
    raise TimeoutError("the desk does not answer")


class Looking(Thread):
    """Somebody who looks at the queue again and again."""

    def __init__(self, port: int, cookie: str) -> None:
        super().__init__()
        self.port, self.cookie = port, cookie
        self.seconds: list[float] = []
        self._over = Event()

    def run(self) -> None:
        """Look until told to end."""
        while not self._over.wait(BETWEEN_LOOKS):
            begun = time.perf_counter()
            connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
            connection.request("GET", "/queue/?tab=unclaimed", headers={"Cookie": self.cookie})
            answer = connection.getresponse()
            answer.read()
            connection.close()
            if answer.status != 200:
                raise RuntimeError(f"the queue answered {answer.status}")
            self.seconds.append(time.perf_counter() - begun)

    def end(self) -> Looks:
        """What came of it."""
        self._over.set()
        self.join()
        return Looks(self.seconds)


def look(port: int, cookie: str, *, seconds: float) -> Looks:
    """Look at the queue for a while."""
    looking = Looking(port, cookie)
    looking.start()
    time.sleep(seconds)
    return looking.end()
