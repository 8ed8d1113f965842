"""Letters as far as a test needs them."""

from datetime import datetime

from complaints.models import Ticket
from complaints.states import Medium
from letters.actions import approving, drafting
from letters.actions.drafting import Wording
from letters.kinds import Language
from letters.models import Letter
from tests.people import MONDAY_NINE, fresh, person

COMPLETE = Wording(
    addressee="Ines",
    address="ines@customer.example",
    subject="Your bill (T-1)",
    body=(
        "Dear Ines,\n\nyour reference is T-1. The outcome: the charge was taken back, 30 yuan.\n\n"
        "We are sorry for the trouble. Please call 10086."
    ),
)


def a_draft(
    ticket: Ticket, *, medium: str = Medium.EMAIL, wording: Wording | None = COMPLETE, at: datetime = MONDAY_NINE
) -> Letter:
    """A letter that Rosa has begun."""
    return drafting.draft(
        fresh(ticket), medium=medium, language=Language.ENGLISH, wording=wording, by=person("rosa"), at=at
    )


def a_submitted(ticket: Ticket, *, at: datetime = MONDAY_NINE, **given: object) -> Letter:
    """A letter that awaits the lead."""
    letter = a_draft(ticket, at=at, **given)  # type: ignore[arg-type]
    approving.submit(letter, by=person("rosa"), at=at)
    return now(letter)


def an_approved(ticket: Ticket, *, at: datetime = MONDAY_NINE, **given: object) -> Letter:
    """A letter to which the lead and the legal adviser have agreed."""
    letter = a_submitted(ticket, at=at, **given)
    approving.decide(letter, approves=True, by=person("mengyao"), at=at)
    if now(letter).awaits:
        approving.decide(letter, approves=True, by=person("luyi"), at=at)
    return now(letter)


def now(letter: Letter) -> Letter:
    """The letter as the database has it now."""
    return Letter.objects.whole().get(pk=letter.pk)
