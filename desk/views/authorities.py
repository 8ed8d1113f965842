"""Outside authorities: their open cases, which tickets come within reach of an appeal, and one case (R82)."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from attachments.models import Attachment
from attachments.serving import as_download
from authorities.appeals import days_until, within_reach
from authorities.models import AuthorityRules, Case
from complaints.models import Ticket
from desk import queries
from desk.entrance import DeskRequest, admits
from desk.forms.authorities import DEEDS, CaseDeed
from desk.pages import page_of
from desk.workplaces import FACING_AUTHORITIES

BESIDE_A_CASE = ("urgency", "category", "with", "age")


@admits(*FACING_AUTHORITIES)
def authorities(request: DeskRequest) -> HttpResponse:
    """Open cases by what we owe first, and tickets by the days until their customer may appeal."""
    rules = AuthorityRules.current()
    visible = Ticket.objects.visible_to(request.user, request.at).select_related("category", "customer")
    page = page_of(request, visible, lambda tickets: within_reach(tickets, rules=rules, now=request.at))
    open_cases = Case.objects.visible_to(request.user, request.at).open().by_due()
    facts = {
        "rules": rules,
        "cases": open_cases.for_page(request.user, request.at),
        "page": page,
        "lines": [(ticket, days_until(ticket.may_appeal_at, request.at)) for ticket in page.object_list],
    }
    return render(request, "desk/authorities.html", facts)


@admits()
def case(request: DeskRequest, pk: int) -> HttpResponse:
    """One case: its clocks, its documents, its tickets, and what can be done to it."""
    shown = _find(request, pk)
    posted = None
    if request.method == "POST":
        kind = DEEDS.get(request.POST.get("deed", ""))
        if kind is None:
            return HttpResponseBadRequest()
        posted = kind(request.POST, request.FILES, case=shown, person=request.user, at=request.at)
        if posted.succeeds():
            messages.success(request, _("It is on record."))
            return redirect("desk:case", pk=pk)
        shown = _find(request, pk)
    tickets = Ticket.objects.visible_to(request.user, request.at).filter(cases=shown)
    works = _works_on(request, shown)
    facts = {
        "case": shown,
        "works": works,
        "rules": AuthorityRules.current(),
        "posted": posted,
        "forms": _offer(request, shown, posted) if works else [],
        "tickets": queries.as_lines(tickets),
        "columns": BESIDE_A_CASE,
    }
    return render(request, "desk/case.html", facts, status=posted.status if posted is not None else 200)


@require_safe
@admits()
def document(request: DeskRequest, pk: int, key: str) -> HttpResponseBase:
    """The file of one document, to be saved; one that was withdrawn is for who works on the case."""
    shown = _find(request, pk)
    readable = shown.readable_documents(works=_works_on(request, shown))
    return as_download(get_object_or_404(Attachment, pk__in=readable.values("file"), key=key))


def _find(request: DeskRequest, pk: int) -> Case:
    """A case with a ticket that this person may see. Raises Http404."""
    visible = Case.objects.visible_to(request.user, request.at).for_page(request.user, request.at)
    return get_object_or_404(visible, pk=pk)


def _works_on(request: DeskRequest, shown: Case) -> bool:
    """Whether this person may do something to the case."""
    tickets = list(Ticket.objects.with_people().filter(cases=shown).order_by("pk"))
    return shown.lets_work(tickets, request.authority)


def _offer(request: DeskRequest, shown: Case, posted: CaseDeed | None) -> list[CaseDeed]:
    """What can be done to the case as it stands, and the form that was refused with what was typed."""
    forms = [kind(case=shown, person=request.user, at=request.at) for kind in DEEDS.values() if kind.applies(shown)]
    if posted is None:
        return forms
    return [posted, *(form for form in forms if form.name != posted.name)]
