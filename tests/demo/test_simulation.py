"""Real complaints played through the lifecycle on a simulated clock: everything holds, and a seed decides all."""

import gzip
import json
import re
import signal
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from demo import records
from demo.roster import load_roster
from demo.simulation import invariants
from demo.simulation.own_database import configured_tables, is_there, lived_tables, own_database
from demo.simulation.play import moved
from tests.databases import name_of_the_shipped
from tests.people import a_ticket

# A play opens databases of its own, which no transaction around a test can hold.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def play(transactional_db, tmp_path):
    """Plays in a database of its own and gives the report."""

    def played(**options):
        out = tmp_path / "report.json"
        shipped = name_of_the_shipped(connection.settings_dict["NAME"])
        call_command("simulate", **{"json": out, "like": shipped, **options})
        return json.loads(out.read_text(encoding="utf-8"))

    return played


@pytest.mark.long
def test_a_hundred_and_fifty_lives_keep_every_promise_and_fill_no_table_but_those_that_are_copied(play, capsys):
    report = play(limit=150, seed=7, keep=True)
    kept = re.search(r"kept in database (\w+)", capsys.readouterr().out)[1]
    shipped = name_of_the_shipped(connection.settings_dict["NAME"])
    grown = {table for table, rows in rows_of(kept).items() if rows != rows_of(shipped).get(table)}
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{kept}" WITH (FORCE)')

    assert report["tickets"]["total"] == 150
    assert set(report["checks"]) == set(invariants.CHECKS)
    assert not any(report["checks"].values())
    # The play has to bring forth what the checks are about.
    assert report["clocks"]["reply"]["met"] > 0
    assert report["clocks"]["reply"]["breached"] > 0
    assert report["contacts_refused_by_the_gate"] > 0
    assert report["tickets"]["reopened"] > 0
    assert report["callbacks"]["with_result"]["dissatisfied"] > 0
    assert any(step.startswith("reply/") for step in report["escalations"])
    answers = report["answers"]
    assert answers["letters"]["sent"] > 0
    assert answers["letter_decisions"]["lead yes"] > 0
    assert answers["solutions"]["granted"] > 0
    assert answers["progress_told"] > 0
    assert answers["interim_remedies"] > 0
    assert answers["follow_ups"]["reconciled"] > 0
    assert answers["short_messages"]["answered"] > 0
    assert answers["called_for_campaigns"]["answered"] > 0
    assert sum(report["authorities"]["cases"].values()) > 0
    # Words are gathered anew where the past is copied to; the record of who drew a campaign stays behind.
    assert grown <= {*lived_tables(), "search_wording", "auditlog_logentry"}
    assert {"callbacks_campaign", "inbound_shortmessage", "letters_letter", "authorities_case"} <= grown


@pytest.mark.long
@pytest.mark.extended
def test_one_seed_plays_the_same_twice_and_another_differently(play):
    first, second, other = (play(limit=10, seed=seed, parts=1) for seed in (3, 3, 4))

    assert first == second
    assert first != other


@pytest.mark.long
@pytest.mark.extended
def test_with_somebody_on_duty_at_night_everything_holds_as_well_and_the_same_twice(play):
    shipped = name_of_the_shipped(connection.settings_dict["NAME"])
    complaints, _repairs = records.load()
    with own_database("with_a_roster", like=shipped):
        load_roster(today=complaints[-1].raised_at.date())

        first, second = (play(limit=25, seed=5, parts=1, like="with_a_roster") for _time in range(2))

    assert first == second
    assert not any(first["checks"].values())
    assert first["escalations"]


def test_an_unreadable_file_is_named_with_its_line(play, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("Ticket #,Customer Complaint\n1\n", encoding="utf-8")

    with pytest.raises(CommandError, match=r"bad\.csv"):
        play(data=bad)


def test_the_database_of_the_tests_stays_the_configured_one(play, tmp_path):
    before = connection.settings_dict["NAME"]

    with pytest.raises(CommandError):
        play(data=tmp_path / "missing.csv")

    assert connection.settings_dict["NAME"] == before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"limit": 0}, "--limit"),
        ({"parts": 0}, "--parts"),
        ({"part": 3}, "numbered from 0 to 2"),
        ({"like": "nobody_made_it"}, "there is no database nobody_made_it"),
        ({"json": Path("/nowhere/report.json")}, "/nowhere/report.json cannot be written"),
    ],
)
def test_what_cannot_be_played_is_refused_before_the_play(play, options, said):
    with pytest.raises(CommandError, match=said):
        play(**options)


def test_a_file_without_complaints_is_refused(play, tmp_path):
    with gzip.open(records.SHIPPED, "rt", encoding="utf-8") as shipped:
        headings = shipped.readline()
    bare = tmp_path / "bare.csv"
    bare.write_text(headings, encoding="utf-8")

    with pytest.raises(CommandError, match=r"bare\.csv: holds no complaints"):
        play(data=bare)


def test_a_part_to_which_no_customer_falls_has_nothing_to_tell(play):
    report = play(limit=1, parts=50, part=0)

    assert report["tickets"]["total"] == 0
    assert not any(report["checks"].values())


def test_a_play_that_is_told_to_end_drops_its_database(transactional_db):
    shipped = name_of_the_shipped(connection.settings_dict["NAME"])

    with pytest.raises(SystemExit), own_database("told_to_end", like=shipped):
        made = is_there("told_to_end")
        signal.raise_signal(signal.SIGTERM)

    assert made
    assert not is_there("told_to_end")
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_play_begins_without_tickets(play):
    a_ticket()
    lived_in = connection.settings_dict["NAME"]

    connection.close()
    with pytest.raises(CommandError, match=f"there are tickets in {lived_in} already"):
        play(like=lived_in)


def rows_of(database):
    """How many rows each table of a database has."""
    configured = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
            cursor.execute(" UNION ALL ".join(f"SELECT '{table}', COUNT(*) FROM {table}" for table in tables))
            return dict(cursor.fetchall())
    finally:
        connection.close()
        connection.settings_dict["NAME"] = configured


def test_what_a_play_fills_and_what_it_is_configured_by_are_apart():
    lived, configured = set(lived_tables()), set(configured_tables())

    assert not lived & configured
    assert {"complaints_ticket", "complaints_entry", "sla_clock", "escalation_escalation"} <= lived
    assert {"accounts_unit", "complaints_category", "sla_policy", "escalation_ladder"} <= configured


def test_moved_complaints_keep_their_time_of_day():
    complaints, _repairs = records.load()

    later = moved(complaints[:3], timedelta(days=10))

    assert [c.raised_at.time() for c in later] == [c.raised_at.time() for c in complaints[:3]]
