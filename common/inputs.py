"""Fields for words, that refuse what cannot be kept."""

from typing import Any

from django import forms

from common.text import LONGEST_TEXT, refuse_control_characters


class Words(forms.CharField):
    """Running text."""

    def __init__(self, *, rows: int = 3, **options: Any) -> None:
        options.setdefault("max_length", LONGEST_TEXT)
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), validators=[refuse_control_characters], **options)


class Line(forms.CharField):
    """One line of text."""

    def __init__(self, *, max_length: int = 300, **options: Any) -> None:
        super().__init__(max_length=max_length, validators=[refuse_control_characters], **options)
