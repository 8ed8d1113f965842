"""The web application for an ASGI server: pages and live streams from one process."""

import os
import warnings

from django.conf import settings
from django.core.asgi import get_asgi_application

from config.turns import TakeTurns

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# Static files are read synchronously, which is right for small files from the disk's cache.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

application = TakeTurns(
    get_asgi_application(), at_once=settings.REQUESTS_AT_ONCE, streams=("/live/",), apart=("/livez",)
)
