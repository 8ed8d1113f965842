"""R82: an authority's case on record with its clocks, what is done to it, who may, and what it makes of the ticket."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Role
from authorities.actions import cases
from authorities.models import AppealWarning, AuthorityRules, Case, Document, Standing
from common.refusals import Malformed, NotPossible, NotYours, Stale
from complaints.actions import cancelling
from complaints.models import Ticket
from escalation.models import Escalation
from figures import counting
from figures.catalogue import FIGURES
from figures.counting import Scope
from figures.periods import Grain, Period
from tests.callbacks.stories import a_concluded_ticket
from tests.people import (
    MONDAY_NINE,
    MONDAY_TEN,
    SHANGHAI,
    TUESDAY_NINE,
    a_customer,
    a_ticket,
    a_ticket_in_hand,
    fresh,
    person,
    somebody,
)

pytestmark = pytest.mark.django_db


def a_case(ticket: Ticket | None = None, *, by: str = "lin", at: Any = MONDAY_TEN, **said: Any) -> Case:
    """A regulator's case about a ticket, put on record by Lin."""
    given = {
        "kind": "regulator",
        "name": "Communications Administration",
        "number": "2026-0117",
        "level": "provincial",
        "demand": "Answer about the charges.",
        "lodged_at": MONDAY_NINE,
        "received_at": at,
    } | said
    return cases.open_case(fresh(ticket or a_ticket()), **given, by=person(by), at=at)


def kinds(ticket: Ticket) -> list[str]:
    return list(ticket.entries.order_by("pk").values_list("kind", flat=True))


def test_r82_a_case_has_the_authoritys_clock_and_our_own(ticket):
    case = a_case(ticket)

    assert case.acceptance_due_at.astimezone(SHANGHAI).date() == date(2026, 3, 9)
    assert case.answer_due_at.astimezone(SHANGHAI).date() == date(2026, 3, 16)
    assert (case.state, case.decision_due_at) == (Standing.LODGED, None)
    assert list(case.tickets.all()) == [ticket]


def test_r82_our_clock_runs_from_when_the_case_reached_us_and_its_limit_is_data(ticket):
    AuthorityRules.objects.update_or_create(pk=1, defaults={"answer_working_days": 3})

    case = a_case(ticket, at=TUESDAY_NINE, received_at=MONDAY_TEN)

    assert case.answer_due_at.astimezone(SHANGHAI).date() == date(2026, 3, 5)
    assert not AuthorityRules.current().is_confirmed


def test_r11_r82_a_case_makes_the_ticket_an_escalated_complaint_with_its_level_and_starts_the_ladder(ticket):
    a_case(ticket)

    now = fresh(ticket)
    assert (now.addressee, now.level, now.is_escalated) == ("regulator", "provincial", True)
    assert kinds(ticket)[-2:] == ["readdressed", "case_opened"]
    assert Escalation.objects.filter(ticket=ticket, reason="escalated_complaint").exists()


def test_a_complaint_that_went_further_already_stays_there():
    ticket = a_ticket(addressee="media", level="national")

    a_case(ticket, kind="consumer_body")

    assert (fresh(ticket).addressee, fresh(ticket).level) == ("media", "national")
    assert "readdressed" not in kinds(ticket)


def test_a_closed_ticket_can_have_a_case_and_a_withdrawn_one_cannot():
    a_case(a_concluded_ticket())
    withdrawn = a_ticket(customer=a_customer("12055550199"))
    cancelling.cancel(fresh(withdrawn), reason="a mistake", by=person("rosa"), at=MONDAY_NINE)

    with pytest.raises(NotPossible):
        a_case(withdrawn, number="2")


@pytest.mark.parametrize("username", ["lin", "luyi"])
def test_a_supervisor_and_the_legal_adviser_put_cases_on_record(ticket, username):
    assert a_case(ticket, by=username).opened_by == person(username)


@pytest.mark.parametrize("username", ["rosa", "sam", "wei", "noor", "kangming"])
def test_nobody_else_puts_cases_on_record_or_works_on_them(username):
    ticket = a_ticket_in_hand()

    with pytest.raises(NotYours, match="supervisor or the legal adviser"):
        a_case(ticket, by=username)
    case = a_case(ticket)
    with pytest.raises(NotYours, match="supervisor or the legal adviser"):
        cases.answer(case, text="Paid back.", by=person(username), at=TUESDAY_NINE)
    assert not Case.objects.exclude(answer="").exists()


def test_a_legal_adviser_of_elsewhere_may_not(ticket):
    elsewhere = somebody(Role.LEGAL_ADVISER, over="east-city")

    with pytest.raises(NotYours):
        a_case(ticket, by=elsewhere.username)


def test_a_case_is_seen_through_its_tickets_only(ticket):
    case = a_case(ticket)

    def seen(username: str) -> bool:
        return Case.objects.visible_to(person(username), MONDAY_TEN).filter(pk=case.pk).exists()

    assert [seen(each) for each in ("lin", "rosa", "luyi", "noor", "admin")] == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "media"),
        ("level", "galactic"),
        ("name", "  "),
        ("number", ""),
        ("number", "x" * 61),
        ("name", "with\x00nul"),
        ("demand", ""),
        ("lodged_at", MONDAY_TEN + timedelta(minutes=1)),
        ("lodged_at", MONDAY_TEN - timedelta(days=400)),
        ("received_at", MONDAY_TEN + timedelta(minutes=1)),
        ("received_at", MONDAY_NINE - timedelta(minutes=1)),
    ],
)
def test_a_case_that_makes_no_sense_is_refused_by_field(ticket, field, value):
    with pytest.raises(Malformed) as refused:
        a_case(ticket, **{field: value})

    assert set(refused.value.errors) == {field}
    assert not Case.objects.exists()


def test_the_same_case_comes_on_record_once_and_other_tickets_are_linked_to_it(ticket):
    case, other = a_case(ticket), a_ticket(customer=a_customer("12055550199"))

    with pytest.raises(NotPossible, match="link the ticket"):
        a_case(other)
    cases.link_ticket(case, fresh(other), by=person("lin"), at=MONDAY_TEN)
    with pytest.raises(NotPossible, match="already"):
        cases.link_ticket(case, fresh(other), by=person("lin"), at=MONDAY_TEN)

    assert set(case.tickets.all()) == {ticket, other}
    assert fresh(other).is_escalated
    assert kinds(other)[-1] == "case_opened"


def test_a_case_decided_on_an_old_view_of_the_ticket_is_refused(ticket):
    old = fresh(ticket)
    a_case(ticket)

    with pytest.raises(Stale):
        cases.open_case(
            old,
            kind="regulator",
            name="Administration",
            number="2",
            level="provincial",
            demand="An answer.",
            lodged_at=MONDAY_NINE,
            received_at=MONDAY_TEN,
            by=person("lin"),
            at=MONDAY_TEN,
        )

    assert Case.objects.count() == 1


def test_r82_an_accepted_case_is_answered_by_the_authority_in_thirty_days(ticket):
    case = a_case(ticket)

    cases.note_acceptance(case, accepts=True, decided_at=MONDAY_TEN, by=person("luyi"), at=TUESDAY_NINE)

    case = Case.objects.get()
    assert (case.state, case.decided_at) == (Standing.ACCEPTED, MONDAY_TEN)
    assert case.decision_due_at == MONDAY_TEN + timedelta(days=30)
    with pytest.raises(NotPossible, match="accepted already"):
        cases.note_acceptance(case, accepts=False, decided_at=MONDAY_TEN, by=person("luyi"), at=TUESDAY_NINE)


def test_acceptance_is_decided_after_the_case_was_lodged(ticket):
    case = a_case(ticket)

    for decided_at in (MONDAY_NINE - timedelta(minutes=1), TUESDAY_NINE + timedelta(minutes=1)):
        with pytest.raises(Malformed):
            cases.note_acceptance(case, accepts=True, decided_at=decided_at, by=person("lin"), at=TUESDAY_NINE)


def test_a_case_that_was_not_accepted_is_over(ticket):
    case = a_case(ticket)
    cases.note_acceptance(case, accepts=False, decided_at=TUESDAY_NINE, by=person("lin"), at=TUESDAY_NINE)

    with pytest.raises(NotPossible, match="not accepted"):
        cases.answer(case, text="Paid back.", by=person("lin"), at=TUESDAY_NINE)


def test_a_case_is_answered_once_and_closed_once(ticket):
    case = a_case(ticket)
    cases.answer(case, text="Paid back.", by=person("luyi"), at=TUESDAY_NINE)
    with pytest.raises(NotPossible, match="our answer already"):
        cases.answer(case, text="Again.", by=person("lin"), at=TUESDAY_NINE)
    with pytest.raises(Malformed):
        cases.close(case, outcome=" ", by=person("lin"), at=TUESDAY_NINE)
    cases.close(case, outcome="Settled.", by=person("lin"), at=TUESDAY_NINE)
    with pytest.raises(NotPossible, match="closed"):
        cases.close(case, outcome="Settled.", by=person("lin"), at=TUESDAY_NINE)

    case = Case.objects.get()
    assert (case.answer, case.answered_by, case.outcome) == ("Paid back.", person("luyi"), "Settled.")
    assert kinds(ticket)[-2:] == ["case_answered", "case_closed"]


def test_a_paper_says_or_shows_something_also_after_the_end(ticket):
    case = a_case(ticket)
    cases.close(case, outcome="Settled.", by=person("lin"), at=TUESDAY_NINE)

    for said in ({"link": "", "text": ""}, {"link": "javascript:alert(1)", "text": ""}, {"link": "x\x00", "text": ""}):
        with pytest.raises(Malformed):
            cases.add_document(case, title="Letter", **said, by=person("lin"), at=TUESDAY_NINE)
    cases.add_document(case, title="Letter", link="https://files.example/1", text="", by=person("lin"), at=TUESDAY_NINE)

    assert Document.objects.get().title == "Letter"


def test_section_14_counts_a_case_as_escalated_complaint_and_how_it_was_answered():
    met, late, open_one, over = (a_ticket(customer=a_customer(f"1205555020{each}")) for each in range(4))
    late_at = MONDAY_TEN + timedelta(days=30)
    cases.answer(a_case(met, number="1"), text="Paid.", by=person("lin"), at=TUESDAY_NINE)
    cases.answer(a_case(late, number="2"), text="Paid.", by=person("lin"), at=late_at)
    a_case(open_one, number="3")
    declined = a_case(over, number="4")
    cases.note_acceptance(declined, accepts=False, decided_at=TUESDAY_NINE, by=person("lin"), at=TUESDAY_NINE)
    a_ticket(customer=a_customer("12055550210"))
    month = Period.ending_with(date(2026, 3, 31), grain=Grain.MONTH, parts=1)

    def total(key: str, at: Any = late_at) -> Any:
        return counting.total(FIGURES[key], Scope(person("lin"), at), month)

    assert total("escalated").numbers == {"escalated": 4, "all": 5}
    assert total("timely_authority").numbers == {"met": 1, "breached": 2, "counted": 3, "cancelled": 1}
    assert total("timely_authority", TUESDAY_NINE).numbers["breached"] == 1


BROKEN = {
    "there_is_one_row_of_authority_rules": lambda case: AuthorityRules.objects.create(pk=2),
    "limits_of_authorities_are_sane": lambda case: AuthorityRules.objects.create(pk=1, answer_working_days=0),
    "an_authoritys_case_is_on_record_once": lambda case: a_case(
        a_ticket(customer=a_customer("12055550199")), number="2"
    ).__class__.objects.update(number="1"),
    "a_case_is_in_a_known_state": lambda case: Case.objects.update(state="lost", closed_at=MONDAY_TEN),
    "an_accepted_case_says_until_when": lambda case: Case.objects.update(state="accepted"),
    "a_case_that_is_over_says_since_when": lambda case: Case.objects.update(state="closed"),
    "an_answer_to_an_authority_says_what_and_whose": lambda case: Case.objects.update(answered_at=MONDAY_TEN),
    "a_document_says_or_shows_something": lambda case: Document.objects.create(
        case=case, title="Letter", at=MONDAY_TEN, by=person("lin")
    ),
    "a_withdrawn_document_says_whose_and_why": lambda case: Document.objects.create(
        case=case, title="Letter", text="Its words.", at=MONDAY_TEN, by=person("lin"), withdrawn_at=MONDAY_TEN
    ),
    "an_appeal_is_warned_of_once_in_a_round": lambda case: [
        AppealWarning.objects.create(ticket=case.ticket, round=1, may_appeal_at=MONDAY_TEN, at=MONDAY_TEN)
        for _again in range(2)
    ],
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses_what_can_never_be(name):
    AuthorityRules.objects.all().delete()
    case = a_case(number="1")

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        BROKEN[name](case)


def test_every_constraint_has_its_try():
    named = {each.name for model in (AuthorityRules, Case, Document, AppealWarning) for each in model._meta.constraints}

    assert named == set(BROKEN)
