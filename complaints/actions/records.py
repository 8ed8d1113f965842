"""Checking a record against what its category requires (R12)."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.refusals import Malformed
from common.text import refuse_control_characters, tidy
from complaints.models import Category

LONGEST_VALUE = 500
EARLIEST = date(1990, 1, 1)
LATEST = date(2100, 1, 1)
NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,6})?", re.ASCII)


def label_of(field: Mapping[str, Any]) -> str:
    """What a required field is called in the reader's language."""
    return str(field["name_en"] if (get_language() or "").startswith("en") else field["name_zh"])


def missing_fields(category: Category, record: Mapping[str, Any]) -> list[str]:
    """The codes of required fields that the record lacks, in the category's order."""
    return [field["code"] for field in category.required_fields if not str(record.get(field["code"], "") or "").strip()]


def check_record(category: Category, record: Mapping[str, Any]) -> dict[str, str]:
    """The record as it is kept: known fields only, tidied. Raises Malformed with every missing or ill-formed field."""
    errors: dict[str, list[str]] = {}
    kept: dict[str, str] = {}
    known = {field["code"]: field for field in category.required_fields}
    for code in record:
        if code not in known:
            errors.setdefault(f"record.{code}", []).append(_("This category has no such field."))
    for code, field in known.items():
        value = record.get(code, "")
        if value is None or isinstance(value, (dict, list, bool)):
            value = "" if value is None else value
            if value != "":
                errors.setdefault(f"record.{code}", []).append(_("Give text."))
                continue
        text = tidy(str(value))
        if not text:
            errors.setdefault(f"record.{code}", []).append(_("%(field)s is required.") % {"field": label_of(field)})
            continue
        problem = problem_with(text, field)
        if problem:
            errors.setdefault(f"record.{code}", []).append(problem)
        kept[code] = text
    if errors:
        raise Malformed(
            _("The record of this category is incomplete or not well formed."), errors=errors, code="record_incomplete"
        )
    return kept


def problem_with(text: str, field: Mapping[str, Any]) -> str:
    """What is wrong with one value of a required field; empty when nothing is."""
    if len(text) > LONGEST_VALUE:
        return _("At most %(limit)d characters.") % {"limit": LONGEST_VALUE}
    try:
        refuse_control_characters(text)
    except ValidationError as error:
        return str(error.messages[0])
    kind = field["kind"]
    if kind == "date":
        try:
            day = parse_date(text)
        except ValueError:
            day = None
        if day is None or not EARLIEST <= day < LATEST:
            return _("Give a date as YYYY-MM-DD.")
    # Decimal and float would take NaN, Infinity and 1_000 for numbers as well.
    if kind == "number" and not NUMBER.fullmatch(text):
        return _("Give a number.")
    if kind == "phone" and sum(character.isdigit() for character in text) < 5:
        return _("Give a phone number.")
    if kind == "choice":
        choices = {choice["code"] if isinstance(choice, dict) else choice for choice in field["choices"]}
        if text not in choices:
            return _("Choose one of: %(choices)s.") % {"choices": ", ".join(sorted(choices))}
    return ""
