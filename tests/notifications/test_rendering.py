"""Every kind has its words, in both languages, and none of them can become a header (X2, X15)."""

from pathlib import Path

import pytest
from django.conf import settings

from notifications.kinds import Kind
from notifications.models import Message
from notifications.rendering import Unrenderable, render

TEMPLATES = Path(settings.BASE_DIR) / "templates" / "notifications"
FACTS = {
    "clock": "reply",
    "due_at": "2026-03-02T10:00:00+08:00",
    "ack_due_at": "2026-03-02T10:10:00+08:00",
    "reason": "by_hand",
    "what": "reply",
    "why": "limit missed",
    "who": "duty director",
    "gap": True,
    "number": 2,
    "code": "a-random-code",
}


OF_NO_TICKET = {Kind.TIMERS_LATE, Kind.TIMERS_RECOVERED}


def message(kind: str = Kind.ESCALATION, language: str = "en", **facts: object) -> Message:
    return Message(key="k", kind=kind, ticket=str(facts.pop("ticket", "T-1")), language=language, context=FACTS | facts)


def test_every_kind_has_its_template_and_every_template_its_kind():
    assert {path.stem for path in TEMPLATES.glob("*.txt")} == set(Kind.values)


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize("kind", sorted(set(Kind.values) - set(settings.MESSAGE_FACTS)))  # the others: their own tests
@pytest.mark.parametrize("facts", [FACTS, {}], ids=["with facts", "without facts"])
def test_every_kind_can_be_put_into_words_in_every_language(kind, language, facts):
    text = render(Message(key="k", kind=kind, ticket="T-1", language=language, context=facts))

    assert text.subject
    assert "\n" not in text.subject
    assert text.body
    assert ("T-1" in text.subject + text.body) is (kind not in OF_NO_TICKET)


def test_instants_are_told_on_the_business_clock_in_words():
    there = {"kind": "escalation_to_acknowledge", "ack_due_at": "2026-03-02T02:10:00+00:00"}

    assert "by 10:10, Mon 2 Mar, or" in render(message(Kind.ESCALATION_TO_ACKNOWLEDGE)).body
    assert "by 10:10, Mon 2 Mar, or" in render(message(**there)).body
    assert "3月2日（星期一）10:10" in render(message(language="zh-hans", **there)).body


def test_codes_are_told_in_words():
    assert "duty director" in render(message()).body


def test_a_clock_is_not_called_as_the_state_of_the_same_word():
    text = render(message(language="zh-hans", clock="handle", what="handling"))

    assert "处理时限" in text.body
    assert "处理中" not in text.body


def test_a_missed_limit_says_when_it_broke():
    text = render(message(broke_at="2026-03-02T09:30:00+08:00"))

    assert "was missed at 09:30, Mon 2 Mar." in text.body


@pytest.mark.parametrize("break_", ["\r", "\t", "\x00", "\x1b"])
def test_a_subject_with_control_characters_is_refused(break_):
    with pytest.raises(Unrenderable):
        render(message(ticket=f"T-1{break_}Bcc: x"))


def test_a_line_break_in_a_fact_does_not_reach_the_subject():
    text = render(message(ticket="T-1\nBcc: all@desk.invalid"))

    assert text.subject == "T-1"


def test_markup_in_a_fact_stays_text():
    text = render(message(ticket="<b>T-1</b>"))

    assert text.subject.startswith("<b>T-1</b>")
