"""Permitted hours, consents, promises, and the one gate to the customer."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactConfig(AppConfig):
    """Permitted hours, consents, promises, and the one gate to the customer."""

    name = "contact"
    verbose_name = _("Contact with customers")
