"""Search anything: a reference opens its ticket, a number the caller, words the list."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from common.refusals import Refusal
from complaints.models import Ticket
from desk.entrance import DeskRequest, admits
from desk.views.calls import look_up
from desk.workplaces import TAKING_CALLS

LONGEST = 100
FEWEST_DIGITS = 5


@admits()
@require_POST
def search(request: DeskRequest) -> HttpResponse:
    """Posted rather than asked in the address, since a number is personal."""
    words = request.POST.get("words", "").strip()[:LONGEST]
    if not words:
        return redirect("desk:home")
    own = Ticket.objects.visible_to(request.user, request.at).filter(reference=words.upper()).first()
    if own is not None:
        return redirect("desk:ticket", reference=own.reference)
    if request.authority.holds(*TAKING_CALLS) and _may_be_a_caller(words):
        try:
            return redirect(look_up(request, words))
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("desk:call")
    return redirect(f"{reverse('desk:tickets')}?{urlencode({'words': words, 'state': 'any'})}")


def _may_be_a_caller(words: str) -> bool:
    is_reference = words.upper().startswith("T-") and words[2:].isdigit()
    return is_reference or sum(sign.isdigit() for sign in words) >= FEWEST_DIGITS
