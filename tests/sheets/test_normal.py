"""Normal form: what nobody sees is taken off, what could mislead is refused, nothing is changed unchecked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.sheets.normal import half, is_blank, key, named, tidy


@pytest.mark.parametrize(
    "text",
    [
        " 甲厂",
        "甲厂　",
        "\u200b甲厂",
        "甲\u200d厂",
        "\ufeff甲厂",
        "甲\u00ad厂",
        "甲\n厂",
        "甲\r\n厂",
        "\t甲厂\u00a0",
        "甲 \n 厂",
    ],
)
def test_what_nobody_sees_is_taken_off(text):
    assert tidy(text) == "甲厂"


def test_a_line_break_between_words_of_letters_becomes_a_space():
    assert tidy("ABC\nCo 甲\nB") == "ABC Co 甲B"


@pytest.mark.parametrize(
    "sign",
    [
        "\x00",
        "\x0b",
        "\x1f",
        "\x7f",
        "\x85",
        "\u200e",
        "\u200f",
        "\u202e",
        "\u2066",
        "\u061c",
        "\ufffe",
        "\ufdd0",
        "\u2028",
        chr(0xD800),
        "\ufffd",
    ],
)
def test_a_sign_that_misleads_is_refused_by_code_point(sign):
    for text in (f"甲{sign}厂", f"A{sign}B"):
        with pytest.raises(ValueError, match=f"U\\+{ord(sign):04X}"):
            tidy(text)


def test_a_thousand_characters_are_the_most():
    assert tidy("甲" * 1000) == "甲" * 1000
    with pytest.raises(ValueError, match="现有 1001 字"):
        tidy("x" * 1001)


def test_a_name_keeps_its_brackets_and_signs():
    assert named("Ａ１ ①号厂（上海）：㈱") == "A1 ①号厂（上海）：㈱"


@pytest.mark.parametrize("sign", ["①", "²", "Ⅳ", "㎡", "ﬁ", "½"])
def test_half_width_refuses_what_would_become_something_else(sign):
    with pytest.raises(ValueError, match="特殊字符"):
        half(f"1{sign}")


@given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=30))
def test_full_width_reads_as_half_width(text):
    assert half("".join(chr(ord(character) + 0xFEE0) for character in text)) == text


@given(st.text(max_size=20))
def test_reading_twice_changes_nothing_more(text):
    for function in (tidy, named, half):
        try:
            once = function(text)
        except ValueError:
            continue
        assert function(once) == once


@pytest.mark.parametrize(
    "pair", [("甲 厂", "甲厂"), ("甲（上海）厂", "甲(上海)厂"), ("ABC厂", "ａｂｃ厂"), ("甲\u200b厂", "甲厂")]
)
def test_two_writings_of_a_name_share_a_key(pair):
    assert key(pair[0]) == key(pair[1])
    assert key("甲厂") != key("乙厂")


@pytest.mark.parametrize(
    ("cell", "blank"),
    [(None, True), ("", True), (" 　", True), ("\u200b", True), (0, False), (False, False), ("0", False)],
)
def test_a_cell_is_blank_when_nobody_could_read_it(cell, blank):
    assert is_blank(cell) is blank


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("A\nB", "A B"),
        ("A\n乙", "A乙"),
        ("甲\nB", "甲B"),
        ("甲\n乙", "甲乙"),
        ("1\r\n2", "1 2"),
        ("a\n（乙）", "a（乙）"),
    ],
)
def test_a_line_break_is_a_space_only_where_letters_stand_on_both_sides(text, line):
    assert tidy(text) == line
