"""The words of clocks: what they measure, how they end, what their stretches are called (section 5 of the domain)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """Which obligation a clock measures."""

    DISPATCH = "dispatch", _("dispatch")
    HANDLE = "handle", pgettext_lazy("clock", "handling")
    REWORK = "rework", _("rework")
    ASSIST = "assist", _("assistance")
    REPLY = "reply", _("reply")
    CONCLUDE = "conclude", _("conclusion")
    APPROVE = "approve", _("approval")
    CHASE = "chase", _("answer to a chase-up")
    CALLBACK = "callback", _("callback")
    LIABILITY = "liability", _("liability")
    ARBITRATE = "arbitrate", _("arbitration")
    AUTHORITY = "authority", _("authority's case")


FEEDBACK = frozenset({Kind.HANDLE, Kind.REWORK})
HELD_WITH_THE_TICKET = FEEDBACK | {Kind.ASSIST}
BOUND_TO_THE_REPLY = frozenset({Kind.HANDLE, Kind.REWORK, Kind.CHASE})


class Variant(models.TextChoices):
    """A case within a kind that has a limit of its own (R22, R24, R70)."""

    REPLY_IN_HOURS = "reply_in_hours", _("the reply is owed in minutes or hours")
    REPLY_IN_DAYS = "reply_in_days", _("the reply is owed in days")
    DIRECT = "direct", _("asked by the front line")
    RELATED = "related", _("asked by the lead unit")
    STANDARD = "standard", _("standard")
    BILLING = "billing", _("billing and similar")
    SOLUTION = "solution", _("a solution above one's authority")
    LETTER = "letter", _("a letter")
    CONSENTED = "consented", _("the customer consented to a longer limit")


VARIANTS: dict[str, frozenset[Variant]] = {
    Kind.HANDLE: frozenset({Variant.REPLY_IN_HOURS, Variant.REPLY_IN_DAYS}),
    Kind.ASSIST: frozenset({Variant.DIRECT, Variant.RELATED}),
    Kind.CALLBACK: frozenset({Variant.STANDARD, Variant.BILLING}),
    Kind.APPROVE: frozenset({Variant.SOLUTION, Variant.LETTER}),
    Kind.REPLY: frozenset({Variant.CONSENTED}),
}


class Outcome(models.TextChoices):
    """How a clock ended: met, met late, cancelled, or apart."""

    ANSWERED = "answered", _("answered, the verdict is awaited")
    MET = "met", _("met")
    MET_LATE = "met_late", _("met late")
    CANCELLED = "cancelled", _("cancelled")
    UNREACHABLE = "unreachable", _("customer unreachable")
    INEFFECTIVE = "ineffective", _("not accepted by the customer")


APART = frozenset({Outcome.UNREACHABLE, Outcome.INEFFECTIVE})


class Stretch(models.TextChoices):
    """What a clock does between two instants (R28)."""

    RUNNING = "running", _("running")
    HELD = "held", _("held")
    DEFERRED = "deferred", _("deferred")


class Cause(models.TextChoices):
    """Why a stretch began."""

    STARTED = "started", _("the obligation arose")
    HOLD = "hold", _("the ticket is on hold")
    RESUMED = "resumed", _("the hold ended")
    NOT_REACHED = "not_reached", _("the customer was not reached")
    ATTEMPT_DUE = "attempt_due", _("the planned attempt is due")


class LimitUnit(models.TextChoices):
    """In what a limit is counted."""

    ELAPSED_MINUTES = "elapsed_minutes", _("minutes on the wall clock")
    WORKING_MINUTES = "working_minutes", _("working minutes")
    WORKING_DAYS = "working_days", _("working days")
    CONSENTED_DAYS = "consented_days", _("working days agreed with the customer, at most")
    SHARE_OF_REPLY = "share_of_reply", _("percent of the reply limit")


class QuietMode(models.TextChoices):
    """What quiet hours do to a limit (R23)."""

    DEFER = "defer", _("a due time at night moves to the morning")
    CONTINUOUS = "continuous", _("nothing")
    PAUSE = "pause", _("the clock runs in contact hours only")
