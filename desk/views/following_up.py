"""The customer manager's workplace: whom to speak with after 'does not accept' (R44)."""

from django.http import HttpResponse
from django.shortcuts import render

from complaints.models import FollowUp
from desk import queries
from desk.entrance import DeskRequest, admits
from desk.workplaces import FOLLOWING_UP


@admits(*FOLLOWING_UP)
def follow_ups(request: DeskRequest) -> HttpResponse:
    """The open ones, first due first; each is recorded on its ticket's page."""
    waiting = list(FollowUp.objects.for_person(request.user, request.at).for_list())
    queries.bring_flags((task.ticket.customer for task in waiting), request.at)
    return render(request, "desk/follow_ups.html", {"follow_ups": waiting})
