"""The normal form (规范写法) of a text: what nobody sees is taken off, what nobody may read is refused.

Every function returns the text or raises ValueError(form expected). Nothing is changed before it was checked: NFKC
would make 1 of ① and 2 of ².
"""

from __future__ import annotations

import re
import unicodedata

from enforce.words.problems import Flaw, Unfit
from enforce.words.texts import HIDDEN

LONGEST = 1000
#: What is expected of a cell with an error.
FAULTY = "没有错误值的单元格：请改正公式或填入数值"
BLANKS = frozenset(
    [
        *("/", "//", "\\", "-", "--", "—", "——", "－", "／", "无", "暂无", "空"),
        *("N/A", "n/a", "NA", "null", "NULL", "nan", "NaN", "None"),
    ]
)

#: What is never content, in any column: what programs write for an error, formulas as text (a link keeps its name).
_ERROR = re.compile(
    r"=?#(?:N/A\b.*|GETTING_DATA|[^\W\d_][\w/]{0,20}[!?]|VALUE|REF|NAME|NUM|NULL|DIV/0|ERROR|错误|空)|#{3,}|"
    r"(?:Err|错误):[0-9]{3}|\[object Object\]|undefined|NaT|[-+]?(?:nan|inf(?:inity)?)|-?1\.#\w+|<NA>|"
    r"(?:loading|正在(?:加载|载入|计算))[.…]*|=(?!HYPERLINK)(?:[A-Z.]+\(.*|[$A-Z]{1,4}[$0-9]+.*)",
    re.IGNORECASE,
)
_DITTO = re.compile(
    r"\(?(?:[同如见][上前左右](?:行|格|栏)?|上同|同第?[0-9]+[行格栏]|ditto|idem|ibid|same|"
    r"[—\-…]*[〃″\"＂“”〞々]+[—\-…]*|[↑↓←→…]+|[.。]{2,})\)?[.。]?",
    re.IGNORECASE,
)

#: Not seen, without meaning: taken off, and the change reported. Joiners, word joiner, byte order mark, soft hyphen.
_UNSEEN = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
_REFUSED = re.compile(f"(?![\t\n\r\u200b-\u200d\u2060\ufeff]){HIDDEN.pattern}|[\u061c\ufffd]")
#: A word that stands alone on two lines of a cell is two values: 甲镇 above 乙镇.
_TWICE = re.compile(r"[^\r\n]*([\u4e00-\u9fff])[ \t]*(?:[\r\n]+[^\r\n]*\1[ \t]*)+")
_BREAK = re.compile(r"[ \t]*[\r\n\t]+[ \t]*")
_FULL = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: " ", 0x00A0: " ", 0xFFE5: 0xA5}
_FULL_ALNUM = {full: half for full, half in _FULL.items() if isinstance(half, int) and chr(half).isalnum()}
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_SPACES = re.compile(r"\s+")


def tidy(text: str) -> str:
    """Take off spaces around a text, line breaks in it and characters nobody sees; refuse what could mislead.

    >>> tidy(" 甲\\n公司\\u200b　")
    '甲公司'
    >>> tidy("甲\\u202e公司")
    Traceback (most recent call last):
    ValueError: 不含控制字符和改变文字方向的字符（这里有 U+202E，请删去后重填）
    """
    if len(text) > LONGEST:
        raise ValueError(f"{LONGEST} 字以内的文字（现有 {len(text)} 字）")
    if text.isprintable() and "\ufffc" not in text and "\ufffd" not in text:
        return text.strip()
    if match := _REFUSED.search(text):
        what = "乱码" if match[0] == "\ufffd" else "控制字符和改变文字方向的字符"
        raise ValueError(f"不含{what}（这里有 U+{ord(match[0]):04X}，请删去后重填）")
    if _TWICE.fullmatch(text.strip()):
        raise Unfit("一个值（这里几行像几个值，请分开填写或用分号隔开）", Flaw.UNCLEAR)
    return _BREAK.sub(_join_lines, _UNSEEN.sub("", text).strip()).strip()


def _join_lines(match: re.Match[str]) -> str:
    """Replace a line break: nothing between Chinese characters, a space between words of letters and digits."""
    text, start, end = match.string, match.start(), match.end()
    ascii_sides = text[start - 1 : start].isascii() and text[end : end + 1].isascii()
    return " " if ascii_sides else ""


def named(text: str) -> str:
    """Return a name as it is read: letters and digits of half width, brackets and all else as they stand.

    >>> named("Ａ１公司（虚构）")
    'A1公司（虚构）'
    """
    text = tidy(text)
    return text.translate(_FULL_ALNUM) if _WIDE.search(text) else text


def half(text: str) -> str:
    """Return a text of half width; refuse what NFKC would turn into something else.

    >>> half("１２家次（Ａ）")
    '12家次(A)'
    >>> half("①")
    Traceback (most recent call last):
    ValueError: 普通的数字和文字（不认 U+2460 这样的特殊字符，请改写）
    """
    text = tidy(text)
    if text.isascii():
        return text
    text = text.translate(_FULL).strip()
    for character in text:
        if unicodedata.normalize("NFKC", character) != character:
            raise ValueError(f"普通的数字和文字（不认 U+{ord(character):04X} 这样的特殊字符，请改写）")
    return text


def refuse_marks(text: str) -> str:
    """Return a text that is content; ValueError for the word of an error and a mark for the cell above.

    >>> refuse_marks("甲镇"), refuse_marks("#1")
    ('甲镇', '#1')
    >>> refuse_marks("#SPILL!")
    Traceback (most recent call last):
    enforce.words.problems.Unfit: 没有错误值的单元格：请改正公式或填入数值
    """
    plain = text.strip().translate(_FULL)
    if _ERROR.fullmatch(plain):
        raise Unfit(FAULTY, Flaw.VALUE)
    if _DITTO.fullmatch(_SPACES.sub("", plain)):
        raise Unfit("写出来的值（这里只写了与别的单元格相同，请填入那个值）", Flaw.MISSING)
    return text


def key(text: str) -> str:
    """Return what two writings of one name share: width, case, spaces and the kind of brackets left out.

    >>> key("甲 公司（上海）") == key("甲公司(上海)")
    True
    """
    seen = text if text.isalnum() else _UNSEEN.sub("", text)
    return "".join(unicodedata.normalize("NFKC", seen).split()).casefold()


def is_blank(cell: object) -> bool:
    """Whether a cell holds nothing anybody could read.

    >>> is_blank(None), is_blank(" \\u200b　"), is_blank(0)
    (True, True, False)
    """
    if isinstance(cell, str):
        return not cell[:1].isalnum() and not _UNSEEN.sub("", cell).strip()
    return cell is None
