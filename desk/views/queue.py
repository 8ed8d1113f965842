"""The unit's queue: mine, unclaimed, assistance, sent back; claim one, or the next."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.refusals import NotPossible
from complaints.actions import handling as actions
from complaints.models import Ticket
from desk import presence, queries, undoing
from desk.arranging import Arrangement
from desk.columns import ALWAYS, COLUMNS, shown_to
from desk.entrance import DeskRequest, admits
from desk.filters import left_out
from desk.forms import handling
from desk.forms.deeds import Deed, with_due
from desk.pages import Tabs, page_of
from desk.views.posted import deed_of
from desk.workplaces import WORKING_IN_A_UNIT
from lists.models import Place, SavedView

TABS = Tabs(
    mine=(gettext_lazy("Mine"), queries.in_my_hands),
    unclaimed=(gettext_lazy("Unclaimed"), queries.unclaimed),
    colleagues=(gettext_lazy("With colleagues"), queries.in_colleagues_hands),
    assistance=(gettext_lazy("Assistance"), queries.assistance_asked),
    rejected=(gettext_lazy("Feedback rejected"), queries.rejected),
)
KINDS: tuple[type[Deed], ...] = (handling.Claim,)
TRIES = 5


@admits(*WORKING_IN_A_UNIT)
def queue(request: DeskRequest) -> HttpResponse:
    """What the unit has before it, first due first."""
    tickets = Ticket.objects.visible_to(request.user, request.at)
    posted: Deed | None = None
    if request.method == "POST" and request.POST.get("deed") == "next":
        return _take_next(request)
    if request.method == "POST":
        posted = deed_of(request, KINDS)
        result = posted.succeeds()
        if result is not None:
            undoing.tell_of(request, posted, result)
            return redirect("desk:ticket", reference=posted.ticket.reference)
    tabs = TABS.counted(request.user, request.at)
    counts = {name: number for name, _label, number in tabs}
    tab = request.GET.get("tab", "")
    if tab not in TABS:
        tab = "mine" if counts["mine"] else "unclaimed"
    arranged = Arrangement(request.GET, usual=shown_to(request.user))
    page = page_of(
        request,
        arranged.apply(tickets.filter(TABS.condition(tab, request.authority)), request.at),
        arranged.in_order,
        found=None if arranged.narrows else counts[tab],
    )
    claims = set()
    if tab == "unclaimed":
        claims = {ticket.pk for ticket in page.object_list if "claim" in ticket.possible_moves(request.authority)}
    return render(
        request,
        "desk/queue.html",
        {
            "tab": tab,
            "tabs": tabs,
            "counts": counts,
            "page": page,
            "claims": claims,
            "here": presence.others_at(page.object_list, request.user, request.at),
            "posted": posted,
            "arranged": arranged,
            "left_out": left_out(arranged),
            "all_columns": [column for column in COLUMNS if column.name not in ALWAYS],
            "columns": arranged.shown,
            "query": Arrangement.tidied(request.GET.urlencode(), tab=tab),
            "place": Place.QUEUE,
            "views": SavedView.objects.for_person(request.user, Place.QUEUE),
        },
        status=posted.status if posted else 200,
    )


def _take_next(request: DeskRequest) -> HttpResponse:
    """Claim what is due first; where a colleague is faster, the one after it."""
    for _try in range(TRIES):
        waiting = Ticket.objects.visible_to(request.user, request.at).filter(queries.unclaimed(request.authority))
        ticket = waiting.for_queue().first()
        if ticket is None:
            messages.success(request, _("Nothing waits to be claimed."))
            return redirect("desk:queue")
        try:
            actions.claim(ticket, by=request.user, at=request.at)
        except NotPossible:
            continue
        mine = _("%(ticket)s is in your hands.") % {"ticket": ticket.reference}
        undoing.tell_of_ticket(
            request, ticket, with_due(mine, ticket, request.at), taken_back_by=handling.Claim.taken_back_by
        )
        return redirect("desk:ticket", reference=ticket.reference)
    messages.error(request, _("Colleagues were faster each time; look at the list."))
    return redirect("desk:queue")
