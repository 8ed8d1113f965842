"""The outbox and delivery."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """The outbox and delivery."""

    name = "notifications"
    verbose_name = _("Notifications")
