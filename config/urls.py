"""Where every address leads."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path

from api.texting import ShortMessages
from config.health import healthz, livez, metrics


def favicon(request: HttpRequest) -> HttpResponse:
    """The sign of pages that name none, as those of the configuration."""
    return redirect(static("desk/icon.svg"))


urlpatterns = [
    path("favicon.ico", favicon),
    path("livez", livez, name="livez"),
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("api.urls")),
    path("gateways/sms/", ShortMessages.as_view(), name="short_messages"),
    path("", include("door.urls")),
    path("", include("desk.urls")),
]
