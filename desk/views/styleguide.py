"""Every component of the pages, in all its states."""

from datetime import datetime, timedelta

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from complaints.states import Urgency
from contact.gate import Decision
from customers.models import Brand, Customer, FlagKind, Tier
from desk import chips
from desk.board import arrivals_of
from desk.columns import ALWAYS, COLUMNS, USUAL
from desk.drawing import Drawing, Mark, Stretch, Tick
from desk.entrance import DeskRequest, admits
from figures.arrivals import Hour
from sla.models import Clock

HOUR = timedelta(hours=1)


class Fields(forms.Form):
    """One field of each kind."""

    line = forms.CharField(label="A line", required=False, help_text="What it is for.")
    text = forms.CharField(label="A text", widget=forms.Textarea(attrs={"rows": 3}))
    choice = forms.ChoiceField(label="One of many", choices=[("phone", "by phone"), ("letter", "by letter")])
    several = forms.MultipleChoiceField(
        label="Any of a few", choices=[("time", "no time"), ("place", "no place")], widget=forms.CheckboxSelectMultiple
    )
    agreed = forms.BooleanField(label="The customer agreed")


def a_drawing(now: datetime) -> Drawing:
    """A clock that was held for a while and whose due moved out of the night."""
    begun, due = now - 6 * HOUR, now + 2 * HOUR
    return Drawing(
        clock=Clock(pk=0),
        title="reply: due in two hours",
        sentences=["240 minutes that count, of which two hours were on hold."],
        stretches=[
            Stretch("counted", "counts", 0, 25, begun, begun + 2 * HOUR),
            Stretch("held", "on hold", 25, 25, begun + 2 * HOUR, begun + 4 * HOUR),
            Stretch("quiet", "moved out of quiet hours", 50, 50, begun + 4 * HOUR, due),
        ],
        marks=[
            Mark("started", 1, "begins", begun, 0, 0, height=9),
            Mark("now", 2, "now", now, 75, 0, height=9),
            Mark("due", 3, "due", due, 100, 0, height=9),
        ],
        ticks=[Tick(25, "10:00"), Tick(75, "14:00")],
        top=21,
    )


@admits()
def styleguide(request: DeskRequest) -> HttpResponse:
    """One page that shows them all."""
    now = request.at
    hour = HOUR
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
            "customer": Customer(number="13900001042", name="Zhang San", tier=Tier.GOLD, brand=next(iter(Brand))),
            "told": {"happened": "The line drops every evening.", "wanted": "A visit this week."},
            "record": [("Since when", "2026-11-08"), ("Number concerned", "")],
            "query": "state=any",
            "all_columns": COLUMNS,
            "columns": USUAL,
            "always": ALWAYS,
            "fields": list(Fields(auto_id="sample-%s")),
            "drawing": a_drawing(now),
            "stages": [
                ("done", "Acceptance", "circle-check"),
                ("now", "Handling", "tool"),
                ("to-come", "Reply", "phone-call"),
            ],
            "arrivals": arrivals_of([Hour(hour=at, today=at % 5 if at < 15 else None, usual=3) for at in range(24)]),
            "flags": [{"kind": kind, "get_kind_display": kind.label} for kind in FlagKind],
        },
    )
