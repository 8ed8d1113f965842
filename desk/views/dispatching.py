"""The dispatch desk: what was submitted, by due; beside it one record, what it lacks, and where it would go."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Min, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Unit
from complaints.actions.records import missing_fields
from complaints.forms import named_record
from complaints.models import Ticket
from complaints.routing import route_of
from complaints.states import AWAITING_THE_UNIT
from desk import deeds, queries
from desk.access import open_ticket
from desk.entrance import DeskRequest, admits
from desk.forms import dispatching, handling
from desk.forms import several as several_forms
from desk.forms.beside import Reclassify
from desk.forms.deeds import Deed
from desk.forms.several import Several
from desk.pages import LINES, Tabs, page_of
from desk.views.posted import deed_of
from desk.workplaces import DISPATCHING

TABS = Tabs(
    review=(gettext_lazy("To review"), queries.to_review),
    sent=(gettext_lazy("Sent, unclaimed"), queries.sent_and_unclaimed),
    desk=(gettext_lazy("At the desk"), queries.handled_at_desk),
)
KINDS: tuple[type[Deed], ...] = (
    dispatching.Dispatch,
    dispatching.ReturnForCompletion,
    dispatching.HandleAtDesk,
    dispatching.Recall,
    handling.Claim,
    Reclassify,
)
SELDOM: tuple[type[Deed], ...] = (dispatching.HandleAtDesk, Reclassify)
"""The page names these; a form is fetched when somebody unfolds it."""


@admits(*DISPATCHING)
def dispatch(request: DeskRequest) -> HttpResponse:
    """Approve and send, return with reasons, handle at the desk, recall."""
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "review"
    posted: Deed | None = None
    several = Several(
        request.POST if request.POST.get("deed") in {several_forms.DISPATCH, several_forms.RETURN} else None
    )
    if several.is_bound:
        if several.is_valid():
            _do_to_several(request, several)
            return redirect(f"{reverse('desk:dispatch')}?tab={tab}")
    elif request.method == "POST":
        posted = deed_of(request, KINDS)
        result = posted.succeeds()
        if result is not None:
            messages.success(request, result)
            return redirect(f"{reverse('desk:dispatch')}?tab={tab}")
    tickets = Ticket.objects.visible_to(request.user, request.at)
    tabs = TABS.counted(request.user, request.at)
    found = next(number for name, _label, number in tabs if name == tab)
    page = page_of(request, tickets.filter(TABS.condition(tab, request.authority)), queries.as_lines, found=found)
    chosen = posted.ticket.reference if posted else request.GET.get("ticket", "")
    if not chosen and tab == "review" and page.object_list:
        chosen = page.object_list[0].reference
    facts: dict[str, Any] = {"tab": tab, "tabs": tabs, "page": page, "chosen": chosen, "several": several}
    if several.is_bound:
        facts["picked"] = several.versions
    if chosen:
        facts |= _beside(request, chosen, posted)
    status = 400 if several.errors else posted.status if posted else 200
    return render(request, "desk/dispatch.html", facts, status=status)


def _do_to_several(request: DeskRequest, several: Several) -> None:
    """Dispatch or return all that were picked, as far as they may be, and say how it went."""
    visible = Ticket.objects.visible_to(request.user, request.at).filter(reference__in=list(several.versions)[:LINES])
    outcome = several.carry_out(visible.with_people().by_due(), request)
    if outcome.done:
        sent = ngettext(
            "%(count)d was sent as proposed.",
            "%(count)d were sent as proposed.",
            outcome.done,
        )
        returned = ngettext("%(count)d went back to its owner.", "%(count)d went back to their owners.", outcome.done)
        said = returned if several.data["deed"] == several_forms.RETURN else sent
        messages.success(request, said % {"count": outcome.done})
    for refusal in outcome.refusals:
        messages.error(request, refusal)


def _beside(request: DeskRequest, reference: str, posted: Deed | None) -> dict[str, Any]:
    """The record beside the list, with what it lacks and the unit that is proposed."""
    ticket = open_ticket(request, reference).ticket
    who, authority, at = request.user, request.authority, request.at
    possible = deeds.possible(KINDS, ticket, person=who, authority=authority, at=at)
    forms = [kind for kind in possible if kind not in SELDOM]
    at_hand = {kind: kind(ticket=ticket, person=who, authority=authority, at=at) for kind in forms}
    if posted and type(posted) in possible:
        at_hand[type(posted)] = posted
    lacking = set(missing_fields(ticket.category, ticket.record))
    decided = (deed.route for deed in at_hand.values() if isinstance(deed, dispatching.Dispatch))
    route = next(decided, None) or route_of(ticket, at=request.at)
    return {
        "ticket": ticket,
        "deeds": [(kind, at_hand.get(kind)) for kind in possible],
        "posted": posted,
        "posted_apart": posted is not None and type(posted) not in possible,
        "record": named_record(ticket.category, ticket.record),
        "lacks": bool(lacking),
        "flags": queries.flags_of(ticket),
        "proposed": route.to,
        "follows_flag": route.follows_flag,
        "load": _load_of(route.to) if route.to else None,
    }


def _load_of(unit: Unit) -> dict[str, Any]:
    """How much the unit has before it, and since when."""
    open_there = Q(state__in=AWAITING_THE_UNIT, lead_unit=unit)
    return Ticket.objects.filter(open_there).aggregate(number=Count("pk"), oldest=Min("dispatched_at"))
