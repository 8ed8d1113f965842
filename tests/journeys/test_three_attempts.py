"""A story over REST: the customer is not reached, three times on two days, and the ticket ends 'unreachable' (R43)."""

import pytest

from complaints.models import Ticket
from sla.models import Clock
from tests.api.conftest import a_matter
from tests.journeys.test_a_whole_life_over_rest import FINDINGS, at, done  # noqa: F401  (at is a fixture)

pytestmark = pytest.mark.django_db


def test_three_attempts_on_two_days_end_a_ticket_as_unreachable(at):  # noqa: F811
    rosa = at("2026-03-02 09:00", "rosa")
    reference = done(rosa.post("tickets/", **a_matter()), "accepted")["reference"]
    path = f"tickets/{reference}/"
    done(at("2026-03-02 09:10", "sam").post(f"{path}dispatch/", to="network"), "dispatched")
    wei = at("2026-03-02 09:20", "wei")
    done(wei.post(f"{path}claim/"), "handling")
    fed_back = wei.post(f"{path}feed-back/", handled_at="2026-03-02T09:20:00+08:00", **FINDINGS)
    first_due = done(fed_back, "replying")["reply_due_at"]

    def try_to_reach(moment: str, *, result: str, next_at: str):
        caller = at(moment, "rosa")
        return caller.post(
            f"{path}attempt-reply/", medium="phone", result=result, next_at=f"{next_at.replace(' ', 'T')}:00+08:00"
        )

    at_night = try_to_reach("2026-03-02 09:40", result="no_answer", next_at="2026-03-02 21:00")
    assert at_night.status_code in {400, 409}
    once = done(try_to_reach("2026-03-02 09:40", result="no_answer", next_at="2026-03-02 15:00"), "replying")
    assert once["reply_due_at"] > first_due
    too_early = at("2026-03-02 09:45", "rosa").post(f"{path}conclude-unreachable/", liability="company")
    assert (too_early.status_code, too_early.json()["state"]) == (409, "replying")

    done(try_to_reach("2026-03-02 15:00", result="refused", next_at="2026-03-02 16:00"), "replying")
    done(try_to_reach("2026-03-02 16:00", result="no_answer", next_at="2026-03-03 09:00"), "replying")
    on_one_day = at("2026-03-02 16:05", "rosa").post(f"{path}conclude-unreachable/", liability="company")
    assert on_one_day.status_code == 409

    done(try_to_reach("2026-03-03 09:00", result="no_answer", next_at="2026-03-03 11:00"), "replying")
    not_hers = at("2026-03-03 09:05", "wei").post(f"{path}conclude-unreachable/", liability="company")
    assert not_hers.status_code == 403
    rosa = at("2026-03-03 09:05", "rosa")
    done(rosa.post(f"{path}conclude-unreachable/", liability="company"), "closed")

    told = [entry["kind"] for entry in rosa.get(f"{path}history/").json()["results"]]
    assert told.count("reply_attempted") == 4
    assert "callback_opened" not in told
    ticket = Ticket.objects.get(reference=reference)
    assert ticket.conclusions.get().unreachable
    assert not ticket.callbacks.exists()
    assert Clock.objects.get(ticket=ticket, kind="reply").outcome == "unreachable"
