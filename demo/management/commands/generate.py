"""Fill an empty desk with very many tickets, quickly, for measurements."""

import random
import sys
import time
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone
from tqdm import tqdm

from common.origin import origin
from demo.generating.lives import ENDED, OPEN, Desk, Telling, live, spread
from demo.generating.multiplying import Block, highest_numbers, multiply
from demo.simulation.own_database import is_lived_in
from demo.staff import load_staff
from notifications.kinds import Stage
from notifications.models import Message

SHARE_OPEN = 0.9
AT_LEAST, AT_MOST = 30, 300
WEEKS_BACK = 40


class Command(BaseCommand):
    """Lives a few hundred lives through the live actions and has the database multiply them."""

    help = (
        "Fill a desk without tickets with very many: legal states with clocks, stretches and history. One seed and one "
        "instant (--at) always give the same. Nobody may work on the desk meanwhile."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many, how many of them open, from what seed, as of when."""
        parser.add_argument("--tickets", type=int, required=True)
        parser.add_argument("--open", type=int, help=f"so many of them open ({SHARE_OPEN:.0%})")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--at", type=datetime.fromisoformat, help="the instant at which the desk stands (now)")
        parser.add_argument("--lives", type=int, help="live so many and copy those (as fits the number)")
        parser.add_argument("--add", action="store_true", help="do it although there are tickets already")

    def handle(self, *args: Any, **options: Any) -> None:
        """Live, multiply, and tidy the database. Raises CommandError for a lived-in desk and for absurd numbers."""
        wanted = options["tickets"]
        opened = round(wanted * SHARE_OPEN) if options["open"] is None else options["open"]
        if not 0 <= opened <= wanted or wanted < 1:
            raise CommandError("give a number of tickets, and at most so many open ones")
        if is_lived_in() and not options["add"]:
            raise CommandError("there are tickets already; --add puts the new ones beside them")
        until = options["at"] or timezone.now()
        if until.tzinfo is None:
            raise CommandError("--at needs a time zone, such as 2026-03-02T09:00+08:00")
        began = time.monotonic()
        load_staff()
        rows = self._fill(Desk.opened(until=until), wanted, opened, options)
        with connection.cursor() as cursor:
            if not connection.in_atomic_block:
                cursor.execute("VACUUM ANALYZE")
        took = time.monotonic() - began
        self.stdout.write(f"{wanted:,} tickets, {opened:,} of them open, as of {until:%Y-%m-%d %H:%M:%S %Z}")
        self.stdout.write(f"{rows:,} rows copied; {took:.0f} s, {wanted / took:,.0f} tickets a second")

    def _fill(self, desk: Desk, wanted: int, opened: int, options: dict[str, Any]) -> int:
        rng = random.Random(options["seed"])
        lives = min(wanted, options["lives"] or max(AT_LEAST, min(AT_MOST, wanted // 10)))
        blocks = []
        with (
            origin("simulation"),
            tqdm(total=lives, unit=" lives", disable=not sys.stderr.isatty()) as bar,
        ):
            for stories, count, weeks in ((ENDED, wanted - opened, WEEKS_BACK), (OPEN, opened, 0)):
                share = max(1, round(lives * count / wanted))
                for part, copies in _in_blocks(stories, count, lives=share):
                    before = highest_numbers()
                    live(desk, part, rng=rng, progress=lambda: bar.update(1) and None)
                    Message.objects.pending().update(state=Stage.CANCELLED)
                    blocks.append(Block(copies, weeks=weeks, before=before, after=highest_numbers()))
        return multiply(blocks) if blocks else 0


def _in_blocks(
    stories: Mapping[str, tuple[int, Telling]], count: int, *, lives: int
) -> Sequence[tuple[list[Telling], int]]:
    """Tellings and how many copies of each: two blocks whose copies differ by one, so that the number comes out."""
    if not count:
        return []
    tellings = spread(stories, min(lives, count))
    copies, more = divmod(count, len(tellings))
    parts = [(tellings[:more], copies + 1), (tellings[more:], copies)]
    return [(part, number) for part, number in parts if part]
