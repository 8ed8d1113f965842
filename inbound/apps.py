"""Short messages that customers send to us."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InboundConfig(AppConfig):
    """Short messages that customers send to us."""

    name = "inbound"
    verbose_name = _("Short messages from customers")
