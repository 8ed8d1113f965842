"""`./dev bench sla`: what the clocks cost. Each part prints a section for docs/benchmarks.md.

Publishing: a policy published for running clocks of very many open tickets, while somebody looks at a queue.
Replay: the shipped event log as it is and ten times as long, each in a process of its own, with the memory it came to.
Working time: one deadline of 60 working minutes, and many at once, beside businesstimedelta and pandas in the same run.
"""

import random
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from time import process_time
from typing import Any
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import chinese_calendar

from benchmarks._compared import bring
from benchmarks._measuring import Measured, Work, machine, measure_beside
from calendars.worktime import WEEKDAYS, WorkingCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
YEARS = range(2017, 2027)
LIMIT = 60 * 60
HOURS = [["08:00", "20:00"]]
OURS = "ours, `add`, instants in Asia/Shanghai"


def working_time() -> None:
    """One deadline, and many at once, on ten years of Chinese holidays and shifted working days."""
    ours, instants, many = calendar(), random_instants(4_000), random_instants(200_000)
    local, many_local = ([at.astimezone(SHANGHAI) for at in ats] for ats in (instants, many))
    works = {
        OURS: Work(lambda: [ours.add(at, LIMIT) for at in local], len(local)),
        "ours, `add`, instants in UTC": Work(lambda: [ours.add(at, LIMIT) for at in instants], len(instants)),
        "ours, `add_many`, Asia/Shanghai": Work(lambda: ours.add_many(many_local, LIMIT), len(many)),
        "ours, `add_many`, UTC": Work(lambda: ours.add_many(many, LIMIT), len(many)),
    }
    compared = {}
    if bring("businesstimedelta", "pandas"):
        compared = {"businesstimedelta": with_businesstimedelta(), "pandas": with_pandas()}
    for name, (prepare, add) in compared.items():
        theirs = [prepare(at) for at in local]
        works[f"{name} {version(name)}"] = Work(lambda a=add, starts=theirs: [a(at) for at in starts], len(local))
    report(measure_beside(works, clock=process_time))
    for name, (prepare, add) in compared.items():
        explain(name, lambda at, p=prepare, a=add: a(p(at)))


def random_instants(count: int) -> list[datetime]:
    """Instants to the microsecond anywhere in the ten years, always the same ones."""
    chance = random.Random(20260302)
    begin = datetime(YEARS[0], 1, 1, tzinfo=UTC)
    span = (datetime(YEARS[-1], 12, 1, tzinfo=UTC) - begin) // timedelta(microseconds=1)
    return [begin + timedelta(microseconds=chance.randrange(span)) for _ in range(count)]


def calendar(*, shifted: bool = True) -> WorkingCalendar:
    """Working days 08:00 to 20:00 with ten years of days off, and of shifted working days."""
    return WorkingCalendar.from_dict(
        {
            "tz": "Asia/Shanghai",
            "weekly": dict.fromkeys(WEEKDAYS[:5], HOURS),
            "holidays": days_off(),
            "exceptions": {day: HOURS for day in chinese_calendar.workdays if shifted and day.year in YEARS},
        }
    )


def days_off() -> list[date]:
    """The official days off of the ten years."""
    return [day for day in chinese_calendar.holidays if day.year in YEARS]


def with_businesstimedelta() -> tuple[Callable[[datetime], Any], Callable[[Any], datetime]]:
    """The same week and days off by businesstimedelta, which wants zones of pytz."""
    businesstimedelta, pytz = import_module("businesstimedelta"), import_module("pytz")
    zone = pytz.timezone("Asia/Shanghai")
    week = businesstimedelta.WorkDayRule(start_time=time(8), end_time=time(20), working_days=[0, 1, 2, 3, 4], tz=zone)
    # It fails after the last day off that it knows, so it gets one that is never reached.
    off = businesstimedelta.HolidayRule(dict.fromkeys([*days_off(), date(YEARS[-1] + 2, 1, 1)], "off"), tz=zone)
    limit = businesstimedelta.BusinessTimeDelta(businesstimedelta.Rules([week, off]), seconds=LIMIT)
    return lambda at: at.astimezone(zone), lambda at: at + limit


def with_pandas() -> tuple[Callable[[datetime], Any], Callable[[Any], datetime]]:
    """The same week and days off by pandas' CustomBusinessHour."""
    pandas = import_module("pandas")
    limit = pandas.offsets.CustomBusinessHour(1, start="08:00", end="20:00", holidays=days_off())
    return pandas.Timestamp, lambda at: at + limit


def report(results: dict[str, Measured]) -> None:
    """Print the table; factors are against our `add` for instants in Asia/Shanghai, which the others get too."""
    print(f"\n{machine()}. Processor time of one core, median of 9 rounds (smallest–largest), all in each round.\n")
    print("| 60 working minutes, 08:00–20:00, ten years of days off | one | a second | times ours |")
    print("| --- | ---: | ---: | ---: |")
    for name, measured in results.items():
        print(f"| {name} | {measured} | {measured.per_second:,.0f} | {measured.against(results[OURS]):.1f} |")


def explain(name: str, theirs: Callable[[datetime], datetime]) -> None:
    """Count where another library answers differently, by the reason."""
    ours, unshifted = calendar(), calendar(shifted=False)
    starts = [at.astimezone(SHANGHAI).replace(second=0, microsecond=0) for at in random_instants(20_000)]
    reasons = {"it cannot open a weekend day (调休)": 0, "used up at closing time it goes to the next opening (R26)": 0}
    shifted, closing = reasons
    unexplained = []
    for at in starts:
        mine, other = ours.add(at, LIMIT), theirs(at)
        if mine == other:
            continue
        plain = unshifted.add(at, LIMIT)
        if plain == other:
            reasons[shifted] += 1
        elif not unshifted.is_working(plain) and unshifted.next_open(plain) == other:
            reasons[closing] += 1
        else:
            unexplained.append(at)
    told = [f"{count} because {reason}" for reason, count in reasons.items() if count]
    told += [f"{len(unexplained)} unexplained, the first from {unexplained[0]}"] if unexplained else []
    print(
        f"\n{name} answers differently for {sum(reasons.values()) + len(unexplained)} of {len(starts):,} whole minutes:"
    )
    print("; ".join(told) + ".")


def publishing() -> None:
    """A policy published for running clocks; its module needs the database, which the others do without."""
    import_module("benchmarks._publishing").measure()


def replaying() -> None:
    """The shipped event log and one ten times as long."""
    import_module("benchmarks._replaying").measure()


PARTS = {"worktime": working_time, "replay": replaying, "publishing": publishing}


def main(arguments: list[str]) -> int:
    """Measure the named parts, by default all."""
    strange = [name for name in arguments if name not in PARTS]
    if strange:
        print(f"There is no part {strange[0]!r}; there are: {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    for name in arguments or PARTS:
        PARTS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
