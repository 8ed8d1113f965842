"""Which Chromium the machine has for tests."""

import shutil

KNOWN = ("chromium-headless-shell", "chromium")
"""The one without a window first: the same engine, and a third less work for the machine."""


def find() -> str | None:
    """The path of the first that is there; None where there is none."""
    return next(filter(None, map(shutil.which, KNOWN)), None)
