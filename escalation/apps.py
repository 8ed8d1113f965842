"""Ladders, escalations and the supervisor's inbox."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EscalationConfig(AppConfig):
    """Ladders, escalations and the supervisor's inbox."""

    name = "escalation"
    verbose_name = _("Escalation")
