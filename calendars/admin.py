"""Calendars for administrators: hours, overrides, official days, and a month that shows what comes of them."""

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from calendars.days import Source
from calendars.models import Calendar, OfficialDay, Override, UnitHours
from calendars.month_sheet import sheet_of
from calendars.worktime import read_zone
from common.inlines import TableInline

SOURCES = {
    Source.WEEKLY: _("by the week"),
    Source.OFFICIAL: _("official day"),
    Source.OVERRIDE: _("override"),
}


class OverrideInline(TableInline):
    model = Override
    extra = 0
    ordering = ["-date", "-pk"]


@admin.register(Calendar)
class CalendarAdmin(admin.ModelAdmin):
    list_display = ["code", "name_zh", "name_en", "tz", "follows_official_days", "version", "month_link"]
    readonly_fields = ["version", "changed_at", "month_link"]
    ordering = ["code"]
    inlines = [OverrideInline]

    @admin.display(description=_("its months"))
    def month_link(self, calendar: Calendar) -> str:
        """A link to the page that shows the result."""
        if calendar.pk is None:
            return "–"
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:calendars_calendar_month", args=[calendar.pk]), _("Show the month")
        )

    def get_urls(self) -> list[URLPattern]:
        """The month's page beside the usual ones."""
        month = path("<int:pk>/month/", self.admin_site.admin_view(self.month_page), name="calendars_calendar_month")
        return [month, *super().get_urls()]

    def month_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The month `?month=2026-02`, by default the present one, for everybody or for the unit `?unit=code`."""
        calendar = get_object_or_404(Calendar, pk=pk)
        if not self.has_view_permission(request, calendar):
            raise PermissionDenied
        first = _first_of_month(request.GET.get("month"), timezone.now().astimezone(read_zone(calendar.tz)).date())
        code = request.GET.get("unit")
        unit = get_object_or_404(Unit, code=code) if code else None
        weeks = sheet_of(calendar, first.year, first.month, unit)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": calendar.name,
            "opts": self.opts,
            "calendar": calendar,
            "first": first,
            "before": first - timedelta(days=1),
            "after": first + timedelta(days=31),
            "weeks": weeks,
            "weekdays": [date(2024, 1, day) for day in range(1, 8)],  # the first of January 2024 was a Monday
            "sources": {source.value: label for source, label in SOURCES.items()},
            "units": Unit.objects.all(),
            "unit": unit,
            "covered_until": calendar.covered_until(),
            "is_covered": all(day.is_covered for week in weeks for day in week if day),
        }
        return TemplateResponse(request, "admin/calendars/calendar/month.html", context)


def _first_of_month(text: str | None, today: date) -> date:
    try:
        first = datetime.strptime(text or "", "%Y-%m").date()  # noqa: DTZ007
    except ValueError:
        first = today.replace(day=1)
    return first if 1900 <= first.year <= 2200 else today.replace(day=1)


@admin.register(OfficialDay)
class OfficialDayAdmin(admin.ModelAdmin):
    list_display = ["date", "name_zh", "name_en", "is_working", "year"]
    list_filter = ["year", "is_working"]
    date_hierarchy = "date"
    ordering = ["-date"]


@admin.register(UnitHours)
class UnitHoursAdmin(admin.ModelAdmin):
    list_display = ["unit", "calendar"]
    list_select_related = ["unit", "calendar"]
    ordering = ["unit__path", "pk"]
