"""The states of a ticket and the words that go with them (section 3 of the domain)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a ticket stands."""

    ACCEPTED = "accepted", _("accepted")
    RETURNED = "returned", _("returned")
    DISPATCHED = "dispatched", _("dispatched")
    HANDLING = "handling", _("handling")
    REPLYING = "replying", _("replying")
    REPLIED = "replied", _("replied")
    CALLBACK = "callback", _("awaiting callback")
    CLOSED = "closed", _("closed")
    CANCELLED = "cancelled", _("cancelled")


LIVE = frozenset(set(State) - {State.CLOSED, State.CANCELLED})
AWAITING_THE_UNIT = frozenset({State.DISPATCHED, State.HANDLING})
AWAITING_AN_ANSWER = frozenset(LIVE - {State.CALLBACK})
HOLDABLE = frozenset(AWAITING_THE_UNIT | {State.REPLYING})
REOPENABLE = frozenset({State.REPLIED, State.CALLBACK, State.CLOSED})


class Nature(models.TextChoices):
    """What the matter is: provisional at acceptance, final at conclusion (R60)."""

    COMPLAINT = "complaint", _("complaint")
    OPINION = "opinion", _("opinion")
    SUGGESTION = "suggestion", _("suggestion")
    ENQUIRY = "enquiry", _("enquiry")


class Urgency(models.TextChoices):
    """How fast a matter is dealt with (R20, R21)."""

    URGENT = "urgent", _("urgent")
    IMPORTANT = "important", _("important")
    ORDINARY = "ordinary", _("ordinary")


class Medium(models.TextChoices):
    """By what way somebody reached us, or we them (R11, R41)."""

    PHONE = "phone", _("phone")
    BRANCH_VISIT = "branch_visit", _("branch visit")
    ON_SITE = "on_site", _("on-site talk")
    LETTER = "letter", _("letter")
    FAX = "fax", _("fax")
    WEB = "web", _("web")
    APP = "app", _("app")
    SMS = "sms", _("SMS")
    EMAIL = "email", _("e-mail")
    SOCIAL = "social", _("social media")
    VISIT = "visit", _("visit at the customer's")


class Addressee(models.TextChoices):
    """To whom the complaint was put; any but this centre makes it an escalated complaint (R11)."""

    CENTRE = "centre", _("this centre")
    PROVINCIAL = "provincial", _("provincial company")
    HEAD_OFFICE = "head_office", _("head office")
    CONSUMER_BODY = "consumer_body", _("consumer body")
    REGULATOR = "regulator", _("regulator")
    MEDIA = "media", _("media")


class Level(models.TextChoices):
    """How far up an escalated complaint went (R11)."""

    PROVINCIAL = "provincial", _("provincial level")
    NATIONAL = "national", _("national level")


class Scope(models.TextChoices):
    """Whether others than we are needed for a solution (R22)."""

    NONE = "none", _("none")
    CROSS_PROVINCE = "cross_province", _("across provinces")
    CROSS_OPERATOR = "cross_operator", _("across operators")
    PARTNER = "partner", _("partner")
    NETWORK_COVERAGE = "network_coverage", _("network coverage")


class Verdict(models.TextChoices):
    """What the customer says of the outcome (R60)."""

    ACCEPTS = "accepts", _("accepts")
    DOES_NOT_ACCEPT = "does_not_accept", _("does not accept")
    UNKNOWN = "unknown", _("unknown")


class Liability(models.TextChoices):
    """Whose doing it was; the last two count as liable (R60)."""

    UNFOUNDED = "unfounded", _("unfounded")
    CUSTOMER = "customer", _("the customer's")
    SHARED = "shared", _("shared")
    COMPANY = "company", _("the company's")


LIABLE = frozenset({Liability.SHARED, Liability.COMPANY})


class AttemptResult(models.TextChoices):
    """How an attempt to reach the customer ended (R43)."""

    REACHED = "reached", _("reached")
    NO_ANSWER = "no_answer", _("no answer")
    REFUSED = "refused", _("refused to talk")
    WRONG_NUMBER = "wrong_number", _("wrong number")
    ANOTHER_TIME = "another_time", _("asked for another time")


class Fault(models.TextChoices):
    """What makes a ticket unqualified (不合格工单): the reasons of returns and send-backs."""

    RECORD_INCOMPLETE = "record_incomplete", _("record incomplete")
    RECORD_WRONG = "record_wrong", _("record wrong")
    CATEGORY_WRONG = "category_wrong", _("category wrong")
    UNIT_WRONG = "unit_wrong", _("unit wrong")
    CONTACT_MISSING = "contact_missing", _("contact person or number missing")
    DUPLICATE = "duplicate", _("already on another ticket")


class AssistKind(models.TextChoices):
    """Who asked an assisting unit (R24): 2 working hours for the first, 4 for the second."""

    DIRECT = "direct", _("asked by the front line")
    RELATED = "related", _("asked by the lead unit")
