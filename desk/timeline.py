"""A clock's drawing as an SVG with its legend (R28), as markup.

A ticket shows two or three of them with some thirty shapes each, and a template took a seventh of the page for that.
Its text keeps its size however narrow the bar becomes; kinds of stretches are told by pattern and word, instants by
number and word.
"""

from datetime import datetime

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common.markup import escaped, joined
from desk import signs
from desk.drawing import BAR, Drawing, Mark, Stretch, Tick
from desk.moments import exact

RADIUS = 8
"""Of the circle around a number, in pixels."""
TICK, TO_ITS_WORDS, TO_THE_BASELINE = 6, 20, 4
"""Pixels from the bar's foot down to the end of a tick and to its words, and from a number's middle to its baseline."""
SWATCH = 'width="26" height="14"'


def timeline(drawing: Drawing, now: datetime) -> SafeString:
    """The drawing with its legend; whoever cannot see it hears its title and its sentences."""
    name = f"clock-{drawing.clock.pk}"
    marks = drawing.marks
    return joined(
        (
            f'<figure class="clock-drawing"><svg class="timeline" width="100%" height="{drawing.height}" role="img" '
            f'aria-labelledby="{name}-title {name}-words"><title id="{name}-title">{escaped(drawing.title)}</title>'
            f'<desc id="{name}-words">{escaped(" ".join(map(str, drawing.sentences)))}</desc>',
            *(_stretch(each, drawing.top) for each in drawing.stretches),
            f'<rect class="edge" x="0" y="{drawing.top}" width="100%" height="{BAR}"/>',
            *(_tick(each, drawing.foot) for each in drawing.ticks),
            *(_stem(each, drawing.foot) for each in marks),
            *(_number(each) for each in marks),
            '</svg><figcaption class="legend"><ul class="plain">',
            *(_said(each, now) for each in marks),
            '</ul><ul class="plain">',
            *(_kind(each) for each in drawing.kinds),
            "</ul></figcaption></figure>",
        )
    )


def _stretch(stretch: Stretch, top: int) -> str:
    place = f'x="{stretch.left:.3f}%" y="{top}" width="{stretch.width:.3f}%" height="{BAR}"'
    times = f"{exact(stretch.begins_at)} – {exact(stretch.ends_at)}"
    return (
        f'<g class="stretch {stretch.pattern}"><title>{escaped(stretch.label)}: {times}</title>'
        f'<rect class="ground" {place}/>{_patterned(stretch, place)}</g>'
    )


def _patterned(stretch: Stretch, place: str) -> str:
    """What counted is plain."""
    return "" if stretch.pattern == "counted" else f'<rect {place} fill="url(#pattern-{stretch.pattern})"/>'


def _tick(tick: Tick, foot: int) -> str:
    left = f"{tick.left:.3f}%"
    return (
        f'<line class="tick" x1="{left}" x2="{left}" y1="{foot}" y2="{foot + TICK}"/>'
        f'<text class="scale" x="{left}" y="{foot + TO_ITS_WORDS}">{escaped(tick.label)}</text>'
    )


def _stem(mark: Mark, foot: int) -> str:
    """From the number down through the bar; all of them lie below all numbers."""
    left = f"{mark.left:.3f}%"
    return f'<line class="mark {mark.key}" x1="{left}" x2="{left}" y1="{mark.height}" y2="{foot + TO_THE_BASELINE}"/>'


def _number(mark: Mark) -> str:
    left = f"{mark.left:.3f}%"
    return (
        f'<g class="mark {mark.key}"><title>{escaped(mark.label)}: {exact(mark.at)}</title>'
        f'<circle cx="{left}" cy="{mark.height}" r="{RADIUS}"/>'
        f'<text x="{left}" y="{mark.height + TO_THE_BASELINE}">{mark.number}</text></g>'
    )


def _said(mark: Mark, now: datetime) -> str:
    word = _("beyond the bar")  # apart, since what stands within the pattern of a string is not found for the catalogue
    beyond = f' <span class="soft">{escaped(word)}</span>' if mark.is_beyond else ""
    return (
        f'<li class="{mark.key}"><b aria-hidden="true">{mark.number}</b> {escaped(mark.label)} '
        f"{signs.moment(mark.at, now)}{beyond}</li>"
    )


def _kind(stretch: Stretch) -> str:
    return (
        f'<li><svg class="swatch" {SWATCH} aria-hidden="true"><g class="stretch {stretch.pattern}">'
        f'<rect class="ground" {SWATCH}/>{_patterned(stretch, SWATCH)}</g><rect class="edge" {SWATCH}/></svg> '
        f"{escaped(stretch.label)}</li>"
    )
