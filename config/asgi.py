"""The web application for an ASGI server: pages and live streams from one process."""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application

from config.turns import TakeTurns

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = TakeTurns(
    get_asgi_application(), at_once=settings.REQUESTS_AT_ONCE, streams=("/live/",), apart=("/livez",)
)
