"""Ladders, duty and rules for administrators; every change of them is recorded."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from common.inlines import TableInline
from common.onerow import OneRowAdmin
from escalation.drawing import draw
from escalation.models import Escalation, EscalationRules, Ladder, Roster, RosterException, Step
from notifications.kinds import Channel


class StepForm(forms.ModelForm):
    """A step whose channels are ticked."""

    channels = forms.MultipleChoiceField(
        label=_("by"), choices=Channel.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Step
        fields = [
            "order",
            "when",
            "share_percent",
            "delay_minutes",
            "delay_counts",
            "calendar",
            "who",
            "role",
            "start",
            "level",
            "what",
            "to_unit",
            "acknowledge_within_minutes",
            "severity",
            "channels",
            "is_active",
        ]


class StepInline(admin.StackedInline):
    model = Step
    form = StepForm
    extra = 0
    ordering = ["order", "pk"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A step that was used stays on record; switch it off instead."""
        return False


@admin.register(Ladder)
class LadderAdmin(admin.ModelAdmin):
    list_display = ["code", "name_zh", "name_en", "trigger", "clock_kind", "pace", "policy_code", "is_active"]
    list_filter = ["trigger", "is_active"]
    search_fields = ["code", "name_zh", "name_en"]
    readonly_fields = ["drawing"]
    inlines = [StepInline]

    @admin.display(description=_("who hears when"))
    def drawing(self, ladder: Ladder) -> str:
        """The steps in use on a time axis, as they were saved last."""
        if ladder.pk is None:
            return "–"
        return render_to_string("escalation/ladder.html", {"drawing": draw(ladder)})

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A ladder that was used stays on record; switch it off instead."""
        return False


class RosterForm(forms.ModelForm):
    """A duty whose days are ticked."""

    weekdays = forms.TypedMultipleChoiceField(
        label=capfirst(_("weekdays")),
        choices=[(number + 1, name) for number, name in WEEKDAYS.items()],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Roster
        fields = ["person", "role", "unit", "weekdays", "starts", "ends", "from_on", "until_on"]


class RosterExceptionInline(TableInline):
    model = RosterException
    extra = 0
    autocomplete_fields = ["instead"]


@admin.register(Roster)
class RosterAdmin(admin.ModelAdmin):
    form = RosterForm
    inlines = [RosterExceptionInline]
    list_display = ["person", "role", "unit", "starts", "ends", "from_on", "until_on"]
    list_filter = ["role", "unit"]
    list_select_related = ["person", "unit"]


@admin.register(EscalationRules)
class EscalationRulesAdmin(OneRowAdmin):
    """Acknowledgements and reminders."""


@admin.register(Escalation)
class EscalationAdmin(admin.ModelAdmin):
    """Escalations are read here; people deal with them in the inbox."""

    list_display = ["ticket", "reason", "state", "severity", "planned_at", "noticed_at", "to_role", "to_unit", "gap"]
    list_filter = ["state", "gap", "reason", "severity"]
    list_select_related = ["ticket", "to_unit"]
    search_fields = ["ticket__reference"]
    date_hierarchy = "planned_at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Ladders and people raise them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Escalation | None = None) -> bool:
        """Only moves change them."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Escalation | None = None) -> bool:
        """They stay on record (R92)."""
        return False
