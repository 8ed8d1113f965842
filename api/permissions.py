"""What every address asks before its own rules: somebody signed in, and for writing more than a reader."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS, BasePermission

from accounts.models import Role

if TYPE_CHECKING:  # the REST framework's views import this module through the settings
    from rest_framework.request import Request
    from rest_framework.views import APIView

READERS = frozenset({Role.AUDITOR})


class ReadersOnlyRead(BasePermission):
    """Who holds no role but reading ones changes nothing, whatever the state of the thing (A7)."""

    message = _("You may read here and change nothing.")
    code = "read_only"

    def has_permission(self, request: "Request", view: "APIView") -> bool:
        """Whether the request only reads, or its person may do more than that."""
        if request.method in SAFE_METHODS:
            return True
        authority = request.user.authority(view.now)  # type: ignore[union-attr,attr-defined]
        return any(grant.role not in READERS for grant in authority.grants)
