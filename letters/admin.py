"""Templates of letters, their completeness lists and forbidden phrases; letters themselves are written elsewhere."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from common.inlines import TableInline
from letters.models import ForbiddenPhrase, LetterTemplate, RequiredPart


class RequiredPartInline(admin.StackedInline):
    model = RequiredPart
    extra = 0
    fields = [("name_zh", "name_en"), ("words_zh", "words_en")]


class ForbiddenPhraseInline(TableInline):
    model = ForbiddenPhrase
    extra = 0


@admin.register(LetterTemplate)
class LetterTemplateAdmin(admin.ModelAdmin):
    """What letters about a category begin with, and what the check asks of them."""

    list_display = ["__str__", "subject_zh", "subject_en", "legal_exempt"]
    list_select_related = ["category"]
    list_filter = ["legal_exempt"]
    search_fields = ["category__code", "category__name_zh", "category__name_en", "subject_zh", "subject_en"]
    autocomplete_fields = ["category"]
    inlines = [RequiredPartInline, ForbiddenPhraseInline]


@admin.register(ForbiddenPhrase)
class ForbiddenPhraseAdmin(admin.ModelAdmin):
    """What no letter may say: those of one template stand on its page as well."""

    list_display = ["phrase", "language", "template"]
    list_select_related = ["template__category"]
    list_filter = ["language"]
    search_fields = ["phrase"]

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the template that each belongs to."""
        return super().get_queryset(request).select_related("template__category")
