"""Putting messages into the outbox (R2A, R4, R92)."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Person
from common.refusals import Malformed, NotYours
from contact.models import Matter
from notifications import outbox
from notifications.kinds import Channel, Kind, Stage
from notifications.models import Message
from tests.people import MONDAY_NINE, MONDAY_TEN

pytestmark = pytest.mark.django_db


def put(*people: Person, key: str = "deed:1", **facts: object) -> None:
    outbox.put(Kind.REASSIGNED, key=key, to=people, context={}, at=MONDAY_NINE, **facts)  # type: ignore[arg-type]


def test_the_same_deed_tells_the_same_person_once(lin):
    put(lin)
    put(lin)

    assert Message.objects.for_person(lin).count() == 1


def test_a_message_in_the_application_is_there_with_its_row(lin):
    put(lin)

    message = Message.objects.for_person(lin).get()
    assert (message.state, message.sent_at, message.next_try_at) == (Stage.SENT, MONDAY_NINE, None)


def test_a_message_in_the_application_can_wait_for_its_time(lin):
    put(lin, not_before=MONDAY_TEN)

    assert not Message.objects.for_person(lin).exists()
    assert list(Message.objects.due(MONDAY_TEN)) == [Message.objects.get()]


def test_each_channel_has_a_message_of_its_own(lin):
    lin.email, lin.mobile = "lin@desk.invalid", "13800000001"

    put(lin, channels=[Channel.IN_APP, Channel.EMAIL, Channel.SMS])

    assert set(Message.objects.values_list("channel", flat=True)) == {"in_app", "email", "sms"}


def test_who_has_no_address_is_told_in_the_application(lin):
    lin.email = ""

    put(lin, channels=[Channel.EMAIL])

    assert Message.objects.get().channel == Channel.IN_APP


def test_a_message_speaks_the_language_of_its_person(lin, rosa):
    lin.language, rosa.language = "zh-hans", ""

    put(lin, rosa)

    assert Message.objects.get(recipient=lin).language == "zh-hans"
    assert Message.objects.get(recipient=rosa).language == "en"  # the default of the test settings


def test_an_undone_deed_leaves_no_message(lin):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        put(lin)
        raise ZeroDivisionError

    assert not Message.objects.exists()


def test_what_has_not_left_can_be_withdrawn_and_what_was_sent_stays(lin):
    lin.email = "lin@desk.invalid"
    put(lin, channels=[Channel.IN_APP, Channel.EMAIL], about="escalation:1")
    put(lin, key="deed:2", channels=[Channel.EMAIL], about="escalation:2")

    outbox.withdraw("escalation:1")

    assert dict(Message.objects.values_list("key", "state")) == {
        f"deed:1:{lin.pk}:in_app": Stage.SENT,
        f"deed:1:{lin.pk}:email": Stage.CANCELLED,
        f"deed:2:{lin.pk}:email": Stage.WAITING,
    }


def test_reading_counts_the_first_time(lin):
    put(lin)
    message = Message.objects.get()

    outbox.mark_read(message, by=lin, at=MONDAY_NINE)
    outbox.mark_read(message, by=lin, at=MONDAY_TEN)

    assert Message.objects.get().read_at == MONDAY_NINE
    assert not Message.objects.for_person(lin).unread().exists()


def test_nobody_reads_for_another(lin, rosa):
    put(lin)

    with pytest.raises(NotYours):
        outbox.mark_read(Message.objects.get(), by=rosa, at=MONDAY_TEN)


def test_reading_all_touches_only_ones_own(lin, rosa):
    put(lin, rosa)

    outbox.mark_all_read(by=lin, at=MONDAY_TEN)

    assert not Message.objects.for_person(lin).unread().exists()
    assert Message.objects.for_person(rosa).unread().exists()


def test_what_is_old_counts_as_read_when_it_came_and_what_is_new_stays(lin):
    put(lin)
    outbox.put(Kind.REASSIGNED, key="deed:2", to=[lin], context={}, at=MONDAY_TEN)

    outbox.mark_old_read(MONDAY_TEN)

    assert Message.objects.for_person(lin).unread().get().created_at == MONDAY_TEN
    assert Message.objects.get(read_at=MONDAY_NINE).key.startswith("deed:1")


@pytest.mark.parametrize("address", ["13800000001\r\nBcc: all@x.invalid", "a@x.invalid\nSubject: hi", "\x00", " "])
def test_an_address_of_more_than_one_line_is_refused(address):
    with pytest.raises(Malformed):
        outbox.put_to_customer(
            Kind.SURVEY,
            key="deed:1",
            to=address,
            channel=Channel.EMAIL,
            matter=Matter.objects.create(),
            context={},
            at=MONDAY_NINE,
        )


def test_an_internal_kind_is_not_for_customers():
    with pytest.raises(ValueError, match="no purpose"):
        outbox.put_to_customer(
            Kind.DEMANDED,
            key="deed:1",
            to="13800000001",
            channel=Channel.SMS,
            matter=Matter.objects.create(),
            context={},
            at=MONDAY_NINE,
        )


def test_a_message_to_a_customer_that_leads_around_the_gate_is_refused_by_the_database():
    with pytest.raises(IntegrityError, match="a_message_to_a_customer_is_about_a_matter"):
        Message.objects.create(
            kind=Kind.SURVEY,
            key="k",
            channel=Channel.SMS,
            to_address="13800000001",
            language="en",
            created_at=MONDAY_NINE,
            next_try_at=MONDAY_NINE,
        )


def test_a_message_to_nobody_is_refused_by_the_database():
    with pytest.raises(IntegrityError, match="a_message_goes_to_a_person_a_customer_or_the_webhook"):
        Message.objects.create(
            kind=Kind.SURVEY,
            key="k",
            channel=Channel.EMAIL,
            language="en",
            created_at=MONDAY_NINE,
            next_try_at=MONDAY_NINE,
        )


def test_a_pending_message_without_a_time_is_refused_by_the_database(lin):
    with pytest.raises(IntegrityError, match="a_pending_message_says_when_it_is_tried"):
        Message.objects.create(
            kind=Kind.DEMANDED, key="k", channel=Channel.EMAIL, recipient=lin, language="en", created_at=MONDAY_NINE
        )
