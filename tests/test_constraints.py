"""What can never be: each constraint of accounts, contact and complaints, by its name, with a try at breaking it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from accounts.models import Assignment, Delegation, Role
from complaints.actions import assisting, chasing, holding
from complaints.models import (
    Assistance,
    ChaseUp,
    Conclusion,
    DeskRules,
    Entry,
    FollowUp,
    Hold,
    NatureRule,
    Note,
    Ticket,
)
from complaints.models.hold import HoldReason
from complaints.states import AssistKind, Liability, Medium, Nature, State, Verdict
from contact import agreements
from contact.models import Consent, Matter, Promise, QuietHours
from tests.people import MONDAY_NINE, MONDAY_TEN, a_ticket, a_ticket_in_hand, person, somebody, unit

pytestmark = pytest.mark.django_db

HOLDING_APPS = ("accounts", "contact", "complaints")


def forced(ticket: Ticket, **columns: Any) -> None:
    """Columns as no move would set them."""
    Ticket.objects.filter(pk=ticket.pk).update(**columns)


def concluded(ticket: Ticket, **facts: Any) -> Conclusion:
    return Conclusion.objects.create(
        ticket=ticket,
        round=1,
        verdict=Verdict.ACCEPTS,
        liability=Liability.COMPANY,
        nature=Nature.COMPLAINT,
        at=MONDAY_NINE,
        **facts,
    )


def follow_up(ticket: Ticket, **facts: Any) -> None:
    FollowUp.objects.create(ticket=ticket, round=1, opened_at=MONDAY_NINE, due_at=MONDAY_TEN, **facts)


def noted_twice() -> None:
    note = Note.objects.create(text="once")
    for ticket in (a_ticket(), a_ticket()):
        Entry.objects.create(ticket=ticket, kind="commented", at=MONDAY_NINE, origin="desk", version=1, note=note)


def assigned(**times: Any) -> None:
    somebody(Role.AGENT).assignments.update(**times)


def role_given_twice() -> None:
    held = Assignment.objects.filter(person=person("rosa")).first()
    Assignment.objects.create(person=held.person, role=held.role, unit=held.unit)


def stand_in(**times: Any) -> None:
    Delegation.objects.create(assignment=person("rosa").assignments.first(), delegate=person("zhaomin"), **times)


def consented(**facts: Any) -> None:
    Consent.objects.create(
        matter=Matter.objects.create(), given_at=MONDAY_NINE, **{"what": "night", "evidence": "recorded"} | facts
    )


def promised(matter: Matter | None = None, **facts: Any) -> None:
    given = {"agreed_for": MONDAY_TEN, "agreed_at": MONDAY_NINE, "evidence": "recorded"} | facts
    Promise.objects.create(matter=matter or Matter.objects.create(), **given)


def promised_twice() -> None:
    matter = Matter.objects.create()
    agreements.promise(matter, agreed_for=MONDAY_TEN, reason="", evidence="recorded", by=None, at=MONDAY_NINE)
    promised(matter)


def asked_twice() -> None:
    ticket = a_ticket_in_hand()
    assisting.ask(ticket, unit=unit("data"), question="How much was used?", by=person("wei"), at=MONDAY_NINE)
    Assistance.objects.create(ticket=ticket, unit=unit("data"), kind=AssistKind.DIRECT, round=1, asked_at=MONDAY_TEN)


def chased_under_one_number() -> None:
    chase = chasing.chase_up(a_ticket(), text="When?", by=person("rosa"), at=MONDAY_NINE)
    ChaseUp.objects.create(ticket=chase.ticket, number=chase.number, medium=Medium.PHONE, at=MONDAY_TEN)


def held_twice() -> None:
    ticket = a_ticket_in_hand()
    holding.hold(
        ticket, reason=HoldReason.PARTS, text="A splitter.", until=MONDAY_TEN, by=person("wei"), at=MONDAY_NINE
    )
    rest(ticket, ends_at=MONDAY_TEN)


def rest(ticket: Ticket, **times: Any) -> None:
    Hold.objects.create(ticket=ticket, round=1, reason=HoldReason.PARTS, **{"starts_at": MONDAY_NINE} | times)


BREAK: dict[str, Callable[[], Any]] = {
    "a_role_over_a_unit_is_given_once": role_given_twice,
    "an_assignment_ends_after_it_starts": lambda: assigned(starts_at=MONDAY_TEN, ends_at=MONDAY_TEN),
    "a_delegation_ends_after_it_starts": lambda: stand_in(starts_at=MONDAY_TEN, ends_at=MONDAY_NINE),
    "there_is_one_row_of_quiet_hours": lambda: QuietHours.objects.create(pk=2),
    "a_consent_names_its_evidence": lambda: consented(evidence=""),
    "a_longer_limit_is_4_to_7_working_days": lambda: consented(what="longer_limit", days=8),
    "a_promise_lies_ahead": lambda: promised(agreed_for=MONDAY_NINE),
    "a_promise_names_its_evidence": lambda: promised(evidence=""),
    "one_promise_holds_for_a_matter": promised_twice,
    "there_is_one_row_of_desk_rules": lambda: DeskRules.objects.create(pk=2),
    "a_unit_is_asked_once_at_a_time": asked_twice,
    "chase_ups_are_numbered_once": chased_under_one_number,
    "a_round_is_concluded_once": lambda: [concluded(ticket) for ticket in [a_ticket()] * 2],
    "a_confirmed_conclusion_names_its_supervisor": lambda: concluded(a_ticket(), confirmed_at=MONDAY_TEN),
    "a_ticket_is_held_once_at_a_time": held_twice,
    "a_conclusion_has_one_nature": lambda: NatureRule.objects.create(
        verdict=Verdict.ACCEPTS, liability=Liability.COMPANY, nature=Nature.OPINION
    ),
    "a_matter_turns_out_as_either": lambda: NatureRule.objects.update(nature=Nature.ENQUIRY),
    "a_round_is_followed_up_once": lambda: [follow_up(ticket) for ticket in [a_ticket()] * 2],
    "a_follow_up_that_is_done_says_how": lambda: follow_up(a_ticket(), done_at=MONDAY_TEN),
    "a_hold_ends_after_it_starts": lambda: rest(a_ticket(), ends_at=MONDAY_NINE),
    "a_ticket_is_in_a_known_state": lambda: forced(a_ticket(), state="lost"),
    "a_ticket_has_a_known_urgency": lambda: forced(a_ticket(), urgency="whenever"),
    "a_dispatched_ticket_has_a_lead_unit": lambda: forced(a_ticket(), state=State.DISPATCHED),
    "a_ticket_in_handling_has_a_handler": lambda: forced(a_ticket(), state=State.HANDLING, lead_unit=unit("network")),
    "a_held_ticket_says_until_when": lambda: forced(a_ticket(), held_since=MONDAY_NINE),
    "an_ended_ticket_is_not_held": lambda: forced(
        a_ticket(), state=State.CANCELLED, held_since=MONDAY_NINE, held_until=MONDAY_TEN
    ),
    "a_note_belongs_to_one_entry": noted_twice,
    "a_closed_ticket_says_when": lambda: forced(a_ticket(), state=State.CLOSED),
}


@pytest.mark.parametrize("name", BREAK)
def test_the_database_refuses_what_can_never_be(name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        BREAK[name]()


def test_every_constraint_has_its_try():
    constraints = {
        constraint.name
        for app in HOLDING_APPS
        for model in apps.get_app_config(app).get_models()
        for constraint in model._meta.constraints
    }

    assert constraints == set(BREAK)


@pytest.mark.parametrize("column", ["reference", "external_id", "matter"])
def test_no_two_tickets_share_what_is_a_tickets_own(column):
    first, second = a_ticket(), a_ticket()
    forced(first, external_id="web-1")
    mine = Ticket.objects.values_list(column, flat=True).get(pk=first.pk)

    with pytest.raises(IntegrityError), transaction.atomic():
        forced(second, **{column: mine})


def test_a_longer_limit_has_its_days_and_nothing_else_has_days():
    for facts in ({"what": "longer_limit", "days": None}, {"what": "night", "days": 5}):
        with pytest.raises(IntegrityError), transaction.atomic():
            consented(**facts)


def test_one_instant_is_too_short_for_an_assignment_and_the_next_is_not():
    assigned(starts_at=MONDAY_NINE, ends_at=MONDAY_NINE + timedelta(microseconds=1))

    assert Assignment.objects.filter(starts_at=MONDAY_NINE).exists()
