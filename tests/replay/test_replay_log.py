"""The command: what it reports, which lines it leaves out and names, what it refuses, and that it writes nothing."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.replay.logs import MAP, a_file, a_map

GOOD = [
    "A1,new,2026-03-02 09:00,?,,light",
    "A1,work,2026-03-02 09:20,North,Wei,light",
    "A1,ask,2026-03-02 10:00,North,Wei,light",
    "A1,work,2026-03-02 12:00,South,Noor,light",
    "A1,answered,2026-03-02 14:00,South,Noor,light",
    "A1,closed,2026-03-03 09:00,South,,light",
    "B2,new,2026-03-02 09:00,,,heavy",
    "B2,answered,2026-03-02 11:00,South,Noor,heavy",
]


class Desk:
    """Runs the command and keeps what it said."""

    def __init__(self, folder):
        self.folder = folder
        self.out, self.err = StringIO(), StringIO()
        self.json = folder / "report.json"

    def replay(self, *rows, meaning=MAP, **options):
        call_command(
            "replay_log",
            a_file(self.folder, *rows),
            **{"map": a_map(self.folder, meaning), "json": self.json} | options,
            stdout=self.out,
            stderr=self.err,
        )
        return json.loads(self.json.read_text(encoding="utf-8"))


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def test_a_replay_reports_timeliness_holds_and_hand_ons_in_words_and_for_machines(desk):
    told = desk.replay(*GOOD)

    assert (told["cases"], told["events"], told["closed"], told["problems"]) == (2, 8, 1, 0)
    assert told["first_at"] == "2026-03-02T01:00:00+00:00"
    assert told["clocks"]["reply"]["outcomes"] == {"met": 1, "met_late": 1}
    assert told["clocks"]["reply"]["timeliness"] == 0.5
    assert told["clocks"]["reply"]["late_seconds"]["longest"] == 3600
    assert told["clocks"]["conclude"]["outcomes"] == {"running": 1, "without_limit": 1}
    assert (told["holds"]["holds"], told["holds"]["cases"]) == (1, 1)
    assert told["holds"]["held_seconds_of_a_case"]["p50"] == pytest.approx(7200, rel=0.01)
    assert told["reassignments"]["unit_changes_seen"] == told["reassignments"]["person_changes_seen"] == 1
    assert [(unit["unit"], unit["cases"]) for unit in told["units"]] == [("South", 2)]
    assert "8 events of 2 cases" in desk.out.getvalue()


def test_the_order_of_the_lines_does_not_matter(desk):
    assert desk.replay(*GOOD) == desk.replay(*reversed(GOOD))


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("A3,dance,2026-03-02 09:00,,,", "line 4, column 'what': 'dance' stands in no table of the map"),
        ("A3,,2026-03-02 09:00,,,", "line 4, column 'what': is empty"),
        ("?,new,2026-03-02 09:00,,,", "line 4, column 'case': is empty"),
        ("A3,new,yesterday,,,", "line 4, column 'when': 'yesterday' is no moment of the form YYYY-MM-DD HH:MM:SS"),
        ("A3,new,0001-01-01 00:00,,,", "line 4, column 'when': '0001-01-01 00:00' lies beyond all calendars"),
        ("A3,new", "line 4: has 2 cells, the header has 6"),
        ('A3,"new,2026', "line 4: is no CSV record"),
    ],
)
def test_a_bad_line_is_named_with_its_column_and_reason_and_the_rest_is_played(desk, line, named):
    with pytest.raises(CommandError) as left_out:
        desk.replay(*GOOD[:2], line)

    assert left_out.value.returncode == 3
    assert named in desk.err.getvalue()
    told = json.loads(desk.json.read_text(encoding="utf-8"))
    assert (told["cases"], told["events"]) == (1, 2)
    assert told["problems"] >= 1
    assert "2 events of 1 cases" in desk.out.getvalue()


@pytest.mark.parametrize(
    ("meaning", "why"),
    [
        ("[columns", "map.toml"),
        (MAP.replace('at = "when"', ""), r"\[columns\] lacks at"),
        (MAP.replace('at = "when"', 'at = "moment"'), "line 1 lacks the column 'moment'"),
        (MAP.replace('"handling"', '"dancing"'), r"\[activities\] has dancing"),
        (MAP.replace('"elapsed_minutes"', '"heartbeats"', 1), "policy 1: 'heartbeats' is not a valid"),
        (MAP.replace('"elapsed_minutes"', '"working_days"', 1), r"policy 1: there is no \[calendars"),
        (MAP.replace("limit = 240", "limit = 0"), "policy 1: the limit is to be a whole number from 1 on"),
        (MAP.replace('code = "handle"', ""), "policy 4 lacks 'code'"),
        (MAP.replace('urgency = "heavy"', ""), "the policies reply and reply, heavy are a tie"),
        (MAP.replace('"Asia/Shanghai"', '"Moon/Sea"'), "'Moon/Sea' is no time zone"),
        (MAP.replace('tz = "UTC"', 'tz = "Moon/Sea"'), r"\[calendars.office\]"),
        (MAP + '\n[judged]\nclock = "liability"', r"\[judged\] has the clock liability"),
        (MAP + "\n[surprise]", "surprise"),
    ],
)
def test_a_map_that_cannot_be_used_is_refused_with_why(desk, meaning, why):
    with pytest.raises(CommandError, match=why) as refused:
        desk.replay(*GOOD, meaning=meaning)

    assert refused.value.returncode == 1


def test_a_file_that_is_none_is_refused(desk, tmp_path):
    (tmp_path / "broken.csv.gz").write_bytes(b"\x1f\x8b not gzip")

    for path in ("broken.csv.gz", "nowhere.csv"):
        with pytest.raises(CommandError, match=path):
            call_command("replay_log", tmp_path / path, map=a_map(tmp_path))


def test_a_log_that_ends_in_the_middle_is_refused(desk, tmp_path):
    import gzip

    whole = gzip.compress("\n".join(["case,what,when,group,who,weight", *GOOD * 50]).encode())
    (tmp_path / "half.csv.gz").write_bytes(whole[: len(whole) // 2])

    with pytest.raises(CommandError, match=r"half\.csv\.gz"):
        call_command("replay_log", tmp_path / "half.csv.gz", map=a_map(tmp_path), stderr=StringIO())


@pytest.mark.django_db
def test_without_policies_in_the_map_those_of_the_desk_hold(desk, django_assert_max_num_queries):
    own = MAP[: MAP.index("[calendars")] + '\n[values.urgency]\n"heavy" = "urgent"\n"light" = "ordinary"\n'

    with django_assert_max_num_queries(12) as asked:
        told = desk.replay(*GOOD, meaning=own)

    assert set(told["policies"]) == {
        "Reply, urgent v1",
        "Reply, ordinary v1",
        "Dispatch, urgent v1",
        "Dispatch, ordinary v1",
        "Handling, reply in hours v1",
        "Conclusion v1",
    }
    assert told["clocks"]["reply"]["outcomes"] == {"met": 1, "met_late": 1}
    assert all(query["sql"].startswith(("SELECT", "SHOW")) for query in asked.captured_queries)


@pytest.mark.django_db
def test_a_category_that_the_desk_does_not_have_is_named(desk):
    own = MAP[: MAP.index("[calendars")].replace('unit = "group"', 'category = "group"')

    with pytest.raises(CommandError):
        desk.replay("A1,new,2026-03-02 09:00,moonlight,,light", meaning=own)

    assert "line 2, column 'group': the desk has no category 'moonlight'" in desk.err.getvalue()
