"""Words that messages carry, said in the language of whoever reads them."""

from django import template
from django.utils.translation import gettext

register = template.Library()


@register.filter
def word(source: str) -> str:
    """A label of the code, kept as the source has it ('duty director'), in the reader's language."""
    return gettext(source) if source else ""
