"""The web application for an ASGI server: pages and live streams from one process."""

import os

import django
from django.conf import settings

from config.handler import InOneThread
from config.turns import TakeTurns

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)

application = TakeTurns(InOneThread(), at_once=settings.REQUESTS_AT_ONCE, streams=("/live/",), apart=("/livez",))
