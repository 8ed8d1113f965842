"""Foreign event logs, played through our clocks."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReplayConfig(AppConfig):
    """Foreign event logs, played through our clocks; it has no tables and writes none."""

    name = "replay"
    verbose_name = _("Replay of event logs")
