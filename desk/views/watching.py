"""Supervisors: the board, the inbox of escalations, solutions to decide about, why a clock is due when it is."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.models import Approval
from callbacks.models import Callback
from complaints.models import Ticket
from desk import chips, queries
from desk.access import open_ticket
from desk.drawing import draw
from desk.entrance import DeskRequest, admits
from desk.forms.approving import DecideApproval
from desk.forms.beside import Demand
from desk.forms.supervising import AtOnce, Reassign
from desk.forms.which_policy import address_of
from desk.snapshots import board_of
from desk.workplaces import APPROVING, WATCHING
from escalation.models import Escalation
from letters.models import Letter
from sla.actions.explaining import explain

AT_MOST = 200
DECIDED_AT_MOST = 50


@admits(*WATCHING)
def board(request: DeskRequest) -> HttpResponse:
    """How it stands, as of now; every number opens its tickets."""
    return render(request, "desk/board.html", {"board": board_of(request.user, request.at)})


@admits(*WATCHING)
def reassign(request: DeskRequest, reference: str) -> HttpResponse:
    """Put a ticket that will be missed into other hands, from the board: beside it where there is script."""
    return _from_the_board(request, reference, Reassign)


@admits(*WATCHING)
def demand(request: DeskRequest, reference: str) -> HttpResponse:
    """Demand of whoever holds it, or of the desk at which it waits, that a ticket is dealt with before it is missed."""
    return _from_the_board(request, reference, Demand)


def _from_the_board(request: DeskRequest, reference: str, kind: type[Reassign] | type[Demand]) -> HttpResponse:
    """One deed on a ticket, and back to the board."""
    seen = open_ticket(request, reference)
    if seen.reads_only:
        raise Http404
    deed = kind(
        request.POST if request.method == "POST" else None,
        ticket=seen.ticket,
        person=request.user,
        authority=request.authority,
        at=request.at,
    )
    if request.method == "POST":
        result = deed.succeeds()
        if result is not None:
            messages.success(request, result)
            return redirect("desk:board")
    return render(
        request,
        "desk/from_the_board.html#form" if request.htmx else "desk/from_the_board.html",
        {
            "ticket": seen.ticket,
            "chip": chips.of_ticket(seen.ticket, request.at),
            "deed": deed,
            "is_possible": deed.is_bound or kind.is_possible(seen.ticket, request.authority),
        },
        status=deed.status,
    )


@admits(*WATCHING)
def inbox(request: DeskRequest) -> HttpResponse:
    """What was escalated to me: acknowledge, resolve, take over, reassign, demand, for one or many at once (R94)."""
    mine = Escalation.objects.inbox(request.user, request.at)
    form = AtOnce(
        request.POST if request.method == "POST" else None, auto_id="at-once-%s", initial={"until": request.at}
    )
    picked: list[str] = []
    if request.method == "POST":
        picked = request.POST.getlist("pick")
        chosen = list(mine.filter(pk__in=[pk for pk in picked if pk.isdigit()]).with_people().by_weight())
        if not chosen:
            form.add_error(None, _("Pick at least one escalation."))
        elif form.is_valid():
            _say(request, form.carry_out(chosen, by=request.user, at=request.at))
            return redirect("desk:inbox")
    # First which, then what they say: joined at once, all that anybody has to see to would be put together.
    shown = list(mine.by_weight().values_list("pk", flat=True)[:AT_MOST])
    lines = [
        (escalation, chips.of_escalation(escalation, request.at))
        for escalation in Escalation.objects.filter(pk__in=shown).with_people().by_weight()
    ]
    return render(
        request,
        "desk/inbox.html",
        {
            "lines": lines,
            "form": form,
            "picked": picked,
            "to_decide": Callback.objects.to_decide_for(request.user, request.at),
            "to_confirm": queries.to_confirm(request.user, request.at)[:AT_MOST],
        },
        status=400 if form.errors else 200,
    )


@admits(*APPROVING)
def approvals(request: DeskRequest) -> HttpResponse:
    """Solutions and letters that wait for my decision.

    A solution is decided here: not everybody whose yes it needs may open its ticket (R1). A letter has its own page.
    """
    posted: DecideApproval | None = None
    if request.method == "POST":
        posted = _decision(request)
        result = posted.succeeds()
        if result is not None:
            messages.success(request, result)
            return redirect("desk:approvals")
    waiting = Approval.objects.for_person(request.user, request.at).with_people()
    decided = Approval.objects.decided_under(request.user, request.at)
    letters = Letter.objects.to_decide_for(request.user, request.at).with_people().order_by("asked_at", "pk")
    openable = Ticket.objects.visible_to(request.user, request.at)
    return render(
        request,
        "desk/approvals.html",
        {
            "requests": waiting,
            "openable": set(openable.filter(pk__in=[each.ticket_id for each in waiting]).values_list("pk", flat=True)),
            "letters": letters,
            "decided": decided[:DECIDED_AT_MOST],
            "posted": posted,
        },
        status=posted.status if posted else 200,
    )


def _decision(request: DeskRequest) -> DecideApproval:
    """The decision that was posted, on a solution that is or was this person's to decide. Raises Http404 otherwise."""
    pk = request.POST.get("approval", "")
    covered = Approval.objects.covered_by(request.user, request.at).with_people()
    asked = get_object_or_404(covered, pk=pk if pk.isdigit() else 0)
    return DecideApproval(
        request.POST, ticket=asked.ticket, person=request.user, authority=request.authority, at=request.at
    )


@admits()
def clock(request: DeskRequest, reference: str, pk: int) -> HttpResponse:
    """Why a clock is due when it is: every stretch that counted and every one that did not (R28)."""
    ticket = open_ticket(request, reference).ticket
    wanted = next((each for each in ticket.clocks.all() if each.pk == pk), None)
    if wanted is None:
        raise Http404
    wanted.ticket = ticket
    explanation = explain(wanted)
    return render(
        request,
        "desk/clock.html",
        {
            "ticket": ticket,
            "clock": wanted,
            "chip": chips.of_clock(wanted, request.at),
            "explanation": explanation,
            "drawing": draw(explanation, request.at),
            "which_policy": address_of(ticket, wanted),
            "stretches": wanted.intervals.select_related("by"),
        },
    )


def _say(request: DeskRequest, results: list) -> None:
    """How it went: how many were done, and each refusal in its own words."""
    done = sum(1 for result in results if result.was_done)
    if done:
        messages.success(
            request, ngettext("Done for %(count)d.", "Done for all %(count)d picked.", done) % {"count": done}
        )
    for result in results:
        if result.refusal is not None:
            messages.error(request, str(result.refusal))
