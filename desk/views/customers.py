"""Opening what is masked (R2): with a reason, logged, limited."""

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from common.refusals import Refusal
from customers import actions
from desk.access import is_on_the_phone_with, open_ticket
from desk.entrance import DeskRequest, admits
from desk.forms.fields import Line

FIELDS = (
    ("contact_number", _("contact number")),
    ("number", _("subscriber's number")),
    ("name", _("name")),
    ("identity_number", _("identity number")),
    ("address", _("address")),
)


class Reveal(forms.Form):
    """What is to be opened, and why."""

    field = forms.ChoiceField(label=_("what"), choices=FIELDS)
    reason = Line(label=_("why you need it"))


@admits()
@require_POST
def reveal(request: DeskRequest, reference: str) -> HttpResponse:
    """Show one full value once, on a page of its own or beside the masked one."""
    seen = open_ticket(request, reference)
    if seen.reads_only and not is_on_the_phone_with(seen.ticket.customer, by=request.user, at=request.at):
        raise Http404
    form = Reveal(request.POST, auto_id="reveal-%s")
    facts = {"ticket": seen.ticket, "form": form}
    if not form.is_valid():
        return render(request, _template(request), facts, status=400)
    field, reason = form.cleaned_data["field"], form.cleaned_data["reason"]
    try:
        if field == "contact_number":
            actions.disclose(seen.ticket.customer, what=field, reason=reason, by=request.user, at=request.at)
            value = seen.ticket.contact_number
        else:
            value = actions.reveal(seen.ticket.customer, field=field, reason=reason, by=request.user, at=request.at)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return render(request, _template(request), facts, status=refusal.status)
    return render(request, _template(request), facts | {"value": value, "label": dict(FIELDS)[field]})


def _template(request: DeskRequest) -> str:
    return "desk/revealed.html#revealed" if request.htmx else "desk/revealed.html"
