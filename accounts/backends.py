"""What the role of administrator permits in the admin."""

from datetime import datetime
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import Person, Role


def administers(user: Person | AnonymousUser | Any, *, at: datetime) -> bool:
    """Whether somebody configures the desk at this instant: staff with the role, or a superuser."""
    return (
        isinstance(user, Person)
        and user.is_active
        and user.is_staff
        and (user.is_superuser or user.authority(at).holds(Role.ADMINISTRATOR))
    )


class AdministratorBackend(BaseBackend):
    """Administrators may do whatever the admin offers; each page says itself what is only for looking at."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Whether the role permits it; the permission's name does not matter."""
        return administers(user_obj, at=timezone.now())

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Whether the role permits anything of an app."""
        return self.has_perm(user_obj, "")
