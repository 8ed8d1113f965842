"""Bring in the official days of one year."""

import gzip
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from calendars import official
from calendars.models import OfficialDay


class Command(BaseCommand):
    """Takes a year's notice from the library `chinesecalendar`, or from a file."""

    help = "Import the official days off and shifted working days of a year; an import replaces the one before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The year, and the file where the library does not know it."""
        parser.add_argument("year", type=int)
        parser.add_argument(
            "--file",
            type=Path,
            help='JSON or .json.gz: {"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}]}',
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, and say how far the data now reaches."""
        year: int = options["year"]
        try:
            days = from_file(options["file"], year) if options["file"] else official.from_library(year)
            count = official.import_year(year, days)
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self.stdout.write(f"{count} official days of {year}; covered until {OfficialDay.objects.covered_until()}.")


def from_file(path: Path, year: int) -> list[official.Notified]:
    """The days of a notice in a file. Raises OSError or ValueError."""
    content = path.read_bytes()
    return official.from_notice(json.loads(gzip.decompress(content) if path.suffix == ".gz" else content), year)
