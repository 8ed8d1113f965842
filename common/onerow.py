"""Configuration that is a single row, in the admin: there is one to change, none to add and none to delete."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse


class OneRowAdmin(admin.ModelAdmin):
    """Leads straight to the row with the key 1, and makes it from the defaults where it is missing."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The row itself instead of a list of one."""
        row = self.model._default_manager.get_or_create(pk=1)[0]
        meta = self.model._meta
        return HttpResponseRedirect(reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk]))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one already."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Something has to hold."""
        return False
