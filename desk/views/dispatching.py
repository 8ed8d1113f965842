"""The dispatch desk: what was submitted, by due; beside it one record, what it lacks, and where it would go."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Min, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.models import Unit
from complaints.actions.records import missing_fields
from complaints.forms import named_record
from complaints.models import Ticket
from complaints.routing import proposed_unit
from complaints.states import AWAITING_THE_UNIT
from desk import deeds, queries
from desk.access import open_ticket
from desk.entrance import DeskRequest, admits
from desk.forms import dispatching, handling
from desk.forms.beside import Reclassify
from desk.forms.deeds import Deed
from desk.pages import page_of, tabs_with_counts
from desk.views.posted import deed_of
from desk.workplaces import DISPATCHING

TABS = {
    "review": (gettext_lazy("To review"), queries.to_review),
    "sent": (gettext_lazy("Sent, unclaimed"), queries.sent_and_unclaimed),
    "desk": (gettext_lazy("At the desk"), queries.handled_at_desk),
}
KINDS: tuple[type[Deed], ...] = (
    dispatching.Dispatch,
    dispatching.ReturnForCompletion,
    dispatching.HandleAtDesk,
    dispatching.Recall,
    handling.Claim,
    Reclassify,
)


@admits(*DISPATCHING)
def dispatch(request: DeskRequest) -> HttpResponse:
    """Approve and send, return with reasons, handle at the desk, recall."""
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "review"
    posted: Deed | None = None
    if request.method == "POST":
        posted = deed_of(request, KINDS)
        result = posted.succeeds()
        if result is not None:
            messages.success(request, result)
            return redirect(f"{reverse('desk:dispatch')}?tab={tab}")
    tickets = Ticket.objects.visible_to(request.user, request.at)
    _label, condition = TABS[tab]
    tabs = tabs_with_counts(TABS, tickets, request.authority)
    found = next(number for name, _label, number in tabs if name == tab)
    page = page_of(request, tickets.filter(condition(request.authority)), queries.as_lines, found=found)
    chosen = posted.ticket.reference if posted else request.GET.get("ticket", "")
    if not chosen and tab == "review" and page.object_list:
        chosen = page.object_list[0].reference
    facts: dict[str, Any] = {"tab": tab, "tabs": tabs, "page": page, "chosen": chosen}
    if chosen:
        facts |= _beside(request, chosen, posted)
    return render(request, "desk/dispatch.html", facts, status=posted.status if posted else 200)


def _beside(request: DeskRequest, reference: str, posted: Deed | None) -> dict[str, Any]:
    """The record beside the list, with what it lacks and the unit that is proposed."""
    ticket = open_ticket(request, reference).ticket
    offered = deeds.offer(KINDS, ticket, person=request.user, authority=request.authority, at=request.at)
    lacking = set(missing_fields(ticket.category, ticket.record))
    unit = proposed_unit(ticket, at=request.at)
    return {
        "ticket": ticket,
        "deeds": [posted if posted and posted.name == deed.name else deed for deed in offered],
        "posted": posted,
        "record": named_record(ticket.category, ticket.record),
        "lacks": bool(lacking),
        "flags": queries.flags_of(ticket),
        "proposed": unit,
        "load": _load_of(unit) if unit else None,
    }


def _load_of(unit: Unit) -> dict[str, Any]:
    """How much the unit has before it, and since when."""
    open_there = Q(state__in=AWAITING_THE_UNIT, lead_unit=unit)
    return Ticket.objects.filter(open_there).aggregate(number=Count("pk"), oldest=Min("dispatched_at"))
