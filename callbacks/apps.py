"""Callbacks, attempts and surveys."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CallbacksConfig(AppConfig):
    """Callbacks, attempts and surveys."""

    name = "callbacks"
    verbose_name = _("Callbacks")
