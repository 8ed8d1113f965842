"""Categories, tickets, their states and moves, and their history."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplaintsConfig(AppConfig):
    """Categories, tickets, their states and moves, and their history."""

    name = "complaints"
    verbose_name = _("Complaints")
