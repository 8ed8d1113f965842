"""The service desk reads what customers wrote and nothing followed from (R10, R32)."""

import pytest
from django.urls import reverse

from customers.models import Lookup
from inbound.actions.receiving import receive
from inbound.models import ShortMessage
from tests.people import MONDAY_NINE, a_customer, person

pytestmark = pytest.mark.django_db


def a_message(key="m-1"):
    return receive(key, number=a_customer().number, text="<b>Hello?</b>", at=MONDAY_NINE)


def test_the_list_shows_the_words_and_hides_the_number(as_):
    message = a_message()

    page = as_("rosa").get(reverse("desk:texts")).content.decode()

    assert "&lt;b&gt;Hello?" in page
    assert message.masked_number in page
    assert message.number not in page


def test_opening_the_customer_who_wrote_is_logged(as_):
    message = a_message()

    answer = as_("rosa").post(reverse("desk:open_sender", args=[message.pk]))

    assert answer.status_code == 302
    assert Lookup.objects.get().by == person("rosa")


def test_what_is_dealt_with_leaves_the_list_and_only_once(as_):
    message = a_message()
    address = reverse("desk:settle_text", args=[message.pk])

    codes = [as_("rosa").post(address).status_code for _time in range(2)]

    assert codes == [302, 409]
    assert not ShortMessage.objects.to_read().exists()
    assert ShortMessage.objects.get().settled_by == person("rosa")


@pytest.mark.parametrize("username", ["wei", "kangming"])
def test_who_answers_no_customers_reads_none(as_, username):
    message = a_message()

    assert as_(username).get(reverse("desk:texts")).status_code == 403
    assert as_(username).post(reverse("desk:settle_text", args=[message.pk])).status_code == 403
