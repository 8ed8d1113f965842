"""Times in words: how long is left, and when something is."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

WEEKDAYS = (
    pgettext_lazy("weekday", "Mon"),
    pgettext_lazy("weekday", "Tue"),
    pgettext_lazy("weekday", "Wed"),
    pgettext_lazy("weekday", "Thu"),
    pgettext_lazy("weekday", "Fri"),
    pgettext_lazy("weekday", "Sat"),
    pgettext_lazy("weekday", "Sun"),
)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def span(length: timedelta, *, seconds: bool) -> str:
    """A length of time under a day: mm:ss (or whole minutes) under an hour, hours and minutes beyond.

    Nothing lasts 0 minutes: what is shorter than one is said to be so. `static/desk/desk.js` counts on in these words.
    """
    whole = int(length.total_seconds())
    if length < MINUTE and not seconds:
        return _("under 1 min")
    if length < HOUR:
        return f"{whole // 60:02}:{whole % 60:02}" if seconds else _("%(m)s min") % {"m": whole // 60}
    return _("%(h)s h %(m)s min") % {"h": whole // 3600, "m": whole % 3600 // 60}


def short(at: datetime, now: datetime) -> str:
    """An instant as briefly as it stays clear: the time today, weekday and time within six days, else the date."""
    local, today = timezone.localtime(at), timezone.localtime(now).date()
    if local.date() == today:
        return f"{local:%H:%M}"
    if abs((local.date() - today).days) < 7:
        return f"{WEEKDAYS[local.weekday()]} {local:%H:%M}"
    return date_format(local, _("j M H:i") if local.year == today.year else _("j M Y"))


def exact(at: datetime) -> str:
    """An instant to the second, on the business clock."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"


def age(since: datetime, now: datetime) -> str:
    """How old something is, in its largest unit."""
    length = now - since
    if length >= 2 * DAY:
        return _("%(d)s d") % {"d": length.days}
    if length >= HOUR:
        return _("%(h)s h") % {"h": int(length.total_seconds()) // 3600}
    return span(length, seconds=False)
