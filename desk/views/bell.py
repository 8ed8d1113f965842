"""Messages to me, behind the bell."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import SuspiciousOperation
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import is_naive
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_POST

from desk import undoing
from desk.entrance import DeskRequest, admits
from notifications.models import Message
from notifications.outbox import mark_all_read, mark_read, mark_unread
from notifications.rendering import render as put_into_words

LINES = 50


@dataclass(frozen=True)
class Told:
    """A message in the reader's language."""

    pk: int
    subject: str
    body: str
    at: datetime
    ticket: str
    is_read: bool


@admits()
def bell(request: DeskRequest) -> HttpResponse:
    """Newest first."""
    page = Paginator(Message.objects.for_person(request.user), LINES).get_page(request.GET.get("page"))
    return render(
        request, "desk/messages.html", {"page": page, "told": [_told(message) for message in page.object_list]}
    )


@admits()
@require_POST
def read(request: DeskRequest, pk: int) -> HttpResponse:
    """Open what a message is about; it counts as read from then on."""
    message = get_object_or_404(Message.objects.for_person(request.user), pk=pk)
    mark_read(message, by=request.user, at=request.at)
    if message.ticket:
        return redirect("desk:ticket", reference=message.ticket)
    return redirect(reverse("desk:messages"))


@admits()
@require_POST
def read_all(request: DeskRequest) -> HttpResponse:
    """Nothing is new any more."""
    marked = mark_all_read(by=request.user, at=request.at)
    undoing.tell(
        request,
        ngettext("%(count)d notification is read.", "%(count)d notifications are read.", marked) % {"count": marked},
        address=reverse("desk:unread"),
        fields={"read_at": request.at.isoformat()},
    )
    return redirect("desk:messages")


@admits()
@require_POST
def unread(request: DeskRequest) -> HttpResponse:
    """What was marked as read at that moment is new again."""
    try:
        read_at = datetime.fromisoformat(request.POST.get("read_at", ""))
    except ValueError as error:
        raise SuspiciousOperation("no moment") from error
    if is_naive(read_at):
        raise SuspiciousOperation("a moment without its offset")
    mark_unread(read_at, by=request.user)
    return redirect("desk:messages")


def _told(message: Message) -> Told:
    words = put_into_words(message, language=get_language() or "")
    return Told(
        pk=message.pk,
        subject=words.subject,
        body=words.body,
        at=message.sent_at or message.created_at,
        ticket=message.ticket,
        is_read=message.is_read,
    )
