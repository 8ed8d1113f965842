"""What the sweeps set aside, and when each was last done."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.apart import retry_set_aside
from common.models import Heartbeat, SetAside


class ShownOnly(admin.ModelAdmin):
    """Nobody adds, changes or deletes these by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The system writes them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The system writes them."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """They are kept."""
        return False


@admin.register(SetAside)
class SetAsideAdmin(ShownOnly):
    list_display = ("kind", "object_id", "tries", "error", "first_failed_at", "next_try_at", "resolved_at")
    list_filter = ("kind", ("resolved_at", admin.EmptyFieldListFilter))
    ordering = ("-last_failed_at", "pk")
    actions = ("try_again",)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Whoever might change such rows may have them tried again."""
        return request.user.has_perm("common.change_setaside")

    @admin.action(description=_("Try again with the next sweep"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[SetAside]) -> None:
        """Have the chosen rows tried again."""
        now = timezone.now()
        for aside in queryset:
            retry_set_aside(aside, at=now)
        told = ngettext("%(count)d row is tried again.", "%(count)d rows are tried again.", len(queryset))
        self.message_user(request, told % {"count": len(queryset)}, messages.SUCCESS)


@admin.register(Heartbeat)
class HeartbeatAdmin(ShownOnly):
    list_display = ("name", "completed_at", "lag")
    ordering = ("name",)
