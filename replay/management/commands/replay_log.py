"""Play any ticket event log through our clocks and policies."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from common.csv_lines import BadFile, Problem
from common.csv_map import BadMap
from common.moment import database_now
from replay import mapping, terms
from replay.gathering import NotSorted
from replay.log import replay
from replay.report import in_words

LEFT_OUT = 3


class Command(BaseCommand):
    """Reports timeliness, holds, reopenings, hand-ons, and where the log's own verdict differs from ours.

    Exit code 1: the file or the map cannot be used. Exit code 3: it was played, but bad lines were left out.
    """

    help = (
        "Play an event log (CSV, plain or compressed) through clocks and policies; a map in TOML says what it means. "
        "Nothing is written to the database. Bad lines are named and left out; the exit code is 3 then."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """File, map, and where the report goes."""
        parser.add_argument("file", type=Path, help="the log (CSV, plain or .gz)")
        parser.add_argument("--map", type=Path, required=True, help="what its columns and activities mean (TOML)")
        parser.add_argument("--encoding", default="", help="of the file, for instance gb18030; wins over the map's")
        parser.add_argument("--json", type=Path, help="write the report here")

    def handle(self, *args: Any, **options: Any) -> None:
        """Play and report. Raises CommandError where nothing could be played, and where lines were left out."""
        try:
            meaning = mapping.load(options["map"], encoding=options["encoding"])
            book = meaning.book or terms.of_the_desk(database_now())
            with tqdm(unit=" lines", disable=not sys.stderr.isatty()) as bar:
                tally, problems = replay(
                    options["file"], meaning=meaning, book=book, blame=self._name, progress=bar.update
                )
            told = tally.as_data() | {"problems": problems}
            if options["json"]:
                options["json"].write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        except (BadMap, BadFile, NotSorted, OSError) as error:
            raise CommandError(str(error)) from error
        for line in in_words(told):
            self.stdout.write(line)
        if problems:
            raise CommandError(f"{problems} problems; the lines that have them were left out", returncode=LEFT_OUT)

    def _name(self, problem: Problem) -> None:
        self.stderr.write(str(problem))
