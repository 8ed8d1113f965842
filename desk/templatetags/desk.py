"""Words and signs of the pages: icons, clocks, moments, urgency."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import template
from django.forms import BoundField
from django.urls import reverse
from django.utils.safestring import SafeString

from common.bounds import MOST
from common.markup import escaped, joined
from common.widgets import write_option
from complaints.models import Category, Ticket
from desk import chips, columns, moments, rows, signs, waiting
from desk.drawing import Drawing
from desk.timeline import timeline

register = template.Library()

FIELD = re.compile(r"\{\w+\}")

register.simple_tag(signs.icon, name="icon")
register.simple_tag(signs.urgency, name="urgency_bars")


@register.simple_tag
def clock_chip(chip: chips.Chip, kind: bool = False) -> SafeString:
    """A clock; with `kind` it says which obligation it measures."""
    return signs.clock(chip, with_kind=kind)


@register.simple_tag(takes_context=True)
def ticket_clock(context: Any, ticket: Ticket, kind: bool = True) -> SafeString:
    """What is owed next on a ticket."""
    return signs.clock(chips.of_ticket(ticket, context["now"]), with_kind=kind)


@register.simple_tag
def length(of: timedelta) -> str:
    """A length of time."""
    return moments.span(of, seconds=True)


@register.simple_tag(takes_context=True)
def moment(context: Any, at: datetime | None) -> SafeString:
    """An instant in short words, exact on hover."""
    return signs.moment(at, context["now"])


@register.filter
def exactly(at: datetime) -> str:
    """An instant to the second."""
    return moments.exact(at)


@register.simple_tag(takes_context=True)
def age(context: Any, since: datetime) -> SafeString:
    """How long ago, exact on hover."""
    return signs.age(since, context["now"])


@register.filter
def lasted(time: timedelta) -> str:
    """How long something took."""
    return moments.span(time, seconds=False)


@register.filter
def of(numbers: dict[str, int], key: str) -> int:
    """The number under a key; zero where there is none."""
    return numbers.get(key, 0)


@register.filter
def blanks(template: str) -> str:
    """A sentence to be filled in, as somebody reads it who does not know the codes of its fields."""
    return FIELD.sub("…", template)


@register.filter
def counted(number: int) -> str:
    """A number that was counted up to a bound: beyond it, that there are more."""
    return str(number) if number <= MOST else f"{MOST}+"


@register.filter
def waits(number: int) -> str:
    """A number of the rail, which counts less far than a list."""
    return str(number) if number <= waiting.MOST else f"{waiting.MOST}+"


@register.simple_tag
def leaves_of(groups: Iterable[tuple[str, Iterable[Category]]], chosen: str) -> SafeString:
    """What can be chosen out of many categories, under the names of what stands above them."""
    parts: list[str] = []
    for group, leaves in groups:
        parts.append(f'<optgroup label="{escaped(group)}">')
        parts += [write_option(leaf.pk, leaf.name, {"selected": str(leaf.pk) == chosen}) for leaf in leaves]
        parts.append("</optgroup>")
    return joined(parts)


@register.simple_tag
def usual_columns(chosen: list[str] | None) -> Sequence[str]:
    """The columns of a list: the chosen ones, or the usual ones where nobody chose."""
    return chosen or columns.USUAL


@register.simple_tag(takes_context=True)
def lines_of(context: Any, tickets: Iterable[Ticket], columns: Sequence[str]) -> SafeString:
    """The rows of a list; where the page names a `deed`, with a button for it where it is `allowed`."""
    offered = str(context.get("deed") or "")
    showing = rows.Showing(
        now=context["now"],
        columns=columns,
        tickets=reverse("desk:tickets"),
        here=context.get("here") or {},
        excerpts=context.get("excerpts") or {},
        offer=rows.Offer(offered, context["deed_label"], context["allowed"], str(context["csrf_token"]))
        if offered
        else None,
    )
    return showing.lines(tickets)


@register.simple_tag(takes_context=True)
def short_lines_of(context: Any, tickets: Iterable[Ticket], tab: str, picks: bool = False) -> SafeString:
    """The rows of a list beside one of its tickets; with `picks` they have boxes to pick several."""
    beside = rows.Beside(
        now=context["now"],
        address=f"?{urlencode({'tab': tab})}&ticket=",
        chosen=context["chosen"],
        picked=context.get("picked") or () if picks else None,
    )
    return beside.lines(tickets)


@register.simple_tag(takes_context=True)
def clock_drawing(context: Any, drawing: Drawing) -> SafeString:
    """A clock drawn, with its legend; the page has `_components/clock_patterns.html` before it."""
    return timeline(drawing, context["now"])


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
