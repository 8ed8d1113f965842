"""Written replies: drafted from a template, checked, approved, sent."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LettersConfig(AppConfig):
    """Written replies: drafted from a template, checked, approved, sent."""

    name = "letters"
    verbose_name = _("Written replies")
