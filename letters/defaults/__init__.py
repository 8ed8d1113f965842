"""The shipped templates of letters, their completeness lists and forbidden phrases, in Chinese and English."""

import tomllib
from pathlib import Path
from typing import Any

from complaints.models import Category
from letters.kinds import Language
from letters.models import ForbiddenPhrase, LetterTemplate, RequiredPart

LETTERS = Path(__file__).parent / "letters.toml"
LANGUAGES = {"zh": Language.CHINESE, "en": Language.ENGLISH}


def load() -> str:
    """Create the templates that are not there yet; says how many. What an administrator has changed stays."""
    shipped = tomllib.loads(LETTERS.read_text(encoding="utf-8"))
    _forbid(None, shipped["forbidden"])
    common: list[dict[str, Any]] = shipped["part"]
    created = 0
    for row in shipped["template"]:
        category = Category.objects.get(code=row["category"]) if row["category"] else None
        if LetterTemplate.objects.filter(category=category).exists():
            continue
        texts = {name: row[name] for name in ("subject_zh", "subject_en", "body_zh", "body_en")}
        template = LetterTemplate(category=category, legal_exempt=row.get("legal_exempt", False), **texts)
        template.full_clean()
        template.save()
        for part in [*common, *row.get("part", [])]:
            RequiredPart.objects.create(
                template=template,
                name_zh=part["name_zh"],
                name_en=part["name_en"],
                words_zh="\n".join(part["words_zh"]),
                words_en="\n".join(part["words_en"]),
            )
        _forbid(template, row.get("forbidden", {}))
        created += 1
    return f"{created} templates of letters"


def _forbid(template: LetterTemplate | None, phrases: dict[str, list[str]]) -> None:
    for short, language in LANGUAGES.items():
        for phrase in phrases.get(short, []):
            ForbiddenPhrase.objects.get_or_create(template=template, language=language, phrase=phrase)
