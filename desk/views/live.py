"""The live stream of a page that is open, and the numbers that its rail fetches anew."""

from datetime import datetime

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from desk.entrance import DeskRequest, admits
from desk.live import who_hears
from live import hub

NO_CONTENT = 204


@admits()
@require_safe
def stream(request: DeskRequest) -> HttpResponseBase:
    """Hints to fetch again, as server-sent events; `since` is the instant at which the page was drawn.

    A server that gives a whole thread to each request has none for streams: there the browser asks now and then.
    """
    session = request.session.session_key
    if not isinstance(request, ASGIRequest) or session is None:
        return HttpResponse(status=NO_CONTENT)
    listener = hub.Listener(person=request.user.pk, session=session)
    since = _instant(request.GET.get("since", ""))
    events = hub.follow(listener, hears=who_hears, since=since.timestamp() if since else None)
    response = StreamingHttpResponse(events, content_type="text/event-stream")
    response["X-Accel-Buffering"] = "no"  # a proxy that gathers an answer before it passes it on would hold it for ever
    response["Content-Encoding"] = "identity"  # nor is it packed, which would hold it as well
    return response


@admits()
@require_safe
def waiting(request: DeskRequest) -> HttpResponse:
    """The numbers of the rail and the bell, each to be put in its place."""
    return render(request, "desk/waiting.html")


def _instant(text: str) -> datetime | None:
    try:
        instant = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        return None
    return instant if instant is not None and instant.tzinfo is not None else None
