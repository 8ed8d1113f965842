"""A deed: one thing that somebody can do to a ticket now, as a small form on whichever page offers it.

A page shows the deeds that `desk.deeds` names, takes the posted one with `asked_for`, and lets `carry_out` call the
action. A refusal becomes an error of the form; the text that was typed stays in it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import Authority, Person
from common.inputs import Line, Words
from common.refusable import RefusableForm
from common.refusals import Refusal, Stale
from complaints.models import Ticket
from desk.moments import short
from desk.story import words_of


class Deed(RefusableForm):
    """What all deeds have: which move or act they make, the view of the ticket they were decided on."""

    name: ClassVar[str]
    move: ClassVar[str] = ""
    """The ticket's transition that makes it possible; or"""
    act: ClassVar[str] = ""
    """the act beside the state (`complaints.models.acts`)."""
    label: ClassVar[Any]
    button: ClassVar[Any]
    follows: ClassVar[Any] = ""
    """What follows, said before it is done, where it cannot be taken back."""
    tucked: ClassVar[tuple[str, ...]] = ()
    """Fields that are rarely filled in and stand behind 'more'."""
    conflicts: ClassVar[bool] = True
    """Whether a view older than the ticket makes it be decided anew; a comment conflicts with nobody."""

    taken_back_by: ClassVar[str] = ""
    """The deed that undoes it, where that leaves nothing behind but two lines in the history."""

    do_not_call_in_templates: ClassVar[bool] = True
    """Templates speak of kinds of deeds, too, and make none of them."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: QueryDict | None = None, *, ticket: Ticket, person: Person, authority: Authority, at: datetime
    ) -> None:
        self.ticket, self.person, self.authority, self.at = ticket, person, authority, at
        self.kept_at: datetime | None = None
        super().__init__(data, auto_id=f"{self.name}-{ticket.pk}-%s", initial={"version": ticket.version})
        self.prepare()

    def prepare(self) -> None:
        """Fill in what depends on the ticket: choices, proposals."""

    @classmethod
    def applies(cls, ticket: Ticket, person: Person, at: datetime) -> bool:
        """Whether it makes sense beyond what moves and acts already say."""
        return True

    def carry_out(self) -> str:
        """Call the action and say the result as a fact. Raises Refusal."""
        raise NotImplementedError

    def succeeds(self) -> str | None:
        """Carry it out if it is well formed and nobody was faster; its result, or None with the errors in the form.

        That somebody was faster is said even where something else is wrong: it may be why.
        """
        is_well_formed = self.is_valid()
        try:
            seen = self.cleaned_data.get("version")
            if self.conflicts and seen is not None and seen != self.ticket.version:
                raise self.ticket.stale(seen)
            return self.carry_out() if is_well_formed else None
        except Refusal as refusal:
            self.explain(refusal)
            return None

    def explain(self, refusal: Refusal) -> None:
        """Turn a refusal into errors; where somebody was faster, the next try is decided on what it shows."""
        if isinstance(refusal, Stale) and "version" in refusal.facts:
            decided = cast(QueryDict, self.data).copy()
            decided["version"] = str(refusal.facts["version"])
            self.data = decided
        super().explain(refusal)

    @property
    def leads_to(self) -> tuple[Any, ...]:
        """Where to go after it, where that is another page than the one that it was done on."""
        return ()

    @property
    def changes(self) -> list[dict[str, Any]]:
        """What happened since the view on which this was decided, where that is why it was refused."""
        return words_of(self.refusal.facts.get("changes", ())) if self.refusal is not None else []

    @property
    def texts(self) -> list[str]:
        """The names of the fields that somebody writes words into."""
        return [
            name for name, field in self.fields.items() if type(field) in {Words, Line} and not field.widget.is_hidden
        ]

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """What is asked in plain sight."""
        return [field for field in self.visible_fields() if field.name not in self.tucked or field.errors]

    @property
    def tucked_fields(self) -> list[forms.BoundField]:
        """What stands behind 'more'."""
        return [field for field in self.visible_fields() if field.name in self.tucked and not field.errors]

    @property
    def asks_nothing(self) -> bool:
        """Whether it is a mere button."""
        return not self.visible_fields()


def asked_for(
    kinds: Iterable[type[Deed]],
    data: QueryDict,
    *,
    ticket: Ticket,
    person: Person,
    authority: Authority,
    at: datetime,
) -> Deed | None:
    """The posted deed, filled in; None where the page knows no such deed."""
    kind = {kind.name: kind for kind in kinds}.get(data.get("deed", ""))
    return kind(data, ticket=ticket, person=person, authority=authority, at=at) if kind else None


def with_due(result: str, ticket: Ticket, now: datetime) -> str:
    """A result with what is due next, or overdue already, where something is due."""
    if ticket.next_due_at is None or not ticket.is_live:
        return result
    facts = {"result": result, "moment": short(ticket.next_due_at, now)}
    if ticket.next_due_at < now:
        return _("%(result)s Overdue since %(moment)s.") % facts
    return _("%(result)s Next due: %(moment)s.") % facts
