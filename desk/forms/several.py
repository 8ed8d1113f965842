"""Several tickets of the dispatch desk at once: each is sent where it is proposed to go, or all go back for a reason.

Each is a deed of its own, as if it had been opened: what is refused for one is done for the others.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from complaints.actions.records import missing_fields
from complaints.models import Ticket
from complaints.routing import proposed_unit
from complaints.states import Fault
from desk.entrance import DeskRequest
from desk.forms.deeds import Deed
from desk.forms.dispatching import Dispatch, ReturnForCompletion
from desk.forms.fields import Line

DISPATCH, RETURN = "dispatch_picked", "return_picked"


@dataclass
class Outcome:
    """How it went: how many were done, and why each of the others was not, in its own words."""

    done: int
    refusals: list[str]


class Several(forms.Form):
    """What is to happen to the picked tickets."""

    faults = forms.MultipleChoiceField(
        label=_("what is wrong"), choices=Fault.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    note = Line(label=_("note"), required=False)

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="several-%s")
        vars(self.fields["faults"])["asked_by_action"] = True
        self.picked = data.getlist("pick") if data is not None else []

    def clean(self) -> None:
        """Something is picked, and returning says why."""
        if not self.picked:
            self.add_error(None, _now("Pick at least one ticket."))
        elif self.data.get("deed") == RETURN and not self.cleaned_data.get("faults"):
            self.add_error("faults", _now("Tick what is wrong with them."))

    @property
    def versions(self) -> dict[str, str]:
        """The picked tickets by their references, each with the version that was seen."""
        picked = (value.rpartition(".") for value in self.picked)
        return {reference: version for reference, _dot, version in picked if reference}

    def carry_out(self, tickets: Iterable[Ticket], request: DeskRequest) -> Outcome:
        """Do it to each of these tickets, on the version of it that was picked."""
        versions, outcome = self.versions, Outcome(0, [])
        for ticket in tickets:
            if self.data["deed"] == DISPATCH and set(missing_fields(ticket.category, ticket.record)):
                lacks = _now("%(ticket)s lacks what its category requires; open it and decide.")
                outcome.refusals.append(lacks % {"ticket": ticket.reference})
                continue
            deed = self._deed_on(ticket, versions[ticket.reference], request)
            if deed.succeeds() is None:
                outcome.refusals.append(_why(deed))
            else:
                outcome.done += 1
        return outcome

    def _deed_on(self, ticket: Ticket, version: str, request: DeskRequest) -> Deed:
        kind: type[Deed] = ReturnForCompletion if self.data["deed"] == RETURN else Dispatch
        said = QueryDict(mutable=True)
        said["version"] = version
        if kind is ReturnForCompletion:
            said.setlist("faults", self.cleaned_data["faults"])
            said["note"] = self.cleaned_data["note"]
        elif unit := proposed_unit(ticket, at=request.at):
            said["to"] = str(unit.pk)
        return kind(said, ticket=ticket, person=request.user, authority=request.authority, at=request.at)


def _why(deed: Deed) -> str:
    if deed.refusal is not None:
        return str(deed.refusal)
    if "to" in deed.errors:
        return _now("%(ticket)s: no unit is proposed for it; open it and choose one.") % {
            "ticket": deed.ticket.reference
        }
    return f"{deed.ticket.reference}: {' '.join(str(error) for errors in deed.errors.values() for error in errors)}"
