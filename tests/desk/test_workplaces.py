"""The lists: dispatch, queue, mine, replies, callbacks, inbox, board, messages. Each shows whose turn it is."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

import approvals.actions
from approvals.models import SolutionKind
from complaints.actions import concluding, dispatching, handling, replying
from complaints.actions.concluding import Outcome
from complaints.models import Ticket
from complaints.routing import proposed_unit
from complaints.states import State
from desk.views import callbacks as callbacks_page
from escalation.actions.sweeping import fire_due
from sla.actions.sweeping import call_due
from tests.people import (
    MONDAY_NINE,
    MONDAY_TEN,
    a_dispatched_ticket,
    a_ticket,
    a_ticket_in_hand,
    a_ticket_to_reply,
    fresh,
    local,
    person,
    unit,
)

HOUR = timedelta(hours=1)


def text(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def references(page: str) -> list[str]:
    """The tickets of a list, in its order."""
    return re.findall(r'<a class="row"[^>]*>(T-\d+)</a>', page)


def test_the_dispatch_desk_lists_by_due_and_proposes_a_unit(as_):
    slow = a_ticket(urgency="ordinary")
    quick = a_ticket(urgency="urgent")

    page = text(as_("sam").get(reverse("desk:dispatch")))

    assert references(page) == [quick.reference, slow.reference]
    assert "default of this category" in page


def test_dispatching_from_the_desk_leads_to_the_next_one(as_, ticket):
    answer = as_("sam").post(
        reverse("desk:dispatch"),
        {"deed": "dispatch", "ticket": ticket.reference, "version": ticket.version, "to": unit("network").pk},
        follow=True,
    )

    assert fresh(ticket).lead_unit == unit("network")
    assert "Everything is sent" in text(answer)


def test_returning_needs_a_ticked_reason_and_reaches_its_owner(as_, ticket):
    desk = as_("sam")
    given = {"deed": "return_for_completion", "ticket": ticket.reference, "version": ticket.version}

    refused = desk.post(reverse("desk:dispatch"), given | {"note": "Where does she live?"})
    desk.post(reverse("desk:dispatch"), given | {"faults": ["record_incomplete"], "note": "Where does she live?"})

    assert refused.status_code == 400
    assert "Where does she live?" in refused.content.decode()
    mine = text(as_("rosa").get(reverse("desk:mine")))
    assert "record incomplete" in mine
    assert "Where does she live?" in mine


def test_a_dispatcher_cannot_send_what_another_desk_reviews(as_, ticket):
    Ticket.objects.filter(pk=ticket.pk).update(desk=unit("head-complaints"))

    answer = as_("sam").post(
        reverse("desk:dispatch"), {"deed": "dispatch", "ticket": ticket.reference, "to": unit("network").pk}
    )

    assert answer.status_code == 404


def test_the_queue_gives_the_next_one_by_due(as_, wei):
    a_dispatched_ticket(urgency="ordinary")
    quick = a_dispatched_ticket(urgency="urgent")

    answer = as_("wei").post(reverse("desk:queue"), {"deed": "next"})

    assert answer.url == reverse("desk:ticket", args=[quick.reference])
    assert fresh(quick).handler == wei


def test_an_empty_queue_says_so(as_):
    answer = as_("wei").post(reverse("desk:queue"), {"deed": "next"}, follow=True)

    assert "Nothing waits to be claimed." in text(answer)


def test_claiming_what_a_colleague_has_just_claimed_is_refused(as_, wei):
    ticket = a_dispatched_ticket()
    seen = ticket.version
    handling.claim(fresh(ticket), by=person("wei"), at=MONDAY_TEN)
    colleague = next(each for each in unit("network").people.order_by("pk") if each != wei)

    answer = as_(colleague.username).post(
        reverse("desk:queue"), {"deed": "claim", "ticket": ticket.reference, "version": seen}
    )

    assert answer.status_code in {403, 409}
    assert fresh(ticket).handler == wei


def test_each_tab_of_the_queue_shows_its_tickets(as_):
    waiting = a_dispatched_ticket()
    mine = a_ticket_in_hand()
    rejected = a_ticket_to_reply()
    replying.reject_feedback(fresh(rejected), reason="The cause is missing.", by=person("rosa"), at=MONDAY_TEN)
    browser = as_("wei")

    def under(tab: str) -> set[str]:
        return set(references(text(browser.get(reverse("desk:queue"), {"tab": tab}))))

    assert under("unclaimed") == {waiting.reference}
    assert under("mine") == {mine.reference, rejected.reference}
    assert under("rejected") == {rejected.reference}
    assert under("nonsense") == under("mine")


def test_replies_show_whom_to_call_and_what_to_conclude(as_):
    to_call = a_ticket_to_reply()
    to_conclude = a_ticket_to_reply()
    replying.reply(fresh(to_conclude), medium="phone", text="It works again.", by=person("rosa"), at=MONDAY_TEN)

    page = text(as_("rosa").get(reverse("desk:replies")))

    assert references(page) == [to_call.reference, to_conclude.reference]
    assert "permitted now" in page


def test_at_night_replies_say_from_when_the_customer_may_be_called(as_, monday_at_ten):
    a_ticket_to_reply()
    monday_at_ten.move_to(local("2026-03-02 21:30"))

    page = text(as_("rosa").get(reverse("desk:replies")))

    assert "contact from Tue 08:00" in page


def test_an_attempt_that_was_planned_for_an_instant_that_is_over_can_be_made_now(as_, monday_at_ten):
    ticket = a_ticket_to_reply()
    planned = MONDAY_TEN + 2 * HOUR
    replying.attempt_reply(
        fresh(ticket), medium="phone", result="no_answer", next_at=planned, by=person("rosa"), at=MONDAY_TEN
    )

    before = text(as_("rosa").get(reverse("desk:replies")))
    monday_at_ten.move_to(planned + HOUR)
    after = text(as_("rosa").get(reverse("desk:replies")))

    assert "permitted now" not in before
    assert "permitted now" in after


def test_a_begun_reply_keeps_others_out_and_says_who(as_, rosa):
    ticket = a_ticket_to_reply()
    as_("rosa").post(
        reverse("desk:replies"),
        {"deed": "begin_reply", "ticket": ticket.reference, "version": fresh(ticket).version},
    )

    assert fresh(ticket).replying_by == rosa
    assert "Rosa Luo has begun the reply" in text(as_("lin").get(reverse("desk:ticket", args=[ticket.reference])))


def a_callback() -> Ticket:
    """A concluded complaint that awaits its callback."""
    ticket = a_ticket_to_reply()
    replying.reply(fresh(ticket), medium="phone", text="It works again.", by=person("rosa"), at=MONDAY_TEN)
    outcome = Outcome(verdict="accepts", liability="company", remedy="A month free.")
    concluding.conclude(fresh(ticket), outcome=outcome, by=person("rosa"), at=MONDAY_TEN)
    return fresh(ticket)


@pytest.fixture
def caller() -> str:
    """Somebody of the callback desk."""
    found = unit("callback").people.filter(assignments__role="callback_agent").order_by("pk").first()
    assert found is not None
    return found.username


def test_a_callback_is_answered_and_closes_the_ticket(as_, db, caller):
    ticket = a_callback()
    browser = as_(caller)
    page = text(browser.get(reverse("desk:callbacks")))

    browser.post(
        reverse("desk:callbacks"),
        {
            "deed": "answer_callback",
            "ticket": ticket.reference,
            "with_result": "satisfied",
            "with_handling": "satisfied",
        },
    )

    assert ticket.reference in page
    assert fresh(ticket).state == State.CLOSED


def test_the_callback_desk_counts_all_that_are_due_and_shows_the_first(as_, db, caller, monkeypatch):
    monkeypatch.setattr(callbacks_page, "AT_MOST", 2)
    for _each in range(3):
        a_callback()

    page = text(as_(caller).get(reverse("desk:callbacks")))

    assert len(references(page)) == 2
    assert 'id="how-many" data-fresh>3<' in page
    assert "more follow when these are called" in page


def test_a_dissatisfied_customer_needs_a_reason_and_opens_the_ticket_again(as_, db, caller):
    ticket = a_callback()
    browser = as_(caller)
    said = {
        "deed": "answer_callback",
        "ticket": ticket.reference,
        "with_result": "dissatisfied",
        "with_handling": "neutral",
    }

    refused = browser.post(reverse("desk:callbacks"), said)
    browser.post(reverse("desk:callbacks"), said | {"reason": "It fails again."})

    assert refused.status_code == 400
    assert fresh(ticket).state == State.DISPATCHED
    assert fresh(ticket).round == 2


def an_overdue_ticket() -> Ticket:
    """One that nobody has dispatched in time, its supervisor told."""
    ticket = a_ticket(at=MONDAY_NINE, urgency="urgent")
    call_due(MONDAY_TEN)
    fire_due(MONDAY_TEN)
    return fresh(ticket)


def test_the_inbox_shows_what_was_escalated_and_acknowledges_it(as_):
    ticket = an_overdue_ticket()
    browser = as_("lin")
    page = text(browser.get(reverse("desk:inbox")))
    picks = re.findall(r'name="pick" value="(\d+)"', page)

    answer = browser.post(reverse("desk:inbox"), {"deed": "acknowledge", "pick": picks}, follow=True)

    assert ticket.reference in page
    assert picks
    assert "acknowledged by Lin Jing" in text(answer)


def test_one_demand_for_many_tickets_reaches_each(as_):
    first, second = a_ticket(at=MONDAY_NINE, urgency="urgent"), an_overdue_ticket()
    browser = as_("lin")
    picks = re.findall(r'name="pick" value="(\d+)"', text(browser.get(reverse("desk:inbox"))))

    refused = browser.post(reverse("desk:inbox"), {"deed": "demand", "pick": picks})
    browser.post(reverse("desk:inbox"), {"deed": "demand", "pick": picks, "text": "At once, please."})

    assert refused.status_code == 400
    assert first.entries.filter(kind="demanded").count() == 1
    assert second.entries.filter(kind="demanded").count() == 1


def test_nothing_picked_is_said(as_):
    an_overdue_ticket()

    answer = as_("lin").post(reverse("desk:inbox"), {"deed": "acknowledge"})

    assert answer.status_code == 400
    assert "Pick at least one" in answer.content.decode()


def test_somebody_elses_escalation_cannot_be_picked(as_):
    an_overdue_ticket()

    answer = as_("wei").post(reverse("desk:inbox"), {"deed": "acknowledge", "pick": ["1"]})

    assert answer.status_code == 403


def test_every_number_of_the_board_opens_exactly_its_tickets(as_):
    an_overdue_ticket()
    a_ticket(at=MONDAY_TEN)
    a_dispatched_ticket(at=MONDAY_TEN)
    a_ticket_in_hand(at=MONDAY_TEN)
    a_ticket_to_reply(at=MONDAY_TEN)
    browser = as_("lin")
    board = text(browser.get(reverse("desk:board")))

    figures = re.findall(r'<a class="figure[^"]*" href="([^"]+)">.*?class="value">(\d+)<', board, re.S)
    cells = re.findall(r'<a (?:class="row" )?href="(/(?:tickets/\?|figures/)[^"]+)">(\d+)</a>', board)

    assert len(figures) == 5
    assert any("/figures/" in url for url, _number in cells)
    assert len(cells) > 5
    for url, number in [*figures, *cells]:
        listed = references(text(browser.get(url.replace("&amp;", "&"))))
        assert len(listed) == int(number), url


def test_the_board_says_when_the_timers_do_not_run(as_):
    assert "timers are not running" in text(as_("lin").get(reverse("desk:board")))


def test_the_list_is_filtered_by_what_the_address_asks_and_ignores_nonsense(as_):
    urgent = a_ticket(urgency="urgent")
    a_ticket(urgency="ordinary")
    browser = as_("lin")

    found = references(text(browser.get(reverse("desk:tickets"), {"urgency": "urgent"})))
    everything = text(browser.get(reverse("desk:tickets"), {"urgency": "x", "unit": "abc", "due": "1e9", "page": "-7"}))

    assert found == [urgent.reference]
    assert len(references(everything)) == 2


def test_the_search_opens_tickets_callers_and_lists(as_, ticket):
    browser = as_("rosa")

    def leads_to(words: str) -> str:
        return browser.post(reverse("desk:search"), {"words": words}).url

    assert leads_to(ticket.reference.lower()) == reverse("desk:ticket", args=[ticket.reference])
    assert leads_to(ticket.customer.number) == reverse("desk:customer", args=[ticket.customer_id])
    assert leads_to("the line").startswith(reverse("desk:tickets"))
    assert leads_to(" ") == reverse("desk:home")


def test_ids_of_the_list_are_those_whose_page_opens(as_):
    for make in (a_ticket, a_dispatched_ticket, a_ticket_in_hand, a_ticket_to_reply):
        make()
    everything = list(Ticket.objects.order_by("pk"))

    for username in ("rosa", "sam", "wei", "noor", "lin"):
        browser = as_(username)
        listed = set(references(text(browser.get(reverse("desk:tickets"), {"state": "any"}))))
        opened = {
            ticket.reference
            for ticket in everything
            if browser.get(reverse("desk:ticket", args=[ticket.reference])).status_code == 200
        }
        assert listed == opened, username


def test_a_message_is_read_and_leads_to_its_ticket(as_, lin):
    from notifications.delivery import deliver
    from notifications.models import Message

    ticket = an_overdue_ticket()
    deliver(MONDAY_TEN)
    browser = as_("lin")
    page = text(browser.get(reverse("desk:messages")))
    message = Message.objects.for_person(lin).unread().first()

    answer = browser.post(reverse("desk:read", args=[message.pk]))

    assert ticket.reference in page
    assert answer.url == reverse("desk:ticket", args=[message.ticket])
    assert Message.objects.get(pk=message.pk).is_read


def test_somebody_elses_message_is_not_there(as_, lin):
    from notifications.delivery import deliver
    from notifications.models import Message

    an_overdue_ticket()
    deliver(MONDAY_TEN)
    message = Message.objects.for_person(lin).first()

    assert as_("rosa").post(reverse("desk:read", args=[message.pk])).status_code == 404


def test_recalling_what_was_sent_to_the_wrong_place(as_):
    ticket = a_dispatched_ticket()

    as_("sam").post(
        reverse("desk:dispatch") + "?tab=sent",
        {"deed": "recall", "ticket": ticket.reference, "version": ticket.version, "reason": "Wrong unit."},
    )

    assert fresh(ticket).state == State.ACCEPTED


def test_the_desk_handles_a_ticket_itself(as_, ticket, sam):
    as_("sam").post(
        reverse("desk:dispatch"), {"deed": "handle_at_desk", "ticket": ticket.reference, "version": ticket.version}
    )

    assert fresh(ticket).handler == sam
    assert ticket.reference in text(as_("sam").get(reverse("desk:dispatch"), {"tab": "desk"}))


def test_a_solution_above_ones_authority_waits_for_the_lead(as_, wei):
    from approvals.models import Approval

    ticket = a_ticket_in_hand()
    as_("wei").post(
        reverse("desk:ticket", args=[ticket.reference]),
        {
            "deed": "request_approval",
            "version": fresh(ticket).version,
            "kind": "compensation",
            "amount": "300",
            "solution": "Half a year free.",
        },
    )
    lead = next(
        each
        for each in unit("network").people.order_by("pk")
        if each.authority(MONDAY_TEN).holds("unit_lead", over=unit("network"))
    )
    browser = as_(lead.username)

    listed = text(browser.get(reverse("desk:approvals")))
    asked = Approval.objects.get()
    browser.post(
        reverse("desk:ticket", args=[ticket.reference]),
        {"deed": "decide_approval", "approval": asked.pk, "decision": "yes", "note": ""},
    )

    assert "Half a year free." in listed
    assert Approval.objects.get().decision == "approved"


def test_dispatching_says_the_next_due_time(as_, ticket):
    dispatching.dispatch(fresh(ticket), to=unit("network"), by=person("sam"), at=MONDAY_TEN)

    answer = as_("wei").post(reverse("desk:queue"), {"deed": "next"}, follow=True)

    assert "Next due:" in text(answer)


def test_what_is_overdue_already_is_not_called_due_next(as_, wei, monday_at_ten):
    ticket = a_dispatched_ticket()
    monday_at_ten.move_to(fresh(ticket).next_due_at + HOUR)

    answer = as_("wei").post(
        reverse("desk:queue"),
        {"deed": "claim", "ticket": ticket.reference, "version": fresh(ticket).version},
        follow=True,
    )

    assert f"{ticket.reference} is in your hands. Overdue since" in text(answer)


@pytest.mark.parametrize("name", ["hand_over", "inbox", "settings", "campaigns"])
def test_a_form_that_is_sent_empty_is_answered_in_words(as_, name):
    answer = as_("lin").post(reverse(f"desk:{name}"))

    assert answer.status_code in {200, 302, 400, 403}


def test_the_desk_says_that_a_flag_of_the_customer_leads_to_the_unit(as_, db):
    for _again in range(4):
        ticket = a_ticket()

    page = text(as_("sam").get(reverse("desk:dispatch"), {"ticket": ticket.reference}))

    assert proposed_unit(ticket, at=MONDAY_TEN) != ticket.category.lead_unit
    assert "because of a flag of the customer" in page
    assert "default of this category" not in page


def test_several_are_sent_where_they_are_proposed_to_go_and_what_lacks_something_stays(as_):
    first, second, changed, lacking = a_ticket(), a_ticket(), a_ticket(), a_ticket()
    Ticket.objects.filter(pk=lacking.pk).update(record={})
    picked = [f"{each.reference}.{each.version}" for each in (first, second, lacking)]
    picked.append(f"{changed.reference}.{changed.version - 1}")

    page = as_("sam").post(reverse("desk:dispatch"), {"deed": "dispatch_picked", "pick": picked}, follow=True)

    assert [fresh(each).state for each in (first, second)] == [State.DISPATCHED] * 2
    assert fresh(first).lead_unit == proposed_unit(first, at=MONDAY_TEN)
    assert [fresh(each).state for each in (changed, lacking)] == [State.ACCEPTED] * 2
    assert "2 were sent as proposed." in text(page)
    assert f"{lacking.reference} lacks what its category requires" in text(page)
    assert f"{changed.reference} has changed since you opened it" in text(page)


def test_several_are_returned_for_one_reason_which_has_to_be_given(as_, ticket):
    desk, given = (
        as_("sam"),
        {"deed": "return_picked", "pick": f"{ticket.reference}.{ticket.version}", "note": "Where?"},
    )

    refused = desk.post(reverse("desk:dispatch"), given)
    done = desk.post(reverse("desk:dispatch"), given | {"faults": ["record_incomplete"]}, follow=True)

    assert refused.status_code == 400
    assert 'value="Where?"' in refused.content.decode()
    assert "1 went back to its owner." in text(done)
    assert fresh(ticket).state == State.RETURNED


def test_nothing_of_another_desk_is_sent_among_several_and_nothing_picked_is_refused(as_, ticket):
    Ticket.objects.filter(pk=ticket.pk).update(desk=unit("head-complaints"))
    given = {"deed": "dispatch_picked", "pick": [f"{ticket.reference}.{ticket.version}", "T-0.x", ".", "x"]}

    as_("sam").post(reverse("desk:dispatch"), given)

    assert fresh(ticket).state == State.ACCEPTED
    assert as_("sam").post(reverse("desk:dispatch"), {"deed": "dispatch_picked"}).status_code == 400


def test_a_solution_is_decided_on_the_list_by_who_may_not_open_its_ticket(as_):
    ticket = a_ticket_to_reply()
    asked = approvals.actions.request(
        fresh(ticket),
        kind=SolutionKind.COMPENSATION,
        amount=Decimal(300),
        solution="Half a year free.",
        by=person("rosa"),
        at=MONDAY_NINE,
    )
    lead, page, given = as_("mengyao"), reverse("desk:approvals"), {"approval": asked.pk}
    assert lead.get(reverse("desk:ticket", args=[ticket.reference])).status_code == 404

    without_reason = lead.post(page, given | {"decision": "no"})
    decided = lead.post(page, given | {"decision": "yes"}, follow=True)
    again = lead.post(page, given | {"decision": "no", "note": "Too much."})

    assert without_reason.status_code == 400
    assert "Your decision on" in text(decided)
    assert again.status_code == 409
    assert 'value="Too much."' not in again.content.decode()
    assert fresh(ticket).open_approvals == 0
    assert as_("wei").post(page, given | {"decision": "yes"}).status_code in {403, 404}
