"""The people of the demonstration: every role has somebody, every desk enough."""

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.defaults import organisation
from accounts.models import Assignment, Person, Role, Unit


@transaction.atomic
def load_staff(password: str | None = None) -> int:
    """Create the people that are not there yet, all with this password, or with none that works; says how many."""
    units = {unit.code: unit for unit in Unit.objects.all()}
    there = set(Person.objects.values_list("username", flat=True))
    hashed = make_password(password)
    created = 0
    for row in organisation()["people"]:
        if row["username"] in there:
            continue
        is_administrator = any(held["role"] == Role.ADMINISTRATOR for held in row["roles"])
        person = Person.objects.create(
            username=row["username"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            email=f"{row['username']}@desk.example",
            unit=units[row["unit"]],
            password=hashed,
            is_staff=is_administrator,
            is_superuser=is_administrator,
        )
        Assignment.objects.bulk_create(
            Assignment(person=person, role=held["role"], unit=units[held["unit"]]) for held in row["roles"]
        )
        created += 1
    return created


def logins() -> list[tuple[Role, Person]]:
    """For each role the first person whose first role it is, in the order of section 2; vacant roles are left out."""
    first: dict[str, str] = {}
    for row in organisation()["people"]:
        first.setdefault(row["roles"][0]["role"], row["username"])
    people = {person.username: person for person in Person.objects.filter(username__in=first.values())}
    return [(role, people[first[role]]) for role in Role if role in first and first[role] in people]
