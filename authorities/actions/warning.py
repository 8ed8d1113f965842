"""Telling of what comes near: an appeal that a customer may make, an answer that we owe (R82).

Each is told once, whatever dies, repeats or runs beside it: the row that says so is written with the message.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from authorities.appeals import within_reach
from authorities.events import AnswerNear, AppealNear
from authorities.models import AppealWarning, AuthorityRules, Case
from common.apart import apart, resting
from common.events import publish
from complaints.actions.history import record
from complaints.models import Ticket

APPEAL, ANSWER = "appeal", "answer to an authority"


def warn(now: datetime) -> int:
    """Tell of each ticket soon within reach of an appeal and of each answer nearly due; says how many were new."""
    rules = AuthorityRules.current()
    soon = now + timedelta(days=rules.warn_days_before)
    told = 0
    warned = AppealWarning.objects.filter(ticket=OuterRef("pk"), round=OuterRef("round"))
    near = within_reach(Ticket.objects.all(), rules=rules, now=now).filter(may_appeal_at__lte=soon)
    aside = resting(APPEAL, now)
    for pk in list(near.exclude(Exists(warned)).values_list("pk", flat=True)):
        if pk not in aside:
            with apart(APPEAL, pk, now=now):
                told += tell_of_appeal(pk, rules=rules, soon=soon, now=now)
    aside = resting(ANSWER, now)
    for pk in list(Case.objects.to_warn_of(soon).by_due().values_list("pk", flat=True)):
        if pk not in aside:
            with apart(ANSWER, pk, now=now):
                told += tell_of_answer(pk, soon=soon, now=now)
    return told


def tell_of_appeal(pk: int, *, rules: AuthorityRules, soon: datetime, now: datetime) -> bool:
    """Announce that the customer of this ticket may appeal soon, if that still holds and nobody was told this round."""
    ticket = Ticket.objects.locked().get(pk=pk)
    reach = within_reach(Ticket.objects.filter(pk=pk), rules=rules, now=now).filter(may_appeal_at__lte=soon)
    may_appeal_at = reach.values_list("may_appeal_at", flat=True).first()
    if may_appeal_at is None:
        return False
    _warning, is_new = AppealWarning.objects.get_or_create(
        ticket=ticket, round=ticket.round, defaults={"may_appeal_at": may_appeal_at, "at": now}
    )
    if is_new:
        record(ticket, "appeal_near", by=None, at=now, may_appeal_at=may_appeal_at.isoformat())
        publish(AppealNear(ticket=ticket, by=None, at=now, may_appeal_at=may_appeal_at))
    return is_new


def tell_of_answer(pk: int, *, soon: datetime, now: datetime) -> bool:
    """Announce that we owe this answer soon, once for each case."""
    if not Case.objects.to_warn_of(soon).filter(pk=pk).update(warned_at=now):
        return False
    case = Case.objects.select_related("opened_by").get(pk=pk)
    ticket = Ticket.objects.with_people().get(pk=case.ticket_id)
    publish(AnswerNear(ticket=ticket, by=None, at=now, case=case))
    return True
