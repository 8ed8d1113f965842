"""The tree of what people complain about (R12)."""

import re
from typing import Any, ClassVar, Self

from auditlog.registry import auditlog
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from common.bilingual import Named
from common.kept import Kept, counts
from complaints.spelling import is_spelt
from complaints.states import Scope, Urgency

CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
PINYIN = re.compile(r"[a-z0-9]+( [a-z0-9]+)*")
FIELD_KINDS = {"text", "date", "number", "choice", "phone"}


class CallbackGroup(models.TextChoices):
    """Within which limit a concluded matter is called back (R70)."""

    STANDARD = "standard", _("standard")
    BILLING = "billing", _("billing and similar")


def check_pinyin(read: str) -> None:
    """Validator: small letters and digits, a space after each syllable. Raises ValidationError."""
    if not PINYIN.fullmatch(read):
        raise ValidationError(_("Write small letters without tones, with one space after each syllable."))


def check_required_fields(fields: Any) -> None:
    """Validator: a list of {code, name_zh, name_en, kind, choices?}, codes unique. Raises ValidationError."""
    if not isinstance(fields, list):
        raise ValidationError(_("Give a list of fields."))
    seen: set[str] = set()
    for field in fields:
        if not isinstance(field, dict) or not all(field.get(key) for key in ("code", "name_zh", "name_en", "kind")):
            raise ValidationError(_("Each field needs code, name_zh, name_en and kind."))
        if field["kind"] not in FIELD_KINDS:
            raise ValidationError(
                _("The kind of %(code)s is one of: %(kinds)s."),
                params={"code": field["code"], "kinds": ", ".join(sorted(FIELD_KINDS))},
            )
        if not isinstance(field["code"], str) or not CODE.fullmatch(field["code"]):
            raise ValidationError(
                _("%(code)s is no code: use small letters, digits and underscores."), params={"code": field["code"]}
            )
        if field["kind"] == "choice":
            check_choices(field)
        if field["code"] in seen:
            raise ValidationError(_("%(code)s stands twice."), params={"code": field["code"]})
        seen.add(field["code"])


def check_choices(field: dict[str, Any]) -> None:
    """Validator of the choices of one field: a list of {code, name_zh, name_en}. Raises ValidationError."""
    choices = field.get("choices")
    if not choices or not isinstance(choices, list):
        raise ValidationError(_("The choices of %(code)s are missing."), params={"code": field["code"]})
    for choice in choices:
        if not isinstance(choice, dict) or not all(
            isinstance(choice.get(key), str) and choice[key] for key in ("code", "name_zh", "name_en")
        ):
            raise ValidationError(
                _("Each choice of %(code)s needs code, name_zh and name_en."), params={"code": field["code"]}
            )
    if len({choice["code"] for choice in choices}) < len(choices):
        raise ValidationError(_("A choice of %(code)s stands twice."), params={"code": field["code"]})


class CategoryQuerySet(MP_NodeQuerySet):
    """Questions to the category tree."""

    def called(self, letters: str) -> Self:
        """Those that these letters stand in: in a name, a synonym, the code, the initials or the pinyin (R12)."""
        spelt = "".join(letters.split()).lower()
        read = self.exclude(pinyin="").order_by().values_list("pk", "pinyin") if spelt.isascii() else ()
        by_pinyin = [pk for pk, pinyin in read if is_spelt(spelt, pinyin.split())]
        return self.filter(
            Q(initials__istartswith=letters)
            | Q(code__icontains=letters)
            | Q(name_zh__icontains=letters)
            | Q(name_en__icontains=letters)
            | Q(synonyms__icontains=letters)
            | Q(pk__in=by_pinyin)
        )

    def choosable(self) -> Self:
        """The active leaves: what a ticket can be filed under."""
        return self.filter(numchild=0, is_active=True)

    def upwards(self, category: "Category") -> Self:
        """The category itself and all above it, nearest first."""
        steps = range(len(category.path), 0, -Category.steplen)
        return self.filter(path__in=[category.path[:end] for end in steps]).order_by("-depth")


class CategoryManager(MP_NodeManager.from_queryset(CategoryQuerySet)):  # type: ignore[misc]
    """The tree in its order; treebeard's own manager would hand out its own querysets."""

    def get_queryset(self) -> CategoryQuerySet:
        """All categories, parents before children."""
        return CategoryQuerySet(self.model, using=self._db).order_by("path")


class Category(Named, MP_Node):
    """One kind of matter. A leaf carries what its record needs and who deals with it by default."""

    code = models.CharField(_("code"), max_length=80, unique=True)
    initials = models.CharField(_("pinyin initials"), max_length=20, blank=True)
    pinyin = models.CharField(
        _("pinyin"),
        max_length=200,
        blank=True,
        db_default="",
        validators=[check_pinyin],
        help_text=_("How the Chinese name is read: small letters without tones, a space after each syllable."),
    )
    synonyms = models.TextField(
        _("synonyms"),
        blank=True,
        help_text=_("How customers call it, in both languages; below it they count as well. Apart by commas."),
    )
    urgency = models.CharField(_("urgency"), max_length=20, choices=Urgency, default=Urgency.ORDINARY)
    lead_unit = models.ForeignKey(
        "accounts.Unit",
        verbose_name=_("default lead unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    leads_at_branch = models.BooleanField(_("led by the network team of the customer's branch"), default=False)
    direct_routing = models.BooleanField(_("routed without review"), default=False)
    special_scope = models.CharField(_("special scope"), max_length=20, choices=Scope, default=Scope.NONE)
    callback_group = models.CharField(
        _("callback limit"), max_length=20, choices=CallbackGroup, default=CallbackGroup.STANDARD
    )
    service_failure = models.BooleanField(
        _("urgent service failure"), default=False, help_text=_("Answered within 2 hours whatever the rest says (R21).")
    )
    on_site = models.BooleanField(_("may be solved on the spot"), default=False)
    required_fields = models.JSONField(
        _("required fields"), default=list, blank=True, validators=[check_required_fields]
    )
    template_zh = models.TextField(_("record template in Chinese"), blank=True)
    template_en = models.TextField(_("record template in English"), blank=True)
    guidance_zh = models.TextField(_("guidance in Chinese"), blank=True)
    guidance_en = models.TextField(_("guidance in English"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = CategoryManager()
    kept: ClassVar["Kept[dict[int, Category]]"]

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["path"]

    def clean(self) -> None:
        """Nothing asked for is an empty list, however it was written."""
        self.required_fields = self.required_fields or []

    @property
    def template(self) -> str:
        """The record template in the reader's language."""
        return self.template_en if (get_language() or "").startswith("en") else self.template_zh

    @property
    def guidance(self) -> str:
        """The guidance in the reader's language."""
        return self.guidance_en if (get_language() or "").startswith("en") else self.guidance_zh

    @property
    def top_path(self) -> str:
        """The path of the top type above."""
        return self.path[: self.steplen]

    @property
    def is_choosable(self) -> bool:
        """Whether a ticket can be filed under it: an active leaf."""
        return self.numchild == 0 and self.is_active

    def keys_below(self) -> list[int]:
        """The keys of this category and of all below it, from what is kept; plain numbers, by which indexes work."""
        return sorted(category.pk for category in Category.kept.get().values() if self.covers(category))

    def covers(self, other: "Category") -> bool:
        """Whether the other category is this one or lies below it."""
        return other.path.startswith(self.path)


# All by their keys in the order of the tree, to be read only.
Category.kept = Kept(lambda: {category.pk: category for category in Category.objects.all()})
counts(Category)
auditlog.register(Category, exclude_fields=["path", "depth", "numchild"])
