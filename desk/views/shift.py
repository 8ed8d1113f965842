"""The hand-over list: what I own and hold, and as a lead what my people do, passed on before they leave (R13)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.models import Ticket
from desk.entrance import DeskRequest, admits
from desk.forms.shift import PassOn
from desk.shift import desks_of, left_by, people_of


@admits()
def hand_over(request: DeskRequest) -> HttpResponse:
    """My own list, or with `of` that of a unit that I lead; what is picked goes to somebody else."""
    desks = desks_of(request.authority)
    desk = next((unit for unit in desks if unit.code == request.GET.get("of")), None)
    people = people_of(desk) if desk is not None else [request.user]
    shift = left_by(people, Ticket.objects.visible_to(request.user, request.at))
    form = PassOn(request.POST if request.method == "POST" else None, colleagues=[*people, request.user])
    keys = request.POST.getlist("pick")
    if request.method == "POST":
        picked = shift.picked(keys)
        if not picked:
            form.add_error(None, _("Pick at least one ticket."))
        elif form.is_valid():
            results = form.carry_out(picked, by=request.user, at=request.at)
            done = sum(1 for result in results if result.was_done)
            if done:
                told = ngettext("%(count)d ticket is handed over.", "%(count)d tickets are handed over.", done)
                messages.success(request, told % {"count": done})
            for result in results:
                if result.refusal is not None:
                    messages.error(request, f"{result.subject.ticket.reference}: {result.refusal}")
            return redirect(request.get_full_path())
    facts = {"shift": shift, "form": form, "picked": keys, "desks": desks, "chosen": desk}
    return render(request, "desk/hand_over.html", facts, status=400 if form.errors else 200)
