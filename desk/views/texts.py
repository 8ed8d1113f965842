"""Customers' short messages from which nothing followed by itself, for the service desk to read (R10, R32)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from desk.entrance import DeskRequest, admits
from desk.views.calls import look_up
from desk.workplaces import TAKING_CALLS
from inbound.actions.settling import settle
from inbound.models import ShortMessage

LINES = 50


@admits(*TAKING_CALLS)
def texts(request: DeskRequest) -> HttpResponse:
    """Those of this person's desks, oldest first."""
    waiting = ShortMessage.objects.visible_to(request.user, request.at).to_read()
    return render(request, "desk/texts.html", {"page": Paginator(waiting, LINES).get_page(request.GET.get("page"))})


@admits(*TAKING_CALLS)
@require_POST
def open_sender(request: DeskRequest, pk: int) -> HttpResponse:
    """Open the customer who wrote; logged as for a caller (R1)."""
    message = get_object_or_404(ShortMessage.objects.visible_to(request.user, request.at), pk=pk)
    return redirect(look_up(request, message.number))


@admits(*TAKING_CALLS)
@require_POST
def settle_text(request: DeskRequest, pk: int) -> HttpResponse:
    """Take a message off the list."""
    message = get_object_or_404(ShortMessage.objects.visible_to(request.user, request.at), pk=pk)
    settle(message, by=request.user, at=request.at)
    messages.success(request, _("The message is off the list."))
    return redirect("desk:texts")
