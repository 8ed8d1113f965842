"""A ticket's history as a story: each entry a sentence, with the names that its codes stand for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, Role, known_units
from calendars.models import Calendar
from callbacks.answers import Satisfaction, Standing
from complaints.models import Category, Entry, Ticket
from complaints.models.follow_up import FollowUpResult
from complaints.states import Addressee, AttemptResult, Fault, Level, Liability, Medium, Nature, Urgency, Verdict
from contact.models import Consent
from desk.moments import short
from escalation.kinds import Closing, Reason, What
from letters.kinds import Step
from repeats.models import Ground
from sla.kinds import Kind
from sla.models import Policy

# kind: the icon, and the sentence with names of what its data hold
SENTENCES: dict[str, tuple[str, Any]] = {
    "accepted": ("plus", _("Accepted by %(medium)s at %(unit)s, %(urgency)s")),
    "resolved_on_site": ("circle-check", _("Solved on the spot: the customer %(verdict)s, liability %(liability)s")),
    "returned": ("arrow-back-up", _("Returned for completion: %(faults)s")),
    "resubmitted": ("send", _("Submitted again")),
    "dispatched": ("send", _("Sent to %(unit)s")),
    "handled_at_desk": ("tool", _("Handled at the dispatch desk itself")),
    "recalled": ("arrow-back-up", _("Recalled from %(unit)s")),
    "claimed": ("user-check", _("Claimed")),
    "released": ("arrow-back-up", _("Given back to the unit's queue")),
    "assigned": ("user-check", _("Put into the hands of %(to)s")),
    "transferred": ("arrows-exchange", _("Transferred from %(from_unit)s to %(unit)s")),
    "sent_back": ("arrow-back-up", _("Sent back by %(unit)s: %(faults)s")),
    "fed_back": ("message-2", _("Findings handed over for the reply")),
    "feedback_rejected": ("arrow-back-up", _("Feedback rejected")),
    "reply_begun": ("phone-call", _("Began the reply")),
    "reply_released": ("x", _("The begun reply was let go")),
    "reply_attempted": ("phone-call", _("Not reached by %(medium)s: %(result)s; next attempt %(next_at)s")),
    "replied": ("message-2", _("Replied by %(medium)s")),
    "letter_drafted": ("note", _("Began a written reply: %(medium)s")),
    "letter_revised": ("note", _("Changed the written reply: version %(number)s")),
    "letter_submitted": ("checklist", _("The written reply was put up for approval, version %(number)s")),
    "letter_approved": ("circle-check", _("The written reply was approved by %(step)s")),
    "letter_refused": ("x", _("The written reply was refused by %(step)s")),
    "letter_withdrawn": ("arrow-back-up", _("The written reply was given up")),
    "progress_told": ("phone-call", _("Told the customer how it stands, by %(medium)s")),
    "interim_reported": ("tool", _("%(unit)s helped for now, before the cause is known")),
    "follow_up_opened": ("heart-handshake", _("The customer manager speaks with the customer by %(until)s: %(to)s")),
    "follow_up_done": ("heart-handshake", _("Follow-up: %(follow_up)s")),
    "concluded": ("checklist", _("Concluded as %(nature)s: the customer %(verdict)s, liability %(liability)s")),
    "concluded_unreachable": ("checklist", _("Concluded: the customer could not be reached")),
    "conclusion_confirmed": ("circle-check", _("Conclusion confirmed")),
    "reopened": ("history", _("Opened again, round %(round)s")),
    "callback_finished": ("phone-check", _("The callback is over: %(how)s")),
    "callback_answered": (
        "phone-check",
        _("Callback: %(with_result)s with the result, %(with_handling)s with the handling"),
    ),
    "callback_attempted": ("phone-check", _("Callback not reached: %(result)s; next attempt %(next_at)s")),
    "cancelled": ("ban", _("Cancelled")),
    "merged": ("stack-2", _("Merged into %(into)s")),
    "absorbed": ("stack-2", _("%(absorbed)s was merged into this ticket")),
    "held": ("player-pause", _("On hold until %(until)s")),
    "resumed": ("clock", _("The hold ended")),
    "promised": ("heart-handshake", _("Promised to the customer for %(agreed_for)s")),
    "consented": ("check", _("The customer consented to: %(what)s")),
    "assistance_asked": ("users", _("%(unit)s was asked for assistance")),
    "assistance_answered": ("users", _("%(unit)s answered")),
    "chased_up": ("bell", _("Chase-up %(number)s by %(medium)s")),
    "facts_added": ("note", _("The customer has told more")),
    "repeat_found": ("stack-2", _("Found to repeat %(earlier)s, which was: %(ground)s")),
    "repeat_confirmed": ("check", _("Confirmed to repeat %(earlier)s")),
    "repeat_rejected": ("x", _("No repeat of %(earlier)s after all")),
    "repeat_linked": ("stack-2", _("Said to repeat %(earlier)s, which was: %(ground)s")),
    "chase_up_answered": ("bell", _("Chase-up %(number)s answered")),
    "reclassified": ("list-details", _("Filed otherwise: %(new_filing)s, was %(old_filing)s")),
    "marked_grave": ("alert-circle", _("Marked as grave")),
    "case_opened": ("flag", _("Case %(number)s of an authority is on record: %(addressee)s, %(level)s")),
    "case_accepted": ("check", _("The authority accepted the case %(number)s")),
    "case_declined": ("x", _("The authority did not accept the case %(number)s")),
    "case_document_added": ("note", _("A document was added to the case %(number)s")),
    "case_document_withdrawn": ("x", _("A document of the case %(number)s was withdrawn")),
    "case_answered": ("message-2", _("We answered the authority: case %(number)s")),
    "case_closed": ("circle-check", _("The case %(number)s of the authority has ended")),
    "appeal_near": ("alert-circle", _("The supervisor was told: the customer may appeal from %(may_appeal_at)s")),
    "readdressed": ("flag", _("Put to: %(addressee)s")),
    "handed_over": ("arrows-exchange", _("Ownership handed over to %(new_person)s")),
    "replier_named": ("user", _("%(new_person)s replies")),
    "commented": ("note", _("Comment")),
    "file_added": ("note", _("A file was added")),
    "file_removed": ("x", _("A file was removed")),
    "status_shown": ("eye", _("The customer asked by the code how it stands")),
    "flag_raised": ("flag", _("Flag %(flag)s raised on the customer")),
    "flag_lifted": ("flag", _("Flag %(flag)s lifted")),
    "rule_overridden": ("alert-circle", _("Acted against the handling rule of flag %(flag)s")),
    "campaign_drew": ("phone-check", _("Drawn by a callback campaign")),
    "campaign_ended": ("x", _("The callback campaign ended before the customer was called")),
    "demanded": ("alert-circle", _("A supervisor demands")),
    "breached": ("clock", _("Limit missed: %(clock)s")),
    "due_moved": ("clock", _("Due time of %(clock)s moved from %(old_due)s to %(new_due)s")),
    "due_moved_by_policy": (
        "clock",
        _("Due time of %(clock)s moved from %(old_due)s to %(new_due)s: %(policy_name)s was published"),
    ),
    "due_moved_by_calendar": (
        "clock",
        _("Due time of %(clock)s moved from %(old_due)s to %(new_due)s: the calendar %(calendar_name)s has changed"),
    ),
    "due_moved_by_customer": (
        "clock",
        _("Due time of %(clock)s moved from %(old_due)s to %(new_due)s: the customer's tier or brand has changed"),
    ),
    "limit_extended": ("clock", _("Limit of %(clock)s extended to %(until)s")),
    "escalated": ("alert-circle", _("Escalated to %(role)s: %(reason)s")),
    "escalated_by_hand": ("alert-circle", _("Escalated by hand")),
    "escalation_acknowledged": ("check", _("Escalation acknowledged")),
    "escalation_resolved": ("circle-check", _("Escalation resolved")),
    "escalation_closed": ("circle-check", _("Escalation closed: %(because)s")),
    "escalation_step_refused": ("x", _("A step of the ladder could not be done: %(step)s")),
    "acknowledgement_missed": ("clock", _("Nobody acknowledged the escalation by %(due_at)s")),
    "gravity_confirmed": ("check", _("Confirmed as grave")),
    "gravity_lowered": ("arrow-back-up", _("Found not to be that grave")),
    "rounds_decided": ("checklist", _("Decided after the last round: it stays closed")),
    "survey_expired": ("phone-check", _("The survey ended without an answer")),
    "approval_requested": ("checklist", _("A solution was put up for approval, %(amount)s yuan")),
    "solution_granted": ("circle-check", _("A solution was granted within one's authority, %(amount)s yuan")),
    "approval_approved": ("circle-check", _("The solution was approved")),
    "approval_refused": ("x", _("The solution was refused")),
    "approval_withdrawn": ("arrow-back-up", _("The solution was withdrawn from approval")),
}

LABELS: dict[str, Any] = {
    "medium": Medium,
    "urgency": Urgency,
    "addressee": Addressee,
    "level": Level,
    "verdict": Verdict,
    "liability": Liability,
    "nature": Nature,
    "result": AttemptResult,
    "what": Consent.What,
    "follow_up": FollowUpResult,
    "with_result": Satisfaction,
    "with_handling": Satisfaction,
    "ground": Ground,
}
OTHER_LABELS: dict[str, dict[str, Any]] = {
    "escalated": {"clock": Kind, "reason": Reason, "role": Role},
    "escalation_closed": {"because": Closing},
    "breached": {"clock": Kind},
    "due_moved": {"clock": Kind},
    "limit_extended": {"clock": Kind},
    "callback_finished": {"how": Standing},
    "letter_approved": {"step": Step},
    "letter_refused": {"step": Step},
}
"""Codes that mean something else in another kind of entry."""
UNITS = ("unit", "from_unit")
MOMENTS = ("may_appeal_at", "next_at", "agreed_for", "until", "due_at", "old_due_at", "new_due_at")


@dataclass(frozen=True)
class Line:
    """One line of the story."""

    icon: str
    words: str
    at: datetime
    who: str
    origin: str
    note: str
    blanked: bool


def story_of(ticket: Ticket, now: datetime) -> list[Line]:
    """The whole history, newest first; a handful of queries however long it is."""
    entries = list(ticket.entries.select_related("note").order_by("-pk"))
    names = Names.of(entries)
    return [_line(entry, names, now) for entry in entries]


def words_of(changes: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What changed meanwhile, as a refusal lists it, with the kinds in words."""
    return [{**change, "words": _headline(str(change["kind"]))} for change in changes]


@dataclass(frozen=True)
class Names:
    """The names of the units, people and categories that entries refer to by code."""

    units: Mapping[str, str]
    people: Mapping[int, str]
    categories: Mapping[str, str]
    policies: Mapping[tuple[str, int], str]
    calendars: Mapping[str, str]

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Names":
        """Read them at once."""
        units: set[str] = set()
        people: set[int] = set()
        categories: set[str] = set()
        policies: set[str] = set()
        calendars: set[str] = set()
        for entry in entries:
            policies |= {entry.data["policy"]} if entry.data.get("policy_version") else set()
            calendars |= {entry.data["calendar"]} if entry.data.get("calendar_version") else set()
            units |= {entry.data[key] for key in UNITS if entry.data.get(key)}
            people |= {entry.data[key] for key in ("to", "new") if isinstance(entry.data.get(key), int)}
            people |= {entry.by_id} if entry.by_id else set()
            for side in ("old", "new"):
                if isinstance(entry.data.get(side), dict) and "category" in entry.data[side]:
                    categories.add(entry.data[side]["category"])
        return cls(
            units={unit.code: unit.name for unit in known_units().by_pk.values() if unit.code in units},
            people={person.pk: person.name for person in Person.objects.filter(pk__in=people)},
            categories={each.code: each.name for each in Category.kept.get().values() if each.code in categories},
            policies={(each.code, each.version): str(each) for each in Policy.objects.filter(code__in=policies)}
            if policies
            else {},
            calendars={each.code: each.name for each in Calendar.objects.filter(code__in=calendars)}
            if calendars
            else {},
        )


def _headline(kind: str) -> str:
    """A sentence without its data: the words before the first name."""
    words = str(SENTENCES[kind][1]) if kind in SENTENCES else kind.replace("_", " ")
    return words.split("%(")[0].rstrip(" ：:，,;") or kind.replace("_", " ")


def _line(entry: Entry, names: Names, now: datetime) -> Line:
    icon, sentence = SENTENCES.get(_kind(entry), ("history", entry.kind.replace("_", " ")))
    return Line(
        icon=icon,
        words=str(sentence) % _facts(entry, names, now),
        at=entry.at,
        who=names.people[entry.by_id] if entry.by_id else _now("the system"),
        origin=entry.origin,
        note=entry.note.text if entry.note else "",
        blanked=bool(entry.note and entry.note.blanked_at),
    )


def _kind(entry: Entry) -> str:
    """Which sentence tells an entry: a few kinds have several, by what their data say."""
    if entry.kind == "callback_finished" and "with_result" in entry.data:
        return "callback_answered"
    if entry.kind == "due_moved" and f"due_moved_by_{entry.data.get('because')}" in SENTENCES:
        return f"due_moved_by_{entry.data['because']}"
    return entry.kind


def _facts(entry: Entry, names: Names, now: datetime) -> Mapping[str, str]:
    data = entry.data
    facts: defaultdict[str, str] = defaultdict(str, {key: str(value) for key, value in data.items()})
    for key in UNITS:
        if data.get(key):
            facts[key] = names.units.get(data[key], data[key])
    for key, choices in LABELS.items():
        if data.get(key) in choices.values:
            facts[key] = str(choices(data[key]).label)
    for key, choices in OTHER_LABELS.get(entry.kind, {}).items():
        if data.get(key) in choices.values:
            facts[key] = str(choices(data[key]).label)
    if entry.kind == "escalation_step_refused" and data.get("what") in What.values:
        facts["step"] = str(What(data["what"]).label)
    if entry.kind == "due_moved":
        for side in ("old", "new"):
            instant = parse_datetime(data.get(side) or "")
            facts[f"{side}_due"] = short(instant, now) if instant else _now("nothing due")
    facts["policy_name"] = names.policies.get((data.get("policy", ""), data.get("policy_version", 0)), "")
    facts["calendar_name"] = names.calendars.get(data.get("calendar", ""), "")
    for key in MOMENTS:
        if isinstance(data.get(key), str) and (instant := parse_datetime(data[key])) is not None:
            facts[key] = short(instant, now)
    if isinstance(data.get("faults"), list):
        facts["faults"] = ", ".join(str(Fault(fault).label) for fault in data["faults"] if fault in Fault.values)
    if entry.kind == "escalated" and data.get("role") not in Role.values:
        facts["role"] = _now("the owner")
    if entry.kind == "escalated" and data.get("share"):
        facts["reason"] = _now("%(share)s %% of the limit have passed") % {"share": data["share"]}
    if entry.kind == "escalated" and data.get("clock") in Kind.values:
        facts["reason"] += f" · {facts['clock']}"
    if isinstance(data.get("to"), int):
        facts["to"] = names.people.get(data["to"], "")
    if entry.kind in {"handed_over", "replier_named"}:
        facts["new_person"] = names.people.get(data.get("new") or 0, _now("the owner"))
    if entry.kind == "reclassified":
        facts["old_filing"], facts["new_filing"] = _filing(data.get("old"), names), _filing(data.get("new"), names)
    if entry.kind == "readdressed" and data.get("new") in Addressee.values:
        facts["addressee"] = str(Addressee(data["new"]).label)
    return facts


def _filing(side: Any, names: Names) -> str:
    if not isinstance(side, dict):
        return ""
    urgency = side.get("urgency", "")
    label = str(Urgency(urgency).label) if urgency in Urgency.values else ""
    return " · ".join(part for part in (names.categories.get(side.get("category", ""), ""), label) if part)
