"""Files on tickets (R10): looked for through a ticket that one may see, and in no other way (A1, A12)."""

from typing import Any

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoints import Endpoint
from api.fields import Text
from api.output import PersonOut
from api.parsers import Json
from attachments import actions
from attachments.models import Attachment
from attachments.serving import as_download
from complaints.models import Ticket


class FileOut(serializers.ModelSerializer):
    """A file on a ticket; its content is at an address of its own."""

    uploaded_by = PersonOut(allow_null=True, help_text="Nobody: the customer.")

    class Meta:
        model = Attachment
        fields = ("key", "name", "media_type", "size", "digest", "uploaded_by", "attached_at")


class FileEndpoint(Endpoint):
    """Files of one ticket."""

    Output = FileOut

    def ticket(self, reference: str) -> Ticket:
        """The ticket, if this person may see it. Raises Http404."""
        return get_object_or_404(Ticket.objects.visible_to(self.person, self.now), reference=reference)


class Files(FileEndpoint):
    """The files on a ticket, and adding one."""

    parser_classes = [MultiPartParser]

    class Input(serializers.Serializer):
        """One file."""

        file = serializers.FileField(max_length=255)

    @extend_schema(operation_id="files_list", responses=FileOut(many=True))
    def get(self, request: Request, reference: str) -> Response:
        """List them."""
        return Response(FileOut(Attachment.objects.on(self.ticket(reference)), many=True).data)

    @extend_schema(request={"multipart/form-data": Input}, responses={201: FileOut})
    def post(self, request: Request, reference: str) -> Response:
        """Add one."""
        ticket = self.ticket(reference)
        asked: dict[str, Any] = self.read(self.Input)
        added = actions.attach(ticket, asked["file"], by=self.person, at=self.now)
        return Response(FileOut(added).data, status=201)


class File(FileEndpoint):
    """One file on a ticket."""

    parser_classes = [Json]

    class Input(serializers.Serializer):
        """Why it is removed."""

        reason = Text(max_length=300)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, reference: str, key: str) -> FileResponse:
        """Its content, to be saved."""
        return as_download(get_object_or_404(Attachment.objects.on(self.ticket(reference)), key=key))

    @extend_schema(request=Input, responses={204: None})
    def delete(self, request: Request, reference: str, key: str) -> Response:
        """Remove it, with a reason; that there was one stays in the history."""
        ticket = self.ticket(reference)
        get_object_or_404(Attachment.objects.on(ticket), key=key)
        asked = self.read(self.Input)
        actions.remove(ticket, key, reason=asked["reason"], by=self.person, at=self.now)
        return Response(status=204)
