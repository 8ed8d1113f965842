"""What the operator's own systems know of a customer, by import or adapter; never in the way of acceptance (R14)."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from accounts.models import Person, Unit
from common.events import publish
from customers.events import Regraded
from customers.models import Customer

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Facts:
    """One customer as another system knows them. What it does not know is None, and stays as it is with us."""

    number: str
    name: str | None = None
    identity_number: str | None = None
    brand: str | None = None
    tier: str | None = None
    manager: Person | None = None
    branch: Unit | None = None
    address: str | None = None
    language: str | None = None


KNOWABLE = tuple(field.name for field in fields(Facts) if field.name != "number")


class Source(Protocol):
    """An adapter to the operator's customer system; named by the setting CUSTOMER_FACTS."""

    def find(self, number: str) -> Facts | None:
        """The customer with this number, None for an unknown one. Answers quickly or raises: a caller is waiting."""


class Nowhere:
    """The source of a desk without an adapter: it knows nobody."""

    def find(self, number: str) -> Facts | None:
        """Nobody."""
        return None


def source() -> Source:
    """The source that the settings name."""
    chosen: Source = import_string(settings.CUSTOMER_FACTS)()
    return chosen


def refresh(customer: Customer, *, at: datetime) -> Customer:
    """The customer with what the source knows, where ours is missing or stale; else as they are."""
    if customer.facts_as_of is not None and at - customer.facts_as_of < settings.CUSTOMER_FACTS_LAST:
        return customer
    return fetch(customer.number, at=at) or customer


def fetch(number: str, *, at: datetime) -> Customer | None:
    """The customer with this number as the source knows them now, kept with us; None where it knows nobody.

    A source that fails is logged and counts as knowing nobody: the caller is served with what we have (R14).
    """
    try:
        facts = source().find(number)
    except Exception:  # whatever another house's system does, the caller is served
        log.exception("the source of customer facts failed")
        return None
    if facts is None:
        return None
    keep([facts], as_of=at)
    return Customer.objects.select_related("manager", "branch").get(number=facts.number)


@transaction.atomic
def keep(rows: Sequence[Facts], *, as_of: datetime) -> int:
    """Create or update customers by number, as a whole or not at all; says how many. Unknown facts stay as they are."""
    graded = _grades(facts.number for facts in rows)
    by_what_is_known: dict[tuple[str, ...], list[Facts]] = {}
    for facts in rows:
        known = tuple(name for name in KNOWABLE if getattr(facts, name) is not None)
        by_what_is_known.setdefault(known, []).append(facts)
    for known, alike in by_what_is_known.items():
        Customer.objects.bulk_create(
            [
                Customer(number=facts.number, facts_as_of=as_of, **{name: getattr(facts, name) for name in known})
                for facts in alike
            ],
            batch_size=1000,
            update_conflicts=True,
            unique_fields=["number"],
            update_fields=[*known, "facts_as_of"],
        )
    regraded = sorted(
        pk for pk, grade in _grades(facts.number for facts in rows).items() if graded.get(pk, grade) != grade
    )
    if regraded:
        publish(Regraded(customers=tuple(regraded), at=as_of))
    return len(rows)


def _grades(numbers: Iterable[str]) -> dict[int, tuple[str, str]]:
    """Tier and brand of the customers with these numbers: what their limits are chosen by (R27)."""
    known = Customer.objects.filter(number__in=list(numbers)).values_list("pk", "tier", "brand")
    return {pk: (tier, brand) for pk, tier, brand in known}
