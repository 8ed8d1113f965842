"""Play real complaints through the lifecycle, in a database of their own."""

import json
import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from demo import records
from demo.simulation import parts
from demo.simulation.invariants import violations
from demo.simulation.own_database import is_lived_in, is_there, own_database
from demo.simulation.play import Play
from demo.simulation.report import in_words, report
from demo.staff import load_staff


class Command(BaseCommand):
    """Plays a file from an empty database to its end, reports, and fails if anything does not hold."""

    help = "Play a file of complaints through the lifecycle at their own times and check what must always hold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """File, seed, report, and in how many parts."""
        parser.add_argument("--data", type=Path, default=records.SHIPPED, help="the complaints (CSV, plain or .gz)")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--limit", type=int, help="play only so many, spread over the file")
        parser.add_argument("--json", type=Path, help="write the report here")
        parser.add_argument("--keep", action="store_true", help="keep the database of the play")
        parser.add_argument("--like", help="begin with the configuration of this database, which holds no tickets")
        parser.add_argument(
            "--parts", type=int, default=3, help="play so many centres at once, each with its own customers (3)"
        )
        parser.add_argument("--part", type=int, help="play only this one of the parts, from 0 on")

    def handle(self, *args: Any, **options: Any) -> None:
        """Play, report, check. Raises CommandError for what cannot be read or played, and when a check fails."""
        self._refuse_what_makes_no_sense(options)
        complaints = self._read(options["data"], options["limit"])
        began = time.monotonic()
        if options["part"] is not None:
            outcome = self._play(complaints, options["part"], options)
        else:
            with self._configured(options["like"]) as configured:
                outcome = self._play_all(complaints, options | {"like": configured})
        for line in in_words(outcome, took=time.monotonic() - began):
            self.stdout.write(line)
        if options["json"]:
            options["json"].write_text(json.dumps(outcome, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        if outcome["violations"]:
            raise CommandError("not everything holds that must")

    def _refuse_what_makes_no_sense(self, options: dict[str, Any]) -> None:
        """Raises CommandError before minutes are spent, not after."""
        if options["limit"] is not None and options["limit"] < 1:
            raise CommandError("--limit: play at least one complaint")
        if options["parts"] < 1:
            raise CommandError("--parts: play at least one part")
        if options["part"] is not None and not 0 <= options["part"] < options["parts"]:
            raise CommandError(f"--part: the parts are numbered from 0 to {options['parts'] - 1}")
        out: Path | None = options["json"]
        if out and (out.is_dir() or not os.access(out if out.exists() else out.parent, os.W_OK)):
            raise CommandError(f"--json: {out} cannot be written")

    @contextmanager
    def _configured(self, like: str | None) -> Iterator[str]:
        """A database with the configuration and the staff, from which each part of the play begins."""
        name = f"simulation_{os.getpid()}_configured"
        if like and not is_there(like):
            raise CommandError(f"--like: there is no database {like}")
        with own_database(name, like=like):
            if is_lived_in():
                raise CommandError(f"there are tickets in {like} already; a play begins without any")
            call_command("load_defaults", verbosity=0)
            load_staff()
            yield name

    def _play_all(self, complaints: list[records.Complaint], options: dict[str, Any]) -> dict[str, Any]:
        if options["parts"] == 1:
            return self._play(complaints, 0, options)
        passed_on = [
            f"--{name}={options[name]}"
            for name in ("data", "seed", "limit", "like", "parts")
            if options[name] is not None
        ]
        with parts.others_at_work(passed_on, parts=options["parts"]) as others:
            first = self._play(complaints, 0, options)
            return parts.added_up([first, *(other.result() for other in others)])

    def _read(self, path: Path, limit: int | None) -> list[records.Complaint]:
        try:
            complaints, _repairs = records.load(path)
        except (records.BadRecord, OSError) as error:
            raise CommandError(f"{path}: {error}") from error
        if not complaints:
            raise CommandError(f"{path}: holds no complaints")
        return complaints[:: max(1, len(complaints) // limit)][:limit] if limit else complaints

    def _play(self, complaints: list[records.Complaint], part: int, options: dict[str, Any]) -> dict[str, Any]:
        name = f"simulation_{os.getpid()}"
        with own_database(name, like=options["like"], keep=options["keep"]):
            play = Play(complaints=complaints, seed=options["seed"], part=part, parts=options["parts"])
            label = f" complaints in part {part + 1} of {options['parts']}"
            with tqdm(total=len(complaints) // options["parts"], unit=label, disable=not sys.stderr.isatty()) as bar:
                play.run(progress=lambda arrived: bar.update(arrived) and None)
            # a part to which no customer fell holds what it holds whenever it is asked
            outcome = report(play, violations(play.now or complaints[-1].raised_at))
        if options["keep"]:
            self.stdout.write(f"kept in database {name}")
        return outcome
