"""The shipped numbers of callbacks (section 15)."""

from callbacks.models import CallbackRules


def load() -> str:
    """Create the one row where it is missing."""
    _row, created = CallbackRules.objects.get_or_create(pk=1)
    return "callback rules" if created else "nothing new"
