"""What customers do by themselves: complain, and ask how it stands."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SelfserviceConfig(AppConfig):
    """What customers do by themselves: complain, and ask how it stands."""

    name = "selfservice"
    verbose_name = _("Self-service")
