"""Words that messages carry, said in the language of whoever reads them."""

from datetime import datetime

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

register = template.Library()


@register.filter
def word(source: str) -> str:
    """A label of the code, kept as the source has it ('duty director'), in the reader's language."""
    return gettext(source) if source else ""


@register.filter
def clock(source: str) -> str:
    """What a clock measures, likewise: its words may mean something else for a state ('handling')."""
    said = pgettext("clock", source) if source else ""
    return said if said != source else word(source)


@register.filter(expects_localtime=True)
def moment(at: datetime | str) -> str:
    """An instant on the business clock, as people say it who read it today or in a week; nothing for none."""
    return date_format(at, pgettext("date format of messages", "H:i, D j M")) if isinstance(at, datetime) else ""
