"""Each person's own lists."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ListsConfig(AppConfig):
    """Each person's own lists: views kept, columns chosen, files ordered."""

    name = "lists"
    verbose_name = _("Lists")
