"""The rehearsal's judge finds what is wrong, and a short rehearsal finds nothing."""

import json
import os
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from devtools.chaos.gateways import Received
from devtools.chaos.judging import Window, judge
from devtools.chaos.load import Matter
from devtools.places import ROOT

BEGAN = 1000.0
LONG_AFTER = 2000.0


def _records(
    *,
    lives: list[tuple[str, float, float | None]],
    breached: list[str],
    steps: list[tuple[str, int, float, float, int]],
    silent: list[tuple[str, int]] = [],  # noqa: B006 (read only)
    unsent: list[tuple[str, str]] = [],  # noqa: B006
    by_sms: list[str] = [],  # noqa: B006
    waiting: list[tuple[str, int]] = [],  # noqa: B006
) -> Callable[..., list[tuple[Any, ...]]]:
    """The records of a desk, as the judge asks for them."""

    def ask(question: str) -> list[tuple[Any, ...]]:
        if "external_id" in question:
            return [(f"id-{reference}", 1) for reference, *_ in lives]
        if "GROUP BY 1" in question:
            return list(lives)
        if "'breached'" in question:
            return [(reference,) for reference in breached]
        if "NOT EXISTS" in question:
            return list(silent)
        if "'planned'" in question:
            return list(waiting)
        if "escalation_ladder" in question:
            return list(steps)
        if "NOT IN" in question:
            return list(unsent)
        return [(key,) for key in by_sms]

    return ask


def _climbed(reference: str, late: float = 0.5) -> list[tuple[str, int, float, float, int]]:
    return [(reference, order, BEGAN + after, BEGAN + after + late, 1) for order, after in ((1, 30), (2, 60), (3, 120))]


def _judged(ask, *, matters=(), windows=(), diary=()):
    return judge(ask, matters=matters, windows=list(windows), diary=list(diary), until=LONG_AFTER)


def test_a_desk_on_which_all_happened_once_is_cleared():
    ask = _records(lives=[("T-1", BEGAN, None), ("T-2", BEGAN, BEGAN + 5)], breached=["T-1"], steps=_climbed("T-1"))

    verdict = _judged(ask)

    assert verdict.holds, verdict.wrongs
    assert verdict.lateness["no fault"]["p50"] == 0.5


def test_a_desk_on_which_nothing_fell_due_shows_nothing():
    assert not _judged(_records(lives=[], breached=[], steps=[])).holds


@pytest.mark.parametrize(
    ("records", "wrong"),
    [
        ({"breached": []}, "lost"),
        ({"breached": ["T-1", "T-1"]}, "doubled"),
        ({"breached": ["T-1", "T-2"]}, "unexpected"),
        ({"steps": _climbed("T-1")[:2]}, "lost"),
        ({"steps": [*_climbed("T-1"), *_climbed("T-1")[2:]]}, "doubled"),
        ({"steps": [*_climbed("T-1"), *_climbed("T-2")[:1]]}, "unexpected"),
        ({"steps": [(*row[:4], 0) for row in _climbed("T-1")]}, "lost"),
        ({"steps": [_climbed("T-1")[0], _climbed("T-1")[2], _climbed("T-1")[1]]}, "out_of_order"),
        ({"waiting": [("T-2", 2)]}, "lost"),
        ({"silent": [("T-1", 2)]}, "messages_lost"),
        ({"unsent": [("escalation:1:7:sms", "failed")]}, "messages_lost"),
        ({"by_sms": ["escalation:1:7:sms"]}, "messages_lost"),
    ],
)
def test_the_judge_names_what_is_wrong(records, wrong):
    lives = [("T-1", BEGAN, None), ("T-2", BEGAN, BEGAN + 5)]
    ask = _records(**{"lives": lives, "breached": ["T-1"], "steps": _climbed("T-1")} | records)

    verdict = _judged(ask)

    assert {name for name, found in verdict.wrongs.items() if found} == {wrong}


@pytest.mark.parametrize(
    ("fault", "dispatched", "lost"),
    [
        (Window("kill the worker", BEGAN + 20, BEGAN + 25), BEGAN + 40, []),
        (Window("kill the worker", BEGAN + 20, BEGAN + 25), BEGAN + 55, ["T-2 step 1"]),
        (Window("kill the worker", BEGAN + 45, BEGAN + 47), BEGAN + 40, ["T-2 step 1"]),
    ],
)
def test_a_step_is_overtaken_only_while_nothing_could_raise_it(fault, dispatched, lost):
    back_at_work = [("T-1", 1, BEGAN + 30, BEGAN + 48, 1), *_climbed("T-1")[1:]]
    ask = _records(lives=[("T-1", BEGAN, None), ("T-2", BEGAN, dispatched)], breached=["T-1"], steps=back_at_work)

    verdict = _judged(ask, windows=[fault])

    assert verdict.lost == lost
    assert verdict.counts["overtaken"] == 1 - len(lost)


def test_a_request_that_was_answered_and_is_not_there_is_lost():
    gone = Matter("id-T-9", is_left=True, reference="T-9")
    undone = Matter("id-T-1", is_left=False, reference="T-1", dispatched=True)
    ask = _records(lives=[("T-1", BEGAN, None)], breached=["T-1"], steps=_climbed("T-1"))

    assert len(_judged(ask, matters=[gone, undone]).requests_lost) == 2


@pytest.mark.parametrize(
    ("answered", "felt", "wrong"), [("well", False, 1), ("well", True, 0), ("times out", False, 0)]
)
def test_a_message_that_came_twice_needs_a_cause(answered, felt, wrong):
    ask = _records(lives=[("T-1", BEGAN, None)], breached=["T-1"], steps=_climbed("T-1"), by_sms=["k"])
    windows = [Window("kill the worker", 1050, 1070)] if felt else []

    verdict = _judged(ask, windows=windows, diary=[Received("k", 1060, answered), Received("k", 1090, "well")])

    assert len(verdict.repeated_without_cause) == wrong
    assert verdict.counts["repeats_after_a_fault"] == 1


@pytest.mark.long
@pytest.mark.extended
def test_a_short_rehearsal_loses_nothing_and_doubles_nothing(tmp_path):
    out = tmp_path / "verdict.json"
    faults = ["kill_the_worker", "kill_postgres", "run_two_beats"]
    own = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}

    rehearsed = subprocess.run(
        [ROOT / "dev", "chaos", "--minutes", "1.3", "--rate", "0.5", "--json", out, "--faults", *faults],
        env=own,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )

    assert rehearsed.returncode == 0, rehearsed.stdout + rehearsed.stderr
    verdict = json.loads(out.read_text())
    assert verdict["holds"]
    assert verdict["counts"]["steps"] > 10
