"""The shipped log and map: counted here a second time, by other means."""

import csv
import gzip
import json
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

DATA = Path(settings.BASE_DIR) / "demo" / "data"
LOG, MAP = DATA / "uci_incident_event_log_even.csv.gz", DATA / "uci_incident_map.toml"

pytestmark = [pytest.mark.long, pytest.mark.extended]


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> dict:
    report = tmp_path_factory.mktemp("replay") / "report.json"
    call_command("replay_log", LOG, map=MAP, json=report, stdout=StringIO())
    return json.loads(report.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def last_lines() -> dict[str, dict[str, str]]:
    """The last line of each case, which holds what the log counted."""
    with gzip.open(LOG, "rt", encoding="utf-8", newline="") as file:
        return {line["number"]: line for line in csv.DictReader(file)}


def test_cases_events_reopenings_and_reassignments_are_those_of_the_file(told, last_lines):
    with gzip.open(LOG, "rb") as file:
        events = sum(1 for _ in file) - 1

    assert told["problems"] == 0
    assert told["cases"] == len(last_lines) == 12_438
    assert told["events"] == events == 70_986
    assert told["reopenings"]["told"] == sum(int(line["reopen_count"]) for line in last_lines.values()) == 188
    assert (
        told["reassignments"]["told"] == sum(int(line["reassignment_count"]) for line in last_lines.values()) == 11_955
    )
    assert told["closed"] == sum(line["incident_state"] == "Closed" for line in last_lines.values())


def test_the_reopenings_that_we_see_are_those_that_the_log_counts(told, last_lines):
    assert told["reopenings"]["seen"] == told["reopenings"]["told"]
    assert told["reopenings"]["cases"] == sum(line["reopen_count"] != "0" for line in last_lines.values())


def test_every_case_has_a_verdict_of_the_log_and_each_that_differs_a_reason(told, last_lines):
    verdicts = told["verdicts"]
    recorded = Counter(line["made_sla"] for line in last_lines.values())

    of_the_log = Counter()
    for between, count in verdicts["table"].items():
        of_the_log[between.rpartition("_")[2]] += count
    assert of_the_log == {"met": recorded["true"], "missed": recorded["false"]}
    assert verdicts["agree"] + verdicts["differ"] == told["cases"]
    assert sum(reason["cases"] for reason in verdicts["reasons"]) == verdicts["differ"]
    assert all(reason["examples"] for reason in verdicts["reasons"])


def test_the_log_mostly_differs_because_it_counts_until_closing(told):
    reasons = {reason["reason"]: reason["cases"] for reason in told["verdicts"]["reasons"]}

    assert max(reasons, key=reasons.get) == "until_closed"


def test_the_data_come_with_their_licence_and_where_they_are_from():
    provenance = (DATA / "PROVENANCE.md").read_text(encoding="utf-8")

    assert "10.24432/C57S4H" in provenance
    assert "CC BY 4.0" in provenance
    assert (DATA / "CC-BY-4.0.txt").read_text(encoding="utf-8").startswith("Attribution 4.0 International")
