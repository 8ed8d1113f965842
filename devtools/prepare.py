"""Bring the database up to date: migrations, then the shipped defaults, in one process for speed."""

import django
from django.core.management import call_command, get_commands


def main() -> None:
    """Migrate and load the defaults."""
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    if "load_defaults" in get_commands():
        call_command("load_defaults", verbosity=0)


if __name__ == "__main__":
    main()
