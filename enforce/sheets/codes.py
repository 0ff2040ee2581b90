"""The credit code (统一社会信用代码, GB 32100-2015): read, checked, never corrected.

Spaces, hyphens, width and case are a way of writing; a wrong character is a fault, and never mended. python-stdnum is
not asked: its `validate` refuses the letters A, N, Y that some registering departments begin with and accepts
123456789012345678, and a column of 100,000 codes takes it a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import compress, pairwise
from operator import mul

from enforce.sheets.normal import half
from enforce.words.personal import PROVINCE, is_card
from enforce.words.problems import Flaw, Unfit

FORM = "18 位统一社会信用代码"
_CREDIT = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_JOINTS = re.compile("[\\s'’‘`´＇\"“”\\-\u00ad\u2010-\u2015\u2212－]")
#: Between a code and the number of one of its sites.
SITE = "#"
_SITE_NUMBER = re.compile("[1-9][0-9]?")
_POWER = re.compile(r"[0-9](?:\.[0-9]+)?E\+[0-9]{2}")
_SLIPS = str.maketrans("OISZ", "0152")
_VALUES = {character: value for value, character in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}
_WEIGHTS = (*(pow(3, place, len(_VALUES)) for place in range(17)), 1)
_LOOKUP = [_VALUES.get(chr(code), 0) for code in range(128)]  # by character
#: With a letter among the first 17 no text is an identity card or a run of digits.
_LETTERED = re.compile("[0-9]{0,16}[A-Z]")
_IN_36 = [int(chr(code), 36) if chr(code) in _VALUES else 0 for code in range(128)]
_PLACE = re.compile(f"10|{PROVINCE}")
_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def compact(text: str) -> str:
    """Return a code without spaces, hyphens and apostrophes, of half width, in capitals.

    >>> compact(" '9111 0000-6000３7341l")
    '91110000600037341L'
    """
    return half(_JOINTS.sub("", text)).upper()


def credit_code(text: str) -> str:
    """Read a unified social credit code; ValueError tells why it is none, and never what it might be unless it checks.

    An ID-card number (身份证号) is refused whatever its check character as a code says: three in a hundred pass it.

    Behind it may stand the number of one of several sites (场所编号) of the same code.

    >>> credit_code("91110000600037341L"), credit_code("91110000600037341L#2")
    ('91110000600037341L', '91110000600037341L#2')
    """
    code, mark, number = text.partition(SITE)
    if mark and not _SITE_NUMBER.fullmatch(number):
        raise ValueError(f"{FORM}，同一代码有几处场所的，后面写 {SITE} 和场所编号，如 {SITE}2")
    if is_card(text):
        raise Unfit(f"{FORM}（这里像是身份证号，不能填，请改填单位的代码）", Flaw.PERSONAL)
    if is_code(code):
        return text
    raise ValueError(_advice(code))


def sound_codes(texts: Iterable[str]) -> set[str]:
    """Return the texts that are credit codes as they stand, a whole column at once; others may be codes all the same.

    >>> sound_codes(["91110000600037341L", "91310107MA0000001C", "91310107MA0000001D"])
    {'91310107MA0000001C'}
    """
    import numpy as np  # not before a column of codes is read: a second command ends before that

    codes = [text for text in texts if _LETTERED.match(text) and _CREDIT.fullmatch(text)]
    values = np.array(_LOOKUP)[np.frombuffer("".join(codes).encode(), np.uint8)].reshape(-1, len(_WEIGHTS))
    return set(compress(codes, values @ np.array(_WEIGHTS) % len(_VALUES) == 0))


credit_code.sound = sound_codes


def is_code(text: str) -> bool:
    """Whether layout and check character are those of a credit code; an ID-card number may pass as well."""
    return bool(_CREDIT.fullmatch(text)) and not _is_run(text) and _checks(text)


def _checks(text: str) -> bool:
    """Whether the last character fits the 17 before it (GB 32100): the sum of all by their weights is a multiple."""
    return sum(map(mul, map(_VALUES.__getitem__, text), _WEIGHTS)) % len(_VALUES) == 0


def _is_run(text: str) -> bool:
    """Whether a code is one character over and over, or counts up or down."""
    if not text.isdecimal():
        return len(set(text)) == 1
    return len({(int(b) - int(a)) % 10 for a, b in pairwise(text)}) == 1


def _advice(text: str) -> str:
    """Tell why a code is no credit code and, where a likely slip gives a right one, what to look at."""
    if ruined := ruined_advice(text):
        return ruined
    if text and not any(map(str.isdecimal, text)):
        return f"{FORM}（还没有代码的，先不列入，领到代码后补上）"
    if len(text) != 18:
        old = {15: "，像是旧的营业执照注册号", 9: "，像是组织机构代码"}.get(len(text), "")
        return f"{FORM}（现有 {len(text)} 位{old}，请对照营业执照补全）"
    if odd := next((character for character in text if not character.isascii()), ""):
        return f"{FORM}（这里的「{odd}」是 U+{ord(odd):04X}，不是英文字母或数字）"
    guess = text.upper().translate(_SLIPS)
    if guess != text and is_code(guess):
        return f"{FORM}，用大写字母且没有 I、O、S、Z（请核对是否应为 {guess}）"
    return f"{FORM}（字符或校验码不对，请对照营业执照）"


def ruined_advice(text: str) -> str:
    """Tell what to do about a code that Excel wrote as a power of ten; '' when it is none.

    >>> ruined_advice("9.1310107E+17")[:20], ruined_advice("91110000600037341L")
    ('18 位统一社会信用代码（已被 Exce', '')
    """
    return STORED_AS_NUMBER if _POWER.fullmatch(text.upper()) else ""


STORED_AS_NUMBER = (
    f"{FORM}（已被 Excel 存成数字，15 位以后的数字可能已丢失，不能还原；"
    "请把该列设为“文本”格式，从原系统重新导出或对照营业执照重填）"
)


def doubts(codes: Sequence[str]) -> dict[int, str]:
    """Return by place what is odd about codes whose check character is right, a whole column at once.

    Their place of registration, and the check character of the organisation code inside (GB 11714): 0-9, X for 10.

    >>> doubts(["91110000600037341L", "91990000600037341L"])
    {1: '登记地行政区划 99 开头，没有这个省级区划'}
    """
    import numpy as np

    letters = np.frombuffer("".join(code[:18] for code in codes).encode(), np.uint8).reshape(-1, 18)
    inner = np.array(_IN_36)[letters[:, 8:16]] @ np.array(_INNER_WEIGHTS)
    wrong = np.frombuffer(b"0123456789X", np.uint8)[-inner % 11] != letters[:, 16]
    lost = {code for code in {code[2:4] for code in codes} if not _PLACE.fullmatch(code)}
    odd = dict.fromkeys(np.flatnonzero(wrong).tolist(), "第 9—17 位组织机构代码的校验码不对")
    for n, code in enumerate(codes) if lost else ():
        if code[2:4] in lost:
            odd[n] = f"登记地行政区划 {code[2:4]} 开头，没有这个省级区划"
    return odd
