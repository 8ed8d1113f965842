"""Policies as configuration: drafts are written here, published versions are shown."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from sla.models import ClockRules, Policy


@admin.register(Policy)
class PolicyAdmin(admin.ModelAdmin):
    list_display = ("__str__", "code", "kind", "urgency", "tier", "scope", "category", "limit", "limit_unit", "status")
    list_filter = ("kind", "status", "urgency", "tier", "scope")
    list_select_related = ("category",)
    search_fields = ("code", "name_zh", "name_en")
    ordering = ("kind", "code", "version")

    def get_readonly_fields(self, request: HttpRequest, obj: Policy | None = None) -> list[str]:
        """A published version never changes (R27)."""
        if obj is not None and obj.is_published:
            return [field.name for field in Policy._meta.fields]
        return ["status", "published_at", "published_by"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only drafts can be thrown away."""
        return (obj is None or not obj.is_published) and super().has_delete_permission(request, obj)


@admin.register(ClockRules)
class ClockRulesAdmin(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one row."""
        return not ClockRules.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The row stays."""
        return False
