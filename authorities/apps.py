"""Cases of outside authorities, and which tickets come within reach of one."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuthoritiesConfig(AppConfig):
    """Cases of outside authorities, and which tickets come within reach of one."""

    name = "authorities"
    verbose_name = _("Authorities")
