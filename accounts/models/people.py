"""People, their roles over units, and who stands in for them (section 2 of the domain)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from auditlog.registry import auditlog
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import connection, models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models.authority import Authority, Grant
from accounts.models.units import Unit, known_units


class Role(models.TextChoices):
    """What a person is at the desk."""

    AGENT = "agent", _("agent")
    DISPATCHER = "dispatcher", _("dispatcher")
    HANDLER = "handler", _("handler")
    UNIT_LEAD = "unit_lead", _("unit lead")
    EXPERT = "expert", _("expert seat")
    BRANCH_CONTACT = "branch_contact", _("branch contact")
    CUSTOMER_MANAGER = "customer_manager", _("customer manager")
    LEGAL_ADVISER = "legal_adviser", _("legal adviser")
    CALLBACK_AGENT = "callback_agent", _("callback agent")
    SUPERVISOR = "supervisor", _("supervisor")
    DUTY_DIRECTOR = "duty_director", _("duty director")
    DIRECTOR = "director", _("director")
    DEPUTY_GENERAL_MANAGER = "deputy_general_manager", _("deputy general manager")
    QUALITY_INSPECTOR = "quality_inspector", _("quality inspector")
    ARBITER = "arbiter", _("arbiter")
    ADMINISTRATOR = "administrator", _("administrator")
    AUDITOR = "auditor", _("auditor")
    API_CLIENT = "api_client", _("API client")


class PersonManager(UserManager["Person"]):
    """Loads people."""

    def holding(self, *roles: str, path: str, at: datetime) -> models.QuerySet["Person"]:
        """Active people who hold one of these roles exactly at the unit with this path, at this instant."""
        return (
            self.filter(is_active=True, assignments__role__in=roles, assignments__unit__path=path)
            .filter(Assignment.in_force("assignments__", at))
            .distinct()
            .order_by("pk")
        )

    def over(self, unit: Unit, *roles: str, at: datetime) -> models.QuerySet["Person"]:
        """Active people who hold one of these roles over this unit at this instant, or stand in for who does."""
        held = Assignment.objects.filter(
            Assignment.in_force("", at), role__in=roles, unit__in=Unit.objects.upwards(unit).order_by().values("pk")
        )
        return self._who_exercise(held, at=at)

    def with_any_role(self, *roles: str, at: datetime) -> models.QuerySet["Person"]:
        """Active people who hold one of these roles anywhere at this instant, or stand in for who does."""
        return self._who_exercise(Assignment.objects.filter(Assignment.in_force("", at), role__in=roles), at=at)

    def _who_exercise(self, held: "models.QuerySet[Assignment]", *, at: datetime) -> models.QuerySet["Person"]:
        delegations = Delegation.objects.filter(assignment__in=held, starts_at__lte=at, ends_at__gt=at)
        return self.filter(
            Q(pk__in=held.values("person")) | Q(pk__in=delegations.values("delegate")), is_active=True
        ).order_by("pk")

    def with_roles(self, keys: Iterable[int]) -> list["Person"]:
        """Active people by their keys, whose `authority` then costs no query: two for all of them."""
        people = {person.pk: person for person in self.filter(pk__in=keys, is_active=True)}
        for person in people.values():
            person._held = []
        for key, held in held_by_or_for(people):
            people[key]._held.append(held)
        return list(people.values())


class Person(AbstractUser):
    """Somebody who works at the desk, or a machine that does (API client)."""

    name_zh = models.CharField(_("name in Chinese"), max_length=60, blank=True)
    name_en = models.CharField(_("name in English"), max_length=60, blank=True)
    unit = models.ForeignKey(
        "accounts.Unit",
        verbose_name=_("home unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="people",
    )
    language = models.CharField(_("language"), max_length=10, blank=True, help_text=_("Of messages; empty: Chinese."))
    mobile = models.CharField(_("mobile number"), max_length=32, blank=True, help_text=_("For messages by SMS."))
    wants_sound = models.BooleanField(_("a sound when something new waits"), default=False)
    wants_notices = models.BooleanField(_("a notice of the browser when something new waits"), default=False)
    uses_keys = models.BooleanField(
        _("single keys as shortcuts"),
        default=True,
        db_default=True,
        help_text=_("Off, only Ctrl with a key acts: for who speaks to the machine, or slips easily."),
    )

    objects: ClassVar[PersonManager] = PersonManager()
    _held: "list[Held]"

    class Meta(AbstractUser.Meta):
        verbose_name = _("person")  # type: ignore[assignment]
        verbose_name_plural = _("people")  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language of the reader, or the login where none is given."""
        english = (get_language() or "").startswith("en")
        return (self.name_en if english else self.name_zh) or self.name_en or self.name_zh or self.username

    @property
    def home_unit(self) -> Unit | None:
        """The unit that they belong to, from what is kept of the organisation."""
        return known_units().by_pk.get(self.unit_id) if self.unit_id is not None else None

    def with_stand_ins(self, *roles: str, at: datetime) -> models.QuerySet["Person"]:
        """This person and whoever stands in for them in one of these roles at this instant, those who are active."""
        delegations = Delegation.objects.filter(
            assignment__person=self, assignment__role__in=roles, starts_at__lte=at, ends_at__gt=at
        )
        wanted = Q(pk=self.pk) | Q(pk__in=delegations.values("delegate"))
        return Person.objects.filter(wanted, is_active=True).order_by("pk")

    def authority(self, at: datetime) -> Authority:
        """What this person may do at this instant: own roles and those held for others, both as of `at` (R1).

        Who is not active any more has none, not even over what is theirs by name.

        The rows are read once for each instance, so an instance must not outlive its request or action.
        """
        if not self.is_active:
            return Authority(person_id=None)
        if not hasattr(self, "_held"):
            self._held = [held for _key, held in held_by_or_for([self.pk])]
        grants = tuple(held.grant for held in self._held if held.is_in_force(at))
        return Authority(person_id=self.pk, grants=grants)


@dataclass(frozen=True)
class Held:
    """A role that somebody exercises, and when: all of these spans have to cover an instant, each half-open."""

    grant: Grant
    spans: tuple[tuple[datetime | None, datetime | None], ...]

    def is_in_force(self, at: datetime) -> bool:
        """Whether the role is exercised at this instant."""
        return all((starts is None or starts <= at) and (ends is None or at < ends) for starts, ends in self.spans)


HELD = """
    SELECT own.person_id, own.role, unit.path, own.unit_id, own.person_id, own.starts_at, own.ends_at,
        NULL::timestamptz, NULL::timestamptz, own.id AS assignment, 0 AS delegation
    FROM accounts_assignment own JOIN accounts_unit unit ON unit.id = own.unit_id
    WHERE own.person_id = ANY(%(people)s)
UNION ALL
    SELECT lent.delegate_id, held.role, unit.path, held.unit_id, held.person_id, held.starts_at, held.ends_at,
        lent.starts_at, lent.ends_at, held.id, lent.id
    FROM accounts_delegation lent JOIN accounts_assignment held ON held.id = lent.assignment_id
        JOIN accounts_unit unit ON unit.id = held.unit_id JOIN accounts_person holder ON holder.id = held.person_id
    WHERE lent.delegate_id = ANY(%(people)s) AND holder.is_active
ORDER BY delegation, assignment
"""


def held_by_or_for(people: Iterable[int]) -> list[tuple[int, Held]]:
    """Who exercises which roles at some time: those that they hold, and those of active people for whom they stand in.

    One question for all of these people, and no more is read than an authority is made of. It is asked with every
    page, so it is written out: to put it together each time took longer than to answer it.
    """
    with connection.cursor() as cursor:
        cursor.execute(HELD, {"people": list(people)})
        return [
            (exercises, Held(Grant(role, path, unit, holder), ((starts, ends), (since, until))))
            for exercises, role, path, unit, holder, starts, ends, since, until, _order, _within in cursor
        ]


class Assignment(models.Model):
    """A role of a person over a unit and everything below it, for a time."""

    person = models.ForeignKey(Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="assignments")
    role = models.CharField(_("role"), max_length=30, choices=Role)
    unit = models.ForeignKey(
        "accounts.Unit", verbose_name=_("unit"), on_delete=models.PROTECT, related_name="assignments"
    )
    starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("role of a person")
        verbose_name_plural = _("roles of people")
        ordering = ["person", "role", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "role", "unit"], name="a_role_over_a_unit_is_given_once"),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="an_assignment_ends_after_it_starts",
            ),
        ]
        indexes = [models.Index(fields=["role", "unit"], name="assignment_by_role_and_unit")]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()} · {self.unit}"

    @staticmethod
    def in_force(prefix: str, at: datetime) -> Q:
        """The condition that an assignment reached by this prefix is in force at an instant."""
        started = Q(**{f"{prefix}starts_at__isnull": True}) | Q(**{f"{prefix}starts_at__lte": at})
        running = Q(**{f"{prefix}ends_at__isnull": True}) | Q(**{f"{prefix}ends_at__gt": at})
        return started & running


class Delegation(models.Model):
    """Somebody stands in for the holder of a role for a time."""

    assignment = models.ForeignKey(
        Assignment, verbose_name=_("role"), on_delete=models.CASCADE, related_name="delegations"
    )
    delegate = models.ForeignKey(
        Person, verbose_name=_("delegate"), on_delete=models.CASCADE, related_name="delegations"
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["-starts_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_delegation_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment} → {self.delegate}"


auditlog.register(
    Person, include_fields=["username", "name_zh", "name_en", "unit", "is_active", "is_staff", "is_superuser"]
)
auditlog.register(Assignment)
auditlog.register(Delegation)
