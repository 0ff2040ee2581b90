"""The personal number (个人号码): identity cards and telephones in a text, however they are spaced or wide.

Only shapes are looked for. A name is a word like any other: it stays out because its column does (papers/public.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from stdnum.cn import ric

CARD, MOBILE, LANDLINE, EMAIL, WECHAT = "身份证号", "手机号", "固定电话", "电子邮箱", "微信号"
KINDS = (CARD, MOBILE, LANDLINE, EMAIL, WECHAT)

#: Full width as half width, character by character, so that places stay the same.
_HALF = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: 0x20}
#: Digits in words, and in circles or brackets of any kind.
_WORDS = ("零〇", "一壹幺㊀", "二贰㊁", "三叁㊂", "四肆㊃", "五伍㊄", "六陆㊅", "七柒㊆", "八捌㊇", "九玖㊈")
_HALF |= {ord(word): 0x30 + n for n, words in enumerate(_WORDS) for word in words}
_HALF |= {
    code: 0x30 + digit
    for code in (0x25CB, *range(0x2460, 0x2500), *range(0x2776, 0x2794))
    if (digit := unicodedata.digit(chr(code), 0 if code == 0x25CB else -1)) >= 0
}
_HALF |= {ord("、"): ord(",")}
#: Numbers whose digits a sign parts that no number has, in the groups they are spoken in or one by one.
_SIGN, _AGAIN = r"\s*([,~:;|+*。…])\s*", r"\s*\1\s*"
_PARTED = tuple(
    (kind, re.compile(f"(?<![0-9]){groups}(?![0-9])"))
    for kind, groups in (
        (MOBILE, f"1[3-9][0-9]{_SIGN}[0-9]{{4}}{_AGAIN}[0-9]{{4}}"),
        (MOBILE, f"1{_SIGN}[3-9](?:{_AGAIN}[0-9]){{9}}"),
        (LANDLINE, f"0[1-9][0-9]{{1,2}}{_SIGN}[2-9][0-9]{{6,7}}"),
        (CARD, f"[0-9]{{6}}{_SIGN}[0-9]{{8}}{_AGAIN}[0-9]{{3}}[0-9Xx]"),
        (CARD, f"[0-9]{_SIGN}[0-9](?:{_AGAIN}[0-9]){{15}}{_AGAIN}[0-9Xx]"),
    )
)
#: What is no number and yet a person's address.
_ADDRESSES = (
    (EMAIL, re.compile(r"[A-Za-z0-9_.+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+")),
    (
        WECHAT,
        re.compile(
            r"(?:微信|wechat|weixin|v信|QQ|(?<![a-z])[wv]x(?=[\s:：]))号?码?\s*[:：]?\s*[A-Za-z0-9][A-Za-z0-9_\-]{4,19}",
            re.IGNORECASE,
        ),
    ),
)
_JOINT = r"[\s\-\u00ad\u200b-\u200d\u2010-\u2015\u2060\u2212\ufeff_.·•/()]{1,3}"
_SPACE = "[ \\-\u00a0\u3000·\u200b-\u200d\ufeff]?"
_RUN = re.compile(rf"[0-9]+[Xx]?(?:{_JOINT}(?:[0-9]+[Xx]?|[Xx](?![A-Za-z])))*")
_GROUP = re.compile("[0-9]+[Xx]?|[Xx]")
_LONGEST = 18
_SHORTEST = 10

_MOBILE = re.compile("(?:00?86|86)?1[3-9][0-9]{9}")
_LANDLINE = re.compile("(?:0|86|0086)(?:10|2[0-9]|[3-9][0-9]{2})[2-9][0-9]{6,7}")
_AREA = re.compile("(?:0|86|0086)?(?:10|2[0-9]|[3-9][0-9]{2})")
#: The first two digits of a place: its province.
PROVINCE = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"
_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
# Born 1910 to 2015: a number of region, day and serial that a system gives to a visit of today is none.
_CARD = re.compile(rf"{PROVINCE}[0-9]{{4}}(?:19[1-9][0-9]|200[0-9]|201[0-5]){_DAY}[0-9]{{3}}[0-9Xx]")
_OLD_CARD = re.compile(rf"{PROVINCE}[0-9]{{4}}[2-9][0-9]{_DAY}[0-9]{{3}}")
#: A whole identity card of any century; the check character rules out what only looks like one.
_WHOLE_CARD = re.compile(rf"{PROVINCE}[0-9]{{4}}(?:18|19|20)[0-9]{{2}}{_DAY}[0-9]{{3}}[0-9X]")
_WHOLE_OLD_CARD = re.compile(rf"{PROVINCE}[0-9]{{6}}{_DAY}[0-9]{{3}}")
#: Bank accounts and the like.
_LONG_NUMBER = re.compile(rf"\d(?:{_SPACE}\d){{14,}}")
#: A number called that of a telephone is one, area code or not.
_CALLED = re.compile(
    r"(?:电话|手机|座机|传真|联系方式|tel\.?|phone)[号码]{0,2}\s*[:：]?\s*(?P<number>\+?[0-9](?:[\s\-()]{0,2}[0-9]){6,12})",
    re.IGNORECASE,
)

#: What has none of these holds no number of a person: seven digits in any writing, a letter of an address.
_DIGITS = "0-9" + "".join(chr(code) for code, other in _HALF.items() if chr(other).isdecimal())
_SEVEN = re.compile(f"(?:[^{_DIGITS}]*[{_DIGITS}]){{7}}")
_LETTER = re.compile("[@＠微qvwQVW\uff51\uff56\uff57\uff31\uff36\uff37]")

Span = tuple[int, int, str]


def personal(text: str, kinds: tuple[str, ...] = KINDS) -> str:
    """Return what kind of personal number a text holds; '' when it holds none.

    >>> personal("电器店１３８ 0013 8000"), personal("王某 110105-19491231-002X"), personal("（021）5256-4588")
    ('手机号', '身份证号', '固定电话')
    >>> personal("中山北路3300号2024年3月1日至2024-12-31共138家次"), personal("91110000600037341L")
    ('', '')
    """
    if not _LETTER.search(text) and not _SEVEN.match(text):
        return ""
    return next((kind for _, _, kind in spans(text) if kind in kinds), "")


def spans(text: str) -> list[Span]:
    """Return where personal numbers stand in a text, in order: first, end, kind."""
    plain = text.translate(_HALF)
    listed = [(*match.span(), kind) for kind, form in _ADDRESSES for match in form.finditer(plain)]
    if len(text) < _SHORTEST:
        return listed
    shaped = [span for run in _RUN.finditer(plain) for span in _within(run)]
    called = ((*match.span("number"), LANDLINE) for match in _CALLED.finditer(plain))
    parted = ((*match.span(), kind) for kind, form in _PARTED for match in form.finditer(plain))
    for span in (*listed, *called, *parted):
        shaped += [] if any(_overlap(span, other) for other in shaped) else [span]
    return sorted(shaped)


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _within(run: re.Match[str]) -> Iterator[Span]:
    """Yield the personal numbers in one run of groups of digits, the first that fits from each place on."""
    if run.end() - run.start() < _SHORTEST:
        return
    groups = [(match.start() + run.start(), match[0]) for match in _GROUP.finditer(run[0])]
    place = 0
    while place < len(groups):
        end, kind = _number_at([text for _, text in groups[place : place + _LONGEST]])
        if kind:
            last, text = groups[place + end - 1]
            yield groups[place][0], last + len(text), kind
        place += end or 1


def _number_at(groups: list[str]) -> tuple[int, str]:
    """Return how many groups make a personal number, and its kind; 0 when none do."""
    digits = ""
    for count, group in enumerate(groups, 1):
        digits += group
        if len(digits) > _LONGEST:
            break
        if kind := _kind_of(digits, groups[:count]):
            return count, kind
    return 0, ""


def _kind_of(digits: str, groups: list[str]) -> str:
    if _CARD.fullmatch(digits) or (len(groups) == 1 and _OLD_CARD.fullmatch(digits)):
        return CARD
    whole = len(groups) == 1
    local = groups[1:] if groups[0] in ("86", "086", "0086") else groups
    if _MOBILE.fullmatch(digits) and (all(len(group) >= 3 for group in local) or all(len(g) == 1 for g in local)):
        return MOBILE
    if _LANDLINE.fullmatch(digits) and (whole or _AREA.fullmatch(groups[0]) or _AREA.fullmatch(local[0])):
        return LANDLINE
    return ""


def is_card(text: str) -> bool:
    """Whether a whole text is an ID-card number: place, birthday and, with 18 characters, its check character.

    >>> is_card("11010519491231002X"), is_card("91110000600037341L")
    (True, False)
    """
    text = text.upper()
    if _WHOLE_CARD.fullmatch(text):
        return ric.calc_check_digit(text) == text[-1]
    return bool(_WHOLE_OLD_CARD.fullmatch(text))


def masked(text: str) -> str:
    """Return a text without the numbers a person is known by: identity cards, bank accounts, telephones.

    Enough digits stay to find the cell, too few to know whose it is. Spaces and hyphens between digits hide nothing.

    >>> masked("电话 138-0013-8000，卡号 6222 0212 3456 7890 123")
    '电话 138****8000，卡号 622202*********0123'
    >>> masked("老王 138-0013-8000，（021）5256-4588，110105 19491231 002X")
    '老王 138****8000，（0215****588，110105*******1002X'
    """
    text = _LONG_NUMBER.sub(lambda number: _mask("".join(filter(str.isdecimal, number[0])), CARD), text)
    for first, end, kind in reversed(spans(text)):
        plain = text[first:end].translate(_HALF)
        digits = "".join(_GROUP.findall(plain)) if kind in (CARD, MOBILE, LANDLINE) else plain
        text = text[:first] + _mask(digits, kind) + text[end:]
    return text


def _mask(digits: str, kind: str) -> str:
    if kind == CARD:
        return f"{digits[:6]}{'*' * (len(digits) - 10)}{digits[-4:]}"
    if kind == MOBILE:
        return f"{digits[-11:-8]}****{digits[-4:]}"
    return f"{digits[:4]}****{digits[-3:]}" if kind == LANDLINE else f"{digits[:1]}****"
