"""Which policy wins and why the others lose: as the desk itself chooses, and told for each (R27)."""

from dataclasses import replace

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from complaints.models import Category
from sla.actions.comparing import Standing, compare
from sla.kinds import VARIANTS, Kind
from sla.models import Policy, known_policies
from sla.precedence import PRECEDENCE, Selectors
from sla.querysets import Situation
from tests.people import MONDAY_NINE, MONDAY_TEN, category, person
from tests.sla.cast import chosen_by_the_database, later

pytestmark = pytest.mark.django_db

BILLING = "billing.charges.monthly-fee"
CASE = {"kind": "reply", "urgency": "urgent", "tier": "gold", "brand": "gotone", "medium": "phone"}


def a_policy(code: str, **facts) -> Policy:
    """A published version; what is not given is 'any'."""
    given = {"kind": "reply", "limit": 240, "limit_unit": "elapsed_minutes", "status": "published"}
    given |= {"published_at": MONDAY_NINE, **facts}
    return Policy.objects.create(code=code, name_en=code, name_zh=code, **given)


def standings(situation, at=MONDAY_TEN) -> dict[str, tuple]:
    return {each.policy.name_en: (each.standing.value, *each.selectors) for each in compare(situation, at=at)}


def test_r27_each_other_policy_is_told_why_it_loses():
    situation = Situation(category=category(BILLING), **CASE)

    found = standings(situation)

    assert found["Reply, urgent, gold"] == ("wins",)
    assert found["Reply, urgent"] == ("outweighed", "tier")
    assert found["Reply, ordinary, gold"] == ("differs", "urgency")
    assert found["Reply, ordinary"] == ("differs", "urgency")
    assert found["Reply, ordinary, VIP"] == ("differs", "urgency", "tier")
    assert found["Reply, partners, with consent"] == ("differs", "scope", "variant")
    assert len(found) == Policy.objects.published().filter(kind="reply").count()


def test_r27_versions_of_another_time_are_told_so():
    Policy.objects.filter(code="reply-urgent").update(status="retired", effective_until=MONDAY_NINE)
    a_policy("reply-urgent-later", urgency="urgent", effective_from=later(MONDAY_TEN, days=1))

    found = standings(Situation(category=category(BILLING), **CASE))

    assert found["Reply, urgent"] == ("no_longer",)
    assert found["reply-urgent-later"] == ("not_yet",)


def test_r22_fewer_days_than_agreed_do_not_win():
    partner = Situation(
        kind="reply",
        category=category(BILLING),
        urgency="urgent",
        scope="partner",
        variant="consented",
        consented_days=7,
    )
    Policy.objects.filter(code="reply-partner").update(status="retired", effective_until=MONDAY_NINE)
    working_days = Policy.objects.get(code="conclude").calendar
    asked = {"scope": "partner", "variant": "consented", "limit_unit": "consented_days", "calendar": working_days}
    a_policy("few", effective_from=MONDAY_NINE, limit=5, **asked)

    assert standings(partner)["few"] == ("too_few_days",)
    assert standings(replace(partner, consented_days=5))["few"] == ("wins",)


def some_situations():
    """Any case of any clock, on a few categories of all depths."""
    return st.fixed_dictionaries(
        {
            "kind": st.sampled_from([kind.value for kind in Kind]),
            "place": st.integers(0, 400),
            "urgency": st.sampled_from(["", "urgent", "important", "ordinary"]),
            "brand": st.sampled_from(["", "gotone"]),
            "tier": st.sampled_from(["", "gold", "vip", "ordinary"]),
            "scope": st.sampled_from(["", "partner"]),
            "medium": st.sampled_from(["", "phone", "web"]),
            "variant": st.sampled_from(["", *{str(each) for each in set().union(*VARIANTS.values())}]),
            "consented_days": st.sampled_from([None, 4, 7]),
        }
    )


def test_r27_the_winner_is_always_the_one_that_the_desk_chooses():
    categories = list(Category.objects.order_by("path"))
    top = next(each for each in categories if each.depth == 1)
    below = next(each for each in categories if each.depth == 2 and each.path.startswith(top.path))
    a_policy("top", category=top, limit=300)
    a_policy("below", category=below, limit=200)
    a_policy("scope", scope="partner", limit=250)
    a_policy("phone", medium="phone", limit=250)
    a_policy("brand", brand="gotone", limit=250)

    @given(some_situations())
    def holds(said):
        place = said.pop("place")
        situation = Situation(category=categories[place % len(categories)], **said)

        contenders = compare(situation, at=MONDAY_TEN)

        chosen = known_policies().choose(situation, at=MONDAY_TEN)
        assert chosen == chosen_by_the_database(situation, at=MONDAY_TEN)
        assert [each.policy for each in contenders if each.standing == Standing.WINS] == ([chosen] if chosen else [])
        covering = list(known_policies().covering(situation))
        for each in contenders:
            matches = each.standing in {Standing.WINS, Standing.OUTWEIGHED}
            assert not matches or each.policy in covering
            assert bool(each.selectors) == (each.standing in {Standing.OUTWEIGHED, Standing.DIFFERS})

    holds()


@given(st.lists(st.sampled_from(PRECEDENCE), unique=True), st.lists(st.sampled_from(PRECEDENCE), unique=True))
def test_r27_the_weightiest_selector_in_which_two_differ_decides(ours, theirs):
    def saying(names):
        return Selectors(**{name: ("a",) if name == "category" else "a" for name in names})

    one, other = saying(ours), saying(theirs)
    first = next((name for name in PRECEDENCE if (name in ours) != (name in theirs)), None)

    assert (one.weight == other.weight) == (first is None)
    assert (one.weight < other.weight) == (first in theirs)
    assert one.outweighed_in(other) == (first if first in theirs else one.outweighed_in(other))


def test_the_page_shows_the_winner_and_why_each_other_one_loses(client):
    client.force_login(person("wei"), backend="django.contrib.auth.backends.ModelBackend")

    page = client.get(
        reverse("desk:which_policy"), {"category": BILLING, **CASE}, headers={"accept-language": "en"}
    ).content.decode()

    winner = page[page.index('id="winner"') : page.index("The others, and why not")]
    assert "Reply, urgent, gold v1" in winner
    assert "Reply, urgent, gold v1 says more by its tier" in page
    assert "It asks for something else: urgency, tier." in page


def test_the_page_refuses_what_is_no_case_and_asks_nothing_at_first(client):
    client.force_login(person("wei"), backend="django.contrib.auth.backends.ModelBackend")
    page = reverse("desk:which_policy")

    assert client.get(page).status_code == 200
    assert client.get(page, {"kind": "moon", "category": "nowhere", "at": "soon"}).status_code == 400


def test_each_clock_of_a_ticket_links_to_its_own_case(client, ticket):
    client.force_login(person("lin"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("desk:ticket", args=[ticket.reference])).content.decode()

    for clock in ticket.clocks.all():
        address = page[page.index(f"{reverse('desk:which_policy')}?kind={clock.kind}") :].split('"')[0]
        answer = client.get(address.replace("&amp;", "&"), headers={"accept-language": "en"})

        shown = answer.content.decode()
        assert str(clock.policy) in shown[shown.index('id="winner"') : shown.index("The others")]


def test_the_api_tells_the_same(client):
    client.force_login(person("wei"), backend="django.contrib.auth.backends.ModelBackend")
    address = "/api/v1/policies/which/"

    told = client.get(address, {"category": BILLING, **CASE}).json()

    assert (told["winner"]["policy"], told["winner"]["version"]) == ("reply-urgent-gold", 1)
    losing = {each["policy"]: (each["fares"], each["selectors"]) for each in told["others"]}
    assert losing["reply-urgent"] == ("outweighed", ["tier"])
    assert losing["reply-ordinary-vip"] == ("differs", ["urgency", "tier"])
    assert client.get(address, {"category": BILLING}).status_code == 400
    assert client.get(address, {"category": BILLING, **CASE, "moon": "full"}).status_code == 400
    assert client.get(address, {"category": BILLING, **CASE, "at": "2026-03-02T09:00"}).status_code == 400
