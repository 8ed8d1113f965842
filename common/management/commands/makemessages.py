"""Gather what the interface says: `./dev manage makemessages -l zh_Hans`."""

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Finds also what is put into words at once (`_now`), in modules where `_` waits for a reader."""

    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=_now"]
