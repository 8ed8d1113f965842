"""The organisation tree, people, roles and scopes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """The organisation tree, people, roles and scopes."""

    name = "accounts"
    verbose_name = _("Accounts")
