"""What the sweeps set aside, and when each was last done."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

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


class Standing(admin.SimpleListFilter):
    """Those given up are what waits for somebody."""

    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The choices."""
        return [("given_up", _("given up")), ("open", _("not done yet")), ("resolved", _("resolved"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[SetAside]) -> QuerySet[SetAside]:
        """Those that stand so."""
        rows = SetAside.objects.filter(pk__in=queryset.order_by().values("pk"))
        match self.value():
            case "given_up":
                return rows.given_up()
            case "open":
                return rows.open()
            case "resolved":
                return rows.filter(resolved_at__isnull=False)
        return queryset


@admin.register(SetAside)
class SetAsideAdmin(ShownOnly):
    list_display = ("kind", "object_id", "standing", "tries", "error", "first_failed_at", "next_try_at", "resolved_at")
    list_filter = (Standing, "kind")
    ordering = ("-last_failed_at", "pk")
    actions = ("try_again",)

    @admin.display(description=_("standing"))
    def standing(self, aside: SetAside) -> str:
        """Whether anything happens to it by itself."""
        if aside.is_given_up:
            return gettext("given up: choose 'try again' when the cause is gone")
        return gettext("resolved") if aside.resolved_at is not None else gettext("tried again by itself")

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Whoever might change such rows may have them tried again."""
        return request.user.has_perm("common.change_setaside")

    @admin.action(description=_("Try again with the next sweep"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[SetAside]) -> None:
        """Have the chosen rows tried again."""
        now = timezone.now()
        count = sum(retry_set_aside(aside, at=now) for aside in queryset)
        told = ngettext("%(count)d row is tried again.", "%(count)d rows are tried again.", count)
        self.message_user(request, told % {"count": count}, messages.SUCCESS)


@admin.register(Heartbeat)
class HeartbeatAdmin(ShownOnly):
    list_display = ("name", "completed_at", "lag")
    ordering = ("name",)
