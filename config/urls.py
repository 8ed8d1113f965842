"""Where every address leads."""

from django.contrib import admin
from django.urls import include, path

from api.texting import ShortMessages
from config.health import healthz, livez, metrics

urlpatterns = [
    path("livez", livez, name="livez"),
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("api.urls")),
    path("gateways/sms/", ShortMessages.as_view(), name="short_messages"),
    path("", include("door.urls")),
    path("", include("desk.urls")),
]
