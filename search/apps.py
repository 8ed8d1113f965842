"""Finding tickets by their words."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """Finding tickets by their words."""

    name = "search"
    verbose_name = _("Search")
