"""Files on a ticket: adding one, fetching one, removing one. They are found through the ticket alone (A1, A12)."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from attachments import actions
from attachments.models import Attachment
from attachments.serving import as_download
from common.refusals import Refusal
from complaints.models import Ticket
from desk.access import open_ticket
from desk.entrance import DeskRequest, admits


@require_safe
@admits()
def fetch(request: DeskRequest, reference: str, key: str) -> HttpResponseBase:
    """One file, to be saved; also for who opened the ticket to answer its customer (R1)."""
    return as_download(get_object_or_404(Attachment.objects.on(open_ticket(request, reference).ticket), key=key))


@require_POST
@admits()
def add(request: DeskRequest, reference: str) -> HttpResponse:
    """Put files on a ticket; each that is refused is named with its reason."""
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user, request.at), reference=reference)
    uploads = request.FILES.getlist("file")
    if not uploads:
        messages.error(request, _("Choose a file first."))
    for upload in uploads:
        try:
            added = actions.attach(ticket, upload, by=request.user, at=request.at)
        except Refusal as refusal:
            messages.error(request, f"{upload.name}: {refusal}")
        else:
            messages.success(request, _("%(file)s is on the ticket now.") % {"file": added.name})
    return redirect(reverse("desk:ticket", args=[reference]) + "#files")


@require_POST
@admits()
def remove(request: DeskRequest, reference: str, key: str) -> HttpResponse:
    """Take a file off a ticket, with a reason."""
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user, request.at), reference=reference)
    get_object_or_404(Attachment.objects.on(ticket), key=key)
    try:
        removed = actions.remove(ticket, key, reason=request.POST.get("reason", ""), by=request.user, at=request.at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(file)s was removed.") % {"file": removed.name})
    return redirect(reverse("desk:ticket", args=[reference]) + "#files")
