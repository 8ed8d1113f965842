"""A policy published for running clocks, with very many open tickets, while people look at their queue."""

import os
import subprocess
import sys
import time
from statistics import median, quantiles

from django.conf import settings
from django.db import connection
from django.utils import timezone

from benchmarks import _desk  # noqa: F401 (before all models)
from benchmarks._data import have_open, say, server_version
from benchmarks._measuring import machine
from benchmarks._running import Looking, cookie_of, running
from complaints.models import Entry, Ticket
from sla.actions.publishing import draft_from, publish
from sla.actions.recomputing import A_MOMENT
from sla.models import Clock, Policy, Recomputation

WANTED = int(os.environ.get("BENCH_TICKETS", "100000"))
# Not every open ticket has a reply outstanding; of those generated about this share has.
WITH_A_REPLY = 0.78
LOOKING_SECONDS = 30
BETWEEN_LOOKS = 0.2
LOOKER, PAGE = "wei", "/queue/?tab=unclaimed"

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


def measure(tickets: int = WANTED) -> None:
    """Publish new versions of all reply limits for running clocks, and look at a queue before and meanwhile."""
    have_open(round(tickets / WITH_A_REPLY))
    concerned = Clock.objects.running().filter(kind="reply").values("ticket").distinct().count()
    say(f"{Ticket.objects.live().count():,} open tickets, {concerned:,} with a reply outstanding; looking at the queue")
    with running("web") as port:
        cookie = cookie_of(LOOKER)
        look(port, cookie, seconds=5)
        before = look(port, cookie, seconds=LOOKING_SECONDS)
        published_at = timezone.now()
        publish_all()
        connection.close()
        time.sleep(A_MOMENT.total_seconds() + 1)  # a version published now decides running clocks a moment later
        say("deciding running clocks anew")
        looking = Looking(port, cookie, PAGE, pause=BETWEEN_LOOKS)
        looking.start()
        begun = time.monotonic()
        worker = subprocess.run(
            [sys.executable, "-c", WORK], cwd=settings.BASE_DIR, check=True, stdout=subprocess.PIPE, text=True
        )
        took = time.monotonic() - begun
        meanwhile = looking.end()
    jobs = Recomputation.objects.filter(asked_at__gte=published_at)
    done, moved = sum(job.tickets for job in jobs), sum(job.moved for job in jobs)
    written = Entry.objects.filter(kind="due_moved", data__because="policy", recorded_at__gte=published_at).count()
    print(f"\n{machine()}, PostgreSQL {server_version()}.")
    print("The web server, the worker, the database and whoever looks share the machine.\n")
    print("| a policy published for running clocks | |")
    print("| --- | ---: |")
    print(f"| open tickets, of them with a reply outstanding | {Ticket.objects.live().count():,}, {concerned:,} |")
    print(f"| tickets decided anew, due times moved, entries written | {done:,}, {moved:,}, {written:,} |")
    print(f"| from first to last | {took:.0f} s, {done / took:,.0f} tickets a second |")
    print(f"| processor time of the worker, without the database's | {float(worker.stdout):.0f} s |")
    print(f"| p95 of the queue page before | {_told(before)} |")
    print(f"| p95 of the queue page meanwhile | {_told(meanwhile)}, {_p95(meanwhile) / _p95(before):.2f} times |")


def publish_all() -> None:
    """New versions of all reply limits, other ones than before, for running clocks too."""
    for policy in Policy.objects.filter(kind="reply", status="published", effective_until=None).order_by("pk"):
        draft = draft_from(policy)
        if draft.limit_unit == "elapsed_minutes":
            draft.limit += 30
        draft.warning_share = "0.75" if float(policy.warning_share) != 0.75 else "0.70"
        draft.save()
        publish(draft, reason="measured", by=None, at=timezone.now(), for_running=True)


def look(port: int, cookie: str, *, seconds: float) -> list[float]:
    """Look at the queue for a while."""
    looking = Looking(port, cookie, PAGE, pause=BETWEEN_LOOKS)
    looking.start()
    time.sleep(seconds)
    return looking.end()


def _p95(seconds: list[float]) -> float:
    """Where the slowest twentieth begins."""
    return quantiles(seconds, n=20)[-1]


def _told(seconds: list[float]) -> str:
    return f"{1000 * _p95(seconds):.0f} ms (median {1000 * median(seconds):.0f} ms, {len(seconds)} looks)"
