"""What we tell people, and by what way. Each kind has a template of its name in `templates/notifications/`."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from contact.models import Purpose


class Kind(models.TextChoices):
    """What a message says."""

    ESCALATION = "escalation", _("escalation")
    ESCALATION_TO_ACKNOWLEDGE = "escalation_to_acknowledge", _("escalation to acknowledge")
    ESCALATION_REMINDER = "escalation_reminder", _("reminder of an escalation")
    GRAVE_DISPATCHED = "grave_dispatched", _("grave ticket sent to your unit")
    DEMANDED = "demanded", _("formal demand")
    CHASED_UP = "chased_up", _("the customer asked again")
    FACTS_ADDED = "facts_added", _("the customer has told more")
    REASSIGNED = "reassigned", _("ticket reassigned to you")
    VIP_ACCEPTED = "vip_accepted", _("a VIP has a new ticket")
    DISSATISFIED_WITH_HANDLING = "dissatisfied_with_handling", _("dissatisfied with the handling")
    SURVEY = "survey", _("satisfaction survey")
    RECEIVED = "received", _("what the customer reported was received")
    STATUS_CODE = "status_code", _("code for asking how it stands")
    LETTER_TO_APPROVE = "letter_to_approve", _("letter to approve")
    LETTER_DECIDED = "letter_decided", _("decision about your letter")
    INTERIM_REMEDY = "interim_remedy", _("interim remedy for a customer of yours")
    FOLLOW_UP = "follow_up", _("follow-up with a customer")
    WRITTEN_REPLY = "written_reply", _("written reply")
    APPEAL_NEAR = "appeal_near", _("a customer may appeal to an authority soon")
    AUTHORITY_ANSWER_DUE = "authority_answer_due", _("an answer to an authority is due soon")
    TIMERS_LATE = "timers_late", _("the timers are late")
    TIMERS_RECOVERED = "timers_recovered", _("the timers are on time again")


# Why the customer is contacted, for the kinds that go to customers; the gate wants to know (R23).
PURPOSES: dict[str, str] = {
    Kind.SURVEY: Purpose.SURVEY,
    Kind.RECEIVED: Purpose.RECEIPT,
    Kind.STATUS_CODE: Purpose.CODE,
    Kind.WRITTEN_REPLY: Purpose.REPLY,
}


# What somebody waits for at this moment, with the page open.
WAITED_FOR = frozenset({Kind.STATUS_CODE})


class Lane(models.IntegerChoices):
    """What leaves before what: whoever is on time does not wait behind the backlog of an outage."""

    WAITED_FOR = 0, _("somebody waits for it")
    ON_TIME = 1, _("on time")
    BACKLOG = 2, _("from a backlog")


class Channel(models.TextChoices):
    """By what way a message goes (R90)."""

    IN_APP = "in_app", _("in the application")
    EMAIL = "email", _("e-mail")
    SMS = "sms", _("SMS")
    WEBHOOK = "webhook", _("webhook")


class Stage(models.TextChoices):
    """How far a message has come."""

    WAITING = "waiting", _("waiting")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("withdrawn")


class Format(models.TextChoices):
    """In what form an endpoint wants to be told."""

    JSON = "json", _("signed JSON, for another system")
    WECOM = "wecom", _("WeCom robot")
    DINGTALK = "dingtalk", _("DingTalk robot")
    FEISHU = "feishu", _("Feishu robot")


class Outcome(models.TextChoices):
    """How one try to deliver ended."""

    SENT = "sent", _("sent")
    FAILED = "failed", _("failed, tried again")
    REFUSED = "refused", _("refused, not tried again")


PENDING = frozenset({Stage.WAITING, Stage.SENDING})
