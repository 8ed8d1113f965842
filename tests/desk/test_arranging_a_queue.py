"""A queue as somebody wants it: filtered, in an order, with columns, kept under a name and shared with the unit."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse

from complaints.models import Ticket
from lists.models import SavedView
from tests.desk.test_workplaces import references, text
from tests.people import MONDAY_NINE, MONDAY_TEN, a_dispatched_ticket


def queue(browser, **asked):
    return text(browser.get(reverse("desk:queue"), {"tab": "unclaimed"} | asked))


def kept(browser, **said):
    """Keep a view of the queue as its form does."""
    given = {"place": "queue", "name": "Urgent ones", "query": "tab=unclaimed&urgency=urgent&columns=state"} | said
    return text(browser.post(reverse("desk:keep_view"), given, follow=True))


def test_a_queue_is_filtered_and_ordered_and_shows_chosen_columns(as_):
    slow, quick = a_dispatched_ticket(urgency="ordinary"), a_dispatched_ticket(urgency="urgent")
    Ticket.objects.filter(pk=slow.pk).update(raised_at=MONDAY_NINE)
    Ticket.objects.filter(pk=quick.pk).update(raised_at=MONDAY_TEN)
    browser = as_("wei")

    assert references(queue(browser)) == [quick.reference, slow.reference]
    assert references(queue(browser, order="oldest")) == [slow.reference, quick.reference]
    assert references(queue(browser, urgency="urgent")) == [quick.reference]
    assert "1 ticket passes the filter" in queue(browser, urgency="urgent")
    assert "<th>State</th>" in queue(browser, columns=["state"])
    assert "<th>Category</th>" not in queue(browser, columns=["state"])


def test_what_an_address_cannot_ask_for_is_left_out(as_):
    waiting = a_dispatched_ticket()
    nonsense = {"urgency": "x", "due": "'", "category": "9" * 30, "order": "password", "columns": "password"}

    page = queue(as_("wei"), **nonsense)

    assert references(page) == [waiting.reference]
    assert "<th>Category</th>" in page


def test_a_filter_that_leaves_nothing_says_so(as_):
    a_dispatched_ticket(urgency="ordinary")

    assert "The filter is too narrow" in queue(as_("wei"), urgency="urgent")


def test_a_view_of_the_queue_is_kept_and_stays_on_the_queue(as_, wei):
    browser = as_("wei")

    page = kept(browser)

    assert "Urgent ones" in page
    assert SavedView.objects.get(person=wei).query == "tab=unclaimed&urgency=urgent&columns=state"
    assert "Urgent ones" not in text(browser.get(reverse("desk:tickets")))


def test_only_the_unit_sees_a_shared_view_and_only_its_owner_can_forget_it(as_, wei):
    kept(as_("wei"), is_shared="yes")
    view = SavedView.objects.get(person=wei)
    colleague = next(each for each in wei.unit.people.filter(is_active=True).order_by("pk") if each != wei)

    as_(colleague.username).post(reverse("desk:forget_view", args=[view.pk]), {"place": "queue"})

    assert wei.name in queue(as_(colleague.username))
    assert "Urgent ones" not in queue(as_("noor"))
    assert SavedView.objects.filter(pk=view.pk).exists()


def test_what_is_not_shared_is_not_seen_by_the_unit(as_, wei):
    kept(as_("wei"))
    colleague = next(each for each in wei.unit.people.filter(is_active=True).order_by("pk") if each != wei)

    assert "Urgent ones" not in queue(as_(colleague.username))


def test_a_view_is_of_a_known_list(wei):
    with pytest.raises(IntegrityError):
        SavedView.objects.create(person=wei, place="elsewhere", name="x")


def test_a_view_that_names_what_is_not_there_any_more_says_so(as_):
    a_dispatched_ticket()
    wei = as_("wei")

    queued = text(wei.get(reverse("desk:queue"), {"tab": "unclaimed", "category": "99999"}))
    listed = text(wei.get(reverse("desk:tickets"), {"unit": "99999", "holding": "99999", "urgency": "urgent"}))
    whole = text(wei.get(reverse("desk:tickets"), {"urgency": "urgent"}))

    assert "Left out, because it is not there any more: category." in queued
    assert "Left out, because it is not there any more: unit." in listed
    assert "Left out" not in whole


def test_tickets_are_found_by_the_days_on_which_they_were_raised(as_):
    earlier, later = a_dispatched_ticket(), a_dispatched_ticket()
    Ticket.objects.filter(pk=earlier.pk).update(raised_at=MONDAY_NINE - timedelta(days=3))
    lin = as_("lin")

    until = text(lin.get(reverse("desk:tickets"), {"until": "2026-03-01"}))
    since = text(lin.get(reverse("desk:tickets"), {"since": "2026-03-02", "until": "2026-03-02"}))

    assert references(until) == [earlier.reference]
    assert references(since) == [later.reference]
