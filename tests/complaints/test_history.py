"""The history is append-only, enforced by the database; what is undone leaves no trace (R4, R5)."""

import pytest
from django.db import Error, connection, transaction
from django.db.models import ProtectedError

from complaints.actions import commenting, dispatching, handling
from complaints.events import Moved
from complaints.models import Assistance, Entry, Note
from complaints.states import State
from notifications.models import Message
from tests.people import MONDAY_NINE, a_dispatched_ticket, a_ticket, fresh, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(ticket, rosa):
    """A line of history with a note."""
    commenting.comment(ticket, text="The customer sounded upset.", by=rosa, at=MONDAY_NINE)
    return Entry.objects.get(ticket=ticket, kind="commented")


def in_sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


REWRITING = {
    "an update": lambda entry: in_sql("UPDATE complaints_entry SET kind = 'nothing'"),
    "a deletion": lambda entry: in_sql("DELETE FROM complaints_entry"),
    "a truncation": lambda entry: in_sql("TRUNCATE complaints_entry CASCADE"),
    "a truncation of the notes": lambda entry: in_sql("TRUNCATE complaints_note CASCADE"),
    "a queryset's update": lambda entry: Entry.objects.filter(pk=entry.pk).update(at=MONDAY_NINE),
    "a queryset's deletion": lambda entry: Entry.objects.filter(pk=entry.pk).delete(),
    "saving a changed entry": lambda entry: entry.save(),
    "another note's text": lambda entry: Note.objects.filter(pk=entry.note_id).update(text="Calm."),
    "a note blanked without saying when": lambda entry: Note.objects.filter(pk=entry.note_id).update(text=""),
    "a note's deletion": lambda entry: in_sql("DELETE FROM complaints_note"),
}


@pytest.mark.parametrize("way", REWRITING)
def test_no_way_leads_to_another_history(entry, way):
    before = list(Entry.objects.values_list("kind", "at", "note__text"))

    with pytest.raises(Error), transaction.atomic():
        REWRITING[way](entry)

    assert list(Entry.objects.values_list("kind", "at", "note__text")) == before


def test_retention_may_blank_a_note_and_the_entry_stays(entry):
    Note.objects.filter(pk=entry.note_id).update(text="", blanked_at=MONDAY_NINE)

    kept = Entry.objects.select_related("note").get(pk=entry.pk)
    assert (kept.kind, kept.note.text, kept.note.blanked_at) == ("commented", "", MONDAY_NINE)


def test_a_ticket_with_a_history_is_not_deleted(ticket):
    with pytest.raises(ProtectedError):
        ticket.delete()


def test_an_entry_says_who_when_from_where_and_from_what_to_what(ticket, sam):
    dispatching.dispatch(ticket, to=unit("network"), note="Please measure.", by=sam, at=MONDAY_NINE)

    entry = Entry.objects.select_related("note").get(ticket=ticket, kind="dispatched")
    assert (entry.by, entry.at, entry.origin) == (sam, MONDAY_NINE, "system")
    assert (entry.source, entry.target, entry.version) == (State.ACCEPTED, State.DISPATCHED, ticket.version)
    assert entry.data == {"unit": "network", "assisting": []}
    assert entry.note.text == "Please measure."


def test_personal_text_stands_in_notes_and_never_in_the_entries_own_data(ticket, rosa, sam):
    words = "My neighbour Ben lost his line too"
    commenting.comment(ticket, text=words, by=rosa, at=MONDAY_NINE)
    dispatching.dispatch(ticket, to=unit("network"), note=words, by=sam, at=MONDAY_NINE)

    assert all(words not in str(entry.data) for entry in Entry.objects.filter(ticket=ticket))
    assert Note.objects.filter(text=words).count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_deed_leaves_no_entry_no_message_and_the_old_state(sam):
    ticket = a_ticket()
    entries, messages = Entry.objects.count(), Message.objects.count()

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        dispatching.dispatch(fresh(ticket), to=unit("network"), assisting_units=[unit("data")], by=sam, at=MONDAY_NINE)
        raise ZeroDivisionError

    assert (fresh(ticket).state, fresh(ticket).version) == (State.ACCEPTED, ticket.version)
    assert (Entry.objects.count(), Message.objects.count(), Assistance.objects.count()) == (entries, messages, 0)


def test_a_follower_that_fails_undoes_the_whole_deed(wei, monkeypatch):
    ticket = a_dispatched_ticket()
    before = Entry.objects.count()

    def fail(event: Moved) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("common.events.reactions", lambda: {Moved: [fail]})
    with pytest.raises(ZeroDivisionError):
        handling.claim(fresh(ticket), by=wei, at=MONDAY_NINE)

    assert fresh(ticket).state == State.DISPATCHED
    assert Entry.objects.count() == before
