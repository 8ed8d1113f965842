"""Who may decide what, for administrators."""

from auditlog.registry import auditlog
from django.contrib import admin

from approvals.models import AuthorityLevel

auditlog.register(AuthorityLevel)


@admin.register(AuthorityLevel)
class AuthorityLevelAdmin(admin.ModelAdmin):
    """Levels by kind and amount."""

    list_display = ["kind", "role", "up_to"]
    list_filter = ["kind"]
