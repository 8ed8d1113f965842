"""Streams over a real server: who hears what, what happens at gaps, and what a stream holds (D4, D6–D9)."""

from datetime import UTC, datetime

import pytest
import redis
from django.conf import settings
from django.contrib.auth import logout
from django.db import connection, transaction
from django.http import HttpRequest

from accounts.models import Assignment, Person
from complaints.actions import commenting, dispatching, handling
from live import channel, hub, stream
from notifications import outbox
from notifications.kinds import Kind
from tests.people import (
    MONDAY_NINE,
    MONDAY_TEN,
    a_dispatched_ticket,
    a_ticket,
    a_ticket_in_hand,
    fresh,
    person,
    somebody,
    unit,
)
from tests.streams import until

pytestmark = pytest.mark.long


def comment_on(ticket, by="sam"):
    commenting.comment(fresh(ticket), text="Looked at it.", by=person(by), at=MONDAY_TEN)


def test_what_happens_to_a_ticket_is_told_to_those_who_may_see_it_and_to_nobody_else(ear_of):
    wei, noor = ear_of("wei").settle(), ear_of("noor").settle()

    for_wei = a_dispatched_ticket(to="network")
    for_noor = a_dispatched_ticket(to=person("noor").unit.code)

    assert wei.hint()["tickets"] == [for_wei.reference]
    assert noor.hint()["tickets"] == [for_noor.reference]


def test_a_hint_holds_references_and_nothing_that_was_said(ear_of):
    sam = ear_of("sam").settle()

    ticket = a_ticket(happened="My neighbour Ines listens.")

    assert sam.hint() == {"tickets": [ticket.reference], "lists": True, "notices": False}


def test_a_role_that_is_taken_away_counts_no_more_at_the_next_hint(address, ear_of):
    handler = somebody("handler", over="network")
    ear = ear_of(handler.username).settle()
    ticket = a_dispatched_ticket(to="network")
    assert ear.hint()["tickets"] == [ticket.reference]

    Assignment.objects.filter(person=handler).delete()
    comment_on(ticket)
    outbox.put(Kind.REASSIGNED, key="after", to=handler, context={}, at=MONDAY_TEN)

    assert ear.hint() == {"tickets": [], "lists": False, "notices": True}


def test_a_colleague_sees_that_somebody_took_it(ear_of):
    ticket = a_dispatched_ticket(to="network")
    wei = ear_of("wei").settle()

    handling.claim(fresh(ticket), by=person("wei"), at=MONDAY_TEN)

    assert wei.hint()["tickets"] == [ticket.reference]


def test_who_has_lost_a_ticket_hears_that_a_list_changed_and_not_which_ticket(ear_of):
    ticket = a_ticket_in_hand()
    wei = ear_of("wei").settle()

    handling.transfer(fresh(ticket), to=unit("support"), reason="theirs", by=person("wei"), at=MONDAY_TEN)

    assert wei.hint() == {"tickets": [], "lists": True, "notices": False}


def test_a_message_in_the_application_rings_its_persons_bell_only(ear_of):
    lin, rosa = ear_of("lin").settle(), ear_of("rosa").settle()

    outbox.put(Kind.REASSIGNED, key="one", to=person("lin"), context={}, at=MONDAY_TEN)
    outbox.put(Kind.REASSIGNED, key="two", to=person("rosa"), context={}, at=MONDAY_TEN)

    assert lin.hint() == {"tickets": [], "lists": False, "notices": True}
    assert rosa.hint() == {"tickets": [], "lists": False, "notices": True}
    outbox.mark_all_read(by=person("lin"), at=MONDAY_TEN)
    assert lin.hint()["notices"]


def test_what_was_undone_was_never_hinted_at(ear_of):
    sam = ear_of("sam").settle()

    with pytest.raises(LookupError), transaction.atomic():
        undone = a_ticket()
        raise LookupError
    done = a_ticket()

    assert sam.hint()["tickets"] == [done.reference] != [undone.reference]


def test_what_happened_between_the_page_and_its_stream_is_told_at_once(ear_of):
    early = ear_of("sam").settle()
    drawn_at = datetime.now(UTC).isoformat()
    ticket = a_ticket()
    early.hint()

    late = ear_of("sam", since=drawn_at)

    assert late.next()[0] == "hello"
    assert late.next() == ("hint", {"tickets": [ticket.reference], "lists": True, "notices": False})


def test_a_page_from_before_anybody_listened_is_fetched_afresh(ear_of):
    ear_of("sam").settle()

    old = ear_of("sam", since="2026-03-02T09:00:00+00:00")

    assert [old.next()[0], old.next()[0]] == ["hello", "afresh"]


@pytest.mark.parametrize("since", ["", "yesterday", "2026-99-99T00:00:00+00:00", "2026-03-02T09:00:00", "\x00"])
def test_an_instant_that_is_none_means_afresh(ear_of, since):
    ear_of("sam").settle()

    ear = ear_of("sam", since=since)

    assert [ear.next()[0], ear.next()[0]] == ["hello", "afresh"]


# --- Gaps -------------------------------------------------------------------------------------------------------------


def server():
    return redis.Redis.from_url(settings.REDIS_URL)


def test_a_number_that_is_left_out_leads_to_a_fresh_fetch(ear_of):
    sam = ear_of("sam").settle()
    first = a_ticket()
    assert sam.hint()["tickets"] == [first.reference]

    server().incr(channel.name())
    a_ticket()

    assert sam.next()[0] == "afresh"


def test_a_server_that_was_emptied_leads_to_a_fresh_fetch(ear_of):
    sam = ear_of("sam").settle()
    for _each in range(2):
        a_ticket()
        sam.hint()

    server().delete(channel.name())
    a_ticket()

    assert sam.next()[0] == "afresh"


def test_a_lost_channel_is_told_and_when_it_is_back_all_is_fetched_afresh(ear_of):
    sam = ear_of("sam").settle()

    ours = server().connection_pool.connection_kwargs["db"]
    for each in server().client_list(_type="pubsub"):
        if int(each["db"]) == ours:  # other tests have theirs on the same server
            server().client_kill_filter(_id=each["id"])

    assert sam.next()[0] == "deaf"
    assert sam.next()[0] == "afresh"
    ticket = a_ticket()
    assert sam.hint()["tickets"] == [ticket.reference]


RUBBISH = ["", "7", "x y", "1 {}", '9 {"tickets": 1}', '9 {"tickets": ["a"]}', '9 {"else": []}', "9 [", "ÿþ"]
HUGE = ["9 " + "[" * 100_000, "9 " + "x" * 1_000_000]


@pytest.mark.parametrize("rubbish", [*RUBBISH, *HUGE], ids=range(len(RUBBISH) + len(HUGE)))
def test_rubbish_on_the_channel_stops_no_stream(ear_of, rubbish):
    sam = ear_of("sam").settle()

    server().publish(channel.name(), rubbish)

    assert sam.next()[0] == "afresh"
    a_ticket()
    assert sam.next()[0] in {"afresh", "hint"}


def test_a_deed_is_done_though_the_channel_is_not_there(address, settings, caplog):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    ticket = a_ticket()

    assert fresh(ticket).version
    assert "hints do not leave" in caplog.text
    channel._Resting.until = 0.0


# --- Coming and going -------------------------------------------------------------------------------------------------


def test_signing_out_ends_the_stream(ear_of):
    sam = ear_of("sam").settle()

    request = HttpRequest()
    request.session = sam.client.session
    logout(request)
    a_ticket()

    assert sam.next()[0] == "bye"
    assert sam.next()[0] == "end"


def test_switching_somebody_off_ends_their_stream(address, ear_of):
    member = somebody("dispatcher")
    ear = ear_of(member.username).settle()

    Person.objects.filter(pk=member.pk).update(is_active=False)
    a_ticket()

    assert ear.next()[0] == "bye"


def test_a_new_password_ends_the_streams_of_the_old_one(address, ear_of):
    member = somebody("dispatcher")
    ear = ear_of(member.username).settle()

    member.set_password("another-password-for-tests")
    member.save()
    a_ticket()

    assert ear.next()[0] == "bye"


def test_a_session_that_ends_by_itself_ends_its_stream_though_nothing_happens(ear_of, monkeypatch):
    monkeypatch.setattr(hub, "CENSUS", 0.05)
    sam = ear_of("sam").settle()

    sam.client.session.delete(sam.client.session.session_key)

    assert sam.next()[0] == "bye"


def test_a_silent_stream_beats(ear_of, monkeypatch):
    monkeypatch.setattr(stream, "HEARTBEAT", 0.05)
    sam = ear_of("sam").settle()

    assert sam.next()[0] == "comment"


def test_the_producer_ends_when_its_client_goes(ear_of):
    staying, going = ear_of("sam").settle(), ear_of("wei").settle()
    assert hub.count_streams() == 2

    going.close()

    until(lambda: hub.count_streams() == 1)
    a_ticket()
    assert staying.hint()


def test_fifty_streams_hold_no_connection_to_the_database(ear_of):
    def connections() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            return cursor.fetchone()[0]

    first = ear_of("sam").settle()
    until(lambda: connections() == 1)  # ours

    ears = [ear_of("sam", client=first.client) for _each in range(50)]

    assert all(ear.next()[0] == "hello" for ear in ears)
    assert hub.count_streams() == 51
    until(lambda: connections() == 1)
    ticket = a_ticket()
    assert all(ear.hint()["tickets"] == [ticket.reference] for ear in ears)
    until(lambda: connections() == 1)


def test_a_slow_browser_hears_less_often_and_of_many_tickets_only_that_it_should_fetch():
    slow = stream.Stream()

    for number in range(stream.MANY + 1):
        slow.hear(stream.Heard(tickets={f"T-{number}"}))

    assert '"tickets"' not in slow._next()


def test_what_is_sent_back_and_recalled_is_told_to_the_unit_that_had_it(ear_of):
    ticket = a_dispatched_ticket(to="network")
    wei = ear_of("wei").settle()

    dispatching.recall(fresh(ticket), reason="the wrong unit", by=person("sam"), at=MONDAY_NINE)

    assert wei.hint() == {"tickets": [], "lists": True, "notices": False}
