"""A concluded round is called back, unless it is exempt (R70)."""

from datetime import datetime

from calendars.months import month_of
from callbacks.actions import surveys
from callbacks.answers import Exemption, Mode, Standing
from callbacks.models import Callback, CallbackRules, Survey
from complaints.actions.reopening import finish_callback
from complaints.models import Conclusion, Ticket
from complaints.reaching import number_to_text
from complaints.states import Nature, Scope, Verdict
from contact import gate
from customers.models import Customer

CALLED_BACK = frozenset({Nature.COMPLAINT, Nature.OPINION})
HAVING_A_PART = (
    "resolved_on_site",
    "handled_at_desk",
    "claimed",
    "fed_back",
    "assistance_answered",
    "feedback_rejected",
    "reply_begun",
    "reply_attempted",
    "letter_drafted",
    "letter_revised",
    "replied",
    "concluded",
)


def open_or_exempt(ticket: Ticket, *, at: datetime) -> Callback:
    """Open the callback of a round that was just concluded; an exempt one is finished at once, by the system (R70)."""
    conclusion = ticket.conclusions.get(round=ticket.round)
    exemption = exemption_of(ticket, conclusion)
    if exemption is not None:
        exempt = _create(ticket, mode=Mode.PHONE, at=at, planned_for=at, exemption=exemption)
        finish_callback(ticket, how="exempt", by=None, at=at, exemption=exemption)
        return exempt
    goes_out_at = gate.decide(ticket.matter, at=at).permitted_from
    callback = _create(ticket, mode=_mode(ticket, conclusion, goes_out_at), at=at, planned_for=goes_out_at)
    callback.not_by.add(*who_had_a_part(ticket))
    if callback.mode == Mode.SURVEY:
        surveys.send(callback, at=at)
    return callback


def exemption_of(ticket: Ticket, conclusion: Conclusion) -> Exemption | None:
    """Why this conclusion is not called back, or None where it is (R70). Unreachable and cancelled ones never come."""
    if conclusion.nature not in CALLED_BACK:
        return Exemption.NATURE
    if ticket.category.special_scope == Scope.NETWORK_COVERAGE and not conclusion.solved:
        return Exemption.COVERAGE_UNSOLVED
    if conclusion.on_site and not conclusion.established and conclusion.verdict == Verdict.ACCEPTS:
        return Exemption.NOT_ESTABLISHED
    return None


def who_had_a_part(ticket: Ticket) -> set[int]:
    """Everybody who handled or replied, in any round: none of them calls back (R70)."""
    entries = ticket.entries.filter(kind__in=HAVING_A_PART, by__isnull=False)
    assigned = ticket.entries.filter(kind="assigned").values_list("data__to", flat=True)
    named = (ticket.handler_id, ticket.last_handler_id, ticket.replied_by_id)
    return {*entries.values_list("by", flat=True), *assigned, *(person for person in named if person is not None)}


def _mode(ticket: Ticket, conclusion: Conclusion, goes_out_at: datetime) -> Mode:
    """Complaints by phone, opinions by survey unless the customer had as many as allowed this month (R70, R71)."""
    if conclusion.nature == Nature.COMPLAINT or not number_to_text(ticket):
        return Mode.PHONE
    # One customer's surveys are counted one after the other, so that two tickets concluded at once send one.
    Customer.objects.select_for_update(no_key=True, of=("self",)).get(pk=ticket.customer_id)
    begins, ends = month_of(goes_out_at)
    sent = Survey.objects.filter(
        callback__ticket__customer=ticket.customer_id, sent_at__gte=begins, sent_at__lt=ends
    ).count()
    return Mode.SURVEY if sent < CallbackRules.current().surveys_a_month else Mode.PHONE


def _create(
    ticket: Ticket, *, mode: Mode, at: datetime, planned_for: datetime, exemption: Exemption | None = None
) -> Callback:
    return Callback.objects.create(
        ticket=ticket,
        round=ticket.round,
        mode=mode,
        state=Standing.EXEMPT if exemption else Standing.OPEN,
        exemption=exemption or "",
        desk=ticket.accepting_unit.get_nearest("callback_desk"),
        opened_at=at,
        planned_for=planned_for,
        ended_at=at if exemption else None,
    )
