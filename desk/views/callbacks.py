"""Callbacks due: whom to call about a concluded matter, with the advice of who handled it, and what they said."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from callbacks.models import Callback, CallbackRules
from common.bounds import count_some
from contact import gate
from desk import chips, deeds, queries
from desk.access import open_ticket
from desk.entrance import DeskRequest, admits
from desk.forms import callbacks as forms
from desk.forms.deeds import Deed
from desk.views.posted import deed_of
from desk.workplaces import CALLING_BACK

KINDS: tuple[type[Deed], ...] = (forms.TakeCallback, forms.AnswerCallback, forms.AttemptCallback)
AT_MOST = 50


@admits(*CALLING_BACK)
def callbacks(request: DeskRequest) -> HttpResponse:
    """The list by due; beside it one call, and what else the same customer is due for (R71)."""
    posted: Deed | None = None
    if request.method == "POST":
        posted = deed_of(request, KINDS)
        result = posted.succeeds()
        if result is not None:
            messages.success(request, result)
            stays = isinstance(posted, forms.TakeCallback)
            return redirect(f"{request.path}?ticket={posted.ticket.reference}" if stays else request.path)
    all_due = Callback.objects.due_for(request.user, request.at)
    due = list(all_due[:AT_MOST])
    queries.bring_flags((callback.ticket.customer for callback in due), request.at)
    decisions = gate.decide_each([callback.ticket.matter_id for callback in due], at=request.at)
    lines = []
    for callback in due:
        decision = decisions[callback.ticket.matter_id]
        lines.append((callback, None if decision.permitted else chips.moon_of(decision, request.at)))
    chosen = posted.ticket.reference if posted else request.GET.get("ticket", "")
    if not chosen and due:
        chosen = due[0].ticket.reference
    number = len(due) if len(due) < AT_MOST else count_some(all_due)
    facts: dict[str, Any] = {"lines": lines, "number": number, "chosen": chosen}
    if chosen:
        facts |= _beside(request, chosen, posted)
    return render(request, "desk/callbacks.html", facts, status=posted.status if posted else 200)


def _beside(request: DeskRequest, reference: str, posted: Deed | None) -> dict[str, Any]:
    ticket = open_ticket(request, reference).ticket
    callback = forms.open_callback(ticket)
    offered = deeds.offer(KINDS, ticket, person=request.user, authority=request.authority, at=request.at)
    return {
        "ticket": ticket,
        "callback": callback,
        "together": Callback.objects.together(callback, request.user, request.at) if callback else (),
        "script": CallbackRules.current().script(ticket.customer.language or get_language() or ""),
        "attempts": callback.attempts.select_related("by") if callback else (),
        "deeds": [posted if posted and posted.name == deed.name else deed for deed in offered],
        "posted": posted,
        "flags": queries.flags_of(ticket),
    }
