"""Where every address leads."""

from django.contrib import admin
from django.urls import include, path

from api.texting import ShortMessages
from config.health import health

urlpatterns = [
    path("health/", health, name="health"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("api.urls")),
    path("gateways/sms/", ShortMessages.as_view(), name="short_messages"),
    path("", include("door.urls")),
    path("", include("desk.urls")),
]
