"""The tickets that somebody would leave behind: those they own and those they hold (R13)."""

from itertools import groupby
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, Unit
from complaints.models import Assistance, Ticket
from complaints.states import AWAITING_AN_ANSWER, AWAITING_THE_UNIT, LIVE, State

NAMED = 5


def tickets_of(who: Person | Unit) -> list[str]:
    """What is theirs and not over, a sentence for each kind and place: how many, and the first few references."""
    return _of_unit(who) if isinstance(who, Unit) else _of_person(who)


def _of_person(person: Person) -> list[str]:
    return [
        *_told(_("Owned, accepted at %(unit)s: %(count)d (%(tickets)s)"), Q(owner=person, state__in=LIVE)),
        *_told(
            _("In hand at %(unit)s: %(count)d (%(tickets)s)"),
            Q(handler=person, state__in=AWAITING_THE_UNIT),
            place="lead_unit",
        ),
        *_told(
            _("Named to reply, accepted at %(unit)s: %(count)d (%(tickets)s)"),
            Q(replier=person, state__in=AWAITING_AN_ANSWER),
        ),
    ]


def _of_unit(unit: Unit) -> list[str]:
    asked = Assistance.objects.filter(unit=unit, answered_at__isnull=True, ended_at__isnull=True)
    return [
        *_told(
            _("Owned by the desk %(unit)s: %(count)d (%(tickets)s)"),
            Q(accepting_unit=unit, owner__isnull=True, state__in=LIVE),
        ),
        *_told(
            _("To be reviewed at %(unit)s: %(count)d (%(tickets)s)"),
            Q(desk=unit, state__in=[State.ACCEPTED, State.RETURNED]),
            place="desk",
        ),
        *_told(
            _("With %(unit)s as the lead unit: %(count)d (%(tickets)s)"),
            Q(lead_unit=unit, state__in=AWAITING_THE_UNIT),
            place="lead_unit",
        ),
        *_told(
            _("Waiting for the assistance of a unit, led by %(unit)s: %(count)d (%(tickets)s)"),
            Q(pk__in=asked.values("ticket"), state__in=LIVE),
            place="lead_unit",
        ),
    ]


def _told(sentence: Any, which: Q, *, place: str = "accepting_unit") -> list[str]:
    """The sentence once for each unit at which there are such tickets."""
    found = Ticket.objects.filter(which).select_related(place).order_by(f"{place}__path", "pk")
    told = []
    for unit, there in groupby(found, key=lambda ticket: getattr(ticket, place)):
        references = [ticket.reference for ticket in there]
        named = ", ".join(references[:NAMED]) + (" …" if len(references) > NAMED else "")
        told.append(str(sentence) % {"unit": unit.name if unit else "–", "count": len(references), "tickets": named})
    return told
