"""Lists of very many options look as Django's own, and come from what is kept."""

import pytest
from django import forms
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from accounts.models import Unit
from desk.forms.fields import LongSelect, LongSelectMultiple, UnitChoice

CHOICES = [("", "choose"), (1, "<one>"), (2, "two")]


@pytest.mark.parametrize(
    ("ours", "djangos", "value"),
    [
        (LongSelect, forms.Select, 2),
        (LongSelect, forms.Select, None),
        (LongSelectMultiple, forms.SelectMultiple, ["1", "2"]),
    ],
)
def test_a_long_list_is_the_markup_of_the_template(ours, djangos, value):
    attributes = {"id": "to", "required": True, "aria-invalid": "true"}

    written = ours(choices=CHOICES).render("to", value, attributes)
    expected = djangos(choices=CHOICES).render("to", value, attributes)

    assert _without_space(written) == _without_space(expected)


def _without_space(markup: str) -> str:
    return "".join(sorted("".join(markup.replace('selected=""', "selected").split())))


def test_lists_of_units_ask_for_the_configuration_and_not_for_units(db):
    class TwoLists(forms.Form):
        to = UnitChoice()
        other = UnitChoice(required=False)

    str(TwoLists())

    with CaptureQueriesContext(connection) as asked:
        page = str(TwoLists())

    assert not [each for each in asked if "accounts_unit" in each["sql"]]
    for unit in Unit.objects.filter(is_active=True, depth__gt=1):
        assert page.count(f'<option value="{unit.pk}">') == 2
        assert escape(unit.name) in page
