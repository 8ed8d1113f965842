"""Load what is shipped: organisation, calendars, categories, policies, ladders."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import transaction


class Command(BaseCommand):
    """Runs `load()` of every app that ships defaults, from the ground up. What exists already is left as it is."""

    help = "Load the shipped organisation, calendars, categories, policies and ladders; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load all defaults in one transaction, so that a failure leaves nothing half loaded."""
        with transaction.atomic():
            for app in apps.get_app_configs():
                name = f"{app.name}.defaults"
                if "." in app.name or find_spec(name) is None:
                    continue
                told = import_module(name).load()
                if options["verbosity"] > 0:
                    self.stdout.write(f"{app.label}: {told}")
