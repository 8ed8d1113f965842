"""The simulator and its data."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """The simulator and its data."""

    name = "demo"
    verbose_name = _("Demonstration")
