"""Solutions above somebody's authority, put up for approval."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApprovalsConfig(AppConfig):
    """Solutions above somebody's authority, put up for approval."""

    name = "approvals"
    verbose_name = _("Approvals")
