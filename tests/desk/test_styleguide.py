"""The style guide shows what pages are made of, drawn by the components themselves."""

import pytest
from django.urls import reverse

SHOWN = (
    'class="chip ',
    'class="bars"',
    'class="flag',
    'class="notice done"',
    'class="notice error"',
    'class="problems"',
    "Also open with Lin Jing.",
    "Left out, because",
    "Meanwhile:",
    'class="tabs"',
    'class="here"',
    'class="away"',
    'class="pages"',
    'class="stages"',
    'class="story"',
    'class="figure overdue',
    'class="share"',
    'class="plot arrivals"',
    'class="field wrong"',
    '<textarea name="text"',
    '<fieldset class="field"',
    'class="clock-drawing"',
    'id="customer"',
    "A visit this week.",
    'class="bar list-tools"',
    'class="stretch held"',
    'class="empty',
    "<kbd>",
)


@pytest.mark.parametrize("part", SHOWN)
def test_the_style_guide_shows_it(as_, part):
    assert part in as_("lin").get(reverse("desk:styleguide")).content.decode()
