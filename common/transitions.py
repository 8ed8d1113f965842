"""Making a move: the only way in which a state changes (R3)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django_fsm import can_proceed, has_transition_perm

from common.refusals import NotPossible, NotYours


class Deciding(Protocol):
    """Somebody whose authority at an instant is known."""

    def authority(self, at: datetime) -> Any: ...


def make(move: Callable[..., None], *, by: Deciding | None, at: datetime, system: Any, **facts: Any) -> None:
    """Perform a bound move if it is possible now and this person's to make, and save it.

    `system` is the authority that acts when `by` is None. Raises NotPossible (409), NotYours (403), and what the
    thing's `save_move` raises when somebody else was faster (Stale, 409).
    """
    ask(move, by=by, at=at, system=system)
    move(at=at, **facts)
    move.__self__.save_move()  # type: ignore[attr-defined]


def ask(move: Callable[..., None], *, by: Deciding | None, at: datetime, system: Any) -> None:
    """Whether a bound move could be made now by this person, without making it. Raises NotPossible, NotYours."""
    thing = move.__self__  # type: ignore[attr-defined]
    name = move.__name__
    authority = by.authority(at) if by is not None else system
    # The state machine asks its conditions again with the permission, so they have to be answered before it.
    if not can_proceed(move):
        raise NotPossible(thing.why_not(name, authority), code="not_possible_now", **thing.standing(authority))
    if not has_transition_perm(move, authority):
        raise NotYours(
            _("%(thing)s: this is not yours to do. It can be done by: %(who)s.")
            % {"thing": thing, "who": thing.who_may(name)},
            code="not_yours",
            **thing.standing(authority),
        )
