"""What the past adds up to."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FiguresConfig(AppConfig):
    """What the past adds up to."""

    name = "figures"
    verbose_name = _("Figures")
