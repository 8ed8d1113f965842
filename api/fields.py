"""The kinds of input: strict about type, length, characters and dates, so that nothing odd reaches a rule."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.text import refuse_control_characters, tidy

EARLIEST_YEAR, LATEST_YEAR = 1990, 2100
LARGEST_NUMBER = 2**31 - 1
FIELD_CODE = re.compile(r"[A-Za-z0-9_.-]{1,60}")


class Text(serializers.CharField):
    """Several lines of text without control characters; `optional` may be left out or empty."""

    longest = 10_000
    default_error_messages = {"invalid": _("Give text.")}

    def __init__(self, *, optional: bool = False, **options: Any) -> None:
        options.setdefault("max_length", self.longest)
        if optional:
            options |= {"required": False, "default": "", "allow_blank": True}
        super().__init__(**options)
        self.validators.append(refuse_control_characters)

    def to_internal_value(self, data: Any) -> str:
        """The tidied text; a number is no text."""
        if not isinstance(data, str):
            self.fail("invalid")
        return tidy(super().to_internal_value(data))


class Line(Text):
    """One line of text."""

    longest = 300
    default_error_messages = {"lines": _("Give one line.")}

    def to_internal_value(self, data: Any) -> str:
        """The tidied line."""
        line = super().to_internal_value(data)
        if "\n" in line or "\t" in line:
            self.fail("lines")
        return line


class Choice(serializers.ChoiceField):
    """One word of a list; `optional` may be left out or empty."""

    default_error_messages = {"invalid_choice": _("Choose one of: {choices}.")}

    def __init__(self, choices: Sequence[Any], *, optional: bool = False, **options: Any) -> None:
        if optional:
            options |= {"required": False, "default": "", "allow_blank": True}
        super().__init__(choices=choices, **options)

    def to_internal_value(self, data: Any) -> Any:
        """The word; what is wrong with another is said without repeating it."""
        if isinstance(data, str) and data in self.choice_strings_to_values:
            return data
        if data != "" or not self.allow_blank:
            self.fail("invalid_choice", choices=", ".join(self.choice_strings_to_values))
        return ""


class Moment(serializers.DateTimeField):
    """An instant: ISO 8601 with its offset, within the years that can be meant."""

    default_error_messages = {
        "invalid": _("Give a moment as 2026-03-02T09:00:00+08:00."),
        "naive": _("Give the moment's offset as well, such as +08:00 or Z."),
        "absurd": _("Give a moment between the years {earliest} and {latest}."),
    }

    def enforce_timezone(self, value: datetime) -> datetime:
        """The instant in the business time zone. A moment without an offset is refused rather than guessed."""
        if timezone.is_naive(value):
            self.fail("naive")
        if not EARLIEST_YEAR <= value.year <= LATEST_YEAR:
            self.fail("absurd", earliest=EARLIEST_YEAR, latest=LATEST_YEAR)
        return super().enforce_timezone(value)

    def to_internal_value(self, value: Any) -> datetime:
        """The instant; numbers and bare dates are none."""
        if not isinstance(value, str) or len(value) > 40:
            self.fail("invalid")
        return super().to_internal_value(value)


class Day(serializers.DateField):
    """A day as 2026-03-02, within the years that can be meant."""

    shape = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
    default_error_messages = {
        "invalid": _("Give a day as 2026-03-02."),
        "absurd": _("Give a day between the years {earliest} and {latest}."),
    }

    def to_internal_value(self, value: Any) -> date:
        """The day; moments and numbers are none."""
        if not isinstance(value, str) or not self.shape.fullmatch(value):
            self.fail("invalid")
        day: date = super().to_internal_value(value)
        if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            self.fail("absurd", earliest=EARLIEST_YEAR, latest=LATEST_YEAR)
        return day


@extend_schema_field({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$", "example": "2026-03"})
class Month(Day):
    """A calendar month as 2026-03; its first day."""

    shape = re.compile(r"[0-9]{4}-[0-9]{2}")
    default_error_messages = {"invalid": _("Give a month as 2026-03.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%Y-%m", input_formats=["%Y-%m"], **options)


class Count(serializers.IntegerField):
    """A whole number from one on that a column can hold."""

    default_error_messages = {"invalid": _("Give a whole number.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"min_value": 1, "max_value": LARGEST_NUMBER, **options})

    def to_internal_value(self, data: Any) -> int:
        """The number; neither text nor a fraction is one."""
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class Answer(serializers.BooleanField):
    """True or false, not a word for it."""

    def to_internal_value(self, data: Any) -> bool:
        """The answer."""
        if not isinstance(data, bool):
            self.fail("invalid", input=type(data).__name__)
        return data


class AmongRows:
    """Whose value is one of the rows that can be meant."""

    @property
    def rows(self) -> models.QuerySet[Any]:
        """These rows, freshly asked."""
        found = self.get_queryset()  # type: ignore[attr-defined]
        assert found is not None
        return found


class ByCode(AmongRows, serializers.SlugRelatedField):
    """A row named by its code, or by another unique text."""

    default_error_messages = {
        "does_not_exist": _("There is no such {slug_name}."),
        "invalid": _("Give text."),
    }

    def __init__(self, slug_field: str = "code", **options: Any) -> None:
        super().__init__(slug_field=slug_field, **options)

    def to_internal_value(self, data: Any) -> Any:
        """The row."""
        if not isinstance(data, str):
            self.fail("invalid")
        try:
            refuse_control_characters(data)
            return self.rows.get(**{str(self.slug_field): data})
        except (DjangoValidationError, ObjectDoesNotExist):
            self.fail("does_not_exist", slug_name=self.slug_field)


class ById(AmongRows, serializers.PrimaryKeyRelatedField):
    """A row named by its number."""

    default_error_messages = {
        "does_not_exist": _("There is nobody or nothing with this id."),
        "incorrect_type": _("Give an id."),
    }

    def to_internal_value(self, data: Any) -> Any:
        """The row."""
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("incorrect_type")
        try:
            return self.rows.get(pk=data)
        except ObjectDoesNotExist:
            self.fail("does_not_exist")


class RecordValue(Text):
    """What a category's field holds: text, or a number that is kept as text; empty counts as missing."""

    longest = 500

    def to_internal_value(self, data: Any) -> str:
        """The value as text."""
        return super().to_internal_value(
            str(data) if isinstance(data, int | float) and not isinstance(data, bool) else data
        )


class Record(serializers.DictField):
    """The fields that a category requires, by their codes."""

    child = RecordValue(allow_blank=True, allow_null=True)
    default_error_messages = {"codes": _("Name at most 60 fields, each by its code.")}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """The values by code."""
        if isinstance(data, dict) and (len(data) > 60 or not all(FIELD_CODE.fullmatch(code) for code in data)):
            self.fail("codes")
        return super().to_internal_value(data)
