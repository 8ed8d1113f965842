"""Complaining by the web (R10, R12, R13, R15): accepted as at the desk, and telling a stranger nothing."""

import pytest

from attachments.models import Attachment, AttachmentRules
from complaints.actions import chasing
from complaints.models import ChaseUp, Entry, Ticket
from complaints.states import Medium, State
from contact.models import Consent, Promise
from customers.models import Customer
from notifications.models import Message
from notifications.rendering import render
from selfservice.models import Receipt
from tests.attachments.samples import HTML, PDF, PNG, a_file
from tests.desk.test_house import check
from tests.door.cast import FORM, NUMBER, a_complaint, browser, receipt_of, send, solved
from tests.people import MONDAY_NIGHT, ORDINARY, a_customer, a_ticket, category, local

pytestmark = pytest.mark.django_db


def words(answer) -> str:
    return answer.content.decode()


# --- What it is about -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "told", "fits"),
    [
        ("en", "no internet since yesterday", "broadband.outage"),
        ("en", "your staff was rude", "service.attitude"),
        ("zh-hans", "家里上不了网了", "broadband.outage"),
        ("zh-hans", "这个月乱扣费", "billing.charges"),
        ("zh-hans", "电梯里没信号", "mobile.coverage"),
    ],
)
def test_a_category_is_found_by_the_customers_own_words(language, told, fits):
    page = browser(language).get("/complain/", {"q": told})

    found = page.context["found"]
    assert found[0].code.startswith(fits)
    assert f"/complain/{found[0].code}/" in words(page)


@pytest.mark.parametrize("told", ["xyzzy", "  ", "%_", "'; --", "\x00", "长" * 500])
def test_words_that_fit_nothing_say_so_or_show_the_topics(told):
    page = browser().get("/complain/", {"q": told})

    assert page.status_code == 200
    assert page.context["found"] == []
    assert "All topics" in words(page)


def test_the_tree_leads_to_every_leaf_without_a_script():
    top = browser().get("/complain/")
    below = browser().get("/complain/", {"in": "billing"})
    last = browser().get("/complain/", {"in": "billing.charges"})

    assert "in=billing" in words(top)
    assert "in=billing.charges" in words(below)
    assert FORM in words(last)
    for page in (top, below, last):
        check(words(page))


@pytest.mark.parametrize("code", ["billing", "no-such", "billing.charges"])
def test_only_a_leaf_has_a_form(code):
    assert browser().get(f"/complain/{code}/").status_code == 404


# --- Accepted ---------------------------------------------------------------------------------------------------------


def test_a_complaint_is_accepted_as_at_the_desk_and_owned_by_the_service_desk(monday_at_ten):
    client = browser()

    answer = send(client, monday_at_ten, wanted="Pay it back.")

    ticket = Ticket.objects.get(customer__number=NUMBER)
    assert answer.status_code == 302
    assert (ticket.medium, ticket.owner, ticket.accepted_by, ticket.state) == (Medium.WEB, None, None, State.ACCEPTED)
    assert (ticket.accepting_unit.code, ticket.wanted, ticket.category.code) == ("acceptance", "Pay it back.", ORDINARY)
    assert ticket.reply_due_at is not None
    assert Entry.objects.get(ticket=ticket, kind="accepted").origin == "web"
    assert Receipt.objects.get(number=receipt_of(answer, client)).ticket == ticket


def test_the_reference_and_the_due_time_go_to_the_number_on_record(monday_at_ten):
    send(browser(), monday_at_ten, contact_number="120 5555 0199")

    ticket = Ticket.objects.get()
    message = Message.objects.get(kind="received")
    said = render(message)
    assert message.to_address == "12055550199"
    assert ticket.reference in said.body
    assert "by 14:00, Mon 2 Mar." in said.body


def test_what_is_missing_is_listed_and_what_was_typed_stays(monday_at_ten):
    client = browser()
    answers = solved(client.get(FORM))
    monday_at_ten.shift(10)

    page = client.post(FORM, {"number": NUMBER, "happened": "<b>twice</b>", "record.month": "2026-02", **answers})

    assert page.status_code == 400
    assert "is required" in words(page)
    assert "&lt;b&gt;twice&lt;/b&gt;" in words(page)
    assert 'value="2026-02"' in words(page)
    assert not Ticket.objects.exists()
    assert not Customer.objects.filter(number=NUMBER).exists()


def test_all_that_is_wrong_is_said_at_once_and_each_field_says_one_thing(monday_at_ten):
    answer = send(browser(), monday_at_ten, number="", happened="长" * 4001, **{"record.month": ""})

    errors = answer.context["form"].errors
    assert {"number", "happened", "record.month"} <= set(errors)
    assert all(len(told) == 1 for told in errors.values())


def test_what_may_stay_empty_says_so():
    page = words(browser().get(FORM))

    assert "What should we do? <span class" in page
    assert page.count(">optional<") == 3


@pytest.mark.parametrize(
    "bad",
    [
        {"number": ""},
        {"number": "not a number"},
        {"number": "1" * 30},
        {"happened": ""},
        {"happened": "\x00"},
        {"happened": "长" * 4001},
        {"when": "2026-03-01T09"},
        {"when": "tomorrow"},
        {"standing": "emperor"},
        {"by": "pigeon"},
        {"contact_number": "call me"},
        {"record.amount": "much"},
    ],
)
def test_what_cannot_be_taken_is_refused_on_the_page(monday_at_ten, bad):
    answer = send(browser(), monday_at_ten, **bad)

    assert answer.status_code == 400
    assert answer.context["form"].errors
    assert not Ticket.objects.exists()


def test_who_speaks_for_another_is_kept_as_the_contact_person(monday_at_ten):
    send(browser(), monday_at_ten, standing="family", name="Ana Luo", contact_number="12055550199")

    ticket = Ticket.objects.get()
    assert (ticket.contact_person.name, ticket.contact_person.standing) == ("Ana Luo", "family")
    assert ticket.contact_number == "12055550199"


def test_the_wished_time_becomes_a_promise_and_the_ticked_box_a_consent(monday_at_ten):
    send(browser(), monday_at_ten, when="2026-03-03T12", night="on", by="phone")

    matter = Ticket.objects.get().matter
    assert Promise.objects.get(matter=matter).agreed_for == local("2026-03-03 15:00")
    assert Consent.objects.get(matter=matter).what == Consent.What.NIGHT


def test_at_night_who_does_not_tick_the_box_is_called_in_the_morning(monday_at_ten):
    monday_at_ten.move_to(MONDAY_NIGHT)

    send(browser(), monday_at_ten)

    assert Promise.objects.get().agreed_for == local("2026-03-03 09:00")


def test_a_form_sent_twice_makes_one_ticket(monday_at_ten):
    client = browser()
    answers = solved(client.get(FORM))
    monday_at_ten.shift(10)

    sent = [client.post(FORM, {**a_complaint(), **answers}).status_code for _time in range(2)]

    assert sent == [302, 409]
    assert Ticket.objects.count() == 1
    assert not ChaseUp.objects.exists()


# --- Duplicates, and what a stranger could learn ----------------------------------------------------------------------


def test_an_open_matter_of_the_same_category_is_chased_up_and_looks_the_same_from_outside(monday_at_ten):
    open_one = a_ticket(customer=a_customer(NUMBER))
    known, unknown = browser(), browser()

    chased = send(known, monday_at_ten, wanted="Hurry.")
    fresh_one = send(unknown, monday_at_ten, number="12055550777")

    assert Ticket.objects.filter(customer__number=NUMBER).count() == 1
    chase = ChaseUp.objects.get(ticket=open_one)
    assert (chase.medium, "The fee is on the bill twice." in chase.text, "Hurry." in chase.text) == ("web", True, True)
    pages = [words(client.get(answer.url)) for client, answer in ((known, chased), (unknown, fresh_one))]
    numbers = [receipt_of(answer, client) for client, answer in ((known, chased), (unknown, fresh_one))]
    assert pages[0].replace(numbers[0], "W") == pages[1].replace(numbers[1], "W")
    assert open_one.reference not in pages[0]
    assert chased.status_code == fresh_one.status_code == 302


def test_the_message_about_a_chase_up_goes_to_the_number_on_record_and_to_no_other(monday_at_ten):
    a_ticket(customer=a_customer(NUMBER))

    send(browser(), monday_at_ten, contact_number="12055550999")

    assert [message.to_address for message in Message.objects.filter(kind="received")] == [NUMBER]


def test_an_incomplete_form_is_refused_alike_whether_something_is_open_or_not(monday_at_ten):
    a_ticket(customer=a_customer(NUMBER))

    answers = [send(browser(), monday_at_ten, number=number, happened="") for number in (NUMBER, "12055550777")]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].context["form"].errors == answers[1].context["form"].errors


def test_another_matter_makes_another_ticket_that_says_why(monday_at_ten):
    a_ticket(customer=a_customer(NUMBER))

    send(browser(), monday_at_ten, another_matter="on")

    assert Ticket.objects.filter(customer__number=NUMBER).count() == 2
    assert Ticket.objects.latest("pk").duplicate_reason == "the customer says that it is another matter"


def test_the_third_chase_up_by_the_web_starts_an_escalation(monday_at_ten):
    open_one = a_ticket(customer=a_customer(NUMBER))
    for _time in range(2):
        chasing.chase_up(open_one, text="Well?", by=None, at=open_one.accepted_at)

    send(browser(), monday_at_ten)

    assert open_one.escalations.filter(reason="chased_up").exists()


# --- Files ------------------------------------------------------------------------------------------------------------


def test_files_go_with_the_complaint(monday_at_ten):
    send(browser(), monday_at_ten, evidence=[a_file(PNG), a_file(PDF, "bill.pdf")])

    assert [file.name for file in Attachment.objects.on(Ticket.objects.get())] == ["light.png", "bill.pdf"]


def test_files_stay_when_something_else_is_missing_and_belong_to_this_browser(monday_at_ten):
    client = browser()

    page = send(client, monday_at_ten, happened="", evidence=[a_file(PNG), a_file(PDF, "bill.pdf")])
    light, bill = Attachment.objects.order_by("pk")
    assert page.status_code == 400
    assert f'value="{light.key}" checked' in words(page)
    assert light.key not in words(browser().get(FORM))
    send(browser(), monday_at_ten, number="12055550777", draft=[light.key])
    send(client, monday_at_ten, draft=[light.key])

    assert [file.name for file in Attachment.objects.on(Ticket.objects.get(customer__number=NUMBER))] == ["light.png"]
    assert not Attachment.objects.filter(pk=bill.pk).exists()


@pytest.mark.parametrize("content", [HTML, b""])
def test_a_file_that_is_not_taken_is_named_and_nothing_is_sent(monday_at_ten, content):
    page = send(browser(), monday_at_ten, evidence=[a_file(content, "page.html")])

    assert page.status_code == 400
    assert "page.html: " in words(page)
    assert not Ticket.objects.exists()


def test_one_browser_holds_only_so_many_files(monday_at_ten):
    AttachmentRules.objects.update_or_create(pk=1, defaults={"files_at_once": 1})

    page = send(browser(), monday_at_ten, evidence=[a_file(), a_file()])

    assert "At most 1 files at once." in words(page)
    assert Attachment.objects.count() == 1


# --- People and machines ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bad",
    [
        {"sum": ""},
        {"sum": "99"},
        {"puzzle": "guessed"},
        {"puzzle": ""},
        {"website": "https://example.com"},
    ],
)
def test_a_machine_that_fills_in_everything_is_refused(monday_at_ten, bad):
    assert send(browser(), monday_at_ten, **bad).status_code == 400
    assert not Ticket.objects.exists()


def test_who_is_faster_than_anybody_is_asked_to_send_it_once_more(monday_at_ten):
    client = browser()
    answers = solved(client.get(FORM))

    assert client.post(FORM, {**a_complaint(), **answers}).status_code == 400
    monday_at_ten.shift(5)
    assert client.post(FORM, {**a_complaint(), **answers}).status_code == 302


def test_a_question_grows_old_and_a_new_one_is_asked(monday_at_ten):
    client = browser()
    answers = solved(client.get(FORM))
    monday_at_ten.shift(2 * 60 * 60)

    page = client.post(FORM, {**a_complaint(), **answers})

    assert page.status_code == 400
    assert page.context["form"]["puzzle"].value() != answers["puzzle"]
    monday_at_ten.shift(10)
    assert client.post(FORM, {**a_complaint(), **solved(page)}).status_code == 302


def test_the_question_is_text_with_a_label_in_both_languages(monday_at_ten):
    for language, says in (("en", "Answer in figures."), ("zh-hans", "")):
        page = browser(language).get(FORM)

        assert says in page.context["form"].question
        check(words(page))
        assert "script-src 'none'" in page["Content-Security-Policy"]


def test_full_width_figures_are_an_answer(monday_at_ten):
    client = browser()
    answers = solved(client.get(FORM))
    monday_at_ten.shift(10)
    wide = answers["sum"].translate({ord("0") + n: ord("０") + n for n in range(10)})

    assert client.post(FORM, {**a_complaint(), **answers, "sum": wide}).status_code == 302


# --- How often --------------------------------------------------------------------------------------------------------


def test_one_number_is_complained_about_only_so_often_however_it_is_written(monday_at_ten, settings):
    settings.DOOR_COMPLAINTS_ABOUT_A_NUMBER = 1

    answers = [send(browser(), monday_at_ten, number=number).status_code for number in (NUMBER, "120-5555-0188")]

    assert answers == [302, 429]
    assert Ticket.objects.count() == 1


def test_one_address_complains_only_so_often(monday_at_ten, settings):
    settings.DOOR_COMPLAINTS_AN_HOUR = 1

    answers = [send(browser(), monday_at_ten, number=f"1205555018{n}") for n in range(2)]

    assert [answer.status_code for answer in answers] == [302, 429]
    assert int(answers[1]["Retry-After"]) > 0


def test_a_forged_request_is_refused():
    elsewhere = browser()
    elsewhere.handler.enforce_csrf_checks = True

    assert elsewhere.post(FORM, a_complaint()).status_code == 403


def test_a_made_up_receipt_is_nowhere():
    assert browser().get("/complain/received/W-0000000001").status_code == 404


def test_the_category_of_the_form_cannot_be_switched_off_meanwhile(monday_at_ten):
    client = browser()
    answers = solved(client.get(FORM))
    filed = category()
    filed.is_active = False
    filed.save()
    monday_at_ten.shift(10)

    assert client.post(FORM, {**a_complaint(), **answers}).status_code == 404
