"""Callback campaigns: what was drawn, how far it has come, and drawing another."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from accounts.models import Unit
from callbacks.actions.campaigning import STARTING
from callbacks.models import Campaign
from desk.entrance import DeskRequest, admits
from desk.forms.campaigns import StartCampaign
from desk.workplaces import CALLING_BACK, WATCHING

AT_MOST = 60


@admits(*CALLING_BACK, *WATCHING)
def campaigns(request: DeskRequest) -> HttpResponse:
    """The campaigns over this person's units, latest first, and the form for the next."""
    form = StartCampaign(request.POST if request.method == "POST" else None, auto_id="campaign-%s")
    if request.method == "POST":
        started = form.start(by=request.user, at=request.at)
        if started is not None:
            number = started.callbacks.count()
            messages.success(
                request,
                ngettext("%(count)d matter was drawn.", "%(count)d matters were drawn.", number) % {"count": number},
            )
            return redirect("desk:campaigns")
    within = Unit.objects.under(*request.authority.paths(*STARTING)).values("pk")
    drawn = Campaign.objects.filter(unit__in=within).with_progress().order_by("-started_at", "-pk")[:AT_MOST]
    return render(request, "desk/campaigns.html", {"campaigns": drawn, "form": form}, status=form.status)
