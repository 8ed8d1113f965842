"""A category is found by how it is called: by name, synonym, code, or what is typed of its pinyin."""

import pytest
from django.core.exceptions import ValidationError

from complaints.models import Category
from complaints.models.category import check_pinyin
from complaints.spelling import is_spelt

OFTEN_DOWN = ["kuan", "dai", "pin", "fan", "diao", "xian"]


@pytest.mark.parametrize("letters", ["kuandaipinfan", "kdpf", "kuandpf", "kdpinf", "pinfan", "diaox", "k", "xian"])
def test_pinyin_is_read_whole_by_initials_and_mixed_from_any_syllable_on(letters):
    assert is_spelt(letters, OFTEN_DOWN)


@pytest.mark.parametrize("letters", ["uandai", "kuanpin", "kdx", "kuandaipinfandiaoxianx", "kuandaii"])
def test_letters_that_skip_a_syllable_or_begin_inside_one_are_not_read(letters):
    assert not is_spelt(letters, OFTEN_DOWN)


@pytest.mark.parametrize(
    ("letters", "code"),
    [
        ("zhangdan", "billing.statement.unclear"),
        ("Zhang Dan", "billing.statement.unclear"),
        ("kdpf", "broadband.outage.frequent"),
        ("chongfukou", "billing.charges.duplicate"),
        ("paiduishijianchang", "service.reach.counter-queue"),
        ("xinxixielu", "security.privacy.leak"),
        ("lvxing", "contract.terms.not-kept"),
    ],
)
def test_a_shipped_category_is_found_by_its_pinyin_also_where_a_character_is_read_in_two_ways(db, letters, code):
    assert Category.objects.choosable().called(letters).filter(code=code).exists()


def test_what_a_customer_calls_it_finds_it_too(db):
    assert Category.objects.called("乱扣费").filter(code="billing.charges").exists()


@pytest.mark.parametrize("read", ["Zhang dan", "zhang  dan", "zhàng dan", " zhang", "账单"])
def test_pinyin_is_written_in_small_letters_without_tones(read):
    with pytest.raises(ValidationError):
        check_pinyin(read)
