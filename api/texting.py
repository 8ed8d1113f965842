"""Customers' short messages as the gateway hands them over (R32, R73); `docs/webhooks.md` tells it how.

Its address is not below /api/v1/: there is no person behind it and no token, the signature says whose request it is.
"""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers, status
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.endpoints import Endpoint
from api.fields import Line, Text
from api.parsers import Json
from common.origin import origin
from inbound.actions.receiving import receive
from inbound.models import LONGEST_ID, LONGEST_TEXT
from notifications.gateways.signing import verify


class SignedByTheGateway(BasePermission):
    """Signed with the secret that the gateway and we share, and not older than five minutes."""

    message = _("This is not signed, or not signed lately, by the gateway.")
    code = "not_signed"

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether time and signature fit the body as it came; never where no secret is set."""
        secret = settings.SMS_INBOUND_SECRET
        return bool(secret) and verify(
            request._request.body,  # read before anything parses it
            timestamp=request.headers.get("X-Desk-Timestamp", ""),
            signature=request.headers.get("X-Desk-Signature", ""),
            secret=secret,
            now=timezone.now(),
        )


class ShortMessages(Endpoint):
    """Take one message; the answer is the same whatever followed from it and whether the number is known."""

    schema = None
    authentication_classes = []
    permission_classes = [SignedByTheGateway]
    throttle_classes = []  # all customers write from the one address of the gateway
    parser_classes = [Json]

    class Input(serializers.Serializer):
        """What the gateway tells."""

        id = Line(max_length=LONGEST_ID, help_text="The gateway's number for the message; it stays with each delivery.")
        text = Text(max_length=LONGEST_TEXT)

        def get_fields(self) -> dict[str, serializers.Field]:
            """`from` as well, which is no name in Python."""
            return super().get_fields() | {"from": Line(max_length=32)}

    def post(self, request: Request) -> Response:
        """Do once what the message asks for."""
        asked = self.read(self.Input)
        with origin("sms"):
            receive(asked["id"], number=asked["from"], text=asked["text"], at=self.now)
        return Response(status=status.HTTP_202_ACCEPTED)
