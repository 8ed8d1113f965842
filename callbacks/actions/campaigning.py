"""A campaign: a month's concluded rounds are sampled once, what was never asked is called back, until its last day."""

import random
import secrets
from datetime import date, datetime, time, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from accounts.models import Person, Role, Unit, keys_under
from calendars.months import month_of
from callbacks.actions.opening import who_had_a_part
from callbacks.actions.rows import locked
from callbacks.answers import Mode, Standing
from callbacks.models import Callback, Campaign, Sample
from common.apart import apart, resting
from common.refusals import Malformed, NotPossible, NotYours
from complaints.actions.history import record
from complaints.models import Conclusion, Ticket
from complaints.models.permissions import SUPERVISING
from complaints.states import LIABLE, State, Verdict
from contact import gate

STARTING = (*SUPERVISING, Role.CALLBACK_AGENT)
FURTHEST_AHEAD = timedelta(days=366)


@transaction.atomic
def start(
    *,
    month: date,
    unit: Unit,
    sample: str,
    share: int | None = None,
    calls_from: date | None = None,
    calls_until: date | None = None,
    by: Person,
    at: datetime,
) -> Campaign:
    """Draw a campaign. A round is called back once (R71), so one that was asked already only counts in it.

    What is open is bound to the campaign; what is exempt by the standing rule, or was never asked, gets a callback by
    phone, from `calls_from` (at once) until `calls_until` (until everybody was called). Cancelled tickets, those opened
    again since, and those without a reachable round stay out.
    Raises Malformed for an unknown rule, a share or days out of range or a month to come, NotPossible `drawn_already`,
    NotYours for who neither supervises nor calls back over the unit.
    """
    if not by.authority(at).holds(*STARTING, over=unit):
        raise NotYours(
            _("It is not yours to start a campaign over %(unit)s. It can be done by: a supervisor or a callback agent.")
            % {"unit": unit.name},
            code="not_yours",
        )
    _check(month, sample, share, at=at)
    _check_days(calls_from, calls_until, at=at)
    seed = secrets.randbelow(2**62)
    try:
        with transaction.atomic():
            campaign = Campaign.objects.create(
                month=month.replace(day=1),
                unit=unit,
                sample=sample,
                share=share if sample == Sample.SHARE else None,
                seed=seed,
                calls_from=calls_from,
                calls_until=calls_until,
                started_at=at,
                started_by=by,
            )
    except IntegrityError as error:
        raise NotPossible(_("This campaign was drawn already."), code="drawn_already") from error
    for conclusion in _drawn(campaign):
        _call_back(campaign, conclusion, by=by, at=at)
    return campaign


def end_due(now: datetime) -> None:
    """Let go what a campaign past its last day has not called, each in a transaction of its own; then it has ended."""
    for campaign in Campaign.objects.past_their_end(_day(now)).order_by("pk"):
        open_still = campaign.callbacks.open().drawn_after_the_end()
        for callback in open_still.exclude(pk__in=resting("callback", now)).order_by("ticket", "pk"):
            with apart("callback", callback.pk, now=now):
                _let_go(callback, at=now)
        if not open_still.exists():
            Campaign.objects.filter(pk=campaign.pk, ended_at__isnull=True).update(ended_at=now)


def _let_go(callback: Callback, *, at: datetime) -> None:
    """End one that was not called in time; whoever is on the phone about it just now goes on."""
    current = locked(callback)
    if not current.is_open or (current.taken_until is not None and at < current.taken_until):
        return
    current.end(Standing.CANCELLED, at=at)
    current.take_out_of_hand()
    current.save()
    current.ticket.save_move()
    record(current.ticket, "campaign_ended", by=None, at=at, campaign=current.campaign_id)


def _check_days(calls_from: date | None, calls_until: date | None, *, at: datetime) -> None:
    today = _day(at)
    errors: dict[str, list[str]] = {}
    if calls_from is not None and not today <= calls_from <= today + FURTHEST_AHEAD:
        errors["calls_from"] = [_("Choose a day from today on, within a year.")]
    if calls_until is not None and not (calls_from or today) <= calls_until <= today + FURTHEST_AHEAD:
        errors["calls_until"] = [_("Choose a day on which the calls have begun, within a year.")]
    if errors:
        raise Malformed(_("This campaign cannot be drawn as it stands."), errors=errors)


def _check(month: date, sample: str, share: int | None, *, at: datetime) -> None:
    errors: dict[str, list[str]] = {}
    if sample not in Sample.values:
        errors["sample"] = [_("Choose one of: %(choices)s.") % {"choices": ", ".join(Sample.values)}]
    if sample == Sample.SHARE and (share is None or not 1 <= share <= 100):
        errors["share"] = [_("Give a share between 1 and 100 per cent.")]
    if _begins(month) > at:
        errors["month"] = [_("This month has not begun.")]
    if errors:
        raise Malformed(_("This campaign cannot be drawn as it stands."), errors=errors)


def _drawn(campaign: Campaign) -> list[Conclusion]:
    """The conclusions that the rule takes, in the order of the tickets; a share is drawn by the campaign's seed."""
    begins, ends = month_of(_begins(campaign.month))
    rounds = (
        Conclusion.objects.filter(
            at__gte=begins,
            at__lt=ends,
            unreachable=False,
            round=models.F("ticket__round"),
            ticket__state__in=[State.CALLBACK, State.CLOSED],
            ticket__accepting_unit__in=keys_under(campaign.unit.path),
        )
        .select_related("ticket")
        .order_by("ticket", "pk")
    )
    if campaign.sample == Sample.DISSATISFIED:
        rounds = rounds.filter(verdict=Verdict.DOES_NOT_ACCEPT)
    elif campaign.sample == Sample.REOPENED:
        rounds = rounds.filter(round__gt=1)
    elif campaign.sample == Sample.LIABLE:
        rounds = rounds.filter(liability__in=sorted(LIABLE))
    found = list(rounds)
    if campaign.sample == Sample.SHARE and campaign.share is not None:
        chosen = random.Random(campaign.seed).sample(range(len(found)), ceil(len(found) * campaign.share / 100))
        found = [found[place] for place in sorted(chosen)]
    return found


def _call_back(campaign: Campaign, conclusion: Conclusion, *, by: Person, at: datetime) -> None:
    ticket = (
        Ticket.objects.select_for_update(of=("self",))
        .select_related("matter", "accepting_unit")
        .get(pk=conclusion.ticket_id)
    )
    if ticket.round != conclusion.round or ticket.state not in {State.CALLBACK, State.CLOSED}:
        return  # it went on meanwhile
    known = Callback.objects.select_for_update().filter(ticket=ticket, round=ticket.round)
    asked = known.exclude(state=Standing.EXEMPT).first()
    if asked is not None:
        if asked.campaign_id is None:
            asked.campaign = campaign
            asked.save(update_fields=["campaign"])
        return
    opened = Callback.objects.create(
        ticket=ticket,
        round=ticket.round,
        campaign=campaign,
        mode=Mode.PHONE,
        desk=ticket.accepting_unit.get_nearest("callback_desk"),
        opened_at=at,
        planned_for=gate.decide(ticket.matter, at=_first_call(campaign, at=at)).permitted_from,
    )
    opened.not_by.add(*who_had_a_part(ticket))
    record(ticket, "campaign_drew", by=by, at=at, campaign=campaign.pk)


def _begins(month: date) -> datetime:
    return _midnight(month.replace(day=1))


def _first_call(campaign: Campaign, *, at: datetime) -> datetime:
    return at if campaign.calls_from is None else max(at, _midnight(campaign.calls_from))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=_zone())


def _day(at: datetime) -> date:
    return at.astimezone(_zone()).date()


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.BUSINESS_TIME_ZONE)
