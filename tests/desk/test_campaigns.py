"""The page of callback campaigns: drawing one, and how far it has come."""

import pytest
from django.urls import reverse

from callbacks.models import Campaign
from tests.callbacks.stories import a_concluded_ticket
from tests.desk.test_house import check
from tests.people import a_customer, somebody, unit

pytestmark = pytest.mark.django_db

MONTH = {"month": "2026-03", "sample": "all"}


def test_a_director_draws_a_campaign_and_calls_come_of_it(as_):
    a_concluded_ticket(nature="enquiry", customer=a_customer("12055550150"))
    browser = as_(somebody("director").username)

    answer = browser.post(reverse("desk:campaigns"), MONTH | {"unit": unit("province").pk}, follow=True)

    assert "1 matter was drawn." in answer.content.decode()
    check(answer.content.decode())
    assert Campaign.objects.get().callbacks.count() == 1
    agent = as_(somebody("callback_agent").username).get(reverse("desk:callbacks"))
    assert Campaign.objects.get().callbacks.get().ticket.reference in agent.content.decode()
    assert "Record the answers" in agent.content.decode()


@pytest.mark.parametrize(
    "bad", [{"month": "soon"}, {"sample": "best"}, {"sample": "share"}, {"unit": "0"}, {"share": "0"}]
)
def test_bad_input_is_shown_at_its_field(as_, bad):
    answer = as_(somebody("director").username).post(
        reverse("desk:campaigns"), MONTH | {"unit": unit("province").pk} | bad
    )

    assert answer.status_code == 400
    assert answer.context["form"].errors
    assert not Campaign.objects.exists()


def test_an_agent_at_the_front_line_does_not_come_in(as_):
    assert as_("rosa").get(reverse("desk:campaigns")).status_code == 403
