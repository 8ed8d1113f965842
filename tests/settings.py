"""The settings, quicker and quieter, for tests."""

import atexit
import os
import shutil
import tempfile

from config.settings import *  # noqa: F403
from config.settings import REDIS_URL, STORAGES

# Texts are written in English; what is asserted about them stays readable. Tests of Chinese ask for it.
LANGUAGE_CODE = "en"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Counters of throttles must not leak from one test's process into another's.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Each parallel worker has a numbered database of the Redis-protocol server to itself.
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
REDIS_URL = CELERY_BROKER_URL = REDIS_URL.rsplit("/", 1)[0] + f"/{2 + _WORKER}"

# Uploaded files lie in a folder that goes with the process.
_FILES = tempfile.mkdtemp(prefix="complaint-desk-files-")
atexit.register(shutil.rmtree, _FILES, ignore_errors=True)
STORAGES = STORAGES | {
    "attachments": STORAGES["attachments"] | {"OPTIONS": STORAGES["attachments"]["OPTIONS"] | {"location": _FILES}}
}

# A test looks at the board right after what it did.
BOARD_KEPT_SECONDS = 0
