"""A case of a log goes through the clocks as a ticket of the desk would."""

import pytest

from replay.verdicts import why_otherwise
from replay.words import Verdict, Word
from sla.kinds import Outcome
from tests.replay.logs import a_book, at, clock, played

A, H, R, C = Word.ACCEPTED, Word.HANDLING, Word.REPLIED, Word.CLOSED


def test_a_case_starts_and_ends_its_clocks_as_the_life_of_a_ticket_does():
    case = played(("09:00", A), ("09:20", H), ("11:00", R), ("12:00", C))

    told = [(each.kind, each.starts_at, each.due_at, each.ended_at, each.outcome) for each in case.clocks]
    assert told == [
        ("reply", at("09:00"), at("13:00"), at("11:00"), Outcome.MET),
        ("dispatch", at("09:00"), at("09:30"), at("09:20"), Outcome.MET),
        ("handle", at("09:20"), at("12:00"), at("11:00"), Outcome.MET),
        ("conclude", at("11:00"), None, at("12:00"), Outcome.MET),
    ]
    assert (case.answered, case.closed_at, case.events) == ([at("11:00")], at("12:00"), 4)


@pytest.mark.parametrize(("answered", "verdict"), [("13:00", Verdict.MET), ("13:01", Verdict.MISSED)])
def test_what_ends_exactly_at_its_due_is_met_and_a_minute_later_is_not(answered, verdict):
    reply = clock(played(("09:00", A), (answered, R)), "reply")

    assert reply.verdict == verdict
    assert reply.breached_at == (at("13:00") if verdict == Verdict.MISSED else None)


def test_r6_waiting_for_the_customer_stops_the_reply_and_the_handling():
    case = played(("09:00", A), ("09:10", H), ("10:00", Word.AWAITING_CUSTOMER), ("12:00", H), ("14:30", R))

    assert clock(case, "reply").due_at == at("15:00")
    assert clock(case, "handle").due_at == at("14:00")
    assert clock(case, "handle").outcome == Outcome.MET_LATE
    assert case.held == [(at("10:00"), at("12:00"))]


def test_r6_waiting_for_anybody_else_stops_the_handling_only():
    case = played(("09:00", A), ("09:10", H), ("10:00", Word.HELD), ("12:00", H), ("13:30", R))

    assert clock(case, "reply").due_at == at("13:00")
    assert clock(case, "reply").outcome == Outcome.MET_LATE
    assert clock(case, "handle").outcome == Outcome.MET


def test_one_hold_may_turn_into_another_and_is_counted_once():
    case = played(
        ("09:00", A), ("10:00", Word.HELD), ("11:00", Word.AWAITING_CUSTOMER), ("12:00", H), ("12:30", R), ("12:31", C)
    )

    assert clock(case, "reply").held == [(at("11:00"), at("12:00"))]
    assert clock(case, "handle").held == [(at("10:00"), at("11:00")), (at("11:00"), at("12:00"))]
    assert case.held == [(at("10:00"), at("12:00"))]


def test_s7_nothing_is_missed_while_it_stands_still_and_s3_an_answer_out_of_a_hold_books_it_first():
    case = played(("09:00", A), ("12:00", Word.AWAITING_CUSTOMER), ("18:00", R))

    assert clock(case, "reply").outcome == Outcome.MET
    assert clock(case, "reply").breached_at is None
    assert clock(case, "reply").held == [(at("12:00"), at("18:00"))]


def test_a_reopened_case_owes_a_reply_from_that_instant():
    case = played(("09:00", A), ("10:00", R), ("11:00", H), ("14:00", R), ("15:00", C), ("16:00", H))

    assert case.reopenings == 2
    assert [each.starts_at for each in case.clocks if each.kind == "reply"] == [at("09:00"), at("11:00"), at("16:00")]
    assert clock(case, "conclude").outcome == Outcome.CANCELLED
    assert clock(case, "reply", 2).verdict == Verdict.UNKNOWN


def test_r27_another_urgency_decides_again_from_the_original_start_and_a_due_in_the_past_is_missed_now():
    case = played(("09:00", A), ("10:30", H), ("11:00", H), ("12:00", R), filed=["", "heavy", "heavy", "heavy"])

    reply = clock(case, "reply")
    assert (reply.due_at, reply.breached_at, reply.outcome) == (at("10:00"), at("10:30"), Outcome.MET_LATE)


def test_r27_a_breach_that_was_called_stays():
    case = played(("09:00", A), ("10:30", H), ("11:00", H), ("12:00", R), filed=["heavy", "", "", ""])

    reply = clock(case, "reply")
    assert (reply.due_at, reply.breached_at, reply.outcome) == (at("13:00"), at("10:00"), Outcome.MET_LATE)


def test_r23_a_due_at_night_moves_to_the_morning():
    case = played(
        ("18:40", A),
        ("2026-03-03 08:50", R),
        book=a_book(limit=120, quiet={"starts": "20:00", "ends": "08:00", "zone": "UTC"}),
    )

    assert clock(case, "reply").due_at == at("2026-03-03 09:00")
    assert clock(case, "reply").outcome == Outcome.MET


def test_r25_working_days_end_at_the_close_of_the_last_one():
    case = played(
        ("09:00", A), ("2026-03-04 16:00", R), book=a_book(limit=2, limit_unit="working_days", calendar="office")
    )

    assert clock(case, "reply").due_at == at("2026-03-04 17:00")


def test_cancelled_is_neither_met_nor_missed():
    case = played(("09:00", A), ("09:10", Word.CANCELLED))

    assert {each.outcome for each in case.clocks} == {Outcome.CANCELLED}
    assert {each.verdict for each in case.clocks} == {Verdict.UNKNOWN}


def test_a_line_before_the_matter_was_raised_begins_the_case():
    case = played(("09:00", A), ("10:00", R), raised="11:00")

    assert case.raised_at == at("09:00")


def test_a_remark_changes_nothing():
    case = played(("09:00", A), ("09:10", H), ("09:20", Word.NOTE), ("10:00", R))

    assert len(case.clocks) == 4
    assert case.events == 4


@pytest.mark.parametrize(
    ("steps", "filed", "told", "reason"),
    [
        ([("09:00", A), ("10:00", R), ("18:00", C)], (), "missed", "until_closed"),
        ([("09:00", A), ("10:00", Word.AWAITING_CUSTOMER), ("15:00", R)], (), "missed", "holds"),
        ([("09:00", A), ("10:00", R), ("11:00", H), ("13:30", R)], (), "missed", "one_stretch"),
        ([("09:00", A), ("10:00", R), ("11:00", H), ("16:30", R)], (), "met", "first_round"),
        ([("09:00", A), ("10:30", H), ("11:00", R)], ("heavy", "", ""), "met", "last_filing"),
        ([("09:00", A), ("10:30", H), ("11:00", R)], ("", "heavy", "heavy"), "met", "first_filing"),
        ([("09:00", A), ("10:00", R), ("10:30", C)], (), "missed", "another_limit"),
    ],
)
def test_why_a_log_says_otherwise_is_the_way_of_judging_that_agrees_with_it(steps, filed, told, reason):
    case = played(*steps, filed=filed)
    case.verdict_told = Verdict(told)

    assert why_otherwise(case, "reply", a_book()) == reason
