"""Words for the codes that messages carry, looked up in the language of whoever reads them."""

from django import template
from django.utils.translation import gettext

register = template.Library()


@register.filter
def word(code: str) -> str:
    """The label of a code: 'duty_director' is called what the choice 'duty director' is called."""
    plain = str(code).replace("_", " ")
    return gettext(plain) if plain else ""
