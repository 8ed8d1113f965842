from letters.models.letter import Letter, Review, Version
from letters.models.template import ForbiddenPhrase, LetterTemplate, RequiredPart

__all__ = ["ForbiddenPhrase", "Letter", "LetterTemplate", "RequiredPart", "Review", "Version"]
