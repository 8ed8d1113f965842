"""The settings, quicker and quieter, for tests."""

import os

from config.settings import *  # noqa: F403
from config.settings import REDIS_URL

# Texts are written in English; what is asserted about them stays readable. Tests of Chinese ask for it.
LANGUAGE_CODE = "en"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Counters of throttles must not leak from one test's process into another's.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Each parallel worker has a numbered database of the Redis-protocol server to itself.
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
REDIS_URL = CELERY_BROKER_URL = REDIS_URL.rsplit("/", 1)[0] + f"/{2 + _WORKER}"
