"""The words of written replies: in which language, how far one has come, who has to agree (R41)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from complaints.models.permissions import SUPERVISING


class Language(models.TextChoices):
    """In which language a customer is written to."""

    CHINESE = "zh-hans", _("Chinese")
    ENGLISH = "en", _("English")


class Standing(models.TextChoices):
    """How far a letter has come."""

    DRAFT = "draft", _("draft")
    IN_APPROVAL = "in_approval", _("awaits approval")
    APPROVED = "approved", _("approved")
    SENT = "sent", _("sent")
    WITHDRAWN = "withdrawn", _("withdrawn")


OPEN = frozenset({Standing.DRAFT, Standing.IN_APPROVAL, Standing.APPROVED})


class Step(models.TextChoices):
    """Who has to agree, in this order."""

    LEAD = "lead", _("the unit's lead")
    LEGAL = "legal", _("the legal adviser")


# Above the lead stand supervisor and director: a lead's own letter has to find somebody who may agree to it.
DECIDERS: dict[str, tuple[str, ...]] = {
    Step.LEAD: (Role.UNIT_LEAD, *SUPERVISING),
    Step.LEGAL: (Role.LEGAL_ADVISER,),
}
