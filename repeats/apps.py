"""Repeat complaints: found, confirmed, chained."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RepeatsConfig(AppConfig):
    """Repeat complaints: found, confirmed, chained."""

    name = "repeats"
    verbose_name = _("Repeats")
