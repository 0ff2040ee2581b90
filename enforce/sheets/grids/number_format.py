"""The display (显示): what a cell shows of the number it stores, by its number format."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

#: Built-in formats by number; of the others, and of General, a number shows as it is.
_BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 37: "#,##0", 38: "#,##0",
             39: "#,##0.00", 40: "#,##0.00"}  # fmt: skip
#: What XML of Excel 2003 calls by name.
_NAMED = {"Percent": "0.00%", "Fixed": "0.00", "Standard": "#,##0.00"}
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]|(?P<general>general)|(?P<digit>[0#?])|'
    r"(?P<mark>[;.,%@])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?[0-9.]+)")
_TESTS = {"<=": operator.le, ">=": operator.ge, "<>": operator.ne, "<": operator.lt, ">": operator.gt, "=": operator.eq}

Token = tuple[str, str]


def format_code(number: int, code: str = "") -> str:
    """Return the code of a number format; '' where a number shows as it is.

    >>> format_code(9), format_code(0, "General"), format_code(0, "Percent"), format_code(165, '0"家"')
    ('0%', '', '0.00%', '0"家"')
    """
    code = _NAMED.get(code, code) or _BUILT_IN.get(number, "")
    return "" if code.lower() in ("general", "@", "general number") else code


@lru_cache(maxsize=65536)
def display(number: int | float, code: str) -> str | None:
    """Return what a cell shows of a number; None where that is the number itself, or nothing in place of a 0.

    >>> display(15000, "0!.0,"), display(1, "0%"), display(20, '"约"0"家次"'), display(39, ";;;")
    ('1.5', '100%', '约20家次', '')
    >>> display(12345, '[>=10000]0!.0,"万";0'), display(12, "00000"), display(1234, "#,##0.00"), display(0, "#")
    ('1.2万', '00012', None, None)
    """
    tokens, negative = _format_section(number, code)
    if any(kind == "other" and text in "Ee/" for kind, text in tokens):
        return None
    text = ("-" if negative else "") + "".join(_in_places(Decimal(repr(abs(number))), tokens)).strip()
    plain = text.replace(",", "")
    if plain == str(number) or (not number and not re.search("[1-9]", plain)):
        return None
    same = re.fullmatch(r"-?(?:0|[1-9][0-9]*)\.[0-9]+", plain) and float(plain) == number
    return None if same else text


def _format_section(number: float, code: str) -> tuple[list[Token], bool]:
    """Return the section of a code that a number falls under, and whether a sign stands before it."""
    sections: list[list[Token]] = [[]]
    conditions: list[re.Match[str] | None] = [None]
    for match in _TOKEN.finditer(code):
        if match["bracket"]:
            conditions[-1] = _CONDITION.fullmatch(match["bracket"]) or conditions[-1]
        elif match["mark"] == ";":
            sections.append([])
            conditions.append(None)
        elif match.lastgroup:
            sections[-1].append((match.lastgroup, match[match.lastgroup]))
    if any(conditions):
        fits = (n for n, test in enumerate(conditions) if not test or _TESTS[test[1]](number, float(test[2])))
        return sections[next(fits, 0)], number < 0
    place = 1 if number < 0 and len(sections) > 1 else 2 if number == 0 and len(sections) > 2 else 0
    return sections[place], number < 0 and place == 0


def _in_places(number: Decimal, tokens: list[Token]) -> Iterator[str]:
    """Yield the texts of a section with the digits of a number in its places."""
    places = [n for n, (kind, _) in enumerate(tokens) if kind == "digit"]
    point = next((n for n, token in enumerate(tokens) if token == ("mark", ".")), len(tokens))
    whole, decimals = [n for n in places if n < point], [n for n in places if n > point]
    commas = 0
    while places and tokens[places[-1] + commas + 1 : places[-1] + commas + 2] == [("mark", ",")]:
        commas += 1
    shift = 2 * tokens.count(("mark", "%")) - 3 * commas
    digits = str(int((number.scaleb(shift + len(decimals))).quantize(Decimal(1), ROUND_HALF_UP)))
    digits = digits.rjust(len(decimals) + 1, "0")
    cut = len(digits) - len(decimals)
    figures = dict(zip(decimals, digits[cut:], strict=True))
    units = digits[:cut].lstrip("0")
    for n in reversed(whole):
        filler = "0" if tokens[n][1] == "0" else ""
        figures[n], units = (units, "") if n == whole[0] else (units[-1:], units[:-1])
        figures[n] = figures[n] or filler
    for n, (kind, text) in enumerate(tokens):
        if kind == "general":
            yield format(number.normalize(), "f")
        elif kind != "mark" or text in ".%":
            yield figures.get(n, text)
