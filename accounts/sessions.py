"""Sessions that end when nobody uses them, without a write for each request."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.utils import timezone

AT_MOST_LATE = timedelta(minutes=1)


class SessionStore(DatabaseSessions):
    """A session in the database whose idle time begins anew with use.

    Its end is put off at most once a minute: a page would otherwise wait for a write that nobody reads. So a session
    ends up to a minute before its idle time is over, and never after it.
    """

    def _get_session_from_db(self) -> Any:
        row = super()._get_session_from_db()  # type: ignore[misc]  # the stubs leave it out
        if row is not None and _wants_putting_off(row.expire_date):
            self.modified = True
        return row


def _wants_putting_off(ends_at: datetime) -> bool:
    idle = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return timezone.now() > ends_at - idle + min(AT_MOST_LATE, idle / 10)
