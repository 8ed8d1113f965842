"""Policies, clocks and breaches."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SlaConfig(AppConfig):
    """Policies, clocks and breaches."""

    name = "sla"
    verbose_name = _("Limits")
