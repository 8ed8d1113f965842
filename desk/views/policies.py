"""Policies: what is in force and what comes; a draft is tried, then published; how far recomputations are."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Role
from calendars.months import month_of, months_from
from common.models import SetAside
from complaints.models import Ticket
from desk.entrance import DeskRequest, admits
from desk.forms.policies import Month, Publish
from desk.plots import Shares, shares_by_day
from desk.workplaces import CONFIGURING, WATCHING
from escalation.models import Ladder
from sla.actions.explaining import describe_limit
from sla.actions.publishing import draft_from
from sla.actions.recomputing import RECOMPUTATION
from sla.actions.trying import PastTrial, problems_of, try_on_open, try_on_past
from sla.models import Policy, Recomputation, TicketToRecompute

READING = (*CONFIGURING, *WATCHING, Role.AUDITOR)
# A page answers soon; `./dev manage try_policy` looks at everything.
TRIED_AT_MOST = 5_000
RECENT = 20
SHOWN_ASIDE = 20


@admits(*READING)
def policies(request: DeskRequest) -> HttpResponse:
    """Every policy that is in force, planned or drafted, and the recomputations of late."""
    known = Policy.objects.not_over(request.at).with_selectors().order_by("kind", "code", "version")
    return render(
        request,
        "desk/policies.html",
        {
            "policies": [(policy, describe_limit(policy)) for policy in known],
            "recomputations": Recomputation.objects.with_progress()[:RECENT],
            "aside": _set_aside(request),
            "writes": request.authority.holds(*CONFIGURING),
        },
    )


@admits(*READING)
def policy(request: DeskRequest, pk: int) -> HttpResponse:
    """One version: what it says; a draft is tried on `?month=2026-02`, and published."""
    version = get_object_or_404(Policy.objects.with_selectors().select_related("published_by"), pk=pk)
    writes = request.authority.holds(*CONFIGURING)
    form = Publish(request.POST if request.POST.get("deed") == "publish" else None)
    if request.method == "POST":
        if not writes:
            raise PermissionDenied
        if request.POST.get("deed") == "draft":
            draft = draft_from(version)
            messages.success(request, _("%(policy)s is a draft: change it, try it, publish it.") % {"policy": draft})
            return redirect("desk:policy", pk=draft.pk)
        if form.is_valid():
            published = form.carry_out(version, by=request.user, at=request.at)
            if published is not None:
                messages.success(request, _said_of(published))
                return redirect("desk:policies")
    month = Month(request.GET if "month" in request.GET else None, initial={"month": _last_month(request)})
    return render(
        request,
        "desk/policy.html",
        {
            "policy": version,
            "limit": describe_limit(version),
            "ladders": Ladder.objects.filter(policy_code=version.code, is_active=True).order_by("code"),
            "form": form,
            "month": month,
            "writes": writes,
            "at_most": TRIED_AT_MOST,
            **_trials(request, version, month),
        },
        status=400 if form.errors or month.errors else 200,
    )


def _trials(request: DeskRequest, draft: Policy, month: Month) -> dict[str, object]:
    """What trying the draft says; nothing for what is published, and the problems only until a month is named."""
    if draft.is_published:
        return {}
    found: dict[str, object] = {"problems": problems_of(draft, at=request.at)}
    if month.is_valid():
        since, until = month.get_stretch()
        ahead = try_on_open(draft, at=request.at, at_most=TRIED_AT_MOST)
        past = try_on_past(draft, since=since, until=until, at=request.at, at_most=TRIED_AT_MOST)
        of_examples = Ticket.objects.filter(pk__in=[moved.ticket.pk for moved in ahead.examples])
        visible = set(of_examples.visible_to(request.user, request.at).values_list("pk", flat=True))
        examples = [moved for moved in ahead.examples if moved.ticket.pk in visible]
        found |= {"ahead": ahead, "examples": examples, "past": past, "plot": _plot(past)}
    return found


def _plot(past: PastTrial) -> Shares | None:
    """In time by day, as it was and as it would have been; none for fewer than two days."""
    if len(past.days) < 2:
        return None
    counted = past.days.values()
    return shares_by_day(
        list(past.days),
        {
            (_("as it was"), "old"): [day.old_share for day in counted],
            (_("by the draft"), "new"): [day.new_share for day in counted],
        },
    )


def _last_month(request: DeskRequest) -> str:
    first, _next = month_of(request.at)
    return f"{timezone.localtime(months_from(first, -1)):%Y-%m}"


def _said_of(published: Policy) -> str:
    if published.for_running:
        return _("%(policy)s is published; running clocks are decided anew when it is in force.") % {
            "policy": published
        }
    return _("%(policy)s is published for new clocks.") % {"policy": published}


def _set_aside(request: DeskRequest) -> list[tuple[str, str]]:
    """Tickets that could not be decided anew, those that this person may see by their reference, and why."""
    rows = {row.object_id: row for row in SetAside.objects.open().filter(kind=RECOMPUTATION)[:SHOWN_ASIDE]}
    items = dict(TicketToRecompute.objects.filter(pk__in=rows).values_list("pk", "ticket_id"))
    visible = Ticket.objects.filter(pk__in=items.values()).visible_to(request.user, request.at)
    references = dict(visible.values_list("pk", "reference"))
    return [(references.get(items.get(pk, 0), ""), row.error) for pk, row in rows.items()]
