"""Cases come together whatever the order of the lines, in memory that does not grow with the log."""

import gc
import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.csv_lines import Line
from replay import mapping
from replay.gathering import NotSorted, cases
from replay.log import replay
from replay.playing import PlayedCase
from replay.reading import Event
from replay.words import Word
from tests.replay.logs import MAP, a_file, a_map, at

WORDS = [Word.ACCEPTED, Word.HANDLING, Word.REPLIED, Word.CLOSED]


def some_events(count: int) -> list[Event]:
    """The events of cases that overlap, in order of time."""
    return [
        Event(f"C{number % 7}", at("09:00") + timedelta(minutes=number), number + 2, WORDS[number % 4])
        for number in range(count)
    ]


def together(events, **how):
    return [(case, list(of_it)) for case, of_it in cases(events, blame=pytest.fail, **how)]


@given(st.integers(0, 60), st.integers(1, 9), st.integers(2, 4), st.randoms(use_true_random=False))
def test_sorting_on_disk_gives_the_same_as_sorting_at_once(count, run, fan_in, chance):
    events = some_events(count)
    shuffled = chance.sample(events, len(events))

    found = together(shuffled, is_sorted=False, run=run, fan_in=fan_in)

    assert found == together(shuffled, is_sorted=False)
    assert [case for case, _ in found] == sorted({event.case for event in events})
    for _case, of_it in found:
        assert [event.at for event in of_it] == sorted(event.at for event in of_it)
    assert sorted(event.line for _, of_it in found for event in of_it) == [event.line for event in events]


def test_a_log_that_is_said_to_be_sorted_and_is_not_is_refused_with_the_line():
    with pytest.raises(NotSorted, match=r"line 9: case C0 comes after case C6"):
        together(some_events(20), is_sorted=True)


def test_in_a_sorted_log_an_earlier_line_of_the_same_case_is_named_and_left_out():
    named = []
    events = [Event("C1", at("09:00"), 2, Word.ACCEPTED), Event("C1", at("08:00"), 3, Word.HANDLING)]

    found = [list(of_it) for _, of_it in cases(events, is_sorted=True, blame=named.append)]

    assert [len(of_it) for of_it in found] == [1]
    assert [str(problem) for problem in named] == ["line 3: is earlier than line 2 of the same case"]


@pytest.mark.parametrize("is_sorted", [True, False], ids=["sorted", "sorted on disk"])
def test_a_log_ten_times_as_long_holds_no_more_of_it_in_memory(tmp_path, monkeypatch, is_sorted):
    monkeypatch.setattr("replay.gathering.cases.__kwdefaults__", {"run": 200, "fan_in": 4})
    meaning = mapping.load(a_map(tmp_path, MAP.replace("[file]", f"[file]\nsorted_by_case = {str(is_sorted).lower()}")))

    def most_alive(count: int) -> int:
        rows = [
            f"C{case:05},{what},2026-03-02 {hour}:00,G{case % 3},P{case % 50},light"
            for case in range(count)
            for hour, what in (("09", "new"), ("10", "work"), ("11", "answered"), ("12", "closed"))
        ]
        if not is_sorted:
            random.Random(7).shuffle(rows)
        most, turns = 0, 0

        def look() -> None:
            nonlocal most, turns
            turns += 1
            if turns % 97 == 0:
                alive = sum(isinstance(each, Line | Event | PlayedCase) for each in gc.get_objects())
                most = max(most, alive)

        tally, problems = replay(
            a_file(tmp_path, *rows), meaning=meaning, book=meaning.book, blame=pytest.fail, progress=look
        )
        assert (tally.cases, tally.events, problems) == (count, 4 * count, 0)
        return most

    gc.collect()
    gc.freeze()  # what was there before is none of ours, and takes long to look through
    try:
        short, long = most_alive(100), most_alive(1000)
    finally:
        gc.unfreeze()

    assert 0 < long <= short + 5
