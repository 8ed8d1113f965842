"""What can never be about letters: each constraint by its name, with a try at breaking it (R41, R42)."""

import pytest
from django.db import IntegrityError, transaction

from letters.kinds import Language, Standing, Step
from letters.models import ForbiddenPhrase, Letter, LetterTemplate, RequiredPart, Review, Version
from tests.letters.writing import a_draft
from tests.people import MONDAY_NINE, MONDAY_TEN, a_ticket_to_reply, person

pytestmark = pytest.mark.django_db


def forced(**columns: object) -> None:
    Letter.objects.filter(pk=a_draft(a_ticket_to_reply()).pk).update(**columns)


def second_letter() -> None:
    letter = a_draft(a_ticket_to_reply())
    letter.pk = None
    letter.save(force_insert=True)


def reviewed(**facts: object) -> None:
    letter = a_draft(a_ticket_to_reply())
    given = {"by": person("mengyao"), "approves": True} | facts
    Review.objects.create(
        letter=letter,
        version=letter.get_current(),
        step=Step.LEAD,
        asked_by=person("rosa"),
        asked_at=MONDAY_NINE,
        at=MONDAY_TEN,
        **given,
    )


def same_number() -> None:
    letter = a_draft(a_ticket_to_reply())
    Version.objects.create(letter=letter, number=1, written_by=person("rosa"), written_at=MONDAY_TEN)


def forbidden_twice() -> None:
    for _time in range(2):
        ForbiddenPhrase.objects.create(language=Language.ENGLISH, phrase="twice")


BREAKING = {
    "a_ticket_has_one_letter_in_the_making": second_letter,
    "a_letter_in_approval_says_whom_it_awaits": lambda: forced(standing=Standing.IN_APPROVAL),
    "a_sent_letter_says_when_and_by_whom": lambda: forced(standing=Standing.SENT),
    "versions_of_a_letter_are_numbered_once": same_number,
    "nobody_approves_their_own_letter": lambda: reviewed(by=person("rosa")),
    "a_refused_letter_says_why": lambda: reviewed(approves=False),
    "a_category_has_one_template_of_letters": lambda: LetterTemplate.objects.create(),
    "a_phrase_is_forbidden_once": forbidden_twice,
    "a_required_part_is_known_by_words": lambda: RequiredPart.objects.create(template=LetterTemplate.objects.first()),
}


@pytest.mark.parametrize("name", BREAKING)
def test_what_can_never_be_is_refused_by_the_database(name):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        BREAKING[name]()

    assert name in str(refused.value)


def test_every_constraint_has_its_try():
    models = (ForbiddenPhrase, Letter, LetterTemplate, RequiredPart, Review, Version)

    assert {each.name for model in models for each in model._meta.constraints} == set(BREAKING)
