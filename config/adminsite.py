"""Who comes into the admin, and what it never shows."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import AdminSite
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.backends import administers

# Credentials are made and ended where they are used; a list of them helps nobody but a thief.
KEPT_OUT = {"authtoken.token", "authtoken.tokenproxy", "knox.authtoken"}

# What libraries call their own, said by us where they bring no Chinese.
SECTIONS = {"axes": _("Signing in"), "auditlog": _("Audit log")}
WORDS = (_("access attempts"), _("access failures"), _("access logs"))


class DeskAdminSite(AdminSite):
    """The configuration of the desk, for administrators."""

    site_header = site_title = _("Complaint desk: configuration")
    index_title = _("Configuration")

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff who hold the role of administrator at this instant, and superusers."""
        return administers(request.user, at=timezone.now())

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The sections, with names that say what is in them."""
        sections = super().get_app_list(request, app_label)
        return [section | {"name": SECTIONS.get(section["app_label"], section["name"])} for section in sections]

    def register(self, model_or_iterable: type[Model] | Iterable[type[Model]], *args: Any, **options: Any) -> None:
        """Register what libraries and apps bring, but no credentials."""
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        shown = [model for model in models if model._meta.label_lower not in KEPT_OUT]
        super().register(shown, *args, **options)
