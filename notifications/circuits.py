"""Ways out of the house open and close as one for all workers: their state is a row (see `Circuit`)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from notifications.models import Circuit

# Longer than any carrier waits for an answer.
TRIED_FOR = timedelta(seconds=40)


@transaction.atomic
def ask(name: str, *, at: datetime) -> datetime | None:
    """Ask to pass: None when a message may go now, else when it may ask again.

    Who may pass through an open circuit tries it out, alone: the others wait until that is decided.
    """
    circuit = Circuit.objects.select_for_update().filter(name=name, open_until__isnull=False).first()
    if circuit is None:
        return None
    wait = circuit.waits_until(at)
    if wait is None:
        circuit.tried_until = at + TRIED_FOR
        circuit.save(update_fields=["tried_until"])
    return wait


@transaction.atomic
def note_success(name: str, *, at: datetime) -> None:
    """It works: closed, whatever was before."""
    Circuit.objects.filter(name=name).exclude(failures=0).update(
        failures=0, openings=0, open_until=None, tried_until=None, changed_at=at, error=""
    )


@transaction.atomic
def note_failure(name: str, *, error: str, at: datetime) -> None:
    """It failed once more: open after CIRCUIT_FAILURES in a row, and at once again when it was being tried out."""
    Circuit.objects.get_or_create(name=name, defaults={"changed_at": at})
    circuit = Circuit.objects.select_for_update().get(name=name)
    circuit.failures += 1
    circuit.error = error
    is_tried_out = circuit.tried_until is not None
    if is_tried_out or (not circuit.is_open and circuit.failures >= settings.CIRCUIT_FAILURES):
        circuit.openings += 1
        circuit.open_until, circuit.tried_until = at + Circuit.pause_after(circuit.openings), None
        circuit.changed_at = at
    circuit.save()


@transaction.atomic
def close(name: str, *, at: datetime) -> None:
    """By hand: let everything pass again, because somebody has put it right."""
    note_success(name, at=at)
