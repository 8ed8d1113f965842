"""Small signs as markup: icons, clocks, urgency.

A list shows hundreds of them, and a template for each would take longer than everything else on the page, so they are
put together here. What can look in a few ways only is put together once.
"""

from datetime import datetime
from functools import cache, lru_cache

from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from common.markup import escaped
from complaints.states import Urgency
from desk import moments
from desk.chips import Chip

BARS = {Urgency.URGENT: 3, Urgency.IMPORTANT: 2, Urgency.ORDINARY: 1}
ICONS = "vendor/tabler-icons-3.51.0.svg"
SHAPES = {
    "triangle": '<path fill="currentColor" d="M8 1.5 15.5 14.5H.5Z"/>',
    "bars": '<path fill="currentColor" d="M3 2h3.5v12H3zM9.5 2H13v12H9.5z"/>',
    "moon": '<path fill="currentColor" d="M10.5 1.6A6.7 6.7 0 1 0 14.6 10 5.6 5.6 0 0 1 10.5 1.6Z"/>',
    "late": '<path fill="none" stroke="currentColor" stroke-width="1.6" d="m1 8 3 3 6-6.5"/>'
    '<path fill="currentColor" d="m12 7 4 7H8Z"/>',
}
RING = (
    '<svg class="shape ring" viewBox="0 0 16 16" aria-hidden="true"><circle class="track" cx="8" cy="8" r="6"/>'
    '<circle class="part" cx="8" cy="8" r="6" pathLength="100" stroke-dasharray="{} 100" '
    'transform="rotate(-90 8 8)"/></svg>'
)
DRAWN_AS_ICONS = {"handshake": "heart-handshake", "check": "check"}


@lru_cache(maxsize=500)
def icon(name: str, label: str = "") -> SafeString:
    """A sign of the sprite; without a label it is decoration and read to nobody."""
    source = f"{static(ICONS)}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, source)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', source)


@cache
def shape(name: str, share: int = 0) -> SafeString:
    """The shape by which the state of a clock is told; a ring is filled by its share in percent."""
    if name == "ring":
        return format_html(RING, share)
    if name in DRAWN_AS_ICONS:
        return icon(DRAWN_AS_ICONS[name])
    if name not in SHAPES:
        return SafeString("")
    return format_html('<svg class="shape" viewBox="0 0 16 16" aria-hidden="true">{}</svg>', SafeString(SHAPES[name]))


def urgency(of: str) -> SafeString:
    """Urgent, important, ordinary as 3, 2, 1 small bars, with the word for those who do not see them."""
    return _urgency(Urgency(of), get_language())


@cache
def _urgency(of: Urgency, language: str | None) -> SafeString:
    bars = [SafeString("<i></i>" if number <= BARS[of] else '<i class="off"></i>') for number in (1, 2, 3)]
    return format_html(
        '<span class="bars" role="img" aria-label="{0}" title="{0}">{1}</span>',
        of.label,
        format_html_join("", "{}", ((bar,) for bar in bars)),
    )


def clock(chip: Chip, *, with_kind: bool) -> SafeString:
    """A clock as word, shape and colour; the page lets it run by the instants that it carries."""
    running = ""
    if chip.counts and chip.due_at is not None:
        instants = (("due", chip.due_at), ("starts", chip.starts_at), ("warns", chip.warns_at))
        running = "".join(f' data-{name}="{at.isoformat()}"' for name, at in instants if at)
    title = f' title="{escaped(chip.title)}"' if chip.title else ""
    kind = f'<span class="kind">{escaped(chip.kind)}</span>' if with_kind and chip.kind else ""
    sign = shape(chip.shape, chip.share if chip.shape == "ring" else 0)
    return SafeString(
        f'<span class="chip {chip.state}" data-shape="{chip.state}"{running}{title}>{sign}{kind}'
        f'<span class="word">{escaped(chip.text)}</span></span>'
    )


def moment(at: datetime | None, now: datetime) -> SafeString:
    """An instant in short words, exact on hover; nothing for none."""
    return SafeString("") if at is None else _time(at, moments.short(at, now))


def age(since: datetime, now: datetime) -> SafeString:
    """How long ago, exact on hover."""
    return _time(since, moments.age(since, now))


def _time(at: datetime, words: str) -> SafeString:
    return SafeString(f'<time datetime="{at.isoformat()}" title="{moments.exact(at)}">{escaped(words)}</time>')
