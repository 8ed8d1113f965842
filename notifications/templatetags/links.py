"""Links for customers: signed when the message is put into words, so that the outbox never holds a working one."""

from django import template
from django.conf import settings

from common.tokens import figures_of, sign

register = template.Library()


@register.simple_tag
def signed_link(path: str, code: str) -> str:
    """The public address of a path with the signed token of this code; the path is the token's purpose (R73)."""
    return f"{settings.PUBLIC_URL}{path}{sign(code, purpose=path)}"


@register.simple_tag
def figures(purpose: str, code: str) -> str:
    """The six figures that this code stands for, to be typed in."""
    return figures_of(code, purpose=purpose)


@register.simple_tag
def ticket_link(reference: str) -> str:
    """The address of a ticket's page, for people who work here; it asks them to sign in."""
    return f"{settings.PUBLIC_URL}/tickets/{reference}/"
