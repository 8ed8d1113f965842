"""Whether the desk is alive, for a load balancer or a container: the sweep has run lately, and nothing more is told."""

from datetime import timedelta

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.models import Heartbeat
from common.moment import database_now

SWEEP = "sla.sweep"
# A busy turn of the sweep may take half a minute; a worker that stands still is told apart from one at work.
SILENT_FOR = timedelta(minutes=2)


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """200 while the database answers and the sweep completes its turns, 503 otherwise; tells nobody any detail.

    A process that lives while its worker consumes nothing is not healthy, so the age of the last turn counts.
    """
    try:
        last = Heartbeat.objects.filter(name=SWEEP).values_list("completed_at", flat=True).first()
        alive = last is not None and database_now() - last < SILENT_FOR
    except DatabaseError:
        alive = False
    return JsonResponse({"status": "ok" if alive else "failing"}, status=200 if alive else 503)
