"""Take in customers from a CSV file, as a whole or not at all (R14)."""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_datetime

from common.moment import database_now
from customers.facts import keep
from customers.imports import COLUMNS, BadFile, read_customers

SHOWN_AT_MOST = 50


class Command(BaseCommand):
    help = f"Create or update customers by number from a CSV file with the columns: {', '.join(COLUMNS)}."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, how it is written, and as of when it is true."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--encoding", default="utf-8-sig", help="utf-8-sig unless said otherwise, e.g. gb18030")
        parser.add_argument("--as-of", help="the moment these facts were true, with its offset; now unless given")

    def handle(self, *args: Any, file: Path, encoding: str, as_of: str | None, **options: Any) -> None:
        """Read, check all, then keep all."""
        moment = _moment(as_of) if as_of else database_now()
        try:
            rows = read_customers(file.read_bytes(), encoding=encoding)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except LookupError as error:
            raise CommandError(f"There is no encoding {encoding}.") from error
        except BadFile as error:
            told = [f"{file}: {cell}" for cell in error.cells[:SHOWN_AT_MOST]]
            if len(error.cells) > SHOWN_AT_MOST:
                told.append(f"… and {len(error.cells) - SHOWN_AT_MOST} more.")
            raise CommandError("\n".join([*told, "Nothing was taken in."])) from error
        self.stdout.write(f"{keep(rows, as_of=moment)} customers")


def _moment(text: str) -> datetime:
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise CommandError("--as-of: give a moment with its offset, such as 2026-03-01T09:00+08:00.")
    return moment
