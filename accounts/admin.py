"""The organisation, its people, their roles and who stands in for them, for administrators."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from treebeard.forms import movenodeform_factory

from accounts.forms import PersonForm, UnitForm
from accounts.models import Assignment, Delegation, Person, Unit
from common.inlines import TableInline
from common.trees import RecordedTreeAdmin

admin.site.unregister(Group)  # what somebody may do hangs on roles over units


@admin.register(Unit)
class UnitAdmin(RecordedTreeAdmin):
    form = movenodeform_factory(Unit, form=UnitForm)
    list_display = ["name", "code", "kind", "dispatch_desk", "service_desk", "is_active"]
    list_select_related = ["dispatch_desk", "service_desk"]
    list_filter = ["kind", "is_active"]
    search_fields = ["code", "name_zh", "name_en"]


class AssignmentInline(TableInline):
    model = Assignment
    extra = 0
    fields = ["role", "unit", "starts_at", "ends_at"]
    show_change_link = True


class DelegationInline(TableInline):
    model = Delegation
    extra = 0
    fields = ["delegate", "starts_at", "ends_at"]
    autocomplete_fields = ["delegate"]


@admin.register(Person)
class PersonAdmin(UserAdmin):
    """People are switched off, never deleted: the history names them."""

    form = PersonForm
    list_display = ["username", "name_zh", "name_en", "unit", "is_active", "is_staff", "last_login"]
    list_select_related = ["unit"]
    list_filter = ["is_active", "is_staff", "assignments__role"]
    search_fields = ["username", "name_zh", "name_en"]
    ordering = ["username"]
    filter_horizontal = []
    readonly_fields = ["password_link", "last_login", "date_joined"]
    inlines = [AssignmentInline]
    fieldsets = [
        (None, {"fields": ["username", "password_link"]}),
        (_("Person"), {"fields": ["name_zh", "name_en", "unit", "email", "mobile", "language"]}),
        (_("Access"), {"fields": ["is_active", "is_staff", "is_superuser"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "usable_password", "password1", "password2"]}),
        (_("Person"), {"fields": ["name_zh", "name_en", "unit", "email"]}),
    ]

    @admin.display(description=_("password"))
    def password_link(self, person: Person) -> str:
        """Where it is set anew; what is stored of it is shown nowhere."""
        if person.pk is None:
            return "–"
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:auth_user_password_change", args=[person.pk]), _("Set a new one")
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Person | None = None) -> list[str]:
        """Only a superuser makes superusers."""
        fields = list(super().get_readonly_fields(request, obj))
        return fields if request.user.is_superuser else [*fields, "is_superuser"]

    def has_change_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        """A superuser, and so their password, is changed by superusers only."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Switch them off instead."""
        return False


@admin.register(Assignment)
class AssignmentAdmin(admin.ModelAdmin):
    list_display = ["person", "role", "unit", "starts_at", "ends_at"]
    list_select_related = ["person", "unit"]
    list_filter = ["role", "unit"]
    search_fields = ["person__username", "person__name_zh", "person__name_en"]
    autocomplete_fields = ["person"]
    inlines = [DelegationInline]


@admin.register(Delegation)
class DelegationAdmin(admin.ModelAdmin):
    list_display = ["assignment", "delegate", "starts_at", "ends_at"]
    list_select_related = ["assignment__person", "assignment__unit", "delegate"]
    search_fields = ["assignment__person__username", "delegate__username"]
    autocomplete_fields = ["assignment", "delegate"]
    date_hierarchy = "starts_at"
