"""Very many tickets for measurements: as legal as those that were lived, and the same for the same seed."""

import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from complaints.actions import handling
from complaints.models import Entry, Ticket
from complaints.states import LIVE, State
from customers.models import Customer
from demo.simulation.invariants import violations
from escalation.models import Escalation
from notifications.models import Message
from search.models import Wording
from sla.actions.explaining import explain
from sla.actions.sweeping import call_due
from sla.models import Clock
from tests.people import findings, fresh, local, person

pytestmark = [pytest.mark.django_db, pytest.mark.extended]

NOON = local("2026-03-04 12:00")


def generate(tickets, *, lives, **options):
    call_command("generate", tickets=tickets, at=NOON, **{"seed": 1, "lives": lives, **options})


@pytest.mark.long
def test_what_was_generated_holds_all_that_must_hold_and_every_copy_stands_for_itself():
    generate(500, lives=60)

    assert Ticket.objects.count() == 500
    assert Ticket.objects.filter(state__in=LIVE).count() == 450
    assert set(Ticket.objects.values_list("state", flat=True)) >= LIVE
    assert violations(NOON) == {name: [] for name in violations(NOON)}
    assert Ticket.objects.filter(held_until__isnull=False).exists()
    assert Ticket.objects.filter(round=2).exists()
    assert Escalation.objects.filter(state="acknowledged").exists()
    assert not Clock.objects.filter(next_at__lte=NOON).exists()
    assert not Message.objects.pending().exists()
    for model, column in ((Ticket, "reference"), (Customer, "number"), (Ticket, "customer"), (Ticket, "matter")):
        values = list(model.objects.order_by().values_list(column, flat=True))
        assert len(set(values)) == len(values)
    for entry in Entry.objects.filter(kind="escalated").select_related("ticket"):
        assert Escalation.objects.filter(pk=entry.data["escalation"], ticket=entry.ticket).exists()
    for escalation in Escalation.objects.exclude(clock=None):
        assert escalation.occasion == f"clock:{escalation.clock_id}"
        assert Clock.objects.filter(pk=escalation.clock_id, ticket=escalation.ticket_id).exists()
    for message in Message.objects.exclude(about=""):
        told = Escalation.objects.select_related("ticket").get(pk=message.context["escalation"])
        assert (message.about, message.ticket) == (told.about, told.ticket.reference)
    for clock in Clock.objects.with_ticket().running().filter(due_at__isnull=False).order_by("-pk")[:100]:
        assert "as_decided" not in {step.why for step in explain(clock).steps}


def test_what_was_generated_can_be_worked_on_and_looked_at_and_no_index_or_trigger_is_lost(client):
    before = indexes_constraints_and_triggers()

    generate(60, lives=12)

    assert indexes_constraints_and_triggers() == before
    assert violations(NOON) == {name: [] for name in violations(NOON)}
    copied = Ticket.objects.with_people().filter(state=State.HANDLING, held_until=None, round=1).latest("pk")
    handling.feed_back(copied, findings=findings(NOON), by=copied.handler, at=NOON)
    assert fresh(copied).state == State.REPLYING
    turn = call_due(NOON + timedelta(days=30))
    assert turn.called > 0 and turn.failed == 0
    client.force_login(person("lin"))
    for page in (reverse("desk:ticket", args=[copied.reference]), reverse("desk:inbox"), reverse("desk:board")):
        assert client.get(page).status_code == 200


def test_every_copy_is_found_by_the_words_that_its_triggers_would_have_kept():
    generate(60, lives=12)
    copied = dict(Wording.objects.values_list("ticket", "words"))

    with connection.cursor() as cursor:
        cursor.execute("SELECT search_gather(id) FROM complaints_ticket")

    assert copied == dict(Wording.objects.values_list("ticket", "words"))
    assert set(copied) == set(Ticket.objects.values_list("pk", flat=True))


def test_one_seed_and_instant_give_the_same_twice():
    generate(20, lives=5)
    lived = ("state", "urgency", "category__code", "owner__username", "lead_unit__code", "raised_at", "next_due_at")
    first = list(Ticket.objects.order_by("pk").values_list(*lived))

    generate(20, lives=5, add=True)

    assert list(Ticket.objects.order_by("pk").values_list(*lived))[20:] == first


def test_the_number_comes_out_however_few_lives_it_is_copied_from():
    generate(1_000, lives=7, open=1_000)

    assert Ticket.objects.count() == Ticket.objects.live().count() == 1_000


def test_a_desk_with_tickets_is_left_alone(ticket):
    with pytest.raises(CommandError, match="there are tickets already"):
        generate(10, lives=5)

    assert Ticket.objects.count() == 1


def test_more_open_tickets_than_tickets_are_refused():
    with pytest.raises(CommandError, match="at most so many open"):
        generate(10, lives=5, open=11)


def indexes_constraints_and_triggers():
    """Their names and definitions; a list of words is written in two ways that mean the same."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
            " UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
            " UNION ALL SELECT tgname, tgenabled::text || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
        )
        return {(name, re.sub(r"::text(\[\])?|[()]", "", definition)) for name, definition in cursor.fetchall()}
