"""Handing over at the end of a shift (R13)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from desk.forms.fields import Line, PersonChoice
from desk.shift import Line as LeftBehind
from desk.shift import pass_on
from escalation.actions.supervising import Result, for_many


class PassOn(forms.Form):
    """All that was picked goes to one person."""

    to = PersonChoice(label=_("to"))
    reason = Line(label=_("what they have to know"), required=False)

    def __init__(self, *args: Any, colleagues: Iterable[Person], **options: Any) -> None:
        super().__init__(*args, **options)
        units = {person.unit_id for person in colleagues if person.unit_id is not None}
        choices = Person.objects.filter(is_active=True, unit__in=units)
        self.fields["to"].queryset = choices.order_by("unit__path", "username")  # type: ignore[attr-defined]

    def carry_out(self, picked: Iterable[LeftBehind], *, by: Person, at: datetime) -> list[Result[LeftBehind]]:
        """Pass each on; what is refused for one is done for the others."""
        said = self.cleaned_data
        return for_many(picked, pass_on, to=said["to"], reason=said["reason"], by=by, at=at)
