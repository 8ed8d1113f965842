"""Trees of units and categories in the admin: nothing is deleted, and every move is recorded."""

from typing import Any

from auditlog.models import LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from treebeard.admin import TreeAdmin

LONGEST_KEY = 18  # digits that a key can surely have


class RecordedTreeAdmin(TreeAdmin):
    """A tree whose nodes are switched off instead of deleted.

    Treebeard moves nodes with statements of its own, which the record of changes does not notice, so the place of a
    node is compared around each request that may move it.
    """

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was used stays; switch it off instead."""
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form, with its place in the tree."""
        before = self._place(object_id)
        response = super().changeform_view(request, object_id, form_url, extra_context)
        self._record_move(request, object_id, before)
        return response

    def children_view(self, request: HttpRequest, parent_id: str) -> HttpResponse:
        """The nodes below one; 400 where the address asks for something else, as the list itself would."""
        if not parent_id.isascii() or not parent_id.isdecimal() or len(parent_id) > LONGEST_KEY:
            raise SuspiciousOperation("no node")
        try:
            below: HttpResponse = super().children_view(request, parent_id)
        except IncorrectLookupParameters as error:
            raise SuspiciousOperation("no such filter") from error
        return below

    def move_node(self, request: HttpRequest) -> HttpResponse:
        """A node dragged to another place."""
        before = self._place(request.POST.get("node"))
        response: HttpResponse = super().move_node(request)
        self._record_move(request, request.POST.get("node"), before)
        return response

    def _place(self, pk: str | None) -> str:
        if not pk or not pk.isdecimal():
            return ""
        return self.model._default_manager.filter(pk=pk).values_list("path", flat=True).first() or ""

    def _record_move(self, request: HttpRequest, pk: str | None, before: str) -> None:
        after = self._place(pk)
        if request.method == "POST" and before and after != before:
            LogEntry.objects.log_create(
                self.model._default_manager.get(pk=pk),
                action=LogEntry.Action.UPDATE,
                changes={"path": [before, after]},
                force_log=True,
            )
