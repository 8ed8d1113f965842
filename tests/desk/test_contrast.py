"""Every pair of ink and ground that the style sheet puts together is readable in both lights (WCAG AA)."""

import re
from pathlib import Path

import pytest
from django.conf import settings

CHIPS = ("running", "warning", "overdue", "held", "moon", "promised")
PAIRS = [
    ("ink", "paper"),
    ("ink", "ground"),
    ("ink", "sunk"),
    ("ink", "accent-wash"),
    ("soft", "paper"),
    ("soft", "ground"),
    ("soft", "sunk"),
    ("accent", "paper"),
    ("accent", "ground"),
    ("accent", "accent-wash"),
    ("accent-ink", "accent"),
    ("error", "paper"),
    ("error", "error-wash"),
    ("done", "done-wash"),
    *(
        (f"chip-{state}", f"chip-{state}-wash")
        for state in ["running", "warning", "overdue", "held", "moon", "promised"]
    ),
]


def tokens() -> dict[str, tuple[str, str]]:
    """Each colour in both lights."""
    css = (Path(settings.BASE_DIR) / "static" / "desk" / "desk.css").read_text()
    return {
        name: (light, dark) for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", css)
    }


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("light", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_ink_is_readable_on_its_ground(ink, ground, light):
    colours = tokens()
    darker, brighter = sorted((luminance(colours[ink][light]), luminance(colours[ground][light])))

    assert (brighter + 0.05) / (darker + 0.05) >= 4.5
