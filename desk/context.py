"""What every page knows: its rail, what waits, the server's clock, language and light."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.models import Person, Role
from desk.undoing import offered
from desk.waiting import count_waiting
from desk.workplaces import CONFIGURING, TAKING_CALLS, rail_of

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "theme"


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor of the desk's pages. The counts are asked for only where a page shows them."""
    now = getattr(request, "at", None) or timezone.now()
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    facts: dict[str, Any] = {"now": now, "theme": theme if theme in THEMES else "auto", "themes": THEMES}
    person = getattr(request, "user", None)
    if isinstance(person, Person):
        authority = person.authority(now)
        facts |= {
            "rail": rail_of(authority),
            "waiting": SimpleLazyObject(lambda: count_waiting(person, authority, now)),
            "undo": SimpleLazyObject(lambda: offered(request)),
            "role_names": sorted({str(Role(grant.role).label) for grant in authority.grants}),
            "takes_calls": authority.holds(*TAKING_CALLS),
            "configures": authority.holds(*CONFIGURING) or person.is_staff,
        }
    return facts
