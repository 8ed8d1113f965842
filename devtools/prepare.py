"""Bring the database up to date: migrations, then the shipped defaults, in one process for speed."""

import sys

import django
from django.core.management import call_command


def main(arguments: list[str]) -> None:
    """Migrate and load the defaults; with `--logins` also list one login per role."""
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_defaults", verbosity=0)
    if "--logins" in arguments:
        call_command("logins")


if __name__ == "__main__":
    main(sys.argv[1:])
