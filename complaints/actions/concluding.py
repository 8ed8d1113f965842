"""The conclusion (报结): the customer's verdict and the company's liability are recorded (R60)."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import SYSTEM, Person
from common.events import publish
from common.refusals import Malformed, NotPossible
from common.transitions import ask
from complaints.actions.history import carry_out, record, require
from complaints.events import Confirmed
from complaints.models import CauseCode, Conclusion, DeskRules, Ticket
from complaints.models.conclusion import final_nature
from complaints.states import AttemptResult, Liability, Verdict


@dataclass(frozen=True)
class Outcome:
    """How a round ended: what the customer says, whose doing it was, what was given."""

    verdict: str
    liability: str
    remedy: str = ""
    cause: CauseCode | None = None
    established: bool = True
    solved: bool = True
    is_repeat: bool = False

    def nature_of(self, ticket: Ticket) -> str:
        """What the matter finally is (R60). Raises Malformed for unknown words."""
        errors = {}
        if self.verdict not in Verdict.values:
            errors["verdict"] = [_("Choose one of: %(choices)s.") % {"choices": ", ".join(Verdict.values)}]
        if self.liability not in Liability.values:
            errors["liability"] = [_("Choose one of: %(choices)s.") % {"choices": ", ".join(Liability.values)}]
        if self.cause is not None and not (self.cause.is_leaf() and self.cause.is_active):
            errors["cause"] = [_("Choose a cause of the last level.")]
        if errors:
            raise Malformed(_("The conclusion is not complete."), errors=errors)
        return final_nature(ticket.nature, verdict=self.verdict, liability=self.liability)


@transaction.atomic
def conclude(ticket: Ticket, *, outcome: Outcome, by: Person, at: datetime) -> Conclusion:
    """Record the verdict and the liability after a reply; the callback comes next."""
    nature = outcome.nature_of(ticket)
    concluded = carry_out(
        ticket,
        "conclude",
        by=by,
        at=at,
        kind="concluded",
        note=outcome.remedy,
        data={"verdict": outcome.verdict, "liability": outcome.liability, "nature": nature},
        facts={"verdict": outcome.verdict},
        nature=nature,
        verdict=outcome.verdict,
        liability=outcome.liability,
    )
    conclusion = note_conclusion(ticket, outcome, by=by, at=at)
    publish(concluded)
    return conclusion


@transaction.atomic
def conclude_unreachable(ticket: Ticket, *, liability: str, remedy: str = "", by: Person, at: datetime) -> Conclusion:
    """End a ticket whose customer could not be reached: 3 attempts on at least 2 days (R43); no callback follows."""
    outcome = Outcome(verdict=Verdict.UNKNOWN, liability=liability, remedy=remedy)
    nature = outcome.nature_of(ticket)
    ask(ticket.conclude_unreachable, by=by, at=at, system=SYSTEM)
    _require_attempts(ticket)
    concluded = carry_out(
        ticket,
        "conclude_unreachable",
        by=by,
        at=at,
        kind="concluded_unreachable",
        note=remedy,
        data={"liability": liability, "nature": nature},
        nature=nature,
        liability=liability,
    )
    conclusion = note_conclusion(ticket, outcome, by=by, at=at, unreachable=True)
    publish(concluded)
    return conclusion


@transaction.atomic
def confirm(ticket: Ticket, *, by: Person, at: datetime) -> None:
    """A supervisor confirms a conclusion that the customer does not accept (R21, R44)."""
    require(ticket, "confirm", by=by, at=at)
    conclusion = ticket.conclusions.filter(round=ticket.round).first()
    if conclusion is None or conclusion.verdict == Verdict.ACCEPTS or conclusion.confirmed_at is not None:
        raise NotPossible(
            _("%(ticket)s has no conclusion that awaits a confirmation.") % {"ticket": ticket.reference},
            code="nothing_to_confirm",
            state=ticket.state,
        )
    ticket.save_move()
    conclusion.confirmed_at, conclusion.confirmed_by = at, by
    conclusion.save(update_fields=["confirmed_at", "confirmed_by"])
    record(ticket, "conclusion_confirmed", by=by, at=at, round=ticket.round)
    publish(Confirmed(ticket=ticket, by=by, at=at))


def note_conclusion(
    ticket: Ticket,
    outcome: Outcome,
    *,
    by: Person | None,
    at: datetime,
    on_site: bool = False,
    unreachable: bool = False,
) -> Conclusion:
    """Keep the conclusion of this round."""
    return Conclusion.objects.create(
        ticket=ticket,
        round=ticket.round,
        verdict=outcome.verdict,
        liability=outcome.liability,
        nature=ticket.nature,
        cause=outcome.cause,
        remedy=outcome.remedy.strip(),
        on_site=on_site,
        established=outcome.established,
        solved=outcome.solved,
        is_repeat=outcome.is_repeat,
        unreachable=unreachable,
        at=at,
        by=by,
    )


def _require_attempts(ticket: Ticket) -> None:
    rules = DeskRules.current()
    zone = ZoneInfo(settings.BUSINESS_TIME_ZONE)
    tries = ticket.reply_attempts.filter(round=ticket.round).exclude(result=AttemptResult.REACHED)
    made = list(tries.values_list("at", flat=True))
    days = {at.astimezone(zone).date() for at in made}
    if len(made) < rules.attempts_before_unreachable or len(days) < rules.days_before_unreachable:
        raise NotPossible(
            _(
                "%(ticket)s can be concluded as unreachable after %(attempts)d attempts on at least %(days)d days; "
                "so far there are %(made)d on %(on)d."
            )
            % {
                "ticket": ticket.reference,
                "attempts": rules.attempts_before_unreachable,
                "days": rules.days_before_unreachable,
                "made": len(made),
                "on": len(days),
            },
            code="too_few_attempts",
            state=ticket.state,
        )
