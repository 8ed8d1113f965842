"""A screen on the wall: the numbers of somebody's units, large, without signing in and without a way to act."""

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from accounts.models import Person
from common.entrance import admits_strangers
from complaints.models import Ticket
from desk import queries
from desk.entrance import DeskRequest, admits
from desk.filters import due_within
from desk.snapshots import board_of
from desk.workplaces import WATCHING
from lists.actions import digest

A_MONTH = 30 * 24 * 60 * 60
SALT = "desk.wall"
OLDEST = 3


@admits(*WATCHING)
@require_safe
def address(request: DeskRequest) -> HttpResponse:
    """The address for a screen, made for who asks: it shows what they may see, as long as that stays so."""
    token = signing.dumps({"person": request.user.pk, "stands": _stands(request.user, request)}, salt=SALT)
    shown = request.build_absolute_uri(reverse("desk:wall", args=[token]))
    return render(request, "desk/wall_address.html", {"address": shown})


@admits_strangers
@require_safe
def wall(request: HttpRequest, token: str) -> HttpResponse:
    """Four numbers, one plot, the three oldest overdue; no name, no number, no text of any customer.

    An address that has expired, was altered, or whose person has another password or other roles by now opens nothing.
    """
    now = timezone.now()
    person = _who_made(token)
    if person is None:
        raise Http404
    visible = Ticket.objects.visible_to(person, now)
    overdue = queries.as_lines(visible.live().filter(due_within("overdue", now)))[:OLDEST]
    board = board_of(person, now)
    facts = {"board": board, "overdue": overdue, "open": sum(row.total.value for row in board.rows), "now": now}
    response = render(request, "desk/wall.html", facts)
    add_never_cache_headers(response)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _who_made(token: str) -> Person | None:
    try:
        said = signing.loads(token, salt=SALT, max_age=A_MONTH)
    except signing.BadSignature:
        return None
    person = Person.objects.filter(pk=said["person"], is_active=True).first()
    if person is None or not person.authority(timezone.now()).holds(*WATCHING):
        return None
    return person if constant_time_compare(said["stands"], _stands(person)) else None


def _stands(person: Person, request: DeskRequest | None = None) -> str:
    """What the address depends on: the password and the roles, in short."""
    authority = request.authority if request else person.authority(timezone.now())
    return f"{person.get_session_auth_hash()[:16]}{digest(authority)[:16]}"
