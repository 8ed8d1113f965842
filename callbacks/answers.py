"""The words of a callback: by what way, how it stands, what was answered (R70–R73)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mode(models.TextChoices):
    """How the customer is asked: complaints by phone, opinions by an SMS with a link (R70)."""

    PHONE = "phone", _("phone")
    SURVEY = "survey", _("SMS survey")


class Standing(models.TextChoices):
    """How a callback stands."""

    OPEN = "open", _("open")
    ANSWERED = "answered", _("answered")
    UNREACHABLE = "unreachable", _("unreachable")
    EXEMPT = "exempt", _("exempt")
    CANCELLED = "cancelled", _("cancelled")


class Exemption(models.TextChoices):
    """Why a concluded matter is not called back (R70)."""

    COVERAGE_UNSOLVED = "coverage_unsolved", _("network coverage without a solution")
    NOT_ESTABLISHED = "not_established", _("not established, accepted on the spot")
    NATURE = "nature", _("neither complaint nor opinion")


class Satisfaction(models.TextChoices):
    """What the customer says; 'unreachable' is no answer and never counts as satisfied (R73)."""

    SATISFIED = "satisfied", _("satisfied")
    NEUTRAL = "neutral", _("neutral")
    DISSATISFIED = "dissatisfied", _("dissatisfied")
    UNREACHABLE = "unreachable", _("unreachable")


SAID_BY_CUSTOMERS = (Satisfaction.SATISFIED, Satisfaction.NEUTRAL, Satisfaction.DISSATISFIED)
