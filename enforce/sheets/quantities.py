"""The quantity (数量) as planners write it: figures or words, with a unit, with commas between thousands.

Each function returns plain digits where the text is such a quantity, the text itself where it is not (the column
then tells the form expected), and raises ValueError where the unit is another one: 家 and 家次 are never the same.
"""

from __future__ import annotations

import re

from enforce.sheets.normal import half

_UNITS = "家次|万元|人日|人次|元|万|户次|家|户|次|项|条|处|个|人|天|起|张|件|月份|月"
_SPLIT = re.compile(rf"(.*?)\s*({_UNITS})(?:(?<=次)/年|(?<=元)整)?")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?=\.|$)")
_WHOLE = re.compile(r"(0|[1-9][0-9]*)\.0{1,6}")
_MONEY = re.compile(r"(0|[1-9][0-9]{0,12})(?:\.([0-9]{1,6}))?")
_DIGITS = {word: value for value, word in enumerate("零一二三四五六七八九")}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_FORMAL = str.maketrans("〇两壹贰貳叁肆伍陆柒捌玖拾佰仟萬", "零二一二二三四五六七八九十百千万")
_WORDS = re.compile(r"[零一二三四五六七八九十百千万]+")


def count(text: str, units: tuple[str, ...] = ()) -> str:
    """Return a whole number as plain digits.

    >>> count("８３家次", ("家次",)), count("1,234"), count("一百二十家次", ("家次",)), count("178.0"), count("1.5")
    ('83', '1234', '120', '178', '1.5')
    >>> count("12家", ("家次",))
    Traceback (most recent call last):
    ValueError: 以「家次」计的数（这里写的单位是「家」，口径不同，请核对）
    """
    plain, unit = _parted(half(text))
    if unit == "万":  # a place of a number in words, and a unit of money alone
        plain, unit = plain + unit, ""
    if unit and unit not in units:
        ours = f"以「{units[0]}」计的数" if units else "不带单位的数"
        raise ValueError(f"{ours}（这里写的单位是「{unit}」，口径不同，请核对）")
    plain = _figures(plain) or (plain if unit else text)
    # other programs write whole numbers of a column with a gap in it so
    return match[1] if (match := _WHOLE.fullmatch(plain)) else plain


def _parted(text: str) -> tuple[str, str]:
    """Return a quantity without its unit, and the unit; '' when it carries none."""
    match = _SPLIT.fullmatch(text)
    return (match[1], match[2]) if match and match[1] else (text, "")


def _figures(plain: str) -> str:
    """Return digits without commas, or digits for words; '' when a text is neither."""
    if _THOUSANDS.match(plain):
        plain = plain.replace(",", "")
    if plain.isascii():
        return plain
    value = in_words(plain)
    return "" if value is None else str(value)


def in_words(text: str) -> int | None:
    """Return the value of a number written in words, below a hundred million; None when it is no proper one.

    >>> in_words("一百二十"), in_words("十二"), in_words("贰佰陆拾壹"), in_words("二百零一"), in_words("百一十")
    (120, 12, 261, 201, None)
    """
    text = text.translate(_FORMAL)
    if not _WORDS.fullmatch(text):
        return None
    high, mark, low = text.rpartition("万")
    value = _section(high) * 10_000 + _section(low) if mark else _section(low)
    proper = _chinese(value)
    # 十二 is short for 一十二; any other writing that does not come back as it was is a slip
    short = proper.removeprefix("一") if text.startswith("十") else proper
    return value if text in (proper, short) else None


def _section(text: str) -> int:
    """Add up a number below ten thousand."""
    total, digit = 0, 1
    for word in text:
        if word in _PLACES:
            total, digit = total + digit * _PLACES[word], 0
        else:
            digit = _DIGITS.get(word, 0)
    return total + (digit if text and text[-1] not in _PLACES else 0)


def _chinese(value: int) -> str:
    """Write a number below a hundred million in words.

    >>> _chinese(10203), _chinese(120)
    ('一万零二百零三', '一百二十')
    """
    if value >= 10_000:
        low = value % 10_000
        gap = "零" if 0 < low < 1000 else ""
        return f"{_chinese(value // 10_000)}万{gap}{_chinese(low) if low else ''}"
    words, gap = "", False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // place % 10
        if digit:
            words += ("零" if gap and words else "") + "零一二三四五六七八九"[digit] + name
        gap = not digit
    return words or "零"


def yuan(text: str, per_unit: int) -> str:
    """Return money in whole yuan (元) as plain digits; `per_unit` is 1 or 10,000 yuan, 0 where the header tells none.

    A unit in the cell goes before that of the header.

    >>> yuan("8,000.00", 1), yuan("0.8", 10_000), yuan("1.5万元", 1), yuan("￥3000", 1)
    ('8000', '8000', '15000', '3000')
    """
    plain, unit = _parted(half(text).removeprefix("\u00a5").removeprefix("人民币").strip())
    plain = _figures(plain) or plain
    factors = {"元": 1, "万元": 10_000, "万": 10_000 if per_unit < 10_000 else None, "": per_unit}
    factor = factors.get(unit)
    match = _MONEY.fullmatch(plain)
    if factor is None:
        raise ValueError(f"以元计的罚款（这里写的单位是「{unit}」，请核对）")
    if not match:
        return text
    if factor == 0 and plain.strip("0."):
        raise ValueError("写明单位的金额（列名没有写元还是万元，请改为「罚款(元)」或「罚款(万元)」）")
    return _whole_yuan(match[1], match[2] or "", factor)


def _whole_yuan(whole: str, decimals: str, factor: int) -> str:
    """Return whole yuan; ValueError when there are parts of a yuan left."""
    parts = int(whole + decimals.ljust(6, "0")) * (factor or 1)
    if parts % 10**6:
        raise ValueError("整元的金额（没有角、分）")
    return str(parts // 10**6)
