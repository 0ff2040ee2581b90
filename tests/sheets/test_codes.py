"""Credit codes: every vector of the standard, every slip told and none corrected."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from enforce.sheets.codes import compact, credit_code, doubts, sound_codes
from enforce.words.personal import is_card

VALID = [
    "91110000600037341L",
    "91310107MA1TX0013D",
    "91310107MA1TX00218",
    "92310107MA1TEXT14E",
    "11310107MB0TEXT24N",
    "52310107MJ0TEXT31M",
    "81310107MC0TEXT609",
    "N2310107MF0TEXT45B",
    "Y1310107MC0TEXT52P",
    "A1310107MC0TEXT794",
]
SYMBOLS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
FULL = {0x21 + n: 0xFF01 + n for n in range(94)}


@pytest.mark.parametrize("code", VALID)
def test_a_valid_code_is_read_in_every_writing(code):
    writings = [
        code,
        code.lower(),
        f" {code}　",
        f"{code[:8]} {code[8:17]} {code[17]}",
        f"{code[:8]}-{code[8:]}",
        code.translate(FULL),
        f"'{code}",
        f"‘{code}’",
        f"\u200b{code[:5]}\u200b{code[5:]}\ufeff",
        f"{code[:2]}\u00a0{code[2:]}",
        f"{code[:8]}—{code[8:]}",
    ]
    assert {credit_code(compact(text)) for text in writings} == {code}


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("91110000600037341M", "校验码不对"),
        ("9111OOOO600037341L", "是否应为 91110000600037341L"),
        ("9I110000600037341L", "是否应为 91110000600037341L"),
        ("9111000060003734L", "现有 17 位"),
        ("91110000600037341LL", "现有 19 位"),
        ("000000000000000000", "校验码不对"),
        ("123456789012345678", "校验码不对"),
        ("987654321098765432", "校验码不对"),
        ("11010519491231002X", "身份证号"),
        ("310107123456789", "旧的营业执照注册号"),
        ("60003734L", "组织机构代码"),
        ("9.1310107E+17", "已被 Excel 存成数字"),
        ("9E+17", "已被 Excel 存成数字"),
        ("", "现有 0 位"),
    ],
)
def test_a_code_that_is_none_is_refused_with_the_reason(text, advice):
    with pytest.raises(ValueError, match=advice.replace("+", r"\+")) as caught:
        credit_code(text)
    assert "是否应为" not in str(caught.value) or "是否应为" in advice


bodies = st.tuples(
    st.sampled_from(["91", "92", "11", "12", "51", "52", "53", "A1", "N2", "Y1", "81"]),
    st.sampled_from(["310107", "110000", "440300"]),
    st.text(SYMBOLS, min_size=9, max_size=9),
).map("".join)


@given(bodies, st.data())
def test_one_wrong_character_or_two_exchanged_are_never_read(body, data):
    code = body + uscc.calc_check_digit(body)
    place, symbol = data.draw(st.integers(0, 17)), data.draw(st.sampled_from(SYMBOLS))
    slips = {code[:place] + symbol + code[place + 1 :]}
    slips |= {code[:n] + code[n + 1] + code[n] + code[n + 2 :] for n in range(17)}
    for slip in slips - {code}:
        with pytest.raises(ValueError, match="18 位"):
            credit_code(slip)


@given(bodies)
def test_a_slip_of_the_eye_is_suggested_only_when_it_checks(body):
    code = body + uscc.calc_check_digit(body)
    for wrong, right in ("O0", "I1", "S5", "Z2"):
        if right in code:
            with pytest.raises(ValueError, match="18 位") as caught:
                credit_code(code.replace(right, wrong))
            if "是否应为" in str(caught.value):
                assert f"是否应为 {code}" in str(caught.value)


def identity_cards(count: int) -> list[str]:
    draw = random.Random(7)
    regions = ["110105", "310107", "440305", "510104", "320120", "310120"]
    found = []
    while len(found) < count:
        day = f"{draw.randint(1930, 2023)}{draw.randint(1, 12):02}{draw.randint(1, 28):02}"
        body = f"{draw.choice(regions)}{day}{draw.randint(0, 999):03}"
        found.append(body + ric.calc_check_digit(f"{body}0"))
    return found


def test_no_identity_card_is_ever_read_as_a_code_though_some_pass_its_check():
    cards = identity_cards(3000)
    assert any(uscc.is_valid(card) for card in cards)
    for card in cards:
        with pytest.raises(ValueError, match="身份证号"):
            credit_code(card)


@pytest.mark.parametrize("text", ["110105491231002", "11010519491231002x"])
def test_old_and_small_identity_cards_are_known(text):
    assert is_card(text)


@pytest.mark.parametrize(
    "text",
    [
        "91310107MA1TX0013D",
        "990105194912310020",
        "11010519491331002X",
        "110105194912310021",
        "1101054913310",
        "110105491331002",
    ],
)
def test_other_numbers_are_no_identity_cards(text):
    assert not is_card(text)


@pytest.mark.parametrize(
    ("code", "doubt"),
    [
        ("91110000600037341L", ""),
        ("91310107MA1T00001M", "组织机构代码的校验码不对"),
        ("91310107MA1TX0013D", ""),
        ("91990000600037341L", "没有这个省级区划"),
    ],
)
def test_what_is_odd_about_a_code_that_checks(code, doubt):
    assert doubt in doubts([code]).get(0, "")
    assert bool(doubt) == bool(doubts([code]))


def test_a_refusal_of_a_code_is_one_whole_sentence():
    told = {}
    for text in ("31010700X", "310107000000001", "9131010", "9131010700000000OO", "11010519491231002X"):
        with pytest.raises(ValueError, match="18 位统一社会信用代码") as caught:
            credit_code(text)
        told[text] = str(caught.value).removeprefix("18 位统一社会信用代码")
    assert told == {
        "31010700X": "（现有 9 位，像是组织机构代码，请对照营业执照补全）",
        "310107000000001": "（现有 15 位，像是旧的营业执照注册号，请对照营业执照补全）",
        "9131010": "（现有 7 位，请对照营业执照补全）",
        "9131010700000000OO": "（字符或校验码不对，请对照营业执照）",
        "11010519491231002X": "（这里像是身份证号，不能填，请改填单位的代码）",
    }


def test_a_slip_that_gives_a_right_code_is_told_in_one_sentence():
    body = "91310107MA1T00005"
    code = body + uscc.calc_check_digit(body)
    with pytest.raises(ValueError, match="请核对") as caught:
        credit_code(code.replace("0", "O", 1))
    assert str(caught.value) == (f"18 位统一社会信用代码，用大写字母且没有 I、O、S、Z（请核对是否应为 {code}）")


@pytest.mark.parametrize("region", ["99", "16", "60", "00"])
def test_a_region_there_is_not_is_told_by_its_two_figures(region):
    odd = {1: f"登记地行政区划 {region} 开头，没有这个省级区划"}
    assert doubts(["91110000600037341L", f"91{region}0000600037341L#2"]) == odd


def test_codes_of_the_state_bureau_have_no_doubtful_region():
    assert "区划" not in doubts(["91100000600037341L"]).get(0, "")


def test_an_inner_check_character_of_ten_is_an_x():
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    bodies = (f"MA1T{n:04}" for n in range(1000))
    ten = next(b for b in bodies if sum(int(c, 36) * w for c, w in zip(b, weights, strict=True)) % 11 == 1)
    assert doubts([f"91310107{ten}X0"]) == {}
    assert "组织机构代码" in doubts([f"91310107{ten}10"])[0]


@given(st.lists(st.tuples(st.sampled_from(VALID), st.integers(0, 17), st.sampled_from(SYMBOLS + "O-x")), max_size=30))
def test_a_whole_column_at_once_is_what_each_code_is(slips):
    texts = [*VALID, "91110000600037341L", *(code[:n] + sign + code[n + 1 :] for code, n, sign in slips)]
    right = set()
    for text in texts:
        try:
            right |= {credit_code(compact(text))} & {text}
        except ValueError:
            continue
    assert sound_codes(texts) == {text for text in right if not text[:17].isdecimal()}


def test_no_code_at_all_is_a_column_too():
    assert sound_codes([]) == set()
    assert sound_codes(["11010519491231002X", "000000000000000000", "甲"]) == set()


def test_a_letter_of_another_script_in_a_code_is_named():
    with pytest.raises(ValueError, match="U\\+0391"):
        credit_code("91310107M\u0391" + "1TX302XL")
