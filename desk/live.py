"""Who of those that have a page open hears of a change: decided by the same scope as the pages, at each change (R1)."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import Authority, Person, Role, Unit
from common.kept import one_edition
from complaints.models import Assistance, Ticket
from live.hints import Hints
from live.hub import Listener
from live.stream import Heard

PEOPLE = ("owner", "accepted_by", "replier", "customer__manager")
UNITS = ("accepting_unit__path", "desk__path", "lead_unit__path")
# So many people are asked about at once; finding out first who has nothing to do with it would cost more.
FEW = 5


@one_edition()
def who_hears(hints: Hints, listeners: Collection[Listener]) -> Mapping[Listener, Heard]:
    """What each listener may hear of these hints now; who is not named has been signed out, or switched off.

    Roles are read anew, so one that was taken away a moment ago counts no more. What somebody may hear of a ticket is
    asked of the database by the condition of all pages; only who can have nothing to do with it is not asked about.
    """
    now = timezone.now()
    people = {person.pk: person for person in Person.objects.with_roles({each.person for each in listeners})}
    heard: dict[int, Heard] = {}
    left = list(Unit.objects.filter(pk__in=hints.units).values_list("path", flat=True)) if hints.units else []
    concerned = _who_is_concerned(hints.tickets, {pk: person.authority(now) for pk, person in people.items()})
    for pk, person in people.items():
        works_there = any(path.startswith(grant.path) for path in left for grant in person.authority(now).grants)
        visible = Ticket.objects.none()
        if concerned[pk]:
            visible = Ticket.objects.visible_to(person, now).filter(pk__in=concerned[pk])
        heard[pk] = Heard(
            tickets=set(visible.values_list("reference", flat=True)),
            lists=works_there or pk in hints.people,
            notices=pk in hints.readers,
        )
    signed_in = _signed_in(listeners, people)
    return {each: heard[each.person] for each in listeners if each in signed_in}


def _who_is_concerned(tickets: Collection[int], authorities: Mapping[int, Authority]) -> Mapping[int, set[int]]:
    """For each person the tickets that they might see: more than they may, never fewer; at most two queries for all."""
    concerned: dict[int, set[int]] = defaultdict(set)
    if not tickets:
        return concerned
    if len(authorities) <= FEW:
        return {person: set(tickets) for person in authorities}
    paths: dict[int, set[str]] = defaultdict(set)
    names: dict[int, set[int]] = {}
    for facts in Ticket.objects.filter(pk__in=tickets).order_by().values("pk", *PEOPLE, *UNITS):
        paths[facts["pk"]] = {facts[name] for name in UNITS if facts[name]}
        names[facts["pk"]] = {facts[name] for name in PEOPLE if facts[name]}
    for ticket, path in Assistance.objects.filter(ticket__in=tickets).values_list("ticket", "unit__path"):
        paths[ticket].add(path)
    for person, authority in authorities.items():
        roots = tuple({grant.path for grant in authority.grants})
        remembers = authority.holds(Role.CALLBACK_AGENT)  # sees what they called about, wherever it is now
        for ticket, named in names.items():
            if remembers or named & authority.persons or any(path.startswith(roots) for path in paths[ticket]):
                concerned[person].add(ticket)
    return concerned


def _signed_in(listeners: Collection[Listener], people: Mapping[int, Person]) -> set[Listener]:
    """Those whose session still lives and is theirs: it ends with signing out, with its time, with a new password."""
    keys = [each.session for each in listeners]
    sessions = {
        row.session_key: row.get_decoded()
        for row in Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    }
    found = set()
    for each in listeners:
        person, session = people.get(each.person), sessions.get(each.session, {})
        if person is None or session.get(SESSION_KEY) != str(person.pk):
            continue
        if constant_time_compare(session.get(HASH_SESSION_KEY, ""), person.get_session_auth_hash()):
            found.add(each)
    return found
