"""Supervisors: who is on duty, and how fast escalations are acknowledged."""

from datetime import date, timedelta

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.models import Unit
from desk.acknowledging import acknowledgements, those_of
from desk.entrance import DeskRequest, admits
from desk.pages import LINES
from desk.roster import roster_of
from desk.workplaces import WATCHING

MONTH = timedelta(days=30)


@admits(*WATCHING)
def roster(request: DeskRequest) -> HttpResponse:
    """A week of duty over the units that this person watches; gaps are shown."""
    today = timezone.localdate(request.at)
    wanted = _day(request.GET.get("week", "")) or today
    monday = wanted - timedelta(days=wanted.weekday())
    units = Unit.objects.under(*request.authority.paths(*WATCHING)).filter(is_active=True)
    return render(
        request,
        "desk/roster.html",
        {
            "duties": roster_of(units, monday=monday, now=request.at),
            "days": [monday + timedelta(days=number) for number in range(7)],
            "today": today,
            "before": monday - timedelta(days=7),
            "after": monday + timedelta(days=7),
        },
    )


@admits(*WATCHING)
def acknowledged(request: DeskRequest) -> HttpResponse:
    """Of the last thirty days: what each person acknowledged and how fast; a number opens its escalations."""
    since = request.at - MONTH
    person = request.GET.get("person", "")
    page = None
    if person.isascii() and person.isdecimal() and len(person) < 10:
        theirs = those_of(request.user, person=int(person), since=since, now=request.at)
        page = Paginator(theirs, LINES).get_page(request.GET.get("page"))
    return render(
        request,
        "desk/acknowledged.html",
        {
            "lines": acknowledgements(request.user, since=since, now=request.at),
            "since": since,
            "page": page,
        },
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1 < day.year < 9999 else None  # there is a week before it and one after it
