"""Hints to fetch again, for whoever has a page open."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LiveConfig(AppConfig):
    """Hints to fetch again, for whoever has a page open."""

    name = "live"
    verbose_name = _("Live pages")
