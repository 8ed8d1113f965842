"""The seam for a virus scanner: a command that the settings name, asked before a file is kept."""

import subprocess
import tempfile
from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _

from common.refusals import Malformed, NotPossible

LASTS = 60
CLEAN, FOUND = 0, 1  # how scanners end, ClamAV's among them


def scan(chunks: Iterable[bytes]) -> None:
    """Let the scanner look at a content; without one, nothing is looked at.

    Raises Malformed `file_infected` for what the scanner objects to, and NotPossible `scan_failed` where it cannot say:
    a file that nobody could look at is not kept.
    """
    if not settings.ATTACHMENT_SCAN:
        return
    with tempfile.NamedTemporaryFile() as file:
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        try:
            asked = subprocess.run(
                [*settings.ATTACHMENT_SCAN, file.name], capture_output=True, timeout=LASTS, check=False
            )
            ended: int | None = asked.returncode
        except (OSError, subprocess.TimeoutExpired):
            ended = None
    if ended == FOUND:
        message = _("The virus scanner objects to this file.")
        raise Malformed(message, errors={"file": [message]}, code="file_infected")
    if ended != CLEAN:
        raise NotPossible(
            _("The file could not be checked for viruses, so it was not kept. Try again later."), code="scan_failed"
        )
