"""R46: templates take names and nothing else, values break nothing; R41: what is missing or forbidden is found."""

import pytest
from django.core.exceptions import ValidationError

from letters.checking import FORBIDDEN, MISSING, OPEN_GAP, Finding, Part, contains, findings
from letters.differences import ADDED, KEPT, REMOVED, Piece, differences
from letters.filling import check_names, fill, gaps_in


def test_r46_names_are_replaced_and_a_name_without_a_value_becomes_a_gap():
    filled = fill("{reference}: {remedy}", {"reference": "T-1"})

    assert filled == "T-1: [[remedy]]"


def test_r46_a_value_is_never_read_as_a_template_nor_as_a_gap():
    filled = fill("{happened} {reference}", {"happened": "{reference} [[x]] {{7*7}} {% load x %}", "reference": "T-1"})

    assert filled == "{reference} [ [x] ] {{7*7}} {% load x %} T-1"
    assert gaps_in(filled) == []


def test_r46_control_characters_of_a_value_do_not_reach_the_letter():
    assert fill("{happened}", {"happened": "a\x00b\x1bc\r\nd"}) == "abc\nd"


@pytest.mark.parametrize("text", ["{nobody}", "{ticket.customer.identity_number}", "{reference!r}", "{0}", "{}"])
def test_r46_a_name_that_nothing_is_known_by_is_refused(text):
    with pytest.raises(ValidationError) as refused:
        check_names(text, {"reference"})

    assert refused.value.code == "unknown_placeholder"


@pytest.mark.parametrize("text", ["{reference", "reference}", "{{reference}}", "{reference\n}"])
def test_r46_a_brace_that_stands_alone_is_refused(text):
    with pytest.raises(ValidationError):
        check_names(text, {"reference"})


@pytest.mark.parametrize(
    ("text", "phrase", "there"),
    [
        ("We say NO  COMMENT.", "no comment", True),
        ("We say ｎｏ comment", "no comment", True),
        ("no\ncomment", "no comment", True),
        ("We are impossibly sorry", "impossible", False),
        ("此事 不 予 受理", "不予受理", True),
        ("请拨打10086并提供工单编号", "10086", True),
        ("请拨打100861", "10086", False),
        ("此事予以受理", "不予受理", False),
        ("anything", "", False),
    ],
)
def test_r41_a_phrase_is_found_whatever_its_case_width_and_blanks(text, phrase, there):
    assert contains(text, phrase) is there


def test_r41_all_that_is_wrong_is_listed_at_once():
    found = findings(
        "Dear Ines, [[what was done]]. No comment.",
        parts=[Part("an apology", ["sorry", "regret"]), Part("a form of address", ["Dear"])],
        forbidden=["no comment", "impossible"],
    )

    assert found == [
        Finding(OPEN_GAP, "what was done"),
        Finding(MISSING, "an apology"),
        Finding(FORBIDDEN, "no comment"),
    ]


def test_r41_differences_are_told_by_words_and_in_chinese_by_signs():
    assert differences("退还30元。", "退还50元。") == [
        Piece(KEPT, "退还"),
        Piece(REMOVED, "30"),
        Piece(ADDED, "50"),
        Piece(KEPT, "元。"),
    ]
    assert differences("We are sorry.", "We are very sorry.") == [
        Piece(KEPT, "We are "),
        Piece(ADDED, "very "),
        Piece(KEPT, "sorry."),
    ]


@pytest.mark.parametrize(("old", "new"), [("", ""), ("", "a"), ("a", ""), ("网络a b\n", "b a网\n\n络")])
def test_r41_both_versions_can_be_read_out_of_the_differences(old, new):
    pieces = differences(old, new)

    assert "".join(piece.text for piece in pieces if piece.how != ADDED) == old
    assert "".join(piece.text for piece in pieces if piece.how != REMOVED) == new
