"""Starting a callback campaign: which month, which unit, which sample."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from callbacks.actions import campaigning
from callbacks.models import Campaign, Sample
from common.refusable import RefusableForm
from common.refusals import Refusal
from desk.forms.fields import UnitChoice

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class StartCampaign(RefusableForm):
    """A campaign is drawn once, when it is started."""

    month = forms.DateField(
        label=_("month of the conclusions"),
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
        input_formats=["%Y-%m", "%Y-%m-%d"],
    )
    unit = UnitChoice(label=_("accepted at or below"))
    sample = forms.ChoiceField(label=_("sample"), choices=Sample.choices)
    share = forms.IntegerField(
        label=_("share in per cent"), min_value=1, max_value=100, required=False, help_text=_("Of a random share only.")
    )
    calls_from = forms.DateField(label=_("calls from"), widget=DAY, required=False, help_text=_("Empty: at once."))
    calls_until = forms.DateField(
        label=_("calls until"),
        widget=DAY,
        required=False,
        help_text=_("Its last day; who was not called by then is called no more. Empty: until everybody was."),
    )

    def start(self, *, by: Person, at: datetime) -> Campaign | None:
        """Start it; None with the errors in the form."""
        if not self.is_valid():
            return None
        said: dict[str, Any] = self.cleaned_data
        try:
            return campaigning.start(**said, by=by, at=at)
        except Refusal as refusal:
            self.explain(refusal)
        return None
