"""`./dev bench pages --keep`: pages with very many tickets. Prints a section for docs/benchmarks.md.

Each number of tickets has a database of its own, made by `manage generate`; with `--keep` the next run finds it. The
server is the one of `./dev up`, asked over HTTP by people who are signed in.

Server: milliseconds of each page, median and 95th percentile, its processor time and its queries; the larger against
the smaller database.
Weight: bytes of a first and of a repeated visit. Browser: until a page can be used, where Chromium is there.
Streams: 500 of them on one process, idle and with 20 events a second.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psycopg2
from psycopg2 import sql

from benchmarks._measuring import machine
from devtools.places import ROOT

OPEN_SHARE = 0.05
LIVES = 2_000
PARTS = ("server", "weight", "browser", "streams")
ALONE = ("candidates",)
"""A part of `server` that can be asked for alone, which needs no web server and half a minute."""
KILO = 1000
AT_MOST, AT_MOST_WITH_PLOTS = 250, 500
"""Kilobytes that a first visit may send, compressed."""


def prepare(tickets: int) -> str:
    """The address of a database with so many tickets; it is generated where it is not there as a whole."""
    name = f"desk_{tickets}"
    base = os.environ["DATABASE_URL"].rpartition("/")[0]
    address = f"{base}/{name}"
    connection = psycopg2.connect(f"{base}/postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name])
        if (row := cursor.fetchone()) is not None and row[0] != "whole":
            cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
            row = None
        if row is None:
            begun = time.monotonic()
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            run(address, "-m", "devtools.prepare")
            opened = round(tickets * OPEN_SHARE)
            more = ("--open", str(opened), "--seed", "1", "--lives", str(min(LIVES, tickets)))
            run(address, "manage.py", "generate", "--tickets", str(tickets), *more)
            cursor.execute(sql.SQL("COMMENT ON DATABASE {} IS 'whole'").format(sql.Identifier(name)))
            print(f"{tickets:,} tickets generated in {time.monotonic() - begun:.0f} s", file=sys.stderr)
        else:
            run(address, "-m", "devtools.prepare")
    connection.close()
    return address


def run(address: str, *arguments: str, **more: str) -> str:
    """Run Python with these arguments on a database; returns what it prints."""
    env = os.environ | {"DATABASE_URL": address, "LOG_LEVEL": "ERROR"} | more
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout


def measure(address: str, rounds: int, parts: list[str], only: str) -> dict[str, Any]:
    """What a process of its own finds on this database."""
    asked = ["--rounds", str(rounds), "--only", only, "--parts", *parts]
    printed = run(address, "benchmarks/_looking.py", *asked, STATIC_FROM_SOURCE="false")
    found: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return found


def report(results: list[dict[str, Any]]) -> None:
    """Print the section."""
    print(f"\n{machine()}. The server, the database and whoever asks share the machine.\n")
    for result in results:
        said = ", ".join(f"{name} {number:,}" for name, number in result["facts"].items())
        print(f"- {said}")
    if "pages" in results[0]:
        report_server([result["pages"] for result in results], [result["facts"]["tickets"] for result in results])
    last = results[-1]
    if weights := last.get("weights"):
        print("\n| compressed kB | page | its files | first visit | at most | repeated |")
        print("| --- | ---: | ---: | ---: | ---: | ---: |")
        for name, weight in weights.items():
            page, files = weight["page"] / KILO, weight["files"] / KILO
            first = f"{page + files:.1f} | {AT_MOST_WITH_PLOTS if 'plot' in name else AT_MOST}"
            print(f"| {name} | {page:.1f} | {files:.1f} | {first} | {weight['again'] / KILO:.1f} |")
    if usable := last.get("usable"):
        print("\n| ms until it can be used, Chromium, median | first visit | repeated |\n| --- | ---: | ---: |")
        for name, (first, again) in usable.items():
            print(f"| {name} | {first:.0f} | {again:.0f} |")
    if streams := last.get("streams"):
        memory = f"{streams['before']:.0f} MiB before and {streams['with_streams']:.0f} MiB with 500 of them"
        shares = f"idle {streams['idle_share']:.1%} of one core, with 20 events a second {streams['busy_share']:.1%}"
        print(f"\nStreams: the server takes {memory} (opened in {streams['opened_in']:.1f} s); {shares}.")
        print(f"{streams['heard']:,} hints were heard in 20 s.")


def report_server(pages: list[dict[str, Any]], tickets: list[int]) -> None:
    """One line for each page: median, 95th percentile and processor time at each number of tickets, ratio, queries."""
    heads = " | ".join(f"{number:,}: median | p95 | processor" for number in tickets)
    print(f"\n| ms on the server | {heads} | p95 against p95 | queries |")
    print(f"| --- | {' | '.join(['---:'] * (3 * len(tickets) + 2))} |")
    for name in pages[-1]:
        highs = [statistics.quantiles(each[name]["ms"], n=20, method="inclusive")[-1] for each in pages]
        cells = [
            f"{statistics.median(each[name]['ms']):.1f} | {high:.1f} | {_processor(each[name])}"
            for each, high in zip(pages, highs, strict=True)
        ]
        print(f"| {name} | {' | '.join(cells)} | {highs[-1] / highs[0]:.2f} | {pages[-1][name]['queries']} |")


def _processor(taken: dict[str, Any]) -> str:
    """The web server's own time for a page, which tells pages apart even on a busy machine; not for what has none."""
    return f"{statistics.median(taken['processor']):.1f}" if "processor" in taken else ""


def main(arguments: list[str]) -> int:
    """Generate what is lacking, measure, report."""
    parser = argparse.ArgumentParser(prog="./dev bench pages", description=__doc__)
    parser.add_argument("--tickets", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--parts", nargs="+", choices=PARTS + ALONE, default=list(PARTS))
    parser.add_argument("--only", default="", help="only pages with this in their name")
    asked = parser.parse_args(arguments)
    addresses = [prepare(tickets) for tickets in sorted(asked.tickets)]
    if set(asked.parts) - set(ALONE):
        run(addresses[0], "manage.py", "collectstatic", "--noinput", "--verbosity", "0", STATIC_FROM_SOURCE="false")
    results = [
        measure(
            address,
            asked.rounds,
            [part for part in asked.parts if part in {"server", *ALONE} or address == addresses[-1]],
            asked.only,
        )
        for address in addresses
    ]
    report(results)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
