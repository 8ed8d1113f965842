"""What somebody types becomes a question to the index, and a marked stretch of text."""

import pytest
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st

from search.wording import as_query, excerpt, words_of

CHINESE = st.text(alphabet="宽带断网频繁掉线资费争议上门三天没人", min_size=1, max_size=12)
LATIN = st.text(alphabet="abcxyz019", min_size=1, max_size=8)
SAID = st.lists(CHINESE | LATIN, min_size=1, max_size=6).map(" ".join)


def _finds(said: str, asked: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_words_of(%s) @@ to_tsquery('simple', %s)", [said, as_query(asked)])
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db
@given(said=SAID, choice=st.data())
def test_each_stretch_of_chinese_and_each_beginning_of_a_word_is_found(said, choice):
    run = choice.draw(st.sampled_from(words_of(said)))
    begin = choice.draw(st.integers(0, len(run) - 1)) if run[0] > "z" else 0
    stretch = run[begin : choice.draw(st.integers(begin + 1, len(run)))]

    assert _finds(said, stretch)


@pytest.mark.django_db
@given(said=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200), asked=st.text(max_size=40))
@example(said="a" * 5000, asked="a" * 100)
@example(said="\ufdfa 𝔘 ﷺ", asked="' & !")
@example(said="宽" * 20_000, asked="\\' | 宽:*")
def test_no_text_breaks_the_index_and_no_question_breaks_the_search(said, asked):
    if as_query(asked):
        assert _finds(said, asked) in (True, False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "asked", "found"),
    [
        ("家里宽带断网三天", "断网", True),
        ("家里宽带断网三天", "网断", False),
        ("家里宽带断网三天", "三天 宽带", True),
        ("家里宽带断网三天", "三天 电视", False),
        ("4G信号弱", "4g信号", True),
        ("ＡＢＣ１２３", "abc123", True),
        ("The ROUTER restarts", "rout restart", True),
        ("The ROUTER restarts", "outer", False),
    ],
)
def test_all_words_have_to_be_there(said, asked, found):
    assert _finds(said, asked) is found


@pytest.mark.parametrize("asked", ["", "  ", "!?()&|", "'", "——"])
def test_a_question_without_a_word_asks_for_nothing(asked):
    assert as_query(asked) == ""


def test_the_excerpt_marks_the_words_where_they_stand():
    pieces = excerpt(["Nothing here.", "The Router restarts, a new router helps."], "router")

    assert [text for text, is_marked in pieces if is_marked] == ["Router", "router"]
    assert "".join(text for text, _ in pieces) == "The Router restarts, a new router helps."


def test_a_long_text_is_cut_around_the_first_word():
    pieces = excerpt(["甲" * 300 + "断网" + "乙" * 300], "断网")

    text = "".join(text for text, _ in pieces)
    assert text.startswith("…甲")
    assert text.endswith("乙…")
    assert len(text) < 100


def test_the_word_stands_near_the_beginning_of_its_excerpt_and_words_are_not_cut():
    pieces = excerpt(["From today on, fees of twelve yuan are given back by a refund in the same month."], "refund")

    assert pieces[:2] == [("…back by a ", False), ("refund", True)]
