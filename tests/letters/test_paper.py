"""A letter as PDF says in Chinese and English what was written, and nothing in it is more than text (X1, X8)."""

import pypdfium2
import pytest

from letters import pdf
from letters.actions.drafting import Wording
from tests.letters.writing import a_draft, an_approved, now
from tests.people import MONDAY_TEN, a_ticket_to_reply

pytestmark = pytest.mark.django_db

HOSTILE = '<img src="file:///etc/passwd"/> <a href="http://127.0.0.1/">x</a> <para> &amp; ]]> {reference} 😀 \u202e龘'


def text_of(file: bytes) -> str:
    """What a PDF reader reads in all pages."""
    document = pypdfium2.PdfDocument(file)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def paper(letter) -> bytes:
    letter = now(letter)
    return pdf.render(letter, letter.get_current(), at=MONDAY_TEN)


def test_a_letter_is_read_as_it_was_written_in_chinese_and_in_english():
    letter = a_draft(
        a_ticket_to_reply(),
        wording=Wording("王女士", "人民路1号", "关于账单的答复", "尊敬的王女士：\n您好！Thank you."),
    )

    read = text_of(paper(letter))

    for words in ("王女士", "人民路1号", "关于账单的答复", "尊敬的王女士", "Thank you."):
        assert words in read


def test_markup_in_a_letter_is_text_and_reads_no_file():
    letter = a_draft(a_ticket_to_reply(), wording=Wording(HOSTILE, HOSTILE, HOSTILE, f"{HOSTILE}\n{HOSTILE}"))

    read = text_of(paper(letter))

    assert 'src="file:///etc/passwd"' in read.replace("\r\n", "")
    assert "root:" not in read


def test_a_long_letter_runs_over_pages():
    letter = a_draft(a_ticket_to_reply(), wording=Wording("Ines", "x", "x", "我们核对了账单。" * 1200))

    assert len(pypdfium2.PdfDocument(paper(letter))) > 1


def test_only_an_approved_letter_bears_no_mark_of_a_draft():
    draft = a_draft(a_ticket_to_reply())
    approved = an_approved(a_ticket_to_reply())

    assert "DRAFT" in text_of(paper(draft))
    assert "DRAFT" not in text_of(paper(approved))


def test_the_same_words_make_the_same_file():
    letter = a_draft(a_ticket_to_reply())

    assert paper(letter) == paper(letter)
