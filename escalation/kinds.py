"""The words of ladders and escalations (section 10 of the domain)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Trigger(models.TextChoices):
    """What starts a ladder: an obligation's clock, or one of the causes of R93."""

    CLOCK = "clock", _("a limit")
    BY_HAND = "by_hand", _("by hand")
    GRAVE = "grave", _("marked urgent or grave")
    CHASED_UP = "chased_up", _("chased up too often")
    FLAG_D = "flag_d", _("the customer says they will escalate or sue")
    ESCALATED_COMPLAINT = "escalated_complaint", _("escalated complaint")
    ROUNDS_USED_UP = "rounds_used_up", _("dissatisfied after the last round")


class Pace(models.TextChoices):
    """For which obligations of a kind a ladder is: those owed in minutes or hours, those owed in days, or both."""

    ANY = "any", _("any")
    HOURS = "hours", _("owed in minutes or hours")
    DAYS = "days", _("owed in days")


class When(models.TextChoices):
    """When a step is due (R90)."""

    SHARE = "share", _("at a share of the limit")
    WARNING = "warning", _("at the warning share of the limit")
    BREACH = "breach", _("at the breach")
    AT_ONCE = "at_once", _("at once")
    AFTER_PREVIOUS = "after_previous", _("so long after the previous step was planned")


class Counting(models.TextChoices):
    """In what time the distance to the previous step is counted."""

    ELAPSED = "elapsed", _("elapsed time")
    WORKING = "working", _("working time")


class Who(models.TextChoices):
    """Who is told by a step."""

    ROLE = "role", _("everybody in the role")
    ON_DUTY = "on_duty", _("whoever is on duty in the role")
    OWNER = "owner", _("the ticket's owner")


class Start(models.TextChoices):
    """From where in the organisation the search for the role goes upwards."""

    HOLDING_UNIT = "holding_unit", _("the unit that holds the ticket")
    OWNERS_UNIT = "owners_unit", _("the owner's unit")


class What(models.TextChoices):
    """What a step does besides telling."""

    NOTIFY = "notify", _("notify")
    ACKNOWLEDGE = "acknowledge", _("require an acknowledgement")
    REASSIGN = "reassign", _("pass it to another unit")
    RAISE_URGENCY = "raise_urgency", _("raise its urgency")
    DEMAND = "demand", _("demand an answer")


class Severity(models.IntegerChoices):
    """How high it has come; lists begin with the highest."""

    NOTICE = 1, _("notice")
    WARNING = 2, _("warning")
    SERIOUS = 3, _("serious")
    CRITICAL = 4, _("critical")


class Reason(models.TextChoices):
    """Why an escalation is there."""

    SHARE = "share", _("a share of the limit has passed")
    WARNING = "warning", _("limit running out")
    BREACH = "breach", _("limit missed")
    BY_HAND = "by_hand", _("raised by hand")
    GRAVE = "grave", _("marked as grave")
    URGENT = "urgent", _("marked as urgent")
    CHASED_UP = "chased_up", _("chased up too often")
    FLAG_D = "flag_d", _("the customer says they will escalate or sue")
    ESCALATED_COMPLAINT = "escalated_complaint", _("escalated complaint")
    ROUNDS_USED_UP = "rounds_used_up", _("dissatisfied after the last round")


class Standing(models.TextChoices):
    """How an escalation stands."""

    PLANNED = "planned", _("planned")
    OPEN = "open", _("open")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    RESOLVED = "resolved", _("resolved")
    CLOSED = "closed", _("closed")
    CANCELLED = "cancelled", _("cancelled")


class Closing(models.TextChoices):
    """Why an escalation closed, or was never raised."""

    OBLIGATION_ENDED = "obligation_ended", _("the obligation has ended")
    NO_LIMIT = "no_limit", _("no limit holds any more")
    TICKET_ENDED = "ticket_ended", _("the matter has ended")
    DECIDED = "decided", _("an earlier step was resolved")
    ROUNDS_DECIDED = "rounds_decided", _("it was decided whether a round follows")


LIVE = frozenset({Standing.OPEN, Standing.ACKNOWLEDGED})
CALLED = frozenset({Standing.PLANNED, Standing.OPEN})
UNFINISHED = LIVE | CALLED
NEVER_FIRED = frozenset({Standing.PLANNED, Standing.CANCELLED})
CHANGES_THE_TICKET = frozenset({What.REASSIGN, What.RAISE_URGENCY, What.DEMAND})
ASKS_FOR_ACKNOWLEDGEMENT = frozenset(set(What) - {What.NOTIFY})
