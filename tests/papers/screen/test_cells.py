from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.papers.screen.cells import (
    MONTHS_AND_QUARTERS,
    cell_text,
    is_total,
    percent,
    percent_shares,
    unsafe_characters,
    visible_text,
    width,
)
from enforce.words.terms import Tier

PARTS = st.lists(st.integers(0, 10_000), min_size=1, max_size=14).filter(any)


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        ("tier", "key", "重点检查"),
        ("tier", Tier.GENERAL, "一般检查"),
        ("penalty_basis", "accident", "事故调查"),
        ("line", "reserve_days", "留有余地"),
        ("item", "complaints", "核实投诉举报"),
        ("level", "没有这个层级", "没有这个层级"),
        ("hazards", ("非煤矿山", "有限空间"), "非煤矿山、有限空间"),
        ("partners", (), ""),
        ("key_share", 0.6819923371647509, "68.2%"),
        ("load", np.float64(1.0045), "100.5%"),
        ("rate", float("nan"), "—"),
        ("load", float("inf"), "—"),
        ("completion", 1, "100.0%"),
        ("needed_days", 27.5, "27.5"),
        ("needed_days", 100.0, "100"),
        ("capacity_days", 0.25, "0.3"),
        ("value", 2.5, "2.5"),
        ("limit", 0.13513513, "0.1351"),
        ("planned_visits", np.int64(261), "261"),
        ("year", 2024, "2024"),
        ("3月", 0, "·"),
        ("一季度", 0.0, "·"),
        ("全年", 0, "0"),
        ("agrees", True, "是"),
        ("agrees", np.bool_(False), "否"),
        ("agrees", None, "—"),
        ("last_visit", pd.NaT, "—"),
        ("trigger", "", ""),
        ("source", "第一行\n第二行", "第一行 第二行"),
    ],
)
def test_a_value_is_told_in_chinese_by_its_column(column, value, text):
    assert cell_text(column, value) == text


@pytest.mark.parametrize(
    ("share", "text"), [(0.0005, "0.1%"), (0.6815, "68.2%"), (0.3335, "33.4%"), (0.29, "29.0%"), (0.125, "12.5%")]
)
def test_a_share_is_rounded_half_up_and_not_to_even(share, text):
    assert percent(share) == text


def test_the_published_shares_come_out_as_published():
    assert [percent(share) for share in percent_shares([178, 83])] == ["68.2%", "31.8%"]


def test_three_thirds_give_the_missing_tenth_to_the_first():
    assert percent_shares([7, 7, 7]) == (Decimal("0.334"), Decimal("0.333"), Decimal("0.333"))


def test_of_equal_remainders_the_larger_part_comes_first():
    # 0.25 %, 99.5 % and 0.25 %: rounding half up makes 100.1 %; the remainders of the small parts are equal.
    assert percent_shares([1, 398, 1]) == (Decimal("0.003"), Decimal("0.995"), Decimal("0.002"))
    # 0.05 %, 0.15 % and 99.8 %: remainders of one half each, the larger of the two parts has the tenth.
    assert percent_shares([1, 3, 1996]) == (Decimal("0.000"), Decimal("0.002"), Decimal("0.998"))


@given(PARTS)
def test_shares_always_add_to_one_hundred(parts):
    assert sum(percent_shares(parts)) == 1


@given(PARTS)
def test_a_share_is_its_plain_rounding_where_that_adds_up_and_never_a_tenth_away(parts):
    shares = percent_shares(parts)
    plain = [Decimal(int(Fraction(part * 1000, sum(parts)) + Fraction(1, 2))).scaleb(-3) for part in parts]
    if sum(plain) == 1:
        assert list(shares) == plain
    exact = [Fraction(part, sum(parts)) for part in parts]
    assert all(abs(Fraction(share) - part) < Fraction(1, 1000) for share, part in zip(shares, exact, strict=True))


def test_parts_of_nothing_have_no_share_and_negative_parts_are_refused():
    assert percent_shares([0, 0]) == (0, 0)
    with pytest.raises(ValueError, match="negative"):
        percent_shares([3, -1])


@pytest.mark.parametrize(
    "character", ["\x00", "\x0b", "\r", "\x1f", "\x85", "\u202e", "\u2066", "\u200f", "\ufffe", "\ud800"]
)
def test_a_character_that_must_not_reach_a_reader_is_found_and_made_visible(character):
    text = f"甲{character}厂"
    assert unsafe_characters(text) == (f"U+{ord(character):04X}",)
    assert unsafe_characters(visible_text(text)) == ()


def test_ordinary_chinese_text_is_left_alone():
    text = "“双随机、一公开”跨部门联合执法（15家次）😀𠮷"
    assert unsafe_characters(text) == ()
    assert visible_text(text) == text


def test_a_chinese_character_takes_two_columns_and_a_combining_mark_none():
    assert [width(text) for text in ("执法", "10", "（）", "é", "—")] == [4, 2, 4, 1, 1]


def test_quarters_stand_after_their_months():
    assert MONTHS_AND_QUARTERS[:5] == ("1月", "2月", "3月", "一季度", "4月")
    assert MONTHS_AND_QUARTERS[-2:] == ("12月", "四季度")
    assert len(MONTHS_AND_QUARTERS) == 16


def test_a_total_is_known_by_its_last_word():
    assert is_total(["执法大队", "合计"])
    assert not is_total(["合计表之外", "3"])
