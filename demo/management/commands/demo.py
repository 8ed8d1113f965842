"""Make the past of the demonstration: three months of complaints that end now."""

import os
import time
from argparse import ArgumentParser
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from common import coming
from demo import records
from demo.roster import load_roster
from demo.simulation.own_database import (
    Dump,
    configured_tables,
    is_lived_in,
    last_numbers,
    lived_tables,
    make_room,
    number_on_from_here,
    own_database,
)
from demo.simulation.play import Play, moved
from demo.staff import load_staff
from notifications import outbox
from notifications.kinds import Stage
from notifications.models import Message
from search.upkeep import gather_all

TOLD_EVERY = 10
# Somebody at every desk has to find work: the last few complaints come in the last hour, and nobody dispatches then.
FRESH = 10
LAST_HOUR = timedelta(minutes=55)
A_SHIFT = timedelta(hours=8)


class Command(BaseCommand):
    """Plays the shipped complaints elsewhere and copies their past in, by one transaction."""

    help = "Play the shipped complaints so that they end now, and copy them in; for an empty desk only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether a desk that is lived in is an error."""
        parser.add_argument("--if-first", action="store_true", help="do nothing where there are tickets already")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--data", type=Path, default=records.SHIPPED)
        parser.add_argument("--limit", type=int, help="only so many of the latest complaints")

    def handle(self, *args: Any, **options: Any) -> None:
        """Play and copy. Raises CommandError where there are tickets already and --if-first was not given."""
        if is_lived_in():
            if options["if_first"]:
                return
            raise CommandError("there are tickets already; the demonstration is for an empty desk")
        now = timezone.now()
        load_staff(os.environ.get("DEMO_PASSWORD"))
        load_roster(today=timezone.localdate(now))
        lived = lived_tables()
        configuration = Dump()
        configuration.take(configured_tables())
        numbers = last_numbers(lived)
        complaints, _repairs = records.load(options["data"])
        complaints = complaints[-options["limit"] :] if options["limit"] else complaints
        past = Dump()
        # always of one name, so that what a killed start left behind is dropped by the next
        with own_database(f"{connection.settings_dict['NAME']}_demonstration"):
            with transaction.atomic():
                configuration.put()
            make_room(numbers)
            self._play(_ending_at(now, complaints), options["seed"], now)
            Message.objects.pending().update(state=Stage.CANCELLED)
            outbox.mark_old_read(now - A_SHIFT)  # nobody opens a notice in a simulation
            past.take(lived)
        with transaction.atomic():
            rows = past.put()
            number_on_from_here(lived)
            gather_all()
        coming.say(len(complaints), of=len(complaints))
        self.stdout.write(f"{len(complaints)} complaints are on the desk ({rows} rows)")

    def _play(self, complaints: list[records.Complaint], seed: int, now: datetime) -> None:
        play = Play(complaints=complaints, seed=seed, ends_at=now, desk_rests_from=now - LAST_HOUR)
        arrived, told_at = 0, time.monotonic()
        self.stdout.write(f"playing {len(complaints)} complaints; the desk has them when all are played, not before")
        self.stdout.flush()
        coming.say(0, of=len(complaints))

        def progress(more: int) -> None:
            nonlocal arrived, told_at
            arrived += more
            if time.monotonic() - told_at >= TOLD_EVERY:
                told_at = time.monotonic()
                coming.say(arrived, of=len(complaints) + 1)
                self.stdout.write(f"{arrived} of {len(complaints)} complaints played")
                self.stdout.flush()

        play.run(progress)


def _ending_at(now: datetime, complaints: list[records.Complaint]) -> list[records.Complaint]:
    """The complaints moved by whole days, so that the last day is the one before now; the last few come just now."""
    by = timedelta(days=(now - complaints[-1].raised_at).days)
    past, fresh = complaints[:-FRESH], complaints[-FRESH:]
    step = LAST_HOUR / (len(fresh) + 1)
    arriving = [replace(one, raised_at=now - LAST_HOUR + step * place) for place, one in enumerate(fresh, start=1)]
    return sorted([*moved(past, by), *arriving], key=lambda one: (one.raised_at, one.number))
