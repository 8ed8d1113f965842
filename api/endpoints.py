"""What every address of the API shares, and what every write on a ticket does before it calls its action."""

import re
from datetime import datetime
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import generics, serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Person
from api.fields import Count
from api.output import TicketOut
from api.paging import CursorPages
from common.origin import origin
from complaints.models import Ticket

ETAG = re.compile(r'(?:W/)?"([0-9]{1,9})"')


class Endpoint(APIView):
    """One address: what is done here carries the origin `api`, and the clock is read once, as `now`."""

    now: datetime
    Output: ClassVar[type[serializers.BaseSerializer]]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer a request."""
        with origin("api"):
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Read the clock, then ask who it is and whether they may."""
        self.now = timezone.now()
        super().initial(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """No answer is kept by anybody on the way: it is about customers."""
        final = super().finalize_response(request, response, *args, **kwargs)
        final.headers.setdefault("Cache-Control", "no-store")
        return final

    @property
    def person(self) -> Person:
        """Who asks."""
        assert isinstance(self.request.user, Person)
        return self.request.user

    def read(self, form: type[serializers.Serializer]) -> dict[str, Any]:
        """The body, checked. Raises ValidationError (400) that lists everything wrong with it."""
        asked = form(data=self.request.data, context={"view": self, "request": self.request})
        asked.is_valid(raise_exception=True)
        return dict(asked.validated_data)

    def context(self) -> dict[str, Any]:
        """What an output needs to know of who asks."""
        return {"authority": self.person.authority(self.now), "now": self.now}


class ListEndpoint(Endpoint, generics.ListAPIView):
    """A list in pages."""

    pagination_class = CursorPages

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        """How a row looks."""
        return getattr(self, "Line", None) or self.Output


class TicketInput(serializers.Serializer):
    """What every write on a ticket may name: the version that its person looked at."""

    version = Count(
        required=False, help_text="The version that you looked at; refused with what has changed if it is another now."
    )


class TicketOperation(Endpoint):
    """One thing that can be done to one ticket: see it, read the input, compare the version, call the action."""

    Input: ClassVar[type[serializers.Serializer]] = TicketInput
    Output = TicketOut

    def post(self, request: Request, reference: str, **child: int) -> Response:
        """Do it, and show the ticket as it is then."""
        ticket = get_object_or_404(Ticket.objects.visible_to(self.person, self.now).with_people(), reference=reference)
        asked = self.read(self.Input)
        refuse_old_view(ticket, seen=asked.pop("version", None) or self._seen())
        self.act(ticket, asked | child, by=self.person, at=self.now)
        return Response(TicketOut(TicketOut.load(ticket), context=self.context()).data)

    def act(self, ticket: Ticket, asked: dict[str, Any], *, by: Person, at: datetime) -> None:
        """Call the action."""
        raise NotImplementedError

    def _seen(self) -> int | None:
        tag = self.request.headers.get("If-Match")
        if tag is None or tag.strip() == "*":
            return None
        match = ETAG.fullmatch(tag.strip())
        if match is None:
            raise ValidationError({"If-Match": [_('Give the version as an ETag, such as "3".')]})
        return int(match[1])


def refuse_old_view(ticket: Ticket, *, seen: int | None) -> None:
    """Refuse a write that was decided on another version than the present one. Raises Stale (409)."""
    if seen is not None and seen != ticket.version:
        raise ticket.stale(seen)


class Nowhere(Endpoint):
    """Any address that there is not; it answers everybody, in the format of all problems."""

    schema = None
    permission_classes = []

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """There is nothing here."""
        raise NotFound(_("There is nothing at this address."))

    post = put = patch = delete = get
