"""What letters are made of: a template for each branch of the category tree, with its completeness list (R41, R46)."""

from collections.abc import Collection
from typing import Any

from auditlog.registry import auditlog
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.bilingual import Named
from common.text import refuse_control_characters
from complaints.models import Category
from letters.checking import Part
from letters.filling import check_names
from letters.kinds import Language

KNOWN = (
    "reference",
    "customer",
    "number",
    "category",
    "raised_on",
    "today",
    "happened",
    "wanted",
    "cause",
    "result",
    "unit",
    "agent",
)
TEXTS = ("subject_zh", "subject_en", "body_zh", "body_en")


class LetterTemplate(models.Model):
    """How letters about a category are begun, and what has to be in them; holds for all categories below it too."""

    category = models.OneToOneField(
        Category,
        verbose_name=_("category"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="letter_template",
        help_text=_("Empty: for every category that has none of its own."),
    )
    subject_zh = models.CharField(_("subject in Chinese"), max_length=200, validators=[refuse_control_characters])
    subject_en = models.CharField(_("subject in English"), max_length=200, validators=[refuse_control_characters])
    body_zh = models.TextField(_("text in Chinese"), validators=[refuse_control_characters])
    body_en = models.TextField(_("text in English"), validators=[refuse_control_characters])
    legal_exempt = models.BooleanField(
        _("needs no legal adviser"), default=False, help_text=_("The unit's lead alone approves these letters.")
    )

    class Meta:
        verbose_name = _("template of letters")
        verbose_name_plural = _("templates of letters")
        ordering = [models.F("category__path").asc(nulls_first=True), "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["category"], nulls_distinct=False, name="a_category_has_one_template_of_letters"
            )
        ]

    def __str__(self) -> str:
        return str(self.category) if self.category is not None else str(_("all other categories"))

    @classmethod
    def get_for(cls, category: Category) -> "LetterTemplate | None":
        """The template of the category, else of the nearest above it, else the one for all others."""
        above = {each.pk: each.depth for each in Category.objects.upwards(category)}
        found = list(cls.objects.filter(Q(category__in=above) | Q(category__isnull=True)))
        return max(found, key=lambda template: above.get(template.category_id, 0), default=None)

    @property
    def known_names(self) -> Collection[str]:
        """What may stand in braces: the values that every ticket has, and the fields that the category requires."""
        fields: list[dict[str, Any]] = self.category.required_fields if self.category is not None else []
        return {*KNOWN, *(field["code"] for field in fields)}

    def clean(self) -> None:
        """Refuse names that no ticket has a value for, and a second template for all other categories."""
        errors = {}
        for field in TEXTS:
            try:
                check_names(getattr(self, field), self.known_names)
            except ValidationError as error:
                errors[field] = error
        others = LetterTemplate.objects.exclude(pk=self.pk)
        if self.category_id is None and others.filter(category__isnull=True).exists():
            errors["category"] = ValidationError(_("There is a template for all other categories already."))
        if errors:
            raise ValidationError(errors)

    def subject(self, language: str) -> str:
        """The subject in a language."""
        return self.subject_en if language == Language.ENGLISH else self.subject_zh

    def body(self, language: str) -> str:
        """The text in a language."""
        return self.body_en if language == Language.ENGLISH else self.body_zh

    def get_parts(self, language: str) -> list[Part]:
        """What a letter in this language has to contain, named in the language of the reader."""
        parts = self.parts.all()
        return [Part(name=part.name, words=part.words(language)) for part in parts if part.words(language)]


class RequiredPart(Named):
    """One line of the completeness list: what has to be in the letter, and by which words it is known to be there."""

    template = models.ForeignKey(LetterTemplate, on_delete=models.CASCADE, related_name="parts")
    words_zh = models.TextField(_("words in Chinese"), blank=True, help_text=_("One a line; one of them suffices."))
    words_en = models.TextField(_("words in English"), blank=True, help_text=_("One a line; one of them suffices."))

    class Meta:
        verbose_name = _("required part")
        verbose_name_plural = _("completeness list")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(words_zh="", words_en=""), name="a_required_part_is_known_by_words")
        ]

    def words(self, language: str) -> list[str]:
        """The words by which it is found in a letter of this language; none: it is not asked for there."""
        lines = self.words_en if language == Language.ENGLISH else self.words_zh
        return [line.strip() for line in lines.splitlines() if line.strip()]


class ForbiddenPhraseQuerySet(models.QuerySet["ForbiddenPhrase"]):
    """Questions to forbidden phrases."""

    def get_for(self, template: LetterTemplate | None, language: str) -> list[str]:
        """What must not stand in a letter of this language made from this template."""
        held = self.filter(Q(template=template) | Q(template__isnull=True), language=language)
        return list(held.order_by("phrase", "pk").values_list("phrase", flat=True))


class ForbiddenPhrase(models.Model):
    """Words that no letter may contain, everywhere or in those from one template."""

    template = models.ForeignKey(
        LetterTemplate,
        verbose_name=_("template"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="forbidden",
        help_text=_("Empty: forbidden in every letter."),
    )
    language = models.CharField(_("language"), max_length=10, choices=Language)
    phrase = models.CharField(_("phrase"), max_length=100, validators=[refuse_control_characters])

    objects = ForbiddenPhraseQuerySet.as_manager()

    class Meta:
        verbose_name = _("forbidden phrase")
        verbose_name_plural = _("forbidden phrases")
        ordering = ["language", "phrase", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["template", "language", "phrase"], nulls_distinct=False, name="a_phrase_is_forbidden_once"
            )
        ]

    def __str__(self) -> str:
        return self.phrase


auditlog.register(LetterTemplate)
auditlog.register(RequiredPart)
auditlog.register(ForbiddenPhrase)
