"""Policies as configuration: drafts are written here, published versions are shown."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from common.refusals import Refusal
from sla.actions.publishing import draft_from, publish
from sla.models import ClockRules, Policy


@admin.register(Policy)
class PolicyAdmin(admin.ModelAdmin):
    list_display = ("__str__", "code", "kind", "urgency", "tier", "scope", "category", "limit", "limit_unit", "status")
    list_filter = ("kind", "status", "urgency", "tier", "scope")
    list_select_related = ("category",)
    search_fields = ("code", "name_zh", "name_en")
    ordering = ("kind", "code", "version")

    actions = ("publish_drafts", "draft_new_versions")

    @admin.action(description=_("Publish, in force from now on"), permissions=["change"])
    def publish_drafts(self, request: HttpRequest, queryset: QuerySet[Policy]) -> None:
        """Publish the chosen drafts, each with the reason written in it; what is refused is said."""
        now = timezone.now()
        by = request.user if isinstance(request.user, Person) else None
        for draft in queryset:
            try:
                published = publish(draft, reason=draft.reason, by=by, at=now)
            except (Refusal, ValidationError) as problem:
                told = " ".join(problem.messages) if isinstance(problem, ValidationError) else str(problem)
                self.message_user(request, f"{draft}: {told}", messages.ERROR)
            else:
                self.message_user(request, _("%(policy)s is in force.") % {"policy": published}, messages.SUCCESS)

    @admin.action(description=_("Draft a new version"), permissions=["add"])
    def draft_new_versions(self, request: HttpRequest, queryset: QuerySet[Policy]) -> None:
        """Make a draft of each chosen policy, to be changed and published."""
        for policy in queryset:
            draft = draft_from(policy)
            self.message_user(request, _("%(policy)s is a draft.") % {"policy": draft}, messages.SUCCESS)

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
