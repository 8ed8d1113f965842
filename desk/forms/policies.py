"""Trying a draft of a policy, and publishing it (R27, R2B)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from calendars.months import month_of
from common.refusals import Refusal
from desk.forms.fields import Line, Moment
from sla.actions.publishing import publish
from sla.models import Policy

NEW, RUNNING = "new", "running"


class Month(forms.Form):
    """The past month that a draft is tried on."""

    month = forms.RegexField(
        label=_("on the month"),
        regex=r"^20\d\d-(0[1-9]|1[0-2])$",
        error_messages={"invalid": _("Give the month as in 2026-02.")},
        widget=forms.TextInput(attrs={"type": "month"}),
    )

    def get_stretch(self) -> tuple[datetime, datetime]:
        """The first instant of the month, and of the next one."""
        begun = datetime.strptime(self.cleaned_data["month"], "%Y-%m")  # noqa: DTZ007 (the zone follows)
        return month_of(begun.replace(tzinfo=ZoneInfo(settings.BUSINESS_TIME_ZONE)))


class Publish(forms.Form):
    """Put a draft in force: from when, for which clocks, and why."""

    reason = Line(label=_("why it changes"))
    effective_from = Moment(label=_("in force from"), required=False, help_text=_("Empty: from now on."))
    whose = forms.ChoiceField(
        label=_("applies to"),
        choices=[
            (NEW, _("new clocks only")),
            (RUNNING, _("running clocks too, decided anew from their original start")),
        ],
        initial=NEW,
        widget=forms.RadioSelect,
    )

    def carry_out(self, draft: Policy, *, by: Person, at: datetime) -> Policy | None:
        """The published version; None where it was refused, with what was refused among the form's errors."""
        said = self.cleaned_data
        try:
            return publish(
                draft,
                reason=said["reason"],
                by=by,
                at=at,
                effective_from=said["effective_from"],
                for_running=said["whose"] == RUNNING,
            )
        except ValidationError as refused:
            self.add_error(None, refused.messages)
        except Refusal as refused:
            for name, told in getattr(refused, "errors", {None: [str(refused)]}).items():
                self.add_error(name if name in self.fields else None, told)
        return None
