"""Working-time arithmetic, official days and units' hours."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CalendarsConfig(AppConfig):
    """Working-time arithmetic, official days and units' hours."""

    name = "calendars"
    verbose_name = _("Calendars")
