"""One's own lists: views kept under a name, columns chosen, tickets taken along as a file."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from common.refusals import Refusal
from complaints.models import Ticket
from desk import undoing
from desk.arranging import Arrangement
from desk.columns import NAMES
from desk.entrance import DeskRequest, admits
from desk.exporting import AT_ONCE, CONTENT_TYPES, WRITERS, chosen_by
from desk.filters import Filter
from desk.tasks import make_exports
from lists import actions
from lists.models import Export, Format, Place


@admits()
@require_POST
def keep_view(request: DeskRequest) -> HttpResponse:
    """Keep the filter that the list shows under a name."""
    query, place = _posted_query(request), _posted_place(request)
    try:
        view = actions.keep_view(
            name=request.POST.get("name", ""),
            query=query,
            by=request.user,
            place=place,
            is_shared="is_shared" in request.POST,
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Kept as “%(name)s”.") % {"name": view.name})
    return redirect(_list_of(query, place))


@admits()
@require_POST
def forget_view(request: DeskRequest, pk: int) -> HttpResponse:
    """Remove a kept view; it can be kept again at once."""
    view = actions.forget_view(pk, by=request.user)
    if view is not None:
        kept = {"place": view.place, "name": view.name, "query": view.query}
        undoing.tell(
            request,
            _("“%(name)s” is forgotten.") % {"name": view.name},
            address=reverse("desk:keep_view"),
            fields=kept | ({"is_shared": "yes"} if view.shared_with_id else {}),
        )
    return redirect(_list_of(_posted_query(request), _posted_place(request)))


@admits()
@require_POST
def choose_columns(request: DeskRequest) -> HttpResponse:
    """See other columns from now on."""
    try:
        actions.choose_columns(request.POST.getlist("columns"), known=NAMES, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(_list_of(_posted_query(request)))


@admits()
@require_POST
def export(request: DeskRequest) -> HttpResponse:
    """The listed tickets as a file: a short one at once, a long one made in the background."""
    query, kind = _posted_query(request), request.POST.get("format", "")
    if kind not in WRITERS:
        raise Http404
    tickets = chosen_by(query, Ticket.objects.visible_to(request.user, request.at), request.at)
    if len(tickets.order_by().values("pk")[: AT_ONCE + 1]) <= AT_ONCE:
        content, _rows = WRITERS[kind](tickets)
        return _as_file(content, kind, f"tickets-{localtime(request.at):%Y%m%d-%H%M}")
    actions.order(query=query, format=kind, by=request.user, at=request.at)
    transaction.on_commit(make_exports.delay)
    messages.success(request, _("The file is being made; it will stand here."))
    return redirect("desk:exports")


@admits()
@require_GET
def exports(request: DeskRequest) -> HttpResponse:
    """The files that were ordered."""
    ordered = Export.objects.filter(person=request.user).defer("content")[:30]
    return render(request, "desk/exports.html", {"exports": ordered, "oldest": request.at - actions.KEPT_FOR})


@admits()
@require_GET
def fetch(request: DeskRequest, key: UUID) -> HttpResponse:
    """One of one's own files, while it is kept and one's roles are what they were."""
    found = actions.fetch(key, by=request.user, at=request.at)
    if found is None:
        raise Http404
    return _as_file(found.file, found.format, f"tickets-{localtime(found.ready_at):%Y%m%d-%H%M}")


def _as_file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=CONTENT_TYPES[Format(kind)])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def _posted_query(request: HttpRequest) -> str:
    """The filter that was posted along, with nothing in it but what a filter knows."""
    tidied = Arrangement.tidied if _posted_place(request) == Place.QUEUE else Filter.tidied
    return tidied(request.POST.get("query", ""))


def _posted_place(request: HttpRequest) -> str:
    """The list that was posted from; an unknown one is that of all tickets."""
    place = request.POST.get("place", "")
    return place if place in Place.values else Place.TICKETS


def _list_of(query: str, place: str = Place.TICKETS) -> str:
    address = reverse("desk:queue" if place == Place.QUEUE else "desk:tickets")
    return f"{address}?{query}" if query else address
