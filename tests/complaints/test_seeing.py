"""Who sees which tickets: only what the units of their role cover (R1); numbers are masked (R2)."""

import pytest

from accounts.models import Role
from complaints.actions import assisting, concluding, dispatching, handling, owning, reopening, replying
from complaints.actions.concluding import Outcome
from complaints.models import Ticket
from complaints.models.acts import possible_acts
from complaints.states import Liability, Medium, Verdict
from customers.models import Customer
from customers.models.customers import mask
from tests.people import MONDAY_NINE, MONDAY_TEN, a_customer, a_ticket, findings, person, somebody, unit

pytestmark = pytest.mark.django_db

OUTCOME = Outcome(verdict=Verdict.ACCEPTS, liability=Liability.COMPANY)


@pytest.fixture
def tickets(db):
    """Tickets by a word for what they are, all of different customers."""
    rosa, sam, wei, noor = (person(name) for name in ("rosa", "sam", "wei", "noor"))
    at_counter = person("shenqi")
    numbers = iter(range(100, 200))

    def new(by=rosa, **facts):
        return a_ticket(by=by, customer=a_customer(f"12055550{next(numbers)}", **facts))

    made = {"accepted by rosa": new(), "accepted at the counter": new(by=at_counter)}
    made["led by network"] = new()
    dispatching.dispatch(made["led by network"], to=unit("network"), by=sam, at=MONDAY_NINE)
    made["led by group customers, network assists"] = new(by=person("zhaomin"))
    dispatching.dispatch(
        made["led by group customers, network assists"],
        to=unit("group-customers"),
        assisting_units=[unit("network")],
        by=sam,
        at=MONDAY_NINE,
    )
    made["at the branch, from the counter"] = new(by=at_counter)
    dispatching.dispatch(made["at the branch, from the counter"], to=unit("east-city-network"), by=sam, at=MONDAY_NINE)
    made["of chenan's customer"] = new(by=person("qianduo"), manager=person("chenan"))
    made["to be called back"] = new(by=person("sunyu"))
    dispatching.dispatch(made["to be called back"], to=unit("group-customers"), by=sam, at=MONDAY_NINE)
    handling.claim(made["to be called back"], by=noor, at=MONDAY_NINE)
    handling.feed_back(made["to be called back"], findings=findings(), by=noor, at=MONDAY_NINE)
    replying.reply(made["to be called back"], medium=Medium.PHONE, text="Done.", by=person("sunyu"), at=MONDAY_NINE)
    concluding.conclude(made["to be called back"], outcome=OUTCOME, by=person("sunyu"), at=MONDAY_NINE)
    owned_by_the_desk = a_ticket(customer=a_customer("12055550999"))
    Ticket.objects.filter(pk=owned_by_the_desk.pk).update(owner=None, accepted_by=None)
    made["owned by the desk"] = owned_by_the_desk
    assert wei
    return made


EVERYTHING = {
    "accepted by rosa",
    "accepted at the counter",
    "led by network",
    "led by group customers, network assists",
    "at the branch, from the counter",
    "of chenan's customer",
    "to be called back",
    "owned by the desk",
}
AT_THE_CENTRE = EVERYTHING - {"accepted at the counter", "at the branch, from the counter"}

SEEN = {
    # an agent: what they accepted or must reply to, and what their desk owns
    "rosa": {"accepted by rosa", "led by network", "owned by the desk"},
    "shenqi": {"accepted at the counter", "at the branch, from the counter"},
    # a dispatcher: what their desk reviews
    "sam": EVERYTHING,
    # a handler: their unit's queue, leading or assisting
    "wei": {"led by network", "led by group customers, network assists"},
    "noor": {"led by group customers, network assists", "to be called back"},
    "douhai": {"led by network", "led by group customers, network assists"},
    # a branch contact: the queue of the branch and what lies below it
    "huafang": {"at the branch, from the counter"},
    # a customer manager: their customers' tickets
    "chenan": {"of chenan's customer"},
    "nihong": set(),
    # a callback agent: what awaits a callback
    "yinmei": {"to be called back"},
    # supervisors and directors: a subtree of the organisation
    "anran": EVERYTHING,
    "changqing": EVERYTHING,
    "piyong": EVERYTHING,
    "gejian": {"led by network"},
    # those who judge, and who reads all
    "yushan": EVERYTHING,
    "fuzheng": EVERYTHING,
    "luyi": EVERYTHING,
    "kangming": EVERYTHING,
    # who configures the desk works on no tickets; a machine sees what it handed in
    "admin": set(),
    "selfservice": {"owned by the desk"},
}


def seen_by(member, tickets, at=MONDAY_TEN) -> set[str]:
    visible = set(Ticket.objects.visible_to(member, at).values_list("pk", flat=True))
    return {name for name, ticket in tickets.items() if ticket.pk in visible}


def test_everybody_sees_what_their_role_covers_and_nothing_else(tickets):
    assert {username: seen_by(person(username), tickets) for username in SEEN} == SEEN


def test_a_supervisor_of_the_centre_does_not_see_what_a_branch_keeps_to_itself(tickets, lin):
    tickets_of_the_desk = {"at the branch, from the counter", "accepted at the counter"}

    # Both were submitted to the dispatch desk, which belongs to the centre that Lin supervises.
    assert seen_by(lin, tickets) == AT_THE_CENTRE | tickets_of_the_desk


def test_each_role_alone_over_an_unrelated_unit_sees_nothing(tickets):
    for role in Role:
        assert seen_by(somebody(role, over="west-city-network"), tickets) == set(), role


def test_a_role_over_the_province_is_no_wider_than_the_role(tickets):
    assert seen_by(somebody(Role.AGENT), tickets) == {"owned by the desk"}
    assert seen_by(somebody(Role.HANDLER), tickets) == {
        "led by network",
        "led by group customers, network assists",
        "at the branch, from the counter",
        "to be called back",
    }
    assert seen_by(somebody(Role.CUSTOMER_MANAGER), tickets) == set()
    assert seen_by(somebody(Role.ADMINISTRATOR), tickets) == set()


def test_an_auditor_reads_all_and_changes_nothing(tickets):
    auditor = person("kangming").authority(MONDAY_TEN)
    seen = Ticket.objects.visible_to(person("kangming"), MONDAY_TEN).with_people()

    assert {ticket.reference: ticket.possible_moves(auditor) for ticket in seen if ticket.possible_moves(auditor)} == {}
    assert {ticket.reference: possible_acts(ticket, auditor) for ticket in seen if possible_acts(ticket, auditor)} == {}


def test_nobody_sees_nothing(tickets, client):
    anonymous = client.get("/admin/login/").wsgi_request.user

    assert not Ticket.objects.visible_to(anonymous, MONDAY_TEN).exists()


def test_what_leaves_a_units_hands_leaves_its_sight(tickets, wei):
    ticket = tickets["led by network"]

    handling.transfer(ticket, to=unit("data"), reason="not ours", by=wei, at=MONDAY_NINE)

    assert "led by network" not in seen_by(wei, tickets)


def test_with_a_request_for_assistance_comes_the_sight_of_the_ticket(tickets, rosa, noor):
    assisting.ask(tickets["led by network"], unit=unit("group-customers"), question="Whose?", by=rosa, at=MONDAY_NINE)

    assert "led by network" in seen_by(noor, tickets)


def test_who_called_back_still_sees_what_they_closed(tickets):
    agent, colleague = person("yinmei"), person("luobin")
    reopening.finish_callback(tickets["to be called back"], how="answered", by=agent, at=MONDAY_NINE)

    assert "to be called back" in seen_by(agent, tickets)
    assert "to be called back" not in seen_by(colleague, tickets)


def test_the_new_owner_sees_what_was_handed_over(tickets, rosa):
    owning.hand_over(tickets["led by network"], to=person("wujing"), by=rosa, at=MONDAY_NINE)

    assert "led by network" in seen_by(person("wujing"), tickets)


# Masking (R2)


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("12055550101", "120••••0101"),
        ("13800138000", "138••••8000"),
        ("5550101", "•••••01"),
        ("12", "12"),
        ("1", "1"),
        ("", ""),
    ],
)
def test_the_middle_of_a_number_is_hidden(number, masked):
    assert mask(number) == masked


def test_a_customer_in_a_text_is_masked():
    customer = Customer(number="12055550101", name="Ines Weber")

    assert str(customer) == "120••••0101"
    assert customer.masked_name == "I*********"
    assert "5555" not in str(customer)
