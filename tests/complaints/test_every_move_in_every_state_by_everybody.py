"""Section 3 of the domain, crossed: every state with every move and every role (R3).

The two tables below are written from the domain's table, not from the code.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import transaction

from accounts.models import Person, Role, Unit
from common.refusals import NotPossible, NotYours, Refusal
from complaints.actions import acceptance, cancelling, concluding, dispatching, handling, reopening, replying
from complaints.actions.acceptance import Matters
from complaints.actions.concluding import Outcome
from complaints.models import Entry, Ticket
from complaints.models.ticket import MOVES
from complaints.states import AttemptResult, Fault, Liability, Medium, State, Verdict
from tests.people import (
    MONDAY_NINE,
    TUESDAY_NINE,
    a_customer,
    a_dispatched_ticket,
    a_record,
    a_ticket,
    a_ticket_in_hand,
    a_ticket_to_reply,
    category,
    findings,
    fresh,
    person,
    somebody,
    unit,
)

pytestmark = pytest.mark.django_db

NOW = TUESDAY_NINE + timedelta(hours=1)
OUTCOME = Outcome(verdict=Verdict.ACCEPTS, liability=Liability.COMPANY, remedy="The line was repaired.")

# Beside the roles: who owns the ticket, who has it in hand, and the system itself.
OWNER, IN_HAND, SYSTEM = "the owner", "who has it in hand", "the system"
SUPERVISORS = {Role.SUPERVISOR, Role.DUTY_DIRECTOR, Role.DIRECTOR, Role.DEPUTY_GENERAL_MANAGER}
# R16: flag A goes to an expert seat, flag B to the branch contact.
HANDLERS = {Role.HANDLER, Role.EXPERT, Role.BRANCH_CONTACT, IN_HAND}
AGENTS = {Role.AGENT, Role.EXPERT, OWNER}
ACTORS = [*Role, OWNER, IN_HAND, SYSTEM]

# move: (where from, where to, who)
LIFE: dict[str, tuple[set[State], State, set[str]]] = {
    "resolve_on_site": ({State.ACCEPTED}, State.CALLBACK, {OWNER}),
    "return_for_completion": ({State.ACCEPTED}, State.RETURNED, {Role.DISPATCHER}),
    "resubmit": ({State.RETURNED}, State.ACCEPTED, {OWNER}),
    "dispatch": ({State.ACCEPTED}, State.DISPATCHED, {Role.DISPATCHER, SYSTEM}),
    "handle_at_desk": ({State.ACCEPTED}, State.HANDLING, {Role.DISPATCHER}),
    "recall": ({State.DISPATCHED}, State.ACCEPTED, {Role.DISPATCHER}),
    "claim": ({State.DISPATCHED}, State.HANDLING, HANDLERS),
    "release": ({State.HANDLING}, State.DISPATCHED, {IN_HAND, *SUPERVISORS, SYSTEM}),
    "assign": ({State.DISPATCHED, State.HANDLING}, State.HANDLING, {Role.UNIT_LEAD, *SUPERVISORS, SYSTEM}),
    "transfer": (
        {State.DISPATCHED, State.HANDLING},
        State.DISPATCHED,
        {*HANDLERS, Role.UNIT_LEAD, *SUPERVISORS, SYSTEM},
    ),
    "send_back": ({State.DISPATCHED, State.HANDLING}, State.ACCEPTED, {*HANDLERS, Role.UNIT_LEAD}),
    "feed_back": ({State.HANDLING}, State.REPLYING, {IN_HAND}),
    "reject_feedback": ({State.REPLYING}, State.HANDLING, {OWNER}),
    "reply": ({State.REPLYING}, State.REPLIED, {OWNER}),
    "conclude": ({State.REPLIED}, State.CALLBACK, {OWNER}),
    "conclude_unreachable": ({State.REPLYING}, State.CLOSED, {OWNER}),
    "reopen": (
        {State.REPLIED, State.CALLBACK, State.CLOSED},
        State.DISPATCHED,
        {*AGENTS, Role.CALLBACK_AGENT, *SUPERVISORS, SYSTEM},
    ),
    "finish_callback": ({State.CALLBACK}, State.CLOSED, {Role.CALLBACK_AGENT, SYSTEM}),
    "cancel": (set(State) - {State.CLOSED, State.CANCELLED}, State.CANCELLED, {OWNER, *SUPERVISORS}),
}


@dataclass(frozen=True)
class Places:
    """Where moves lead to, read once: thousands of attempts share them."""

    network: Unit = field(default_factory=lambda: unit("network"))
    data: Unit = field(default_factory=lambda: unit("data"))
    zhangbo: Person = field(default_factory=lambda: person("zhangbo"))


MAKE: dict[str, Callable[[Ticket, Person | None, Places], object]] = {
    "resolve_on_site": lambda ticket, by, to: acceptance.resolve_on_site(ticket, outcome=OUTCOME, by=by, at=NOW),
    "return_for_completion": lambda ticket, by, to: dispatching.return_for_completion(
        ticket, faults=[Fault.RECORD_WRONG], by=by, at=NOW
    ),
    "resubmit": lambda ticket, by, to: acceptance.resubmit(
        ticket, record_of=ticket.record, happened="The line is down.", by=by, at=NOW
    ),
    "dispatch": lambda ticket, by, to: dispatching.dispatch(ticket, to=to.network, by=by, at=NOW),
    "handle_at_desk": lambda ticket, by, to: dispatching.handle_at_desk(ticket, by=by, at=NOW),
    "recall": lambda ticket, by, to: dispatching.recall(ticket, reason="sent to the wrong place", by=by, at=NOW),
    "claim": lambda ticket, by, to: handling.claim(ticket, by=by, at=NOW),
    "release": lambda ticket, by, to: handling.release(ticket, by=by, at=NOW),
    "assign": lambda ticket, by, to: handling.assign(ticket, to=to.zhangbo, by=by, at=NOW),
    "transfer": lambda ticket, by, to: handling.transfer(ticket, to=to.data, reason="not ours", by=by, at=NOW),
    "send_back": lambda ticket, by, to: handling.send_back(ticket, faults=[Fault.UNIT_WRONG], by=by, at=NOW),
    "feed_back": lambda ticket, by, to: handling.feed_back(ticket, findings=findings(), by=by, at=NOW),
    "reject_feedback": lambda ticket, by, to: replying.reject_feedback(
        ticket, reason="no cause is named", by=by, at=NOW
    ),
    "reply": lambda ticket, by, to: replying.reply(ticket, medium=Medium.PHONE, text="It works again.", by=by, at=NOW),
    "conclude": lambda ticket, by, to: concluding.conclude(ticket, outcome=OUTCOME, by=by, at=NOW),
    "conclude_unreachable": lambda ticket, by, to: concluding.conclude_unreachable(
        ticket, liability=Liability.COMPANY, by=by, at=NOW
    ),
    "reopen": lambda ticket, by, to: reopening.reopen(ticket, reason="It is down again.", by=by, at=NOW),
    "finish_callback": lambda ticket, by, to: reopening.finish_callback(ticket, how="answered", by=by, at=NOW),
    "cancel": lambda ticket, by, to: cancelling.cancel(ticket, reason="The customer withdraws.", by=by, at=NOW),
}


def a_ticket_that_is(state: State) -> Ticket:
    """Rosa's ticket, led by the network department, in this state, with what every move out of it asks for."""
    rosa, sam = person("rosa"), person("sam")
    match state:
        case State.ACCEPTED:
            return a_ticket()
        case State.RETURNED:
            ticket = a_ticket()
            dispatching.return_for_completion(ticket, faults=[Fault.RECORD_WRONG], by=sam, at=MONDAY_NINE)
            return ticket
        case State.DISPATCHED:
            return a_dispatched_ticket()
        case State.HANDLING:
            return a_ticket_in_hand()
        case State.CANCELLED:
            ticket = a_ticket()
            cancelling.cancel(ticket, reason="The customer withdraws.", by=rosa, at=MONDAY_NINE)
            return ticket
    ticket = a_ticket_to_reply()
    for at in (MONDAY_NINE, MONDAY_NINE + timedelta(hours=2), TUESDAY_NINE):
        replying.attempt_reply(
            ticket,
            medium=Medium.PHONE,
            result=AttemptResult.NO_ANSWER,
            next_at=at + timedelta(hours=2),
            by=rosa,
            at=at,
        )
    if state == State.REPLYING:
        return ticket
    replying.reply(ticket, medium=Medium.PHONE, text="It works again.", by=rosa, at=TUESDAY_NINE)
    if state == State.REPLIED:
        return ticket
    concluding.conclude(ticket, outcome=OUTCOME, by=rosa, at=TUESDAY_NINE)
    if state == State.CLOSED:
        reopening.finish_callback(ticket, how="answered", by=None, at=TUESDAY_NINE)
    return ticket


def everybody() -> dict[str, Person | None]:
    """For each role somebody who holds it, alone, over the whole province; and the three beside the roles."""
    return {
        **{role: somebody(role) for role in Role},
        OWNER: person("rosa"),
        IN_HAND: person("wei"),
        SYSTEM: None,
    }


def expected_of(actor: str, state: State) -> list[str]:
    """The moves that the domain gives to somebody in a state, in the order of the life."""
    return [move for move, (sources, _target, who) in LIFE.items() if state in sources and actor in who]


def outcome_of(move: str, ticket: Ticket, by: Person | None, to: Places | None = None) -> State | Refusal:
    """What comes of an attempt: the state it led to, or the refusal; nothing of it stays."""
    with transaction.atomic():
        try:
            MAKE[move](ticket, by, to or Places())
        except Refusal as refusal:
            return refusal
        else:
            return State(Ticket.objects.get(pk=ticket.pk).state)
        finally:
            transaction.set_rollback(True)


def deviation(actor: str, state: State, move: str, came: State | Refusal) -> str:
    """In words, how what came of an attempt differs from the domain's table; empty where it does not."""
    sources, target, who = LIFE[move]
    if state in sources and actor in who:
        return "" if came == target else f"{actor} should {move} from {state} to {target}, but: {came!r}"
    wanted: type[Refusal] = NotYours if state in sources else NotPossible
    if type(came) is not wanted:
        return f"{actor} should be refused to {move} when {state} with {wanted.__name__}, but: {came!r}"
    told = (came.status, came.code, came.facts["state"], came.facts["possible"])
    status, code = (403, "not_yours") if wanted is NotYours else (409, "not_possible_now")
    expected = (status, code, state, expected_of(actor, state))
    return "" if told == expected else f"{actor}, {move} when {state}: told {told}, expected {expected}"


def test_the_table_names_every_move():
    assert list(LIFE) == list(MAKE) == list(MOVES)


@pytest.mark.parametrize("state", State)
def test_each_move_is_made_from_its_states_by_whom_the_domain_names_and_by_nobody_else(state):
    ticket = a_ticket_that_is(state)
    before = (fresh(ticket).state, fresh(ticket).version, Entry.objects.filter(ticket=ticket).count())
    cast, places = everybody(), Places()

    deviations = []
    seen = fresh(ticket)
    for move in LIFE:
        for actor in ACTORS:
            came = outcome_of(move, seen, cast[actor], places)
            deviations.append(deviation(actor, state, move, came))
            if isinstance(came, State):
                seen = fresh(ticket)

    assert [each for each in deviations if each] == []
    assert (fresh(ticket).state, fresh(ticket).version, Entry.objects.filter(ticket=ticket).count()) == before


@pytest.mark.parametrize("actor", [*Role, SYSTEM])
def test_accepting_is_for_agents_for_machines_that_hand_in_and_for_the_system(actor):
    by = None if actor == SYSTEM else somebody(actor)
    may_accept = actor in {Role.AGENT, Role.EXPERT, Role.API_CLIENT, SYSTEM}
    filed_under = category()

    try:
        ticket = acceptance.accept(
            a_customer(),
            matter=Matters(category=filed_under, happened="The bill is wrong.", record=a_record(filed_under)),
            unit=unit("acceptance"),
            by=by,
            at=NOW,
        )
    except NotYours as refusal:
        assert not may_accept
        assert (refusal.status, refusal.code) == (403, "not_yours")
        assert not Ticket.objects.exists()
    else:
        assert may_accept
        assert ticket.state == State.ACCEPTED


def test_another_unit_than_the_leading_one_moves_nothing(noor):
    ticket = a_ticket_in_hand()

    came = {move: outcome_of(move, fresh(ticket), noor) for move in expected_of(IN_HAND, State.HANDLING)}

    assert {type(refusal) for refusal in came.values()} == {NotYours}


def test_a_colleague_of_the_handler_does_not_feed_back_for_them():
    ticket = a_ticket_in_hand()

    came = outcome_of("feed_back", ticket, person("zhangbo"))

    assert isinstance(came, NotYours)


def test_a_dispatcher_of_another_desk_does_not_review_this_one():
    ticket = a_ticket()

    came = outcome_of("dispatch", ticket, somebody(Role.DISPATCHER, over="east-city"))

    assert isinstance(came, NotYours)


def test_who_replies_is_the_person_named_for_it_instead_of_the_owner(rosa):
    ticket = a_ticket_that_is(State.REPLYING)
    manager = person("chenan")
    Ticket.objects.filter(pk=ticket.pk).update(replier=manager)

    moves = ("reject_feedback", "reply", "conclude_unreachable")

    assert [outcome_of(move, fresh(ticket), manager) for move in moves] == [LIFE[move][1] for move in moves]
    assert {type(outcome_of(move, fresh(ticket), rosa)) for move in moves} == {NotYours}
