"""Who owns and who replies: my tickets, and whom to call now."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from complaints.models import Entry, Ticket
from complaints.states import Fault, State
from contact import gate
from desk import chips, queries, undoing
from desk.below import short_lists
from desk.entrance import DeskRequest, admits
from desk.forms import replying
from desk.forms.deeds import Deed
from desk.pages import LINES, page_of
from desk.views.posted import deed_of
from desk.workplaces import ANSWERING
from letters.models import Letter

KINDS: tuple[type[Deed], ...] = (replying.BeginReply,)


@admits(*ANSWERING)
def mine(request: DeskRequest) -> HttpResponse:
    """What I answer for: what came back and why, what to reply to, and the rest by due."""
    tickets = Ticket.objects.visible_to(request.user, request.at)
    returned = list(queries.as_lines(tickets.filter(queries.returned_to(request.authority))))
    reasons = _reasons_of(returned)
    to_tell = tickets.filter(queries.progress_owed(request.authority))
    page = page_of(
        request,
        tickets.filter(queries.live_of(request.authority)).exclude(state=State.RETURNED),
        queries.as_lines,
    )
    return render(
        request,
        "desk/mine.html",
        {
            "returned": [(ticket, reasons.get(ticket.pk)) for ticket in returned],
            "to_tell": queries.as_lines(to_tell),
            "page": page,
        },
    )


@admits(*ANSWERING)
@require_GET
def below(request: DeskRequest) -> HttpResponse:
    """What lies before an agent beside the call, as the part of the call's page that comes after it."""
    shown = short_lists(request.user, request.authority, request.at)
    return render(request, "_components/below.html", {"below": shown})


@admits(*ANSWERING)
def replies(request: DeskRequest) -> HttpResponse:
    """Whom to call, in which order, from when; then what is replied to and not concluded."""
    posted: Deed | None = None
    if request.method == "POST":
        posted = deed_of(request, KINDS)
        result = posted.succeeds()
        if result is not None:
            undoing.tell_of(request, posted, result)
            return redirect("desk:ticket", reference=posted.ticket.reference)
    tickets = Ticket.objects.visible_to(request.user, request.at).filter(queries.to_answer(request.authority))
    page = page_of(request, tickets.filter(state=State.REPLYING), lambda calls: queries.as_calls(calls, request.at))
    awaiting = list(page.object_list)
    queries.bring_flags((ticket.customer for ticket in awaiting), request.at)
    to_call = []
    decisions = gate.decide_each([ticket.matter_id for ticket in awaiting], at=request.at)
    for ticket in awaiting:
        decision = decisions[ticket.matter_id]
        moon = None if decision.permitted else chips.waiting_for_contact(decision, request.at)
        planned = ticket.planned[0].next_at if ticket.planned else None
        to_call.append((ticket, moon, planned if planned is not None and planned > request.at else None))
    to_call.sort(key=lambda line: (line[1] is not None, line[2] is not None))
    to_conclude = list(queries.as_lines(tickets.filter(state=State.REPLIED))[: LINES + 1])
    return render(
        request,
        "desk/replies.html",
        {
            "to_call": to_call,
            "page": page,
            "to_conclude": to_conclude[:LINES],
            "has_more_to_conclude": len(to_conclude) > LINES,
            "letters": Letter.objects.open()
            .filter(ticket__in=[ticket.pk for ticket in awaiting])
            .with_people()
            .order_by("drafted_at", "pk"),
            "posted": posted,
        },
        status=posted.status if posted else 200,
    )


def _reasons_of(tickets: list[Ticket]) -> dict[int, Entry]:
    """Why each came back: the latest return of each, with what was ticked and noted."""
    entries = (
        Entry.objects.filter(ticket__in=tickets, kind="returned")
        .select_related("note", "by")
        .order_by("ticket_id", "-pk")
        .distinct("ticket_id")
    )
    reasons = {}
    for entry in entries:
        entry.faults = [str(Fault(fault).label) for fault in entry.data.get("faults", [])]  # type: ignore[attr-defined]
        reasons[entry.ticket_id] = entry
    return reasons
