"""Play real complaints through the lifecycle, in a database of their own."""

import json
import os
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from demo import records
from demo.simulation.invariants import violations
from demo.simulation.own_database import own_database
from demo.simulation.play import Play
from demo.simulation.report import in_words, instant, report
from demo.staff import load_staff


class Command(BaseCommand):
    """Plays a file from an empty database to its end, reports, and fails if anything does not hold."""

    help = "Play a file of complaints through the lifecycle at their own times and check what must always hold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """File, seed, report."""
        parser.add_argument("--data", type=Path, default=records.SHIPPED, help="the complaints (CSV, plain or .gz)")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--limit", type=int, help="play only so many, spread over the file")
        parser.add_argument("--json", type=Path, help="write the report here")
        parser.add_argument("--keep", action="store_true", help="keep the database of the play")

    def handle(self, *args: Any, **options: Any) -> None:
        """Play, report, check. Raises CommandError for an unreadable file and when a check fails."""
        try:
            complaints, _repairs = records.load(options["data"])
        except (records.BadRecord, OSError) as error:
            raise CommandError(f"{options['data']}: {error}") from error
        if options["limit"]:
            complaints = complaints[:: max(1, len(complaints) // options["limit"])][: options["limit"]]
        name = f"simulation_{os.getpid()}"
        began = time.monotonic()
        with own_database(name, keep=options["keep"]):
            call_command("load_defaults", verbosity=0)
            load_staff()
            play = Play(complaints=complaints, seed=options["seed"])
            with tqdm(total=len(complaints), unit=" complaints", disable=not sys.stderr.isatty()) as bar:
                play.run(progress=lambda arrived: bar.update(arrived) and None)
            outcome = report(play, violations(instant(play.now)))
        for line in in_words(outcome, took=time.monotonic() - began):
            self.stdout.write(line)
        if options["keep"]:
            self.stdout.write(f"kept in database {name}")
        if options["json"]:
            options["json"].write_text(json.dumps(outcome, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        if outcome["violations"]:
            raise CommandError("not everything holds that must")
