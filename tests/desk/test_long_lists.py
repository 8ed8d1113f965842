"""Lists of very many options look as Django's own, and come from what is kept."""

import pytest
from django import forms
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from django.utils.translation import override

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


class OneList(forms.Form):
    to = UnitChoice()


def test_what_is_chosen_is_marked_for_that_form_alone(db):
    chosen, other = Unit.objects.filter(is_active=True, depth__gt=1).order_by("pk")[:2]

    first, second = str(OneList(initial={"to": chosen.pk})), str(OneList(initial={"to": other.pk}))

    assert first.count(" selected>") == second.count(" selected>") == 1
    assert f'<option value="{chosen.pk}" selected>' in first
    assert f'<option value="{other.pk}" selected>' in second


def test_a_list_that_is_kept_follows_the_language_and_the_configuration(db):
    unit = Unit.objects.filter(is_active=True, depth__gt=1).order_by("pk")[0]
    with override("en"):
        in_english = str(OneList())
    with override("zh-hans"):
        in_chinese = str(OneList())
    Unit.objects.filter(pk=unit.pk).update(name_en="Mast & Cable", name_zh="铁塔")

    with override("en"):
        renamed = str(OneList())

    assert escape(unit.name_en) in in_english
    assert escape(unit.name_zh) in in_chinese
    assert "Mast &amp; Cable" in renamed
