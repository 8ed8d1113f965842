"""Administrators write drafts and publish them; what is published is shown and stays."""

import pytest
from django.urls import reverse

from accounts.models import Person
from sla.actions.publishing import draft_from
from sla.models import Policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    person = Person.objects.filter(is_superuser=True).first()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return person


def chosen_in_list(client, action, *policies):
    return client.post(
        reverse("admin:sla_policy_changelist"),
        {"action": action, "_selected_action": [policy.pk for policy in policies]},
        follow=True,
    )


def test_a_published_policy_has_no_field_to_change(client, administrator):
    policy = Policy.objects.get(code="reply-urgent")

    page = client.get(reverse("admin:sla_policy_change", args=[policy.pk]))

    assert page.status_code == 200
    assert b'name="limit"' not in page.content


def test_a_draft_is_published_with_its_reason_by_who_did_it(client, administrator):
    draft = draft_from(Policy.objects.get(code="reply-urgent"))
    draft.limit, draft.reason = 50, "The regulator asks for it."
    draft.save()

    chosen_in_list(client, "publish_drafts", draft)

    published = Policy.objects.get(pk=draft.pk)
    assert (published.status, published.published_by) == ("published", administrator)
    assert Policy.objects.get(code="reply-urgent", version=1).status == "retired"


def test_what_is_refused_is_said(client, administrator):
    draft = draft_from(Policy.objects.get(code="reply-urgent"))

    answer = chosen_in_list(client, "publish_drafts", draft)

    assert b"Say why it changes." in answer.content
    assert Policy.objects.get(pk=draft.pk).status == "draft"
