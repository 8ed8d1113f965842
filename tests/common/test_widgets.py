"""Widgets written without templates are what Django's own templates make of them."""

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe

from common.widgets import WrittenWidgets


class Everything(forms.Form):
    """One field with each plain widget."""

    line = forms.CharField(max_length=5, help_text="short")
    words = forms.CharField(widget=forms.Textarea(attrs={"rows": 3, "hidden": False, "autofocus": True}))
    number = forms.IntegerField()
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    kept = forms.CharField(widget=forms.HiddenInput, required=False)
    box = forms.BooleanField(required=False)
    unknown = forms.NullBooleanField()
    one = forms.ChoiceField(choices=[("", "any"), ("up & <down>", [("1", "a & b"), (2, mark_safe("<b>c</b>"))])])
    several = forms.MultipleChoiceField(choices=[("1", "a"), ("2", "b")])
    radio = forms.ChoiceField(choices=[("1", "a"), ("2", "b")], widget=forms.RadioSelect)
    boxes = forms.MultipleChoiceField(choices=[("1", "a"), ("2", "b")], widget=forms.CheckboxSelectMultiple)
    secret = forms.CharField(widget=forms.PasswordInput)
    file = forms.FileField()


TYPED = {
    "line": '"<script>',
    "words": "\nfirst & <last>",
    "number": "1000",
    "day": "no day",
    "kept": "'",
    "box": "on",
    "one": "2",
    "several": ["2"],
    "radio": "1",
    "boxes": ["1", "2"],
    "secret": "s",
}


@pytest.mark.parametrize("typed", [None, TYPED], ids=["empty", "filled in"])
@pytest.mark.parametrize("name", Everything.base_fields)
def test_a_widget_is_written_as_its_template_writes_it(name, typed):
    ours = Everything(typed, renderer=WrittenWidgets())[name]
    templates = Everything(typed, renderer=DjangoTemplates())[name]

    assert _tidy(str(ours)) == _tidy(str(templates))
    assert [_tidy(part.tag()) for part in ours.subwidgets] == [_tidy(part.tag()) for part in templates.subwidgets]


def _tidy(markup):
    """Without the white space between tags."""
    return re.sub(r">\s+<", "><", markup.strip())
