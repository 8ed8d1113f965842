"""The replay of an event log: the shipped one, and ten times as long, sorted by case and in any order."""

import csv
import gzip
import json
import statistics
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import django

from benchmarks._measuring import machine

DATA = Path(__file__).resolve().parent.parent / "demo" / "data"
LOG, MAP = DATA / "uci_incident_event_log_even.csv.gz", DATA / "uci_incident_map.toml"
REPLAYS = 3
LONGER = 10


def measure() -> None:
    """Events a second and the most memory, sorted by case and not, at once and ten times the length."""
    print(f"\n{machine()}. Each run in a process of its own: median of {REPLAYS} (smallest–largest), of long logs one.")
    print("Events a second of processor time.\n")
    print("| event log | events | events a second | most memory | of it for the log |")
    print("| --- | ---: | ---: | ---: | ---: |")
    with TemporaryDirectory(prefix="bench-") as place:
        folder = Path(place)
        unsorted = folder / "any_order.toml"
        unsorted.write_text(MAP.read_text(encoding="utf-8").replace("sorted_by_case = true", ""), encoding="utf-8")
        long = lengthened(LOG, folder / "longer.csv.gz")
        logs = {
            "sorted by case": (LOG, MAP),
            f"sorted by case, {LONGER} times": (long, MAP),
            "in any order, sorted on disk": (LOG, unsorted),
            f"in any order, sorted on disk, {LONGER} times": (long, unsorted),
        }
        runs: dict[str, list[dict[str, float]]] = {name: [] for name in logs}
        for turn in range(REPLAYS):
            for name, (log, meaning) in logs.items():
                if log == LOG or not turn:
                    runs[name].append(replayed(log, meaning))
    for name, found in runs.items():
        speeds = [run["events"] / run["seconds"] for run in found]
        most = [run["most"] / 1024 for run in found]
        own = statistics.median((run["most"] - run["before"]) / 1024 for run in found)
        speed = f"{statistics.median(speeds):,.0f} ({min(speeds):,.0f}–{max(speeds):,.0f})"
        memory = f"{statistics.median(most):.0f} MiB ({min(most):.0f}–{max(most):.0f})"
        print(f"| {name} | {found[0]['events']:,.0f} | {speed} | {memory} | {own:.0f} MiB |")


def lengthened(log: Path, into: Path) -> Path:
    """The same log several times over, each time with other cases, still sorted by case."""
    with gzip.open(into, "wt", encoding="utf-8", newline="", compresslevel=1) as longer:
        writer = csv.writer(longer, lineterminator="\n")
        for time_over in range(LONGER):
            with gzip.open(log, "rt", encoding="utf-8", newline="") as file:
                lines = csv.reader(file)
                header = next(lines)
                if not time_over:
                    writer.writerow(header)
                writer.writerows([f"{time_over:02}-{case}", *rest] for case, *rest in lines)
    return into


def replayed(log: Path, meaning: Path) -> dict[str, float]:
    """One replay in a process of its own: events, seconds, and KiB of memory before and at most."""
    done = subprocess.run(
        [sys.executable, __file__, str(log), str(meaning)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)


def replay_here(log: str, meaning: str) -> None:
    """Replay in this process and print what it took."""
    django.setup()
    mapping, whole = import_module("replay.mapping"), import_module("replay.log")
    read = mapping.load(Path(meaning))
    before, begun = getrusage(RUSAGE_SELF).ru_maxrss, process_time()
    tally, problems = whole.replay(Path(log), meaning=read, book=read.book, blame=print)
    seconds = process_time() - begun
    assert not problems
    most = getrusage(RUSAGE_SELF).ru_maxrss
    print(json.dumps({"events": tally.events, "seconds": seconds, "before": before, "most": most}))


if __name__ == "__main__":
    replay_here(*sys.argv[1:])
