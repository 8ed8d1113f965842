"""What machines ask: whether a process answers, whether the timers run, and the numbers behind that."""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from common.moment import database_now
from pulse.metrics import exposition
from pulse.reading import take_pulse


@require_safe
@never_cache
def livez(request: HttpRequest) -> JsonResponse:
    """200 from every process that answers at all; it asks nobody else. For whoever restarts or routes."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the database answers, every timer beats and no alarm stands, 503 otherwise; tells nobody any detail.

    A process that lives while its worker consumes nothing is not healthy. It speaks of the whole desk and not of this
    process: for whoever is called, not for whoever restarts.
    """
    try:
        is_healthy = take_pulse(database_now()).is_healthy
    except DatabaseError:
        is_healthy = False
    return JsonResponse({"status": "ok" if is_healthy else "failing"}, status=200 if is_healthy else 503)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The reading for Prometheus; for whoever has METRICS_TOKEN or asks from METRICS_NETWORKS. 404 to anybody else."""
    if not _may_scrape(request):
        raise Http404
    try:
        return HttpResponse(exposition(take_pulse(database_now())), content_type=CONTENT_TYPE_LATEST)
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")


def _may_scrape(request: HttpRequest) -> bool:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if settings.METRICS_TOKEN and scheme.lower() == "bearer":
        return constant_time_compare(token.strip(), settings.METRICS_TOKEN)
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False  # it came through a proxy, whose address says nothing of who asks
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(address in ip_network(network) for network in settings.METRICS_NETWORKS)
