"""For administrators: what waits and what failed, each try to deliver, and where webhooks go."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.admin import ShownOnly
from notifications import circuits, outbox
from notifications.kinds import Kind, Stage
from notifications.models import Attempt, Circuit, Endpoint, Message


class AttemptInline(admin.TabularInline):
    """The tries of one message."""

    model = Attempt
    extra = 0
    ordering = ["number"]
    readonly_fields = ["number", "at", "took_ms", "outcome", "code", "error"]
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only delivery tries."""
        return False


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):
    """Messages are read here, never written."""

    list_display = [
        "created_at",
        "kind",
        "channel",
        "recipient",
        "endpoint",
        "ticket",
        "state",
        "tries",
        "next_try_at",
        "error",
    ]
    list_filter = ["state", "channel", "kind"]
    list_select_related = ["recipient"]
    search_fields = ["key", "ticket", "recipient__username"]
    date_hierarchy = "created_at"
    ordering = ["-created_at", "-pk"]
    exclude = ["to_address"]
    actions = ["try_again"]
    inlines = [AttemptInline]

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
        return super().get_queryset(request).select_related("recipient", "endpoint")


@admin.register(Attempt)
class AttemptAdmin(ShownOnly):
    """The delivery log."""

    list_display = ["at", "message", "number", "outcome", "code", "took_ms", "error"]
    list_filter = ["outcome", "message__channel", "message__endpoint", "code"]
    list_select_related = ["message"]
    search_fields = ["message__key", "message__ticket"]
    date_hierarchy = "at"
    ordering = ["-at", "-pk"]


@admin.register(Circuit)
class CircuitAdmin(ShownOnly):
    """Which ways out of the house are in order."""

    list_display = ["name", "failures", "open_until", "tried_until", "changed_at", "error"]
    ordering = ["name"]
    actions = ["let_pass"]

    def has_closing_permission(self, request: HttpRequest) -> bool:
        """Whoever might change them."""
        return request.user.has_perm("notifications.change_circuit")

    @admin.action(description=_("Let messages pass again at once"), permissions=["closing"])
    def let_pass(self, request: HttpRequest, queryset: QuerySet[Circuit]) -> None:
        """Somebody has put it right, so nobody need wait."""
        now = timezone.now()
        for circuit in queryset:
            circuits.close(circuit.name, at=now)


class EndpointForm(forms.ModelForm):
    """What is secret is typed in and never shown; left empty it stays as it is."""

    secret = forms.CharField(
        label=_("secret"),
        required=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("With which requests are signed; robots may have none. Empty: as it is."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("kinds of messages"),
        choices=Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: all."),
    )

    class Meta:
        model = Endpoint
        fields = ["code", "name_zh", "name_en", "format", "url", "secret", "kinds", "language", "is_active"]

    def clean_secret(self) -> str:
        """The one that is there, where none is typed."""
        secret: str = self.cleaned_data["secret"] or self.instance.secret
        return secret


@admin.register(Endpoint)
class EndpointAdmin(admin.ModelAdmin):
    """Other systems and robots; every change is recorded, without the secrets."""

    form = EndpointForm
    list_display = ["code", "name_zh", "name_en", "format", "is_active"]
    list_filter = ["format", "is_active"]
    search_fields = ["code", "name_zh", "name_en"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was sent there stays on record; switch it off instead."""
        return False
