"""Searching by words from anywhere: what is found, where the words stand, and what others may not find."""

import pytest
from django.urls import reverse

from tests import people

pytestmark = pytest.mark.django_db


def _search(client, words, **more):
    return client.get(reverse("desk:tickets"), {"words": words, "state": "any", **more}).content.decode()


def test_words_in_chinese_show_where_they_stand(client, lin):
    ticket = people.a_ticket(happened="<b>家里</b>宽带断网三天，没有人上门")
    client.force_login(lin)

    page = _search(client, "断网 上门")

    assert ticket.reference in page
    assert "<mark>断网</mark>" in page
    assert "<mark>上门</mark>" in page
    assert "&lt;b&gt;家里" in page


def test_words_of_the_feedback_find_the_ticket_and_other_filters_narrow(client, lin):
    ticket = people.a_ticket_to_reply()
    client.force_login(lin)

    assert "<mark>splitter</mark>" in _search(client, "splitter")
    assert ticket.reference not in _search(client, "splitter", urgency="urgent")


def test_who_may_not_see_a_ticket_does_not_find_it(client, noor):
    ticket = people.a_ticket(happened="家里宽带断网三天")
    client.force_login(noor)

    assert ticket.reference not in _search(client, "断网")


def test_the_box_at_the_top_leads_to_what_was_found(client, lin):
    ticket = people.a_ticket(happened="家里宽带断网三天")
    client.force_login(lin)

    page = client.post(reverse("desk:search"), {"words": "断网"}, follow=True).content.decode()

    assert ticket.reference in page


@pytest.mark.parametrize(
    "words",
    [
        "'",
        "& | !",
        "%_\\",
        "<script>",
        "宽" * 100,
        "\u200b",
        "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    ],
)
def test_no_question_breaks_the_page(client, lin, words):
    client.force_login(lin)

    assert "<script>" not in _search(client, words).replace("<script src", "")


def test_a_ticket_opens_beside_the_list_for_those_who_may_see_it(client, lin, noor, ticket):
    client.force_login(lin)
    assert reverse("desk:peek", args=[ticket.reference]) in client.get(reverse("desk:tickets")).content.decode()
    beside = client.get(reverse("desk:peek", args=[ticket.reference])).content.decode()
    assert "The line has been down" in beside
    assert "<html" not in beside

    client.force_login(noor)
    assert client.get(reverse("desk:peek", args=[ticket.reference])).status_code == 404
