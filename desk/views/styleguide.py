"""Every component of the pages, in all its states."""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from complaints.states import Urgency
from contact.gate import Decision
from customers.models import FlagKind
from desk import chips
from desk.board import arrivals_of
from desk.entrance import DeskRequest, admits
from figures.arrivals import Hour


@admits()
def styleguide(request: DeskRequest) -> HttpResponse:
    """One page that shows them all."""
    now = request.at
    hour = timedelta(hours=1)
    shown = [
        ("running", chips.running(now + 2 * hour, now, kind="…", starts_at=now - hour, warns_at=now + hour)),
        ("warning", chips.running(now + hour / 5, now, starts_at=now - 2 * hour, warns_at=now - hour)),
        ("overdue", chips.running(now - hour / 7, now, starts_at=now - 2 * hour)),
        ("overdue for days", chips.running(now - 50 * hour, now)),
        ("running for days", chips.running(now + 50 * hour, now, starts_at=now - hour)),
        ("held", chips.held(now + 20 * hour, now)),
        ("waiting for permitted contact", chips.waiting_for_contact(Decision(False, None, now + 9 * hour), now)),
        ("promised", chips.promised(now + 3 * hour, now)),
        ("met", chips.met()),
        ("met late", chips.met_late(now - hour, now - hour / 2)),
    ]
    messages.success(request, "Sent, due 14:20.")
    messages.error(request, "T-1042 is replied already; reopen it to change the answer.")
    return render(
        request,
        "desk/styleguide.html",
        {
            "chips": shown,
            "urgencies": Urgency.values,
            "others": ["Lin Jing"],
            "left_out": ["unit"],
            "refused": {
                "non_field_errors": ["T-1042 has changed since you opened it."],
                "changes": [{"at": now - hour / 4, "words": "Transferred", "by": "Wei Qiang"}],
            },
            "tab": "mine",
            "tabs": [("mine", "Mine", 3), ("unclaimed", "Unclaimed", 12)],
            "page": Paginator(range(90), per_page=30).page(2),
            "stages": [
                ("done", "Acceptance", "circle-check"),
                ("now", "Handling", "tool"),
                ("to-come", "Reply", "phone-call"),
            ],
            "arrivals": arrivals_of([Hour(hour=at, today=at % 5 if at < 15 else None, usual=3) for at in range(24)]),
            "flags": [{"kind": kind, "get_kind_display": kind.label} for kind in FlagKind],
        },
    )
