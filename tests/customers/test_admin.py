"""The admin shows no full number and no full name, and changes no flag (R2, R80)."""

import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from callbacks.models import CallbackRules
from customers import watching
from customers.models import ContactPerson, Customer, FlagKind, WatchRules
from tests.people import MONDAY_NINE, a_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def flagged(rosa):
    """A customer with a contact person and a flag."""
    customer = a_customer("12055550101", name="Ortega", identity_number="110101199001011234", address="人民路 1 号")
    ContactPerson.objects.create(customer=customer, name="Pereira", number="12055550177", standing="family")
    watching.raise_flag(customer, kind=FlagKind.D, reason="Says they will sue.", by=rosa, at=MONDAY_NINE)
    return customer


@pytest.mark.parametrize(
    "page",
    [
        lambda customer: reverse("admin:customers_customer_changelist"),
        lambda customer: reverse("admin:customers_customer_change", args=[customer.pk]),
        lambda customer: reverse("admin:customers_customer_history", args=[customer.pk]),
        lambda customer: reverse("admin:customers_flag_changelist"),
        lambda customer: reverse("admin:customers_flag_change", args=[customer.flags.get().pk]),
        lambda customer: reverse("admin:customers_lookup_changelist"),
        lambda customer: reverse("admin:customers_disclosure_changelist"),
    ],
)
def test_personal_values_are_masked_on_every_page(admin_client, flagged, page):
    url = page(flagged)

    text = admin_client.get(url).content.decode()

    for secret in ("12055550101", "12055550177", "Ortega", "Pereira", "110101199001011234", "人民路"):
        assert secret not in text


def test_a_posted_number_changes_nothing(admin_client, flagged):
    url = reverse("admin:customers_customer_change", args=[flagged.pk])

    admin_client.post(url, {"number": "999", "name": "Mallory", "tier": "gold", "brand": "", "language": ""})

    customer = Customer.objects.get(pk=flagged.pk)
    assert (customer.number, customer.name) == ("12055550101", "Ortega")


@pytest.mark.parametrize("page", ["customers_flag_add", "customers_customer_add", "customers_lookup_add"])
def test_nothing_of_it_is_added_here(admin_client, page):
    assert admin_client.get(reverse(f"admin:{page}")).status_code == 403


def test_nothing_of_it_is_deleted_here(admin_client, flagged):
    url = reverse("admin:customers_customer_delete", args=[flagged.pk])

    assert admin_client.post(url, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("model", ["customers_watchrules", "customers_disclosurerules", "callbacks_callbackrules"])
def test_configuration_of_one_row_leads_to_that_row(admin_client, model):
    response = admin_client.get(reverse(f"admin:{model}_changelist"))

    assert (response.status_code, response.url) == (302, reverse(f"admin:{model}_change", args=[1]))
    assert admin_client.get(response.url).status_code == 200
    assert admin_client.get(reverse(f"admin:{model}_add")).status_code == 403


@pytest.mark.parametrize(("model", "field"), [(WatchRules, "a_from"), (CallbackRules, "attempts")])
def test_changed_configuration_is_recorded_with_old_and_new(model, field):
    row = model.objects.get(pk=1)
    setattr(row, field, 5)
    row.save()

    assert LogEntry.objects.get_for_object(row).first().changes[field] == ["3", "5"]
