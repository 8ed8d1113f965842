"""`manage api_token LOGIN`: make a token for the API and show it this once; only its hash is kept (N3)."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from knox.models import AuthToken
from knox.settings import knox_settings

from accounts.models import Person


class Command(BaseCommand):
    help = "Make a token for the API, shown once, or end all tokens of somebody."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, for how long."""
        parser.add_argument("login", help="login of the person or machine")
        parser.add_argument(
            "--days", type=int, default=knox_settings.TOKEN_TTL.days, help="how long it lives, at most %(default)s"
        )
        parser.add_argument("--end", action="store_true", help="end all their tokens instead")

    @transaction.atomic
    def handle(self, *args: Any, login: str, days: int, end: bool, **options: Any) -> None:
        """Make it, or end them."""
        person = Person.objects.filter(username=login, is_active=True).first()
        if person is None:
            raise CommandError(f"Nobody active has the login {login}.")
        if end:
            ended, _kinds = AuthToken.objects.filter(user=person).delete()
            self.stdout.write(f"{ended} tokens of {login} ended.")
            return
        if not 1 <= days <= knox_settings.TOKEN_TTL.days:
            raise CommandError(f"A token lives for 1 to {knox_settings.TOKEN_TTL.days} days.")
        row, token = AuthToken.objects.create(person, expiry=timedelta(days=days))
        self.stderr.write(f"For {login}, until {timezone.localtime(row.expiry):%Y-%m-%d %H:%M}; shown only now:")
        self.stdout.write(token)
