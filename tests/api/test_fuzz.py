"""Whatever is sent, the answer is a ticket or a problem document: never 500, never half written."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from rest_framework import serializers

from api.campaigning import Campaigns
from api.fields import ById, Month
from api.filters import TicketFilter
from api.paging import CursorPages
from api.tickets import TicketList
from api.urls import OPERATIONS
from callbacks.models import Campaign
from complaints.models import Entry, Ticket
from tests.api.conftest import Caller, a_matter
from tests.people import a_dispatched_ticket, a_ticket, a_ticket_in_hand, a_ticket_to_reply, person

pytestmark = [pytest.mark.long, pytest.mark.extended]

NASTY = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(min_value=-(10**30), max_value=10**30),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=40),
    st.text(alphabet="\x00\x1b\n\t\u202e\ufeff’<>&'\"%;\\{}", max_size=12),
    st.sampled_from(
        ["T-1", "network", "rosa", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "2026-13-01T00:00:00Z",
         "2026-03-02T09:00:00+99:99", "2026-03-02T24:00:00Z", "__proto__", "phone", "x" * 10_001, "１２３"]
    ),
    st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=5)), max_size=3),
    st.dictionaries(st.text(max_size=8), st.one_of(st.none(), st.integers(), st.text(max_size=5)), max_size=3),
)  # fmt: skip
QUERIES = [*TicketFilter.base_filters, "cursor", "order", "page_size"]
BOUNDED = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def well_formed(field: serializers.Field) -> st.SearchStrategy:
    """A value that the field would take, so that the fuzz also gets past the form and into the rule."""
    match field:
        case serializers.ChoiceField():
            return st.sampled_from(list(field.choices))
        case serializers.BooleanField():
            return st.booleans()
        case serializers.DateTimeField():
            return st.sampled_from(["2026-03-02T10:00:00+08:00", "2099-01-01T00:00:00Z", "1991-01-01T00:00:00Z"])
        case Month():
            return st.sampled_from(["2026-03", "2026-12", "2026-13", "1989-01"])
        case serializers.DateField():
            return st.sampled_from(["2026-03-02", "2099-01-01", "2026-02-30"])
        case serializers.IntegerField():
            return st.integers(min_value=1, max_value=8)
        case ById():
            return st.sampled_from([row.pk for row in field.get_queryset()[:5]])
        case serializers.SlugRelatedField():
            return st.sampled_from([row.code for row in field.get_queryset()[:5]] or ["none"])
        case serializers.ListField():
            return st.lists(well_formed(field.child), max_size=3)
        case serializers.Serializer():
            return st.fixed_dictionaries({}, optional={name: well_formed(one) for name, one in field.fields.items()})
        case _:
            return st.text(min_size=1, max_size=30)


def bodies(form: type[serializers.Serializer]) -> st.SearchStrategy:
    """Bodies of a form: each field well formed, nasty, or left out; now and then one that it does not know."""
    fields = {name: st.one_of(well_formed(field), NASTY) for name, field in form().fields.items() if name != "version"}
    return st.fixed_dictionaries({}, optional={**fields, "version": NASTY, "state": NASTY})


def check(answer) -> None:
    """A ticket, or a problem."""
    assert answer.status_code in {200, 201, 400, 403, 404, 409}, answer.content
    if answer.status_code >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["code"]


class AnythingAtAcceptance(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        a_ticket()

    @BOUNDED
    @given(data=st.data())
    def test_anything_at_acceptance_is_accepted_or_refused(self, data):
        before = Ticket.objects.count()

        answer = Caller(person("rosa")).post("tickets/", **data.draw(bodies(TicketList.Input)))

        check(answer)
        assert Ticket.objects.count() - before == (answer.status_code == 201)

    @BOUNDED
    @given(data=st.data())
    def test_one_odd_value_in_a_good_body_is_accepted_or_refused(self, data):
        field = data.draw(st.sampled_from(sorted(TicketList.Input().fields)))

        answer = Caller(person("rosa")).post("tickets/", **a_matter(**{field: data.draw(NASTY)}))

        check(answer)

    @BOUNDED
    @given(query=st.dictionaries(st.sampled_from(QUERIES), st.text(max_size=30)))
    def test_any_query_is_answered_or_refused(self, query):
        check(Caller(person("rosa")).get("tickets/", **query))

    @BOUNDED
    @given(cursor=st.recursive(NASTY, lambda inner: st.lists(inner, max_size=4)))
    def test_any_cursor_is_answered_or_refused(self, cursor):
        check(Caller(person("rosa")).get("tickets/", cursor=CursorPages.encode(["due", True, cursor])))
        check(Caller(person("rosa")).get("tickets/", cursor=CursorPages.encode(cursor)))


class AnythingAtACampaign(TestCase):
    @BOUNDED
    @given(data=st.data())
    def test_anything_at_a_campaign_is_drawn_or_refused(self, data):
        before = Campaign.objects.count()

        answer = Caller(person("lin")).post("callbacks/campaigns/", **data.draw(bodies(Campaigns.Input)))

        check(answer)
        assert Campaign.objects.count() - before == (answer.status_code == 201)


class AnythingAtAnOperation(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        by_state = [a_ticket(), a_dispatched_ticket(), a_ticket_in_hand(), a_ticket_to_reply()]
        cls.references = [ticket.reference for ticket in by_state]


def _add(name: str) -> None:
    @settings(BOUNDED, max_examples=8)
    @given(data=st.data())
    def test(self, data):
        reference = data.draw(st.sampled_from(self.references))
        username = data.draw(st.sampled_from(["rosa", "sam", "wei", "lin"]))
        before = Entry.objects.filter(ticket__reference=reference).count()

        answer = Caller(person(username)).post(
            f"tickets/{reference}/{name}/", **data.draw(bodies(OPERATIONS[name].Input))
        )

        check(answer)
        grown = Entry.objects.filter(ticket__reference=reference).count() > before
        assert grown == (answer.status_code == 200)

    setattr(AnythingAtAnOperation, f"test_anything_at_{name.replace('-', '_')}_is_done_or_refused", test)


for _name in OPERATIONS:
    _add(_name)
