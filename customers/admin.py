"""Customers, their flags and who opened them, for administrators: numbers and names masked throughout (R2)."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from common.onerow import OneRowAdmin
from customers.models import (
    ContactPerson,
    Customer,
    Disclosure,
    DisclosureRules,
    Flag,
    HandlingRule,
    Lookup,
    RuleOverride,
    WatchRules,
)

admin.site.register(WatchRules, OneRowAdmin)
admin.site.register(DisclosureRules, OneRowAdmin)


class ReadOnly:
    """Looked at here, changed by the actions only."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not here."""
        return False


@admin.register(HandlingRule)
class HandlingRuleAdmin(admin.ModelAdmin):
    list_display = ["kind", "text_zh", "text_en"]


class ContactPersonInline(ReadOnly, admin.TabularInline):
    model = ContactPerson
    fields = ["masked_name", "masked_number", "standing"]
    readonly_fields = ["masked_name", "masked_number"]


class FlagInline(ReadOnly, admin.TabularInline):
    model = Flag
    fields = ["kind", "raised_at", "raised_by", "reason", "expires_at", "lifted_at"]


@admin.register(Customer)
class CustomerAdmin(admin.ModelAdmin):
    """What is not masked can be corrected; opening the rest takes a reason and is logged, and has its own page.

    There is no search by number: it would put the number into addresses and logs.
    """

    list_display = ["masked_number", "masked_name", "brand", "tier", "branch", "manager", "facts_as_of"]
    list_filter = ["tier", "brand", "branch"]
    list_select_related = ["branch", "manager"]
    ordering = ["-pk"]
    fields = ["masked_number", "masked_name", "brand", "tier", "manager", "branch", "language", "facts_as_of"]
    readonly_fields = ["masked_number", "masked_name", "facts_as_of"]
    raw_id_fields = ["manager"]
    inlines = [FlagInline, ContactPersonInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Customers come by import, adapter or acceptance."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Customer | None = None) -> bool:
        """Their tickets hang on them."""
        return False


class RuleOverrideInline(ReadOnly, admin.TabularInline):
    model = RuleOverride
    fields = ["at", "by", "reason"]


@admin.register(Flag)
class FlagAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["customer", "kind", "raised_at", "raised_by", "expires_at", "lifted_at"]
    list_filter = ["kind", ("lifted_at", admin.EmptyFieldListFilter)]
    list_select_related = ["customer", "raised_by"]
    date_hierarchy = "raised_at"
    ordering = ["-raised_at", "-pk"]
    inlines = [RuleOverrideInline]


@admin.register(Lookup)
class LookupAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["at", "by", "customer", "origin"]
    list_filter = ["origin"]
    list_select_related = ["by", "customer"]
    search_fields = ["=by__username"]
    date_hierarchy = "at"


@admin.register(Disclosure)
class DisclosureAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["at", "by", "customer", "field", "reason"]
    list_filter = ["field"]
    list_select_related = ["by", "customer"]
    search_fields = ["=by__username"]
    date_hierarchy = "at"
