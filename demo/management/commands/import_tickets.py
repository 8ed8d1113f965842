"""Take in tickets from any CSV file."""

import sys
from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from accounts.models import Unit
from common.moment import database_now
from demo.importing import mapping, reading
from demo.importing.taking_in import NothingTakenIn, take_in, write_rejects


class Command(BaseCommand):
    """Accepts each line of a file now, as a whole or not at all; what is here already by external id is left alone."""

    help = "Take in tickets from a CSV file, plain or compressed; a map in TOML says what its columns mean."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """File, map, and what to do about bad lines."""
        parser.add_argument("file", type=Path, help="the CSV file, plain or .gz")
        parser.add_argument("--map", type=Path, required=True, help="what its columns mean (TOML)")
        parser.add_argument("--encoding", default="", help="of the file, for instance gb18030; wins over the map's")
        parser.add_argument("--unit", default="acceptance", help="code of the unit whose service desk takes them in")
        parser.add_argument("--skip-bad", action="store_true", help="take in the good lines; needs --rejects")
        parser.add_argument("--rejects", type=Path, help="where bad lines are written, with line, column and reason")
        parser.add_argument("--dry-run", action="store_true", help="try everything and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take in, and say what became of the lines. Raises CommandError where nothing was."""
        rejects: Path | None = options["rejects"]
        if options["skip_bad"] != (rejects is not None):
            raise CommandError("--skip-bad and --rejects FILE go together, so that no line is lost")
        unit = Unit.objects.filter(code=options["unit"]).first()
        if unit is None:
            raise CommandError(f"there is no unit '{options['unit']}'")
        try:
            meaning = mapping.load(options["map"], encoding=options["encoding"])
            table = reading.read(options["file"], meaning)
            with tqdm(total=len(table.lines), unit=" lines", disable=not sys.stderr.isatty()) as bar:
                tally = take_in(
                    table,
                    meaning=meaning,
                    unit=unit,
                    at=database_now(),
                    set_aside=partial(write_rejects, rejects, table) if rejects else None,
                    trial=options["dry_run"],
                    progress=bar.update,
                )
        except (mapping.BadMap, reading.BadFile, OSError) as error:
            raise CommandError(str(error)) from error
        except NothingTakenIn as refused:
            self._name(refused.problems)
            raise CommandError(f"{len(refused.problems)} problems; nothing was taken in") from refused
        self._name(tally.problems)
        would = "would be " if options["dry_run"] else ""
        self.stdout.write(
            f"{tally.taken_in} {would}taken in, {tally.here_already} here already, {len(tally.bad)} bad lines left out"
        )

    def _name(self, problems: list[reading.Problem]) -> None:
        for problem in problems:
            self.stderr.write(str(problem))
