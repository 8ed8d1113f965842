"""The outbox for administrators: what waits, what failed, and trying it again."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from notifications import outbox
from notifications.kinds import Stage
from notifications.models import Message


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):
    """Messages are read here, never written."""

    list_display = ["created_at", "kind", "channel", "recipient", "ticket", "state", "tries", "next_try_at", "error"]
    list_filter = ["state", "channel", "kind"]
    list_select_related = ["recipient"]
    search_fields = ["key", "ticket", "recipient__username"]
    date_hierarchy = "created_at"
    ordering = ["-created_at", "-pk"]
    exclude = ["to_address"]
    actions = ["try_again"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only deeds put messages into the outbox."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        """What was said stays on record (R92)."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Message | None = None) -> list[str]:
        """All of them."""
        return [field.name for field in Message._meta.fields]

    @admin.action(description=_("Try again"))
    def try_again(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        """Give failed messages their tries anew; others are left alone, and counted."""
        now = timezone.now()
        failed = list(queryset.filter(state=Stage.FAILED).order_by("pk"))
        for message in failed:
            outbox.try_again(message, at=now)
        self.message_user(
            request,
            ngettext("%(count)d message is tried again.", "%(count)d messages are tried again.", len(failed))
            % {"count": len(failed)},
            messages.SUCCESS if failed else messages.WARNING,
        )

    def get_queryset(self, request: HttpRequest) -> Any:
        """With people, for the list."""
        return super().get_queryset(request).select_related("recipient")
