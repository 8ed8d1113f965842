"""Show one login per role of the demonstration."""

import os
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import override

from demo.staff import load_staff, logins


class Command(BaseCommand):
    """Creates the people of the demonstration where they are missing and prints whom to sign in as."""

    help = "Create the demonstration's people with the password in DEMO_PASSWORD and print one login per role."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print user name, role and name, a line each, and the password that all of them share."""
        password = os.environ.get("DEMO_PASSWORD")
        load_staff(password)
        with override("en"):
            for role, person in logins():
                self.stdout.write(f"  {person.username:<12} {role.label:<24} {person.name_en} {person.name_zh}")
            if password:
                self.stdout.write("\n" + _("  Their password: %(password)s") % {"password": password})
