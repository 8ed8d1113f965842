"""What customers are asked by the survey's link; they read it on a phone, so it is said in their words (R73)."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from callbacks.actions.finishing import LONGEST_REASON
from callbacks.actions.surveys import answer_survey
from callbacks.answers import Satisfaction
from common.inputs import Words
from common.refusals import Malformed

CHOICES = [
    (Satisfaction.SATISFIED.value, _("Satisfied")),
    (Satisfaction.NEUTRAL.value, _("Neutral")),
    (Satisfaction.DISSATISFIED.value, _("Dissatisfied")),
]


class Opinion(forms.Form):
    """Both answers, a reason where one is 'dissatisfied', and whether anything more is wanted."""

    use_required_attribute = False  # the page itself says what is missing, in the language that it is in

    with_result = forms.ChoiceField(
        label=_("How satisfied are you with the result?"),
        choices=CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one of the three.")},
    )
    with_handling = forms.ChoiceField(
        label=_("How satisfied are you with the way we dealt with it?"),
        choices=CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one of the three.")},
    )
    reason = Words(
        label=_("What are you dissatisfied with?"),
        help_text=_("Only needed if you are dissatisfied. Please write no numbers or passwords."),
        max_length=LONGEST_REASON,
        rows=4,
        required=False,
    )
    wants_nothing_more = forms.BooleanField(
        label=_("Nothing more needs to be done"),
        help_text=_("Otherwise we take the matter up again if you are dissatisfied with the result."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Who is dissatisfied says with what."""
        said = super().clean() or {}
        dissatisfied = Satisfaction.DISSATISFIED in {said.get("with_result"), said.get("with_handling")}
        if dissatisfied and not said.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Please tell us what you are dissatisfied with."))
        return said

    def is_given(self, token: str, *, at: datetime) -> bool:
        """Give the answers if they are complete; says whether they were taken. Raises NothingHere."""
        if not self.is_valid():
            return False
        try:
            answer_survey(token, **self.cleaned_data, at=at)
        except Malformed as refusal:
            for field, errors in refusal.errors.items():
                for error in errors:
                    self.add_error(field, error)
            return False
        return True
