"""A chain of repeats over HTTP: found at acceptance, confirmed, rejected, counted, merged with both histories (R81)."""

import pytest

from tests.api.conftest import a_matter
from tests.journeys.test_a_whole_life_over_rest import at, done  # noqa: F401  (at is a fixture)

pytestmark = pytest.mark.django_db

AGAIN = {"duplicate_reason": "The customer insists on a ticket of its own."}


def test_three_tickets_of_one_matter_stand_in_a_chain_until_one_turns_out_to_be_another(at):  # noqa: F811
    first = done(at("2026-03-02 09:00", "rosa").post("tickets/", **a_matter()), "accepted")["reference"]
    rosa = at("2026-03-04 09:00", "rosa")
    assert rosa.post("tickets/", **a_matter()).json()["code"] == "duplicate"
    second = done(rosa.post("tickets/", **a_matter(**AGAIN)), "accepted")["reference"]
    third = done(at("2026-03-06 09:00", "rosa").post("tickets/", **a_matter(**AGAIN)), "accepted")["reference"]

    rosa = at("2026-03-06 09:10", "rosa")
    seen = rosa.get(f"tickets/{third}/repeats/").json()
    assert [link["reference"] for link in seen["chain"]] == [first, second, third]
    assert [link["repeat"]["ground"] for link in seen["chain"][1:]] == ["open", "open"]
    assert {each["reference"] for each in seen["candidates"]} == {first, second}
    assert (seen["kinds"]["is_repeat"], seen["kinds"]["chase_ups"], seen["kinds"]["reopenings"]) == (True, 0, 0)

    assert rosa.post(f"tickets/{second}/judge-repeat/", is_one=True).status_code == 200
    assert rosa.post(f"tickets/{third}/judge-repeat/", is_one=False).status_code == 400
    assert rosa.post(f"tickets/{third}/judge-repeat/", is_one=False, reason="Another bill.").status_code == 200
    chain = rosa.get(f"tickets/{second}/repeats/").json()["chain"]
    assert [link["reference"] for link in chain] == [first, second]
    assert rosa.get(f"tickets/{third}/repeats/").json()["chain"] == []

    lin = at("2026-03-06 09:20", "lin")
    assert lin.get("figures/repeated/").json()["total"]["numbers"] == {"repeats": 1, "complaints": 3}

    rosa = at("2026-03-06 09:30", "rosa")
    merged = rosa.post(f"tickets/{second}/merge/", into=first, reason="It is one matter.")
    assert merged.status_code == 200, merged.content
    kinds = {
        each: [entry["kind"] for entry in rosa.get(f"tickets/{each}/history/").json()["results"]]
        for each in (first, second)
    }
    assert "absorbed" in kinds[first] and "accepted" in kinds[first]
    assert "merged" in kinds[second] and "repeat_confirmed" in kinds[second]
