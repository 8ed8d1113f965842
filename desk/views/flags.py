"""Flags on the customer of a ticket (section 9): raised at any contact, lifted, their rule overridden (R80)."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.refusals import Refusal
from complaints.actions import flagging
from complaints.models import Ticket
from customers.models import Flag
from desk.access import open_ticket
from desk.entrance import DeskRequest, admits


@require_POST
@admits()
def raise_flag(request: DeskRequest, reference: str) -> HttpResponse:
    """Watch the customer from now on."""
    ticket = open_ticket(request, reference).ticket
    kind, reason = request.POST.get("kind", ""), request.POST.get("reason", "")
    return _told(
        request,
        ticket,
        lambda: flagging.raise_flag(ticket, kind=kind, reason=reason, by=request.user, at=request.at),
        _("The customer carries flag %(kind)s now.") % {"kind": kind},
    )


@require_POST
@admits()
def lift(request: DeskRequest, reference: str, kind: str) -> HttpResponse:
    """Watch the customer no longer for this reason."""
    ticket = open_ticket(request, reference).ticket
    flag = _flag(request, ticket, kind)
    return _told(
        request,
        ticket,
        lambda: flagging.lift_flag(ticket, flag, by=request.user, at=request.at),
        _("Flag %(kind)s is lifted.") % {"kind": kind},
    )


@require_POST
@admits()
def override(request: DeskRequest, reference: str, kind: str) -> HttpResponse:
    """Act against the handling rule, and say why."""
    ticket = open_ticket(request, reference).ticket
    flag = _flag(request, ticket, kind)
    reason = request.POST.get("reason", "")
    return _told(
        request,
        ticket,
        lambda: flagging.override_rule(ticket, flag, reason=reason, by=request.user, at=request.at),
        _("It is on record that you act against the rule of flag %(kind)s.") % {"kind": kind},
    )


def _flag(request: DeskRequest, ticket: Ticket, kind: str) -> Flag:
    return get_object_or_404(Flag.objects.in_force(request.at), customer=ticket.customer_id, kind=kind)


def _told(request: DeskRequest, ticket: Ticket, deed: Callable[[], object], result: str) -> HttpResponse:
    """Do it, say how it went, and go back to the ticket."""
    try:
        deed()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, result)
    return redirect(reverse("desk:ticket", args=[ticket.reference]) + "#customer")
