"""The pages of policies: how far recomputations are, trying a draft, publishing it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Person
from sla.actions.publishing import draft_from
from sla.models import Policy, Recomputation
from tests.people import MONDAY_NINE, a_ticket, person, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client) -> Person:
    member = somebody("administrator")
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    return member


@pytest.fixture
def draft() -> Policy:
    made = draft_from(Policy.objects.get(code="reply-ordinary"))
    made.limit = 300
    made.save()
    return made


def publishing(client, draft, **said):
    given = {"deed": "publish", "reason": "The regulator asks for it.", "whose": "new", "effective_from": "", **said}
    return client.post(reverse("desk:policy", args=[draft.pk]), given)


def test_r2b_the_page_tries_a_draft_and_draws_the_month(client, administrator, draft):
    a_ticket()

    page = client.get(reverse("desk:policy", args=[draft.pk]), {"month": "2026-03"})

    assert page.status_code == 200
    assert page.context["ahead"].tickets == 1
    assert page.context["past"].whole.clocks + page.context["past"].apart == 1
    assert b"<script" not in page.content.split(b"<main")[1]


@pytest.mark.parametrize("month", ["", "2026-13", "march", "2026-03'--", "９９９９-01"])
def test_a_month_that_is_none_is_said_and_kept(client, administrator, draft, month):
    page = client.get(reverse("desk:policy", args=[draft.pk]), {"month": month})

    assert page.status_code == 400
    assert page.context["month"].errors


def test_r27_a_draft_is_published_for_running_clocks_by_who_did_it(client, administrator, draft):
    a_ticket()

    answer = publishing(client, draft, whose="running")

    published = Policy.objects.get(pk=draft.pk)
    assert answer.url == reverse("desk:policies")
    assert (published.published_by, published.for_running) == (administrator, True)
    assert Recomputation.objects.get().asked_by == administrator
    assert b"Reply, ordinary v2" in client.get(reverse("desk:policies")).content


def test_r27_a_draft_is_published_for_a_time_to_come(client, administrator, draft):
    publishing(client, draft, effective_from="2100-01-01T08:00")

    published = Policy.objects.get(pk=draft.pk)
    assert published.effective_from.year == 2100
    assert Policy.objects.get(code="reply-ordinary", version=1).effective_until == published.effective_from
    assert b"2100" in client.get(reverse("desk:policies")).content


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"effective_from": "2020-01-01T08:00"}, "effective_from"),
        ({"effective_from": "soon"}, "effective_from"),
        ({"whose": "everybody"}, "whose"),
    ],
)
def test_what_is_refused_is_said_beside_its_field_and_what_was_typed_stays(client, administrator, draft, said, field):
    page = publishing(client, draft, **said)

    assert page.status_code == 400
    assert field in page.context["form"].errors
    assert Policy.objects.get(pk=draft.pk).status == "draft"


def test_r27_a_tie_is_refused_on_the_page_with_the_rival_named(client, administrator):
    tie = Policy.objects.create(
        code="mine", kind="reply", urgency="urgent", limit=50, limit_unit="elapsed_minutes", name_en="M", name_zh="我"
    )

    page = publishing(client, tie)

    assert page.status_code == 400
    assert b"Reply, urgent v1" in page.content


def test_a_new_version_is_drafted_from_a_published_one(client, administrator):
    policy = Policy.objects.get(code="reply-urgent")

    answer = client.post(reverse("desk:policy", args=[policy.pk]), {"deed": "draft"})

    assert answer.url == reverse("desk:policy", args=[Policy.objects.get(code="reply-urgent", version=2).pk])


def test_a_supervisor_reads_and_does_not_publish(client, draft, lin):
    client.force_login(lin, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(reverse("desk:policies")).status_code == 200
    assert publishing(client, draft).status_code == 403
    assert Policy.objects.get(pk=draft.pk).status == "draft"


def test_a_handler_has_no_business_there(client):
    client.force_login(person("wei"), backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(reverse("desk:policies")).status_code == 403


def test_the_list_costs_the_same_however_many_recomputations_there_were(client, administrator):
    address = reverse("desk:policies")
    client.get(address)

    counted = []
    for number in (1, 12):
        for _ in range(number):
            Recomputation.objects.create(
                cause="customer", customers=[1], asked_by=administrator, asked_at=MONDAY_NINE, begins_at=MONDAY_NINE
            )
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counted.append(len(queries))

    assert counted[0] == counted[1]
