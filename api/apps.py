"""The REST edge."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """The REST edge."""

    name = "api"
    verbose_name = _("REST")
