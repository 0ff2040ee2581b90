"""Personal numbers: found in every writing, and hardly ever where there are none."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from enforce.words.personal import CARD, LANDLINE, MOBILE, masked, personal, spans

WRITINGS = [
    ("13800138000", MOBILE),
    ("138 0013 8000", MOBILE),
    ("138-0013-8000", MOBILE),
    ("1380 013 8000", MOBILE),
    ("138.0013.8000", MOBILE),
    ("138　0013　8000", MOBILE),
    ("1 3 8 0 0 1 3 8 0 0 0", MOBILE),
    ("１３８００１３８０００", MOBILE),
    ("１３８－００１３－８０００", MOBILE),
    ("138\u200b0013\u200b8000", MOBILE),
    ("+86 13800138000", MOBILE),
    ("8613800138000", MOBILE),
    ("王13800138000李", MOBILE),
    ("021 13800138000", MOBILE),
    ("2024-03-01 13800138000", MOBILE),
    ("021-52564588", LANDLINE),
    ("02152564588", LANDLINE),
    ("(021)52564588", LANDLINE),
    ("（０２１）５２５６－４５８８", LANDLINE),
    ("0571 8888 8888", LANDLINE),
    ("+86-21-52564588", LANDLINE),
    ("电话：52564588", LANDLINE),
    ("传真 5256 4588", LANDLINE),
    ("11010519491231002X", CARD),
    ("11010519491231002x", CARD),
    ("110105 19491231 002X", CARD),
    ("110105-1949-1231-002-X", CARD),
    ("1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X", CARD),
    ("１１０１０５１９４９１２３１００２Ｘ", CARD),
    ("110105491231002", CARD),
]


@pytest.mark.parametrize(("text", "kind"), WRITINGS)
def test_a_personal_number_is_found_in_every_writing(text, kind):
    assert personal(text) == kind
    assert personal(f"某某五金店（{text}）") == kind
    assert personal(masked(f"某某五金店（{text}）")) == ""


@pytest.mark.parametrize(
    "text",
    [
        "12800138000",
        "1380013800",
        "138001380001",
        "310107202403050012",  # district, day and serial of a visit
        "91310107MA1TX0013D",
        "913101071234567890",
        "2024-11-01至2024-12-31",
        "15 20 30 40 50 6",
        "1-3,9-11",
        "普应急〔2024〕1380013号",
        "12350",
        "13500000元",
        "110105194913310020",  # no such month
    ],
)
def test_other_numbers_are_none(text):
    assert personal(text) == ""
    assert spans(text) == []


def test_only_the_kinds_asked_for_are_told():
    assert personal("021-52564588，13800138000", (MOBILE, CARD)) == MOBILE
    assert personal("021-52564588", (MOBILE, CARD)) == ""


def test_every_number_of_a_text_is_found_and_the_rest_stands():
    text = "甲 13800138000、乙 139-0013-8000；丙 11010519491231002X。"
    assert [kind for *_, kind in spans(text)] == [MOBILE, MOBILE, CARD]
    assert masked(text) == "甲 138****8000、乙 139****8000；丙 110105*******1002X。"


@given(st.text("0123456789０１Xx -－.()（）电话:：甲", max_size=60))
def test_a_masked_text_holds_no_personal_number(text):
    assert personal(masked(text)) == ""


def clean_rows(count: int) -> list[str]:
    """Texts of registers, plans and records that hold no personal number."""
    draw = random.Random(2024)
    made = []
    for n in range(count):
        body = f"91310107{draw.choice(['MA1', 'MB2', '132'])}{draw.randint(10000, 99999):05}{draw.randint(0, 9)}"
        code = body + uscc.calc_check_digit(body)
        address = f"中山北路{draw.randint(1, 4000)}弄{draw.randint(1, 300)}号{draw.randint(100, 3000)}室"
        day = f"2024-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
        made += [
            f"上海某某{n:05}机械有限公司（{draw.choice('甲乙丙')}厂）",
            f"{address}，邮编2000{draw.randint(10, 99)}",
            f"沪普应急罚〔2024〕{draw.randint(1, 13800)}号，{day}，罚款{draw.randint(1, 300) * 1000}元",
            f"{code} {day} 第{draw.randint(1, 99)}次 {draw.randint(1, 60)}家次",
            f"310107{day.replace('-', '')}{draw.randint(1, 9999):04}",
        ]
    return made


def test_of_1000_clean_rows_fewer_than_one_in_a_hundred_is_taken_for_personal():
    rows = clean_rows(1000)
    wrong = [text for text in rows if personal(text)]
    assert len(rows) == 5000
    assert len(wrong) < 10, wrong[:10]


@pytest.mark.parametrize("sign", [",", "，", "、", "~", "：", ";", " ~ ", "…", "。", "|"])
def test_a_number_parted_by_any_sign_is_personal(sign):
    assert personal(f"请打138{sign}0013{sign}8000") == "手机号"
    assert personal(sign.join("13800138000")) == "手机号"
    assert personal(f"110105{sign}19491231{sign}002X") == "身份证号"
    assert "0013" not in masked(f"请打138{sign}0013{sign}8000")


@pytest.mark.parametrize("digits", ["⓪①②③④⑤⑥⑦⑧⑨", "０➀➁➂➃➄➅➆➇➈", "0⑴⑵⑶⑷⑸⑹⑺⑻⑼", "0⓵⓶⓷⓸⓹⓺⓻⓼⓽", "〇一二三四五六七八九",
        "零壹贰叁肆伍陆柒捌玖", "零幺二三四五六七八九", "〇㊀㊁㊂㊃㊄㊅㊆㊇㊈"])  # fmt: skip
def test_digits_in_circles_and_words_are_digits(digits):
    assert personal("".join(digits[int(digit)] for digit in "13800138000")) == "手机号"


@pytest.mark.parametrize("text", ["微信abc12345", "wx: abc12345", "加VX abc12345", "QQ号 12345678", "a.b@c.cn"])
def test_addresses_are_personal(text):
    assert personal(text)


@pytest.mark.parametrize(
    "text", ["2024年1、2、3、4、5、6、7、8、9、10、11、12月", "一、二、三季度，共一百三十八家", "1月，2月；3月"]
)
def test_months_and_counts_are_none(text):
    assert not personal(text)
