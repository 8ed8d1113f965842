"""Telling people from machines without anybody's service: a sum in words, a field that nobody sees, a little patience.

It works without scripts and for those who hear a page instead of seeing it. It keeps out what fills in every form that
it finds; who writes a program for this very page gets past it, and is left to the limits of how often.
"""

import unicodedata
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.cache import cache
from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from common import tokens

PURPOSE = "/human/"
LASTS = timedelta(hours=2)
NOBODY_IS_FASTER = timedelta(seconds=3)
NUMBERS = (
    _("one"), _("two"), _("three"), _("four"), _("five"), _("six"), _("seven"), _("eight"), _("nine"),
)  # fmt: skip


class HumanForm(forms.Form):
    """A form with the check at its end; the page shows `question` beside `sum`."""

    puzzle = forms.CharField(widget=forms.HiddenInput, required=False, max_length=300)
    sum = forms.CharField(
        label=_("To show that you are a person"),
        max_length=10,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, at: datetime, **options: Any) -> None:
        self.at = at
        super().__init__(data, **options)
        self.is_stale = self.is_bound and not self._is_good(self.data.get("puzzle", ""))
        if not self.is_bound:
            self.initial["puzzle"] = new_puzzle(at)
        elif self.is_stale:
            self.renew()

    @property
    def question(self) -> str:
        """The sum, in words of the reader's language."""
        first, second = _terms(self["puzzle"].value())
        return _now("How much is %(first)s plus %(second)s? Answer in figures.") % {
            "first": NUMBERS[first - 1],
            "second": NUMBERS[second - 1],
        }

    def clean(self) -> dict[str, Any]:
        """Judge the answer. What was typed elsewhere stays, whatever comes of it."""
        said = super().clean() or {}
        if said.get("website"):
            self.add_error(None, _("A field that people do not see was filled in. Leave it empty."))
        typed = unicodedata.normalize("NFKC", said.get("sum") or "").strip()
        if self.is_stale:
            self.add_error("sum", _("The question had become too old. Here is a new one."))
        elif typed != str(sum(_terms(said["puzzle"]))):
            self.add_error("sum", _("That is not the sum. Please try again."))
        elif self.at < _asked_at(said["puzzle"]) + NOBODY_IS_FASTER:
            self.add_error("sum", _("That was very fast. Please send it once more."))
        return said

    def use_up(self) -> bool:
        """Take the answered question out of use; False where it was used before, and the form came twice."""
        try:
            return bool(cache.add(f"human:{self.cleaned_data['puzzle']}", 1, timeout=LASTS.total_seconds()))
        except RedisError:
            return True  # the counter cannot be reached; the limits of the rules still hold

    def give_back(self) -> None:
        """The form was refused after all, so its question may be answered again."""
        with suppress(RedisError):
            cache.delete(f"human:{self.cleaned_data['puzzle']}")

    def renew(self) -> None:
        """Ask anew: what came back was too old, or no question of ours."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["puzzle"], data["sum"] = new_puzzle(self.at), ""
        self.data = data

    def _is_good(self, token: str) -> bool:
        asked_at = _asked_at(token)
        return asked_at is not None and asked_at <= self.at < asked_at + LASTS


def new_puzzle(at: datetime) -> str:
    """A question's token: when it was asked and a random part, signed. The terms are made of it; it shows no answer."""
    return tokens.sign(f"{at.isoformat()}~{tokens.new_code()}", purpose=PURPOSE)


def _asked_at(token: str) -> Any:
    read = tokens.read(token, purpose=PURPOSE)
    return parse_datetime(read.partition("~")[0]) if read else None


def _terms(token: str) -> tuple[int, int]:
    figures = int(tokens.figures_of(token, purpose=PURPOSE))
    return figures % 9 + 1, figures // 9 % 9 + 1
