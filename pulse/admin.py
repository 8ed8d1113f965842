"""Alarms, to look at."""

from django.contrib import admin

from common.admin import ShownOnly
from pulse.models import Alarm


@admin.register(Alarm)
class AlarmAdmin(ShownOnly):
    list_display = ("began_at", "raised_at", "ended_at", "most", "clocks", "escalations", "first_due_at")
    ordering = ("-began_at", "pk")
