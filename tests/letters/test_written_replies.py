"""R41: letters, faxes and e-mails are drafted, checked, approved by lead and legal adviser, then sent."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from accounts.models import Role
from approvals import actions as approvals
from approvals.models import SolutionKind
from common.refusals import Malformed, NotPossible, NotYours
from complaints.actions import cancelling, replying
from complaints.models import Category, Entry
from complaints.states import Medium, State
from contact.models import Contact
from letters.actions import approving, drafting, sending
from letters.actions.drafting import Wording
from letters.kinds import Language, Standing, Step
from letters.models import ForbiddenPhrase, Letter, LetterTemplate
from notifications.delivery import deliver
from notifications.models import Message
from sla.models import Clock
from tests.letters.writing import COMPLETE, a_draft, a_submitted, an_approved, now
from tests.people import (
    MONDAY_NIGHT,
    MONDAY_NINE,
    MONDAY_TEN,
    TUESDAY_NINE,
    a_customer,
    a_ticket_to_reply,
    category,
    fresh,
    local,
    person,
    somebody,
)

pytestmark = pytest.mark.django_db

INCOMPLETE = Wording(
    addressee="Ines", address="ines@customer.example", subject="Hello", body="Dear Ines, no comment. [[amount]]"
)


@pytest.fixture
def ticket(db):
    """A ticket about a bill whose feedback awaits Rosa's reply."""
    return a_ticket_to_reply()


# Templates


def test_r46_a_letter_begins_with_the_template_of_its_category_and_the_values_of_its_ticket(ticket, rosa):
    words = drafting.propose(ticket, language=Language.ENGLISH, by=rosa, at=MONDAY_NINE)

    assert ticket.reference in words.subject
    assert "A splitter had failed." in words.body
    assert "12055550101" not in words.body
    assert [finding.kind for finding in drafting.check(a_draft(ticket, wording=words), words)] == ["gap"]


def test_r46_a_letter_in_chinese_is_chinese_throughout(ticket, rosa):
    words = drafting.propose(ticket, language=Language.CHINESE, by=rosa, at=MONDAY_NINE)

    assert "2026年3月2日" in words.body
    assert ticket.category.name_zh in words.body
    assert rosa.name_zh in words.body


def test_r46_the_nearest_template_up_the_tree_holds():
    general = LetterTemplate.get_for(Category.objects.get(code="tv"))
    billing = LetterTemplate.get_for(category())
    own = LetterTemplate.objects.create(
        category=category(), subject_zh="x", subject_en="x", body_zh="x", body_en="{amount}"
    )
    own.full_clean()

    assert general.category is None
    assert billing.category.code == "billing"
    assert LetterTemplate.get_for(category()) == own


def test_r46_an_unknown_name_is_refused_when_the_template_is_saved():
    template = LetterTemplate.get_for(category())
    template.body_en = "Dear {customer}, your {password}"

    with pytest.raises(ValidationError) as refused:
        template.full_clean()

    assert list(refused.value.message_dict) == ["body_en"]


def test_r46_what_a_customer_wrote_stays_text(rosa):
    customer = a_customer(name='<img src=x onerror="alert(1)"> {number}')
    ticket = a_ticket_to_reply(customer=customer)

    words = drafting.propose(ticket, language=Language.ENGLISH, by=rosa, at=MONDAY_NINE)

    assert 'Dear <img src=x onerror="alert(1)"> {number},' in words.body


# Drafting


def test_r42_drafting_takes_the_reply(ticket):
    a_draft(ticket)

    assert fresh(ticket).replying_by == person("rosa")


def test_r42_who_finds_a_reply_begun_cannot_draft_another(ticket, rosa):
    rosa.assignments.get().delegations.create(delegate=person("zhaomin"), starts_at=MONDAY_NINE, ends_at=TUESDAY_NINE)
    replying.begin_reply(ticket, by=rosa, at=MONDAY_NINE)

    with pytest.raises(NotPossible) as refused:
        drafting.draft(
            fresh(ticket), medium=Medium.LETTER, language=Language.ENGLISH, by=person("zhaomin"), at=MONDAY_NINE
        )

    assert refused.value.code == "reply_begun"


def test_r42_there_is_one_letter_in_the_making(ticket):
    a_draft(ticket)

    with pytest.raises(NotPossible) as refused:
        a_draft(ticket)

    assert refused.value.code == "letter_open"


@pytest.mark.parametrize("who", ["wei", "noor", "lin"])
def test_r40_only_who_replies_drafts(ticket, who):
    with pytest.raises(NotYours):
        drafting.draft(fresh(ticket), medium=Medium.LETTER, language=Language.ENGLISH, by=person(who), at=MONDAY_NINE)


@pytest.mark.parametrize(("medium", "language"), [(Medium.PHONE, "en"), ("pigeon", "en"), (Medium.LETTER, "fr")])
def test_r41_a_letter_goes_by_a_written_medium_in_a_language_of_the_house(ticket, rosa, medium, language):
    with pytest.raises(Malformed):
        drafting.draft(fresh(ticket), medium=medium, language=language, by=rosa, at=MONDAY_NINE)


@pytest.mark.parametrize("medium", [Medium.LETTER, Medium.FAX, Medium.EMAIL])
def test_r41_no_letter_is_recorded_as_a_reply_past_its_approval(ticket, rosa, medium):
    with pytest.raises(Malformed) as refused:
        replying.reply(fresh(ticket), medium=medium, text="It works again.", by=rosa, at=MONDAY_TEN)

    assert refused.value.code == "written_reply"
    assert fresh(ticket).state == State.REPLYING


def test_r41_versions_are_kept_and_the_same_words_make_none(ticket, rosa):
    letter = a_draft(ticket)

    drafting.revise(letter, wording=COMPLETE, by=rosa, at=MONDAY_TEN)
    drafting.revise(letter, wording=INCOMPLETE, by=rosa, at=MONDAY_TEN)

    assert [(each.number, each.subject) for each in letter.versions.order_by("number")] == [
        (1, COMPLETE.subject),
        (2, "Hello"),
    ]


def test_r42_words_written_on_an_old_version_are_refused(ticket, rosa):
    letter = a_draft(ticket)
    drafting.revise(letter, wording=INCOMPLETE, seen=1, by=rosa, at=MONDAY_TEN)

    with pytest.raises(NotPossible) as refused:
        drafting.revise(letter, wording=COMPLETE, seen=1, by=rosa, at=MONDAY_TEN)

    assert (refused.value.code, refused.value.facts["number"]) == ("changed_meanwhile", 2)


@pytest.mark.parametrize(
    ("field", "text"), [("body", "\x07"), ("subject", "x" * 201), ("addressee", "x" * 121), ("address", "\x00")]
)
def test_what_cannot_be_kept_is_refused_by_field(ticket, field, text):
    with pytest.raises(Malformed) as refused:
        a_draft(ticket, wording=Wording(**{field: text}))

    assert list(refused.value.errors) == [field]


def test_a_subject_is_one_line_so_that_it_can_be_a_header(ticket):
    letter = a_draft(ticket, wording=Wording(subject="Bill\r\nBcc: everybody@example.com", body="x"))

    assert letter.get_current().subject == "Bill Bcc: everybody@example.com"


# The check


def test_r41_an_incomplete_letter_is_not_put_up_for_approval(ticket, rosa):
    letter = a_draft(ticket, wording=INCOMPLETE)

    with pytest.raises(Malformed) as refused:
        approving.submit(letter, by=rosa, at=MONDAY_TEN)

    assert refused.value.code == "letter_incomplete"
    told = " ".join(refused.value.errors["body"])
    assert "amount" in told
    assert "no comment" in told
    assert "how to reach us again" in told
    assert now(letter).standing == Standing.DRAFT


@pytest.mark.parametrize("address", ["", "nobody", "a@b@c", "ines@customer.example, x@y.example"])
def test_an_email_goes_to_one_address(ticket, rosa, address):
    letter = a_draft(ticket, wording=Wording("Ines", address, COMPLETE.subject, COMPLETE.body))

    with pytest.raises(Malformed) as refused:
        approving.submit(letter, by=rosa, at=MONDAY_TEN)

    assert list(refused.value.errors) == ["address"]


def test_r41_a_phrase_that_was_forbidden_meanwhile_keeps_an_approved_letter_back(ticket, rosa):
    letter = an_approved(ticket)
    ForbiddenPhrase.objects.create(language=Language.ENGLISH, phrase="taken back")

    with pytest.raises(Malformed) as refused:
        sending.send(letter, by=rosa, at=MONDAY_TEN)

    assert refused.value.code == "letter_incomplete"
    assert fresh(ticket).state == State.REPLYING


# Approval


def test_r41_the_lead_then_the_legal_adviser_agree(ticket):
    letter = a_submitted(ticket)
    with pytest.raises(NotYours):
        approving.decide(letter, approves=True, by=person("luyi"), at=MONDAY_TEN)

    approving.decide(letter, approves=True, by=person("mengyao"), at=MONDAY_TEN)
    assert now(letter).awaits == Step.LEGAL
    approving.decide(letter, approves=True, by=person("luyi"), at=MONDAY_TEN)

    assert now(letter).standing == Standing.APPROVED
    assert [review.step for review in letter.reviews.order_by("pk")] == [Step.LEAD, Step.LEGAL]
    assert fresh(ticket).open_approvals == 0


def test_r41_a_category_can_be_exempt_from_the_legal_adviser():
    ticket = a_ticket_to_reply(of="broadband.outage.frequent")

    letter = a_submitted(ticket)
    approving.decide(letter, approves=True, by=person("mengyao"), at=MONDAY_TEN)

    assert now(letter).standing == Standing.APPROVED


def test_r41_the_leads_delegate_agrees_in_their_stead(ticket):
    lead = person("mengyao").assignments.get(role=Role.UNIT_LEAD)
    lead.delegations.create(delegate=person("zhaomin"), starts_at=MONDAY_NINE, ends_at=TUESDAY_NINE)

    letter = a_submitted(ticket)
    approving.decide(letter, approves=True, by=person("zhaomin"), at=MONDAY_TEN)

    assert now(letter).awaits == Step.LEGAL


def test_r41_an_approval_by_the_author_is_refused(ticket, rosa):
    lead = person("mengyao").assignments.get(role=Role.UNIT_LEAD)
    lead.delegations.create(delegate=rosa, starts_at=MONDAY_NINE, ends_at=TUESDAY_NINE)
    letter = a_submitted(ticket)

    with pytest.raises(NotYours) as refused:
        approving.decide(letter, approves=True, by=person("rosa"), at=MONDAY_TEN)

    assert refused.value.code == "own_letter"
    assert letter not in Letter.objects.to_decide_for(person("rosa"), MONDAY_TEN)


@pytest.mark.parametrize("who", ["wei", "douhai", "sam", "zhaomin", "kangming"])
def test_r41_nobody_else_agrees(ticket, who):
    letter = a_submitted(ticket)

    with pytest.raises(NotYours):
        approving.decide(letter, approves=True, by=person(who), at=MONDAY_TEN)


def test_r41_a_no_says_why_and_the_letter_is_a_draft_again(ticket, rosa):
    letter = a_submitted(ticket)
    with pytest.raises(Malformed):
        approving.decide(letter, approves=False, note=" ", by=person("mengyao"), at=MONDAY_TEN)

    approving.decide(letter, approves=False, note="Name the month.", by=person("mengyao"), at=MONDAY_TEN)

    assert now(letter).standing == Standing.DRAFT
    assert letter.reviews.get().note == "Name the month."
    assert fresh(ticket).open_approvals == 0
    assert Message.objects.filter(kind="letter_decided", recipient=rosa).exists()


def test_r41_a_decision_about_words_that_were_replaced_is_refused(ticket, rosa):
    letter = a_submitted(ticket)
    other = Wording(COMPLETE.addressee, COMPLETE.address, "Another subject", COMPLETE.body)
    drafting.revise(letter, wording=other, by=rosa, at=MONDAY_TEN)
    approving.submit(letter, by=rosa, at=MONDAY_TEN)

    with pytest.raises(NotPossible) as refused:
        approving.decide(letter, approves=True, seen=1, by=person("mengyao"), at=MONDAY_TEN)

    assert refused.value.code == "changed_meanwhile"


def test_r41_changing_an_approved_letter_makes_it_a_draft_again(ticket, rosa):
    letter = an_approved(ticket)

    drafting.revise(
        letter, wording=Wording("Ines", "else@customer.example", "A", COMPLETE.body), by=rosa, at=MONDAY_TEN
    )

    with pytest.raises(NotPossible) as refused:
        sending.send(letter, by=rosa, at=MONDAY_TEN)
    assert refused.value.code == "not_approved"


def test_r33_a_solution_is_approved_before_the_letter_that_offers_it(ticket, rosa):
    approvals.request(
        fresh(ticket), kind=SolutionKind.WAIVER, amount=Decimal(120), solution="Waive it.", by=rosa, at=MONDAY_NINE
    )
    letter = a_draft(ticket)

    with pytest.raises(NotPossible) as refused:
        approving.submit(letter, by=rosa, at=MONDAY_TEN)

    assert refused.value.code == "approval_open"


def test_r41_no_reply_by_another_way_while_a_letter_awaits_approval(ticket, rosa):
    a_submitted(ticket)

    with pytest.raises(NotPossible):
        replying.reply(fresh(ticket), medium=Medium.PHONE, text="It works.", by=rosa, at=MONDAY_TEN)


def test_the_approval_of_a_letter_takes_one_working_day_and_ends_with_the_last_yes(ticket):
    letter = a_submitted(ticket, at=MONDAY_TEN)
    clock = Clock.objects.get(ticket=ticket, kind="approve")
    assert (clock.variant, clock.due_at) == ("letter", local("2026-03-03 18:00"))

    approving.decide(letter, approves=True, by=person("mengyao"), at=MONDAY_TEN + timedelta(hours=1))
    assert Clock.objects.get(pk=clock.pk).ended_at is None
    approving.decide(letter, approves=True, by=person("luyi"), at=TUESDAY_NINE)

    ended = Clock.objects.get(pk=clock.pk)
    assert (ended.outcome, ended.ended_at) == ("met", TUESDAY_NINE)
    assert [review.took for review in letter.reviews.order_by("pk")] == [timedelta(hours=1), timedelta(hours=22)]


def test_the_approve_clock_is_cancelled_with_its_request(ticket, rosa):
    letter = a_submitted(ticket)

    drafting.withdraw(letter, by=rosa, at=MONDAY_TEN)

    assert Clock.objects.get(ticket=ticket, kind="approve").outcome == "cancelled"
    assert fresh(ticket).open_approvals == 0


def test_who_is_awaited_hears_of_it_and_sees_it(ticket):
    letter = a_submitted(ticket)

    assert list(Message.objects.filter(kind="letter_to_approve").values_list("recipient__username", flat=True)) == [
        "mengyao"
    ]
    assert letter in Letter.objects.to_decide_for(person("mengyao"), MONDAY_TEN)
    assert letter not in Letter.objects.to_decide_for(person("luyi"), MONDAY_TEN)
    assert letter not in Letter.objects.to_decide_for(somebody(Role.UNIT_LEAD, over="network"), MONDAY_TEN)


# Sending


def test_r41_an_approved_email_leaves_by_the_outbox_and_makes_the_move_of_a_reply(ticket, rosa):
    letter = an_approved(ticket)
    rosa.refresh_from_db()

    sending.send(letter, by=rosa, at=MONDAY_TEN)
    deliver(MONDAY_TEN)

    assert fresh(ticket).state == State.REPLIED
    (sent,) = [each for each in mail.outbox if each.to == ["ines@customer.example"]]
    assert (sent.subject, sent.body) == (COMPLETE.subject, COMPLETE.body)
    assert Contact.objects.filter(purpose="reply").count() == 1
    assert Clock.objects.get(ticket=ticket, kind="reply").ended_at == MONDAY_TEN
    assert Clock.objects.filter(ticket=ticket, kind="conclude", ended_at__isnull=True).exists()


def test_the_outbox_holds_no_word_of_the_letter(ticket, rosa):
    letter = an_approved(ticket)

    sending.send(letter, by=rosa, at=MONDAY_TEN)

    assert Message.objects.get(kind="written_reply").context == {"letter": letter.pk}


@pytest.mark.parametrize("medium", [Medium.LETTER, Medium.FAX])
def test_r41_a_letter_that_was_posted_is_a_reply(ticket, rosa, medium):
    letter = an_approved(ticket, medium=medium)

    sending.send(letter, by=rosa, at=MONDAY_TEN)

    assert fresh(ticket).state == State.REPLIED
    assert Contact.objects.get(purpose="reply").medium == medium
    assert not Message.objects.filter(kind="written_reply").exists()


@pytest.mark.parametrize("medium", [Medium.LETTER, Medium.EMAIL])
def test_r23_nothing_is_sent_in_quiet_hours(ticket, rosa, medium):
    letter = an_approved(ticket, medium=medium)

    with pytest.raises(NotPossible) as refused:
        sending.send(letter, by=rosa, at=MONDAY_NIGHT)

    assert refused.value.code == "quiet_hours"
    assert now(letter).standing == Standing.APPROVED
    assert not Contact.objects.filter(purpose="reply").exists()
    assert not Message.objects.filter(kind="written_reply").exists()


@pytest.mark.parametrize("write", [a_draft, a_submitted])
def test_r41_what_is_not_approved_is_not_sent(ticket, rosa, write):
    letter = write(ticket)

    with pytest.raises(NotPossible) as refused:
        sending.send(letter, by=rosa, at=MONDAY_TEN)

    assert refused.value.code == "not_approved"


def test_r42_a_letter_is_sent_once(ticket, rosa):
    letter = an_approved(ticket)
    sending.send(letter, by=rosa, at=MONDAY_TEN)

    with pytest.raises(NotPossible) as refused:
        sending.send(letter, by=rosa, at=MONDAY_TEN)

    assert refused.value.facts["replied_by"] == rosa.name
    assert Message.objects.filter(kind="written_reply").count() == 1


# What ends a letter


def test_a_reply_by_phone_gives_a_draft_up(ticket, rosa):
    letter = a_draft(ticket)

    replying.reply(fresh(ticket), medium=Medium.PHONE, text="It works.", by=rosa, at=MONDAY_TEN)

    assert now(letter).standing == Standing.WITHDRAWN


def test_a_cancelled_ticket_takes_its_letter_with_it(ticket, rosa):
    letter = a_submitted(ticket)

    cancelling.cancel(fresh(ticket), reason="withdrawn", by=rosa, at=MONDAY_TEN)

    assert now(letter).standing == Standing.WITHDRAWN
    assert fresh(ticket).open_approvals == 0


def test_the_history_tells_of_every_step_and_holds_no_word_of_the_letter(ticket, rosa):
    letter = an_approved(ticket)
    sending.send(letter, by=rosa, at=MONDAY_TEN)

    entries = Entry.objects.filter(ticket=ticket, data__letter=letter.pk).order_by("pk")
    assert [entry.kind for entry in entries] == [
        "letter_drafted",
        "letter_submitted",
        "letter_approved",
        "letter_approved",
        "replied",
    ]
    assert not any("sorry" in str(entry.data) for entry in entries)
