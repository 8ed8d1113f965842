"""Categories and the desk's numbers for administrators; tickets and their history to look at.

Administrators configure the desk and work on no tickets: what identifies a customer, and what they said, is not shown
here (R1, R2).
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from treebeard.forms import movenodeform_factory

from common.onerow import OneRowAdmin
from common.trees import RecordedTreeAdmin
from complaints.models import Category, CauseCode, DeskRules, Entry, FillerPhrase, NatureRule, Ticket

PERSONAL = {
    "contact_person",
    "contact_number",
    "record",
    "happened",
    "wanted",
    "recording",
    "duplicate_reason",
    "matter",
}

admin.site.register(DeskRules, OneRowAdmin)


@admin.register(Category)
class CategoryAdmin(RecordedTreeAdmin):
    form = movenodeform_factory(Category)
    list_display = ["name", "code", "urgency", "lead_unit", "direct_routing", "special_scope", "is_active"]
    list_select_related = ["lead_unit"]
    list_filter = ["urgency", "direct_routing", "special_scope", "service_failure", "on_site", "is_active"]
    search_fields = ["code", "name_zh", "name_en", "initials", "pinyin"]


@admin.register(FillerPhrase)
class FillerPhraseAdmin(admin.ModelAdmin):
    list_display = ["phrase"]
    search_fields = ["phrase"]


@admin.register(CauseCode)
class CauseCodeAdmin(RecordedTreeAdmin):
    form = movenodeform_factory(CauseCode)
    list_display = ["name", "code", "name_zh", "name_en", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["code", "name_zh", "name_en"]


@admin.register(NatureRule)
class NatureRuleAdmin(admin.ModelAdmin):
    list_display = ["verdict", "liability", "nature"]
    list_editable = ["nature"]
    list_display_links = ["verdict"]


class ShownOnly(admin.ModelAdmin):
    """Only actions write these, whatever is posted here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not here, nor anywhere else."""
        return False


@admin.register(Ticket)
class TicketAdmin(ShownOnly):
    list_display = [
        "reference",
        "state",
        "category",
        "urgency",
        "accepting_unit",
        "lead_unit",
        "raised_at",
        "closed_at",
    ]
    list_filter = ["state", "urgency", "nature", "medium", "addressee"]
    list_select_related = ["category", "accepting_unit", "lead_unit"]
    search_fields = ["=reference", "=external_id"]
    search_help_text = _("The whole reference or external id.")
    date_hierarchy = "raised_at"
    ordering = ["-pk"]
    show_full_result_count = False
    exclude = sorted(PERSONAL)


@admin.register(Entry)
class EntryAdmin(ShownOnly):
    list_display = ["at", "ticket", "kind", "by", "origin", "source", "target"]
    list_filter = ["kind", "origin"]
    list_select_related = ["ticket", "by"]
    search_fields = ["=ticket__reference"]
    search_help_text = _("The whole reference.")
    ordering = ["-pk"]
    show_full_result_count = False
    exclude = ["note"]
