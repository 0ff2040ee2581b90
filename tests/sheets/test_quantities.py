"""Quantities: figures and words, units and commas read as one number; another unit is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.sheets.quantities import _chinese, count, in_words, yuan

FULL = {48 + n: 0xFF10 + n for n in range(10)}
FORMAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
numbers = st.integers(0, 99_999_999)


@given(numbers)
def test_a_count_reads_the_same_in_every_writing(number):
    texts = [f"{number}", f"{number}家次", f"{number} 家次", f"{number:,}", f"{number:,}家次"]
    texts += [
        f"{number}".translate(FULL),
        f"{number:,}".replace(",", "，"),
        _chinese(number),
        f"{_chinese(number)}家次",
    ]
    assert {count(text, ("家次", "次")) for text in texts} == {str(number)}


@given(numbers)
def test_words_come_back_as_the_number(number):
    assert in_words(_chinese(number)) == number
    assert in_words(_chinese(number).translate(FORMAL)) == number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10),
        ("十二", 12),
        ("一十二", 12),
        ("两百", 200),
        ("一百零一", 101),
        ("十万", 100_000),
        ("五万", 50_000),
        ("零", 0),
        ("〇", 0),
        ("贰佰陆拾壹", 261),
    ],
)
def test_numbers_as_people_say_them(text, value):
    assert in_words(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "百",
        "百二十",
        "千",
        "万",
        "一二",
        "一百二",
        "二百五",
        "十十",
        "一百一",
        "零一",
        "一零",
        "",
        "一个",
        "一百零十",
        "一万万",
        "六十几",
    ],
)
def test_words_that_are_no_proper_number_are_none(text):
    assert in_words(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "178.5",
        "0405",
        "00.0",
        "1.",
        ".0",
        "1.0.0",
        "-8",
        "+5",
        "1e3",
        "1_000",
        "1,23",
        "12,34",
        ",123",
        "约60",
        "60余",
        "60-80",
        "家次",
        "二百五",
    ],
)
def test_what_is_no_count_comes_back_as_it_was(text):
    assert count(text, ("家次",)) == text


@pytest.mark.parametrize("text", ["178.0", "178.00", "１７８．０", "178.0家次"])
def test_a_whole_number_with_empty_decimals_is_that_number(text):
    assert count(text, ("家次",)) == "178"


def test_ten_thousands_are_part_of_a_number_in_words():
    assert (count("五万", ("家次",)), count("五万家次", ("家次",)), count("5万", ("家次",))) == (
        "50000",
        "50000",
        "5万",
    )


@pytest.mark.parametrize("text", ["²", "①", "⑴", "Ⅳ", "½", "㊀", "㈠"])
def test_a_sign_that_only_looks_like_a_figure_is_refused_by_code_point(text):
    with pytest.raises(ValueError, match=f"U\\+{ord(text):04X}"):
        count(text)


@pytest.mark.parametrize(
    ("text", "units"), [("12家", ("家次",)), ("12项", ("家次",)), ("8000元", ("家次",)), ("3家次", ("家", "户"))]
)
def test_another_unit_is_refused(text, units):
    with pytest.raises(ValueError, match=f"以「{units[0]}」计的数"):
        count(text, units)


def test_a_unit_where_none_belongs_is_refused():
    with pytest.raises(ValueError, match="不带单位"):
        count("3个")


@given(st.integers(0, 10**9))
def test_money_reads_the_same_in_every_writing(value):
    texts = [
        f"{value}",
        f"{value:,}",
        f"{value}.00",
        f"{value:,}.00",
        f"{value}元",
        f"￥{value}",
        f"¥{value:,}",
        f"人民币{value}元",
    ]
    assert {yuan(text, 1) for text in texts} == {str(value)}
    assert yuan(f"{value / 10_000:.4f}", 10_000) == str(value)
    assert yuan(f"{value / 10_000:.4f}万元", 1) == str(value)
    assert yuan(f"{value}元", 10_000) == str(value)
    assert yuan(f"{value}元", 0) == str(value)


@pytest.mark.parametrize(("text", "per_unit"), [("1.5万", 1), ("1.5万元", 0)])
def test_a_unit_in_the_cell_is_enough(text, per_unit):
    assert yuan(text, per_unit) == "15000"


def test_money_without_any_unit_is_refused_but_nothing_is_nothing():
    with pytest.raises(ValueError, match="没有写元还是万元"):
        yuan("8000", 0)
    assert yuan("0", 0) == yuan("0.00", 0) == "0"


@pytest.mark.parametrize(
    ("text", "per_unit", "why"),
    [("1.5万", 10_000, "「万」"), ("3家", 1, "「家」"), ("0.00005", 10_000, "角、分"), ("8000.5", 1, "角、分")],
)
def test_money_of_another_unit_or_with_parts_of_a_yuan_is_refused(text, per_unit, why):
    with pytest.raises(ValueError, match=why):
        yuan(text, per_unit)


@pytest.mark.parametrize("text", ["-5", "约8000", "8千", "1万2千元", "8000-9000", "1e4", "1.2345678"])
def test_what_is_no_money_comes_back_as_it_was(text):
    assert yuan(text, 1) == text


# --- where one more or less would pass unseen -----------------------------------------------------------------------


NEXT_TO_A_PLACE = [
    *(10**place + more for place in range(1, 8) for more in (-1, 0, 1, 10, 100)),
    10_999,
    11_000,
    99_999_999,
]


@pytest.mark.parametrize("number", NEXT_TO_A_PLACE)
def test_the_numbers_next_to_a_place_come_back(number):
    assert in_words(_chinese(number)) == number
    assert _chinese(number).count("零零") == 0


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (10_001, "一万零一"),
        (10_999, "一万零九百九十九"),
        (11_000, "一万一千"),
        (20_010, "二万零一十"),
        (1_010, "一千零一十"),
        (10, "一十"),
    ],
)
def test_a_number_is_told_as_it_is_spoken(number, words):
    assert (_chinese(number), in_words(words)) == (words, number)


def test_a_refusal_of_a_quantity_is_one_whole_sentence():
    told = {}
    for name, call in {
        "unit": lambda: count("12家", ("家次",)),
        "no unit": lambda: count("3个"),
        "money": lambda: yuan("3家", 1),
        "parts": lambda: yuan("0.5", 1),
        "bare": lambda: yuan("8000", 0),
    }.items():
        with pytest.raises(ValueError, match="的") as caught:
            call()
        told[name] = str(caught.value)
    assert told == {
        "unit": "以「家次」计的数（这里写的单位是「家」，口径不同，请核对）",
        "no unit": "不带单位的数（这里写的单位是「个」，口径不同，请核对）",
        "money": "以元计的罚款（这里写的单位是「家」，请核对）",
        "parts": "整元的金额（没有角、分）",
        "bare": "写明单位的金额（列名没有写元还是万元，请改为「罚款(元)」或「罚款(万元)」）",
    }


def test_money_of_up_to_six_decimals_is_exact():
    assert yuan("0.000100", 10_000) == "1"
    assert yuan("1.2345", 10_000) == "12345"
    assert yuan("￥ 12 元", 1) == "12"
    assert yuan("人民币1万元", 1) == "10000"
