"""Files on tickets, and files that are to be on one."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AttachmentsConfig(AppConfig):
    """Files on tickets, and files that are to be on one."""

    name = "attachments"
    verbose_name = _("Attachments")
