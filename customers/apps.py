"""Customers, contact persons and flags."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    """Customers, contact persons and flags."""

    name = "customers"
    verbose_name = _("Customers")
