"""Who is told of what comes near (R82)."""

from accounts.models import Role
from authorities.events import AnswerNear, AppealNear
from escalation.finding import holders
from notifications import outbox
from notifications.kinds import Channel, Kind

BY = [Channel.IN_APP, Channel.EMAIL]


def tell_of_appeal(event: AppealNear) -> None:
    """The supervisor over where the ticket was accepted hears that its customer may appeal."""
    ticket = event.ticket
    outbox.put(
        Kind.APPEAL_NEAR,
        key=f"appeal_near:{ticket.pk}:{ticket.round}",
        to=holders(Role.SUPERVISOR, start=ticket.accepting_unit, at=event.at).people,
        channels=BY,
        context={"may_appeal_at": event.may_appeal_at},
        at=event.at,
        ticket=ticket.reference,
    )


def tell_of_answer(event: AnswerNear) -> None:
    """The same supervisor, and whoever put the case on record, hear that an answer is owed."""
    case, ticket = event.case, event.ticket
    supervisors = holders(Role.SUPERVISOR, start=ticket.accepting_unit, at=event.at).people
    outbox.put(
        Kind.AUTHORITY_ANSWER_DUE,
        key=f"authority_answer_due:{case.pk}",
        to={person.pk: person for person in (*supervisors, case.opened_by) if person.is_active}.values(),
        channels=BY,
        context={"due_at": case.answer_due_at, "number": case.number},
        at=event.at,
        ticket=ticket.reference,
    )
