"""Words and signs of the pages: icons, clocks, moments, urgency."""

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from complaints.models import Ticket
from complaints.states import Urgency
from desk import chips, moments
from search.finding import Piece

register = template.Library()

BARS = {Urgency.URGENT: 3, Urgency.IMPORTANT: 2, Urgency.ORDINARY: 1}
ICONS = "vendor/tabler-icons-3.51.0.svg"


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A sign of the sprite; without a label it is decoration and read to nobody."""
    source = f"{static(ICONS)}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, source)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', source)


@register.inclusion_tag("_components/clock_chip.html")
def clock_chip(chip: chips.Chip, kind: bool = False) -> dict[str, Any]:
    """A clock; with `kind` it says which obligation it measures."""
    return {"chip": chip, "with_kind": kind}


@register.inclusion_tag("_components/clock_chip.html", takes_context=True)
def ticket_clock(context: Any, ticket: Ticket, kind: bool = True) -> dict[str, Any]:
    """What is owed next on a ticket."""
    return {"chip": chips.of_ticket(ticket, context["now"]), "with_kind": kind}


@register.inclusion_tag("_components/urgency.html")
def urgency_bars(urgency: str) -> dict[str, Any]:
    """Urgent, important, ordinary as 3, 2, 1 small bars, with the word for those who do not see them."""
    return {"bars": [number <= BARS[Urgency(urgency)] for number in (1, 2, 3)], "label": Urgency(urgency).label}


@register.simple_tag
def length(of: timedelta) -> str:
    """A length of time."""
    return moments.span(of, seconds=True)


@register.simple_tag(takes_context=True)
def moment(context: Any, at: datetime | None) -> SafeString | str:
    """An instant in short words, exact on hover."""
    if at is None:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(),
        moments.exact(at),
        moments.short(at, context["now"]),
    )


@register.filter
def exactly(at: datetime) -> str:
    """An instant to the second."""
    return moments.exact(at)


@register.simple_tag(takes_context=True)
def age(context: Any, since: datetime) -> SafeString:
    """How long ago, exact on hover."""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        since.isoformat(),
        moments.exact(since),
        moments.age(since, context["now"]),
    )


@register.filter
def lasted(time: timedelta) -> str:
    """How long something took."""
    return moments.span(time, seconds=False)


@register.filter
def of(numbers: dict[str, int], key: str) -> int:
    """The number under a key; zero where there is none."""
    return numbers.get(key, 0)


@register.filter
def excerpt_of(excerpts: dict[int, list[Piece]] | None, ticket: Ticket) -> list[Piece]:
    """Where on a ticket the words stand that were searched for; empty in a list that was not searched."""
    return excerpts.get(ticket.pk, []) if excerpts else []


@register.filter
def is_optional(field: BoundField) -> bool:
    """Whether a field may be left out; some are required by the action rather than by the form."""
    return not field.field.required and not getattr(field.field, "asked_by_action", False)


@register.filter
def is_group(field: BoundField) -> bool:
    """Whether a field is a group of choices, each with a label of its own."""
    return bool(field.use_fieldset)


@register.filter
def is_check(field: BoundField) -> bool:
    """Whether a field is a single box to tick."""
    return getattr(field.field.widget, "input_type", "") == "checkbox" and not field.use_fieldset
