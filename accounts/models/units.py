"""The organisation tree: head office, provinces, branches, departments, desks (单位)."""

from collections.abc import Iterable
from typing import Self

from auditlog.registry import auditlog
from django.db import models
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from common.bilingual import Named
from common.kept import Kept, counts


class UnitKind(models.TextChoices):
    """At which level of the tree a unit stands."""

    HEAD_OFFICE = "head_office", _("head office")
    PROVINCE = "province", _("provincial company")
    CENTRE = "centre", _("service centre")
    BRANCH = "branch", _("city branch")
    DEPARTMENT = "department", _("department")
    DESK = "desk", _("desk")


class UnitQuerySet(MP_NodeQuerySet):
    """Questions to the organisation tree."""

    def under(self, *paths: str) -> Self:
        """The units at these paths and everything below them; none for no paths."""
        within = models.Q(pk__in=[])
        for path in paths:
            within |= models.Q(path__startswith=path)
        return self.filter(within)

    def upwards(self, unit: "Unit") -> Self:
        """The unit itself and all above it, nearest first."""
        steps = range(len(unit.path), 0, -Unit.steplen)
        return self.filter(path__in=[unit.path[:end] for end in steps]).order_by("-depth")


class UnitManager(MP_NodeManager.from_queryset(UnitQuerySet)):  # type: ignore[misc]
    """The tree in its order; treebeard's own manager would hand out its own querysets."""

    def get_queryset(self) -> UnitQuerySet:
        """All units, parents before children."""
        return UnitQuerySet(self.model, using=self._db).order_by("path")


class Unit(Named, MP_Node):
    """A node of the organisation."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=UnitKind)
    dispatch_desk = models.ForeignKey(
        "self",
        verbose_name=_("dispatch desk"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Who reviews what is accepted here; units below inherit it."),
    )
    service_desk = models.ForeignKey(
        "self",
        verbose_name=_("service desk"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Accepts and owns what no agent took in (R13); units below inherit it."),
    )
    callback_desk = models.ForeignKey(
        "self",
        verbose_name=_("callback desk"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Makes the satisfaction calls (R70); units below inherit it."),
    )
    network_team = models.ForeignKey(
        "self",
        verbose_name=_("network team"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Leads the network matters of this branch; units below inherit it."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    objects = UnitManager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["path"]

    def get_nearest(self, role: str) -> "Unit | None":
        """The unit named for a role ('dispatch_desk', 'service_desk', …) here or at the nearest unit above."""
        units = known_units()
        for end in range(len(self.path), 0, -Unit.steplen):
            here = units.by_path.get(self.path[:end])
            named = getattr(here, f"{role}_id") if here is not None else None
            if named is not None:
                return units.by_pk[named]
        return None

    def is_within(self, path: str) -> bool:
        """Whether the unit lies in the subtree at this path."""
        return self.path.startswith(path)


class Units:
    """All units, by their keys and by their places in the tree."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.by_pk = {unit.pk: unit for unit in units}
        self.by_path = {unit.path: unit for unit in self.by_pk.values()}


def known_units() -> Units:
    """The organisation as it is now, to be read only: it is kept in the process as long as it stays the same."""
    return UNITS.get()


def keys_under(*paths: str) -> list[int]:
    """The keys of the units at these paths and everything below them, from what is kept; none for no paths.

    As plain numbers in a condition they let the database use its indexes, where a question in a question would not.
    """
    return sorted(unit.pk for unit in known_units().by_pk.values() if unit.path.startswith(paths)) if paths else []


UNITS = Kept(lambda: Units(Unit.objects.all()))
counts(Unit)
auditlog.register(Unit, exclude_fields=["path", "depth", "numchild"])
