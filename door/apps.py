"""The customer's own pages."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DoorConfig(AppConfig):
    """The customer's own pages."""

    name = "door"
    verbose_name = _("The customer's own door")
