"""Texts in messages: hidden characters by code point, numbers of persons masked however they are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from enforce.words.personal import masked
from enforce.words.problems import InputError, Place, Problem
from enforce.words.texts import MOST, cut, one_line, shortened, shown, shown_path


@pytest.mark.parametrize(
    ("text", "mask"),
    [
        ("13800138000", "138****8000"),
        ("138 0013 8000", "138****8000"),
        ("+86-138-0013-8000", "+138****8000"),
        ("8613800138000", "138****8000"),
        ("１３８００１３８０００", "138****8000"),
        ("138\u200b0013\u200b8000", "138****8000"),
        ("11010519491231002X", "110105*******1002X"),
        ("110105 19491231 002x", "110105*******1002x"),
        ("110105491231002", "110105*****1002"),
        ("6222 0212 3456 7890 123", "622202*********0123"),
        ("手机13800138000，卡6222021234567890", "手机138****8000，卡622202******7890"),
        ("021-62345678", "0216****678"),
        ("座机 6234 5678", "座机 6234****678"),
    ],
)
def test_numbers_of_persons_are_masked(text, mask):
    assert masked(text) == mask


@pytest.mark.parametrize(
    "text",
    ["12800138000", "1380013800", "138001380001", "2024-03-01", "91310107MA1TX0013D", "1-3,9-11"],
)
def test_other_numbers_stand_as_they_are(text):
    assert masked(text) == text


def test_a_long_value_is_cut_and_a_hidden_character_named():
    assert shown("甲" * 31) == "甲" * 29 + "…"
    assert shown("甲" * 30) == "甲" * 30
    assert shown("a\u202eb") == "a<U+202E>b"
    assert (shown(None), shown(0), shown(False), shown(())) == ("（空）", "0", "false", "（0 项）")


def test_long_lists_are_cut_column_by_column():
    rows = [Problem("a.csv", Place(row=n, column=column), "", "x") for n in range(1, 26) for column in "甲乙"]
    rows += [Problem("b.csv", Place("表头"), "", "x")]
    listed = cut(rows)
    assert listed[:40] == rows[:40]
    assert [(problem.file, problem.where, problem.found) for problem in listed[40:]] == [
        ("b.csv", "表头", ""),
        ("a.csv", "「甲」", "另有 5 处同类问题"),
        ("a.csv", "「乙」", "另有 5 处同类问题"),
    ]
    assert cut([Problem("a.csv", Place(line=n), "", "x") for n in range(1, 22)])[-1].where == "各行"


def test_a_path_is_told_without_the_machines_folders():
    assert shown_path(Path.cwd() / "data" / "a.csv") == "data/a.csv"
    assert shown_path(Path("/x/y/z/a.csv")) == "z/a.csv"


def test_as_many_problems_as_are_told_one_by_one_are_told_without_a_count():
    many = [Problem("a.csv", Place(line=n), "", "1 列") for n in range(MOST + 1)]
    assert shortened(many[:MOST], Place("各笔")) == many[:MOST]
    assert list(map(str, shortened(many, Place("各笔"))[MOST:])) == ["各笔 = 另有 1 处同类问题：应为 逐处改正"]
    assert cut(many[:MOST]) == many[:MOST]


@pytest.mark.parametrize("length", [29, 30, 31])
def test_thirty_characters_are_shown_whole(length):
    assert shown("甲" * length) == ("甲" * length if length <= 30 else "甲" * 29 + "…")


def test_problems_that_are_not_told_one_by_one_are_counted_all_the_same():
    many = [Problem("a.csv", Place(row=n, column="月"), "0", "1 到 12 的整数") for n in range(58)]
    for listed in (cut(many), shortened(many, Place("各行"))):
        assert len(listed) == MOST + 1
        assert str(InputError(listed)).startswith("输入有 58 处需要改正")
        assert "另有 38 处同类问题" in str(InputError(listed))


@pytest.mark.parametrize(("text", "why"), [("a\u202eb", "202E"), (" 甲", "首尾"), ("长" * 301, "300 字以内")])
def test_one_line_of_text_is_whole_visible_and_short(text, why):
    assert one_line("长" * 300) == "长" * 300
    with pytest.raises(ValueError, match=why):
        one_line(text)
