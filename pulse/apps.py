"""Whether the timers beat."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PulseConfig(AppConfig):
    """Whether the timers beat."""

    name = "pulse"
    verbose_name = _("Pulse of the timers")
