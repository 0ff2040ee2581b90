"""Numerals (数): the plain form of a paragraph, and every printed figure in it with its unit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from enforce.sheets.quantities import in_words
from enforce.words.claims import PERCENT, Block, Numeral

_WIDE = {chr(0xFF01 + n): chr(0x21 + n) for n in range(94) if chr(0xFF01 + n) not in "，；：？！"}
_SIGNS = str.maketrans(_WIDE | dict(zip("—－−–‑‐✕✖╳∗＋﹢％﹪〜;:?!〈〉", "------××××++%%～；：？！《》", strict=True)))
#: A paragraph with more digits is no sentence: a column of numbers pasted as one line.
_MOST_DIGITS = 600
_UNSEEN = re.compile("[\\s\u200b-\u200f\u2060\ufeff\u00ad]")
#: A comma that parts no thousands.
_COMMA = re.compile(r"(?<!\d),|,(?!\d{3}(?!\d))")
#: Units as printed: those of one line count the same, the last line's each alone.
_SAME = (
    "家次 户次 处次 矿次 厂次 企次 点次 店次|天 人日 人·日 人天 工日 个工作日 工作日"
    "|起 宗 例|家 户|项 条|次 轮 遍|人 名"
)
_ALONE = (
    "个百分点 亿元 万元 元 % ‰ 人次 张 本 份 件 卷 个月 个季度 处 座 所 台 辆 期 组 套 艘 栋 篇 册 场 类 部 批 周 小时"
    " 分钟 年 月 季度 季 号 款 章 节 届 级 日 时 分 周年 岁 米 吨 公里 平方米 个"
)
UNITS = {unit: line.split()[0] for line in (*_SAME.split("|"), *_ALONE.split()) for unit in line.split()}
#: Units that count nothing a plan adds up.
DATES = frozenset({"年", "月", "季度", "季", "号", "款", "章", "节", "届", "级", "日", "时", "分", "周年", "岁", "周"})
MONEY = {"元": 1, "万元": 10_000, "亿元": 100_000_000}
#: Counts of things that are no units to be inspected: they never add up with 家.
THINGS = frozenset({"张", "本", "份", "件", "人", "人次", "台", "辆", "起", "项", "天", "批"})
FIRMS = frozenset({"家", "个", "所", "处", "座"})
_UNIT = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
_FIGURE = re.compile(
    r"(?P<of>[百二三四五六七八九十]+)分之(?P<part>[零一二两三四五六七八九十百点]+)|"
    rf"(?P<digits>(?<![\dA-Za-z.])(?:\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+)(?:\.\d+)?)(?P<more>[余多来]?)(?P<unit>{_UNIT})?"
    r"|(?<=[占约近达超有])(?P<tenths>[一二三四五六七八九])成(?![立员为本功果效绩长品熟因都分份人])"
    rf"|(?P<words>[零〇一二两三四五六七八九十百千万]+)(?P<many>[余多几]?)(?P<counted>{_UNIT})"
)
_ABOUT = re.compile(
    r"(?:约|近|超过|超|不少于|不低于|不高于|不超过|不多于|至少|最多|最少|大约|约占|大于|小于|≥|≤|>|<|逾|力争|原则上)(?:为|按)?$"
)
_ABOVE = re.compile(r"^(?:左右|以上|以下|以内|上下|内)")
_RANGE = re.compile(r"(?:[-～~]|\d[家次户个月日年人天项件起%]{0,3}[至到])$")
_DAYS = re.compile(r"工作日(?:[\d.×+÷=-]|天|人)*$")
_SENTENCE = "。！？\n"


@dataclass(frozen=True, eq=False)
class Plain:
    """A paragraph in plain form: spaces out, widths and signs alike; `places` leads back into the passage."""

    passage: Block
    text: str
    places: tuple[int, ...]
    figures: tuple[Numeral, ...] = field(default=())

    def figure_at(self, place: int) -> Numeral | None:
        """Return the figure that begins at a place."""
        return next((one for one in self.figures if one.start == place), None)

    def depth(self, place: int) -> int:
        """Return how many brackets are open at a place."""
        before = self.text[:place]
        return before.count("(") - before.count(")")

    def sentence(self, start: int, end: int) -> str:
        """Return the sentence of the passage that a stretch of the plain text stands in."""
        text, places = self.passage.text, self.places
        first, last = places[min(start, len(places) - 1)], places[min(max(end - 1, start), len(places) - 1)]
        begin = max(text.rfind(mark, 0, first) for mark in _SENTENCE) + 1
        ends = [place for mark in _SENTENCE if (place := text.find(mark, last)) >= 0]
        return text[begin : min(ends, default=len(text)) + 1].strip()

    def bounds(self, place: int) -> tuple[int, int]:
        """Return where the sentence at a place begins and ends in the plain text."""
        begin = max(self.text.rfind(mark, 0, place) for mark in _SENTENCE) + 1
        ends = [found_at for mark in _SENTENCE if (found_at := self.text.find(mark, place)) >= 0]
        return begin, min(ends, default=len(self.text))


def plain_form(passage: Block) -> Plain:
    """Return the plain form of a passage with its figures.

    >>> text = plain_form(Block("", "", "全年２６１家次，共十二户"))
    >>> [(one.printed, f"{one.value}", one.unit) for one in text.figures]
    [('261家次', '261', '家次'), ('十二户', '12', '家')]
    """
    text = _COMMA.sub("，", passage.text.translate(_SIGNS))
    pairs = [(one, n) for n, one in enumerate(text) if not _UNSEEN.match(one)]
    bare = Plain(passage, "".join(one for one, _ in pairs), tuple(n for _, n in pairs))
    if not bare.text:
        return bare
    figures = tuple(_printed_numerals(bare)) if sum(map(str.isdigit, bare.text)) < _MOST_DIGITS else ()
    return Plain(passage, bare.text, bare.places, figures)


def _printed_numerals(bare: Plain) -> Iterator[Numeral]:
    text, days = bare.text, False
    for match in _FIGURE.finditer(text):
        start, end = match.span()
        unit = UNITS.get(match["unit"] or match["counted"] or "", "")
        unit = "" if text[:start].endswith(("附件", "附表")) else unit
        if match["of"]:
            value, unit = _fraction(match["of"], match["part"]), PERCENT
        elif match["tenths"]:
            value, unit = Decimal(f"{in_words(match['tenths'])}E1"), PERCENT
        elif match["digits"]:
            value = Decimal(match["digits"].replace(",", ""))
        else:
            number = in_words(match["words"])
            if number is None or _is_idiom(text, match):
                continue
            value = Decimal(number)
        if unit == "个" and (_DAYS.search(text, 0, start) or (days and re.match("[，。；、)]|$", text[end:]))):
            unit = "天"
        days = (unit == "天" and match[0].endswith(("个", "个工作日"))) or (days and unit in ("天", PERCENT))
        if unit == "日" and not text[:start].endswith("月"):
            unit = "天" if value > 31 else unit
        near = bool(match["more"] or match["many"] or _ABOUT.search(text[max(0, start - 6) : start]))
        ranged = bool(_RANGE.search(text[max(0, start - 5) : start])) or (
            text[end : end + 1] in "-～~" and text[end + 1 : end + 2].isdigit()
        )
        exact = not near and not ranged and not _ABOVE.match(text[end : end + 2])
        yield Numeral(value, unit, match[0], bare.passage, bare.sentence(start, end), start, end, exact)


def _fraction(of: str, part: str) -> Decimal:
    """Return the percentage of a fraction in words: 百分之九十八点五 as printed, 三分之一 with all its decimals."""
    digits = {word: f"{n}" for n, word in enumerate("零一二三四五六七八九")} | {"两": "2"}
    whole, _, more = part.partition("点")
    value = Decimal(f"{in_words(whole) or 0}.{''.join(digits.get(one, '') for one in more)}")
    return value if of == "百" else value * 100 / (in_words(of) or 1)


def _is_idiom(text: str, match: re.Match[str]) -> bool:
    """Whether Chinese numerals are part of a word: 一次性, 第三季度, 一企一策, 三年行动."""
    before, after = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 1]
    if before in tuple("第同某每任统唯双万这那哪进另") and match["words"] in ("一", "万", "两"):
        return before not in ("每",) or match["counted"] not in ("次",)
    return before == "第" or (
        match["counted"] in ("级", "分", "时", "号", "组") or (after == "性" and match["words"] == "一")
    )


def value_of(figure: Numeral) -> Decimal:
    """Return the value of a figure in its plain unit: money in 元."""
    return figure.value * MONEY.get(figure.unit, 1)


def known_count(value: int, unit: str, passage: Block) -> Numeral:
    """Return a number that is counts_of and not printed."""
    return Numeral(Decimal(value), unit, f"{value}", passage, passage.text, fixed=True)
