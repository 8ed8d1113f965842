"""Markup written without a template, for what stands on a page so often that templates would take most of its time."""

from collections.abc import Iterable, Mapping
from html import escape

from django.utils.safestring import SafeString


def escaped(value: object) -> str:
    """A value as text within markup or within a quoted attribute; what is marked as safe stays as it is."""
    if hasattr(value, "__html__"):
        return str(value.__html__())
    return escape(str(value))


def attributes(attrs: Mapping[str, object]) -> str:
    """Attributes with the space before each, as Django's forms write them: True is a bare name, False is nothing."""
    return "".join(
        f" {name}" if value is True else f' {name}="{escaped(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


def joined(parts: Iterable[str]) -> SafeString:
    """Pieces that are markup already, as one."""
    return SafeString("".join(parts))
