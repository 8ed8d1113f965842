"""Words without a domain."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from common.kept import count_tables


class CommonConfig(AppConfig):
    """Words without a domain."""

    name = "common"
    verbose_name = _("Common")

    def ready(self) -> None:
        """After each migration the tables of the configuration are counted."""
        post_migrate.connect(count_tables, sender=self, dispatch_uid="common.kept")
