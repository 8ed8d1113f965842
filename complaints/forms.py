"""The fields that a category requires (R12), as fields of a form."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language

from complaints.actions.records import LONGEST_VALUE, label_of
from complaints.models import Category
from customers.models.customers import mask

PREFIX = "record."
INPUTS = {"date": "date", "number": "text", "phone": "tel", "text": "text"}


def add_record_fields(form: forms.Form, category: Category | None, *, initial: Mapping[str, Any]) -> None:
    """Give the form one field for each that the category requires. What is missing, the action says (R12)."""
    for field in category.required_fields if category else ():
        name = PREFIX + field["code"]
        form.fields[name] = _field(field)
        form.fields[name].asked_by_action = True  # type: ignore[attr-defined]
        form.initial.setdefault(name, initial.get(field["code"], ""))


def record_of(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """The record out of what a form holds."""
    return {name.removeprefix(PREFIX): value for name, value in cleaned.items() if name.startswith(PREFIX)}


def _field(field: Mapping[str, Any]) -> forms.Field:
    if field["kind"] == "choice":
        english = (get_language() or "").startswith("en")
        choices = [
            (choice["code"], choice["name_en" if english else "name_zh"])
            if isinstance(choice, dict)
            else (choice, choice)
            for choice in field["choices"]
        ]
        return forms.ChoiceField(label=label_of(field), choices=[("", "—"), *choices], required=False)
    widget = forms.TextInput(attrs={"type": INPUTS[field["kind"]]})
    return forms.CharField(label=label_of(field), required=False, max_length=LONGEST_VALUE, widget=widget)


def named_record(category: Category, record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What was recorded, with the names of fields and choices, in the category's order; numbers masked (R2)."""
    named = []
    for field in category.required_fields:
        value = str(record.get(field["code"], "") or "")
        if field["kind"] == "choice":
            labels = dict(_field(field).choices)  # type: ignore[attr-defined]
            value = str(labels.get(value, value)) if value else ""
        elif field["kind"] == "phone":
            value = mask(value)
        named.append((label_of(field), value))
    return named
