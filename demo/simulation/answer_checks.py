"""What must hold of written replies, offers, follow-ups, campaigns and cases of authorities, in words of this module.

As in `invariants`, nothing here asks the rules: who may agree, what a category asks for and what ends a case stand here
a second time.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from approvals.models import Approval
from authorities.models import Case
from complaints.models import Conclusion, Entry, FollowUp
from customers.models import Flag
from letters.models import Letter, Review, Version


def nobody_agrees_to_their_own(now: datetime) -> Iterator[str]:
    """Who wrote at a letter never agrees to it, who offers something above their authority never decides (R33, R41)."""
    authors: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for letter, number, by in Version.objects.values_list("letter", "number", "written_by"):
        authors[letter].append((number, by))
    for pk, letter, read, by in Review.objects.order_by("pk").values_list("pk", "letter", "version__number", "by"):
        # Who has said no may write the next version; somebody else agrees to that.
        if any(author == by and number <= read for number, author in authors[letter]):
            yield f"letter {letter}: review {pk} is by one of its authors"
    for approval in Approval.objects.exclude(decision__in=["", "granted", "withdrawn"]).select_related("ticket"):
        if approval.decided_by_id in {None, approval.requested_by_id}:
            yield f"{approval.ticket.reference}: {approval.amount} yuan, asked for and decided by the same person"


def every_letter_sent_was_agreed_to(now: datetime) -> Iterator[str]:
    """The words that went out are those to which the lead agreed, and the legal adviser where the category asks so."""
    said: dict[tuple[int, int], dict[str, Review]] = defaultdict(dict)
    for review in Review.objects.select_related("version").order_by("pk"):
        said[review.letter_id, review.version.number][review.step] = review
    sent = Letter.objects.filter(standing="sent").select_related("ticket", "template").order_by("pk")
    replied = set(Entry.objects.filter(kind="replied").values_list("ticket", "at"))
    for letter in sent:
        name = f"{letter.ticket.reference} letter {letter.pk}"
        exempt = letter.template is not None and letter.template.legal_exempt
        for step in ["lead"] if exempt else ["lead", "legal"]:
            agreed = said[letter.pk, letter.number].get(step)
            if agreed is None or not agreed.approves or letter.sent_at is None or agreed.at > letter.sent_at:
                yield f"{name} went out without the yes of: {step}"
        if (letter.ticket_id, letter.sent_at) not in replied:
            yield f"{name} went out, and the history tells of no reply then"


def who_does_not_accept_is_heard(now: datetime) -> Iterator[str]:
    """'Does not accept' gives flag C1 at that instant, and a follow-up in that round (R44)."""
    flagged = set(Flag.objects.filter(kind="C1").values_list("customer", "raised_at"))
    followed = set(FollowUp.objects.values_list("ticket", "round"))
    refused = Conclusion.objects.filter(verdict="does_not_accept").select_related("ticket").order_by("pk")
    for conclusion in refused:
        name = f"{conclusion.ticket.reference} round {conclusion.round}"
        if (conclusion.ticket.customer_id, conclusion.at) not in flagged:
            yield f"{name}: not accepted, and no flag C1"
        if (conclusion.ticket_id, conclusion.round) not in followed:
            yield f"{name}: not accepted, and nobody follows up"


def a_case_ends_as_its_history_says(now: datetime) -> Iterator[str]:
    """Each instant of a case stands in the history of its ticket; what is over owes no answer and had one or none."""
    told: dict[tuple[int, int], dict[str, datetime]] = defaultdict(dict)
    entries = Entry.objects.filter(kind__startswith="case_").order_by("pk")
    for ticket, kind, at, data in entries.values_list("ticket", "kind", "at", "data"):
        told[ticket, data["case"]][kind] = at
    for case in Case.objects.order_by("pk"):
        history, name = told[case.ticket_id, case.pk], f"case {case.number}"
        wanted = {"case_opened": case.opened_at, "case_answered": case.answered_at}
        if case.state in {"closed", "declined"}:
            wanted[f"case_{case.state}"] = case.closed_at
        for kind, instant in wanted.items():
            if history.get(kind) != instant:
                yield f"{name}: {kind} at {instant}, its history says {history.get(kind)}"
        if case.state in {"closed", "declined"} and (case.closed_at is None or case.closed_at < case.opened_at):
            yield f"{name} is {case.state} since {case.closed_at}"
        if not case.lodged_at <= case.received_at <= case.opened_at:
            yield f"{name} came on record before it was received, or was received before it was lodged"
        if (case.state == "accepted") != (case.decision_due_at is not None and case.closed_at is None):
            yield f"{name} is {case.state}, its authority answers by {case.decision_due_at}"


ANSWER_CHECKS = (
    nobody_agrees_to_their_own,
    every_letter_sent_was_agreed_to,
    who_does_not_accept_is_heard,
    a_case_ends_as_its_history_says,
)
