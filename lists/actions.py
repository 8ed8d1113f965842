"""Keeping views and columns; ordering, filling and fetching exports."""

import hashlib
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Authority, Person
from common.refusals import Malformed, NotPossible
from common.text import require_text
from lists.models import KEPT_FOR, Columns, Export, Place, SavedView, Stage

MOST_VIEWS = 30
MOST_WAITING = 3


@transaction.atomic
def keep_view(*, name: str, query: str, by: Person, place: str = Place.TICKETS, is_shared: bool = False) -> SavedView:
    """Keep what a list shows under a name; the same name again replaces it.

    A shared one is seen by all whose home unit is that of its owner; only the owner removes it. Raises Malformed, or
    NotPossible for too many.
    """
    said = require_text(name, field="name", message=_("Give the view a name."), limit=40)
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)
    others = SavedView.objects.filter(person=by).exclude(place=place, name=said).count()
    if others >= MOST_VIEWS:
        raise NotPossible(
            _("You keep %(number)d views already; remove one first.") % {"number": others}, code="too_many_views"
        )
    kept = {"query": query, "shared_with_id": by.unit_id if is_shared else None}
    return SavedView.objects.update_or_create(person=by, place=place, name=said, defaults=kept)[0]


def forget_view(pk: int, *, by: Person) -> SavedView | None:
    """Remove a view of one's own and return what it was; None where it is gone already or somebody else's."""
    view = SavedView.objects.filter(person=by, pk=pk).first()
    if view is not None:
        SavedView.objects.filter(pk=pk).delete()
    return view


def choose_columns(names: list[str], *, known: list[str], by: Person) -> None:
    """See these columns from now on. Raises Malformed for none and for unknown ones."""
    if not names or not set(names) <= set(known):
        raise Malformed(_("Choose at least one of the columns."), errors={"columns": [_("Choose at least one.")]})
    Columns.objects.update_or_create(person=by, defaults={"names": [name for name in known if name in names]})


@transaction.atomic
def order(*, query: str, format: str, by: Person, at: datetime) -> Export:
    """Order a file; a worker makes it. Raises NotPossible while three others are still waiting."""
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)
    if Export.objects.filter(person=by, stage=Stage.WAITING).count() >= MOST_WAITING:
        raise NotPossible(
            _("%(number)d of your exports are still being made; wait for them.") % {"number": MOST_WAITING},
            code="too_many_exports",
        )
    return Export.objects.create(person=by, query=query, format=format, language=get_language() or "", ordered_at=at)


def fetch(key: UUID, *, by: Person, at: datetime) -> Export | None:
    """The ready export of this person, as long as they have the roles within which it was made (A13); else None."""
    export = Export.objects.filter(key=key, person=by, stage=Stage.READY, ready_at__gt=at - KEPT_FOR).first()
    return export if export is not None and export.grants == digest(by.authority(at)) else None


def digest(authority: Authority) -> str:
    """What somebody's roles come to, in short: the same for the same roles over the same units."""
    grants = sorted((grant.role, grant.path, grant.person_id) for grant in authority.grants)
    return hashlib.sha256(repr(grants).encode()).hexdigest()


def tidy(at: datetime) -> int:
    """Remove what can no longer be fetched; says how many."""
    return Export.objects.filter(ordered_at__lt=at - 2 * KEPT_FOR).delete()[0]
