"""The row (行): which rows below a header are data, which are sums, and which are neither and why.

A row with a code of its own is data whatever else it says. What looks like a row but has no code is data too, so that
it is reported as a fault: only titles, notes, sums and repeated headers are passed over, each with its reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from enforce.sheets.grids.grid import Grid, GridRow
from enforce.sheets.header import Header, meaning, plain
from enforce.sheets.normal import is_blank
from enforce.sheets.quantities import in_words

SUB, GRAND, ALL = 1, 2, 3
#: The unit of what is counted in rows.
ROWS = "行"
_LEVELS = {"小计": SUB, "汇总": SUB, "subtotal": SUB, "合计": GRAND, "共计": GRAND, "total": GRAND}
_TOTAL = re.compile(
    r"(?P<what>.{0,20}?)(?P<level>小计|总合计|合计|总计|共计|累计|总和|总数|汇总|求和|subtotal|total)[数项]?"
    r"(?:\((?:家次|家|项|元|万元)\))?[:：]?"
)
_COUNTS = "家次|入企次|人次|人日|万元|[家户条项次人名个份件行处元天起]"
_WHAT = "企业|单位|记录|数据|人员|事项|隐患"
_FIGURE = rf"[0-9,]*[0-9](?:{_COUNTS})?(?:{_WHAT})?"
#: A sum in words: 合计6家10家次, 共2条记录, （共8人）, 本表共有企业 2 家.
_TOTAL_WITH_FIGURE = re.compile(
    rf"\(?(?:本页|本表|本次|全区|全部|以上|数据|记录|名单)?(?:(?P<level>小计|合计|总计|共计|总共|累计|总数)[:：]?\(?共?|共)有?"
    rf"(?:{_WHAT}|检查|计划|抽查)?(?P<figure>{_FIGURE}(?:[,，、;；和及(]?{_FIGURE})*)[。)]*"
)
_ONE_FIGURE = re.compile(rf"(?P<figure>[0-9]+(?:,[0-9]{{3}})*)(?P<unit>{_COUNTS})?(?P<what>{_WHAT})?")
_COUNTED = re.compile(rf"共?{_FIGURE}")
_WORDS = re.compile(rf"[零〇一二两三四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾佰仟]+(?={_COUNTS})")
#: A unit before its figure: 合计(家次):10.
_UNIT_BEFORE = re.compile(rf"\(({_COUNTS})\)[:：]?([0-9,]+)")
#: A sum behind a title: 2024年企业台账（共3家、10家次）.
_BEHIND = re.compile(r".+(\([^()]+\))")
_FEW = re.compile(r"共?[0-9,]{1,6}(?:家|户|条|项)?")
_MEASURE = re.compile(r"(?:平均|均|人均|占比|比例|百分比|完成率|中位|众|最[大小高低])[值数]?")
#: What programs call a subtotal by another function than the sum.
_FUNCTION = re.compile(
    r"(?P<what>.*?)(?:总计|grand)?(?:平均值?|计数|数值计数|最大值|最小值|乘积|(?:总体)?标准偏差|(?:总体)?方差|"
    r"average|count|max|min|product|stddevp?|varp?)"
)
#: A sentence or an end mark, as they stand below a table and never in a column of names.
_SENTENCE = re.compile(
    r".*[:：。；;，,…].*|\(.*\)|(?:[本此上该]表|以上|数据来源|说明|备注).*|[-—=_*.·\s]+.*[-—=_*.·\s]+|.*[0-9]{4}年.*|.*(?:空白|无正文)"
)
_PART = re.compile(r"其中(?::.*|\d.*)?")
_ROLE = "填表|制表|填报|编制|审核|复核|审批|经办|打印|制单|报送|统计|联系|负责"
_NOTE = re.compile(
    rf"(?:(?:(?:{_ROLE}|单位|部门)?(?:负责)?(?:人|单位|日期|时间|电话|签字|签章|盖章)|填[表写报](?:说明|要求|须知)|"
    r"备注|附注|附件?|注|说明|单位|数据截至|截至)(?:[:：].*|[（(].*)?|备?注\d.*|"
    rf"(?:{_ROLE})[:：].*|(?:制表|填表|填报|打印|统计)(?:日期|时间)\d.*|"
    r"(?:数据)?截至.*\d.*|(?:第\d+页)?[,，]?共\d+页.*|第\d+页|承[前上]页|过次页|[接转][上次下]页|[-—~]*\d+[-—~]+|[-—_=]{3,})"
)
_SECTION = re.compile(
    r"(?:[一二三四五六七八九十]+[、.．]|\([一二三四五六七八九十]+\)|第[一二三四五六七八九十]+[类章节部]).*"
)
_SAMPLE = frozenset({"例", "示例", "样例", "例如"})
_LONG = re.compile("[0-9a-z]{6}")
_CODE_LIKE = re.compile(r"[!-~]*[0-9][!-~]*")


class Reason(StrEnum):
    """Why a row is passed over, in the words a planner reads."""

    TITLE = "表头以上的标题或说明"
    STRUCK = "整行带删除线，视为已作废"
    SAMPLE = "示例"
    EMPTY = "空行"
    PART = "“其中”行，已包含在上一行里"
    HEADER = "重复的表头"
    NUMBERING = "栏号"
    MERGED = "合并的标题"
    NOTE = "说明或落款"
    MEASURE = "平均、占比等，不是数据"
    GROUP = "分组标题或说明"
    SUM = "合计行，只用来核对"
    OUTLINE = "其下各行的合计，只用来核对"
    BELOW = "另一个表头以下，没有读"


class Skipped(NamedTuple):
    """A row passed over: its number as Excel shows it, the reason, and of a sum what came of comparing it."""

    row: int
    reason: Reason
    outcome: str = ""

    @property
    def why(self) -> str:
        """The reason in words."""
        return f"{self.reason}：{self.outcome}" if self.outcome else str(self.reason)


class Total(NamedTuple):
    """A row of sums: how many rows of data stand above it, its level, whose sum it is, figures in words with units.

    One that an outline nests over its rows (outline.py) sums so many rows `below`.
    """

    row: GridRow
    above: int
    level: int
    what: str
    figures: tuple[tuple[str, str], ...] = ()
    below: int = 0


@dataclass
class Sorted:
    """The rows below a header: data, sums, and the others with the reason each is passed over.

    Of rows struck through and of parts of the row above (其中) also how many rows of data stand above. `second` is
    the header of another table further down, of which nothing is read.
    """

    data: list[GridRow] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    struck: list[tuple[GridRow, int]] = field(default_factory=list)
    parts: list[tuple[GridRow, int]] = field(default_factory=list)
    second: GridRow | None = None


def sort_rows(grid: Grid, header: Header) -> Sorted:
    """Sort the rows of a sheet by what they are; rows above the header are titles."""
    rows, rule = Sorted(), _Rule(header)
    for place, row in enumerate(grid.rows[: header.rows[-1]]):
        if place in header.rows or not (texts := _texts(row)):
            continue
        behind = {spot: match[1] for spot, text in texts.items() if (match := _BEHIND.fullmatch(text))}
        total = rule.total(row, texts, 0) or (rule.total(row, behind, 0) if behind else None)
        if total and (total.figures or set(texts) & rule.counts):
            rows.totals.append(total._replace(level=ALL))
        else:
            rows.skipped.append(Skipped(row.number, Reason.TITLE))
    below = grid.rows[header.rows[-1] + 1 :]
    for place, row in enumerate(below):
        coded = rule.has_code(row)
        if not coded and rule.is_other_header(row):
            rows.second = row
            rows.skipped += [Skipped(other.number, Reason.BELOW) for other in below[place:]]
            break
        rule.place(row, rows, coded)
    rule.take_footers(rows)
    rows.totals = [
        total if total.row.number > header.number else total._replace(above=len(rows.data)) for total in rows.totals
    ]
    return rows


class _Rule:
    """What tells a row of one sheet from another."""

    def __init__(self, header: Header) -> None:
        self.header = header
        self.key = header.places.get(header.form.key, -1)
        self.names = {header.places[name] for name in header.form.names if name in header.places}
        self.counts = {place for name, place in header.places.items() if header.form.columns[name].additive}
        self.spots = set(header.places.values())
        self.lines = [tuple(map(plain, header.grid.rows[row].cells)) for row in header.rows]

    def place(self, row: GridRow, rows: Sorted, coded: bool) -> None:
        """Put a row where it belongs."""
        if row.struck and not all(map(is_blank, row.cells)):
            rows.skipped.append(Skipped(row.number, Reason.STRUCK))
            rows.struck.append((row, len(rows.data)))
        elif self._is_sample(row):
            rows.skipped.append(Skipped(row.number, Reason.SAMPLE))
        elif coded:
            rows.data.append(row)
        else:
            self._place_without_code(row, rows)

    def is_other_header(self, row: GridRow) -> bool:
        """Whether a row is a header of these columns in another order: it names two or more, none where it stands."""
        texts = _texts(row)
        known = {spot: name for spot, text in texts.items() if (name := meaning(text, self.header.form)[0])}
        moved = {spot for spot, name in known.items() if self.header.places.get(name) != spot}
        return len(known) > 1 and 2 * len(known) > len(texts) and bool(moved)

    def take_footers(self, rows: Sorted) -> None:
        """Pass over what stands below the last row of data in one cell and is no cell of its column."""
        while rows.data and self._is_footer(rows.data):
            rows.skipped.append(Skipped(rows.data.pop().number, Reason.NOTE))
        count = len(rows.data)
        rows.totals = [total._replace(above=min(total.above, count)) for total in rows.totals]
        rows.struck = [(row, min(above, count)) for row, above in rows.struck]
        rows.parts = [(row, above) for row, above in rows.parts if above <= count]

    def _is_footer(self, data: list[GridRow]) -> bool:
        texts = _texts(data[-1])
        if (
            len(set(texts.values())) != 1
            or self.has_code(data[-1])
            or self.header.grid.widths.get(data[-1].number) == 1
        ):
            return False
        spot, text = next(iter(texts.items()))
        gap = len(data) > 1 and data[-1].number > data[-2].number + 1
        return spot == self.key or not {spot} & self.spots or gap or bool(_SENTENCE.fullmatch(text))

    def has_code(self, row: GridRow) -> bool:
        """Whether a row has a code or id of its own, so that it can be nothing but data."""
        code = row.cells[self.key] if self.key >= 0 else None
        if isinstance(code, str):
            coded = bool(_CODE_LIKE.fullmatch(code))
        else:
            coded = isinstance(code, int | float) and not isinstance(code, bool) and not self._is_numbering(row)
        few = coded and len(str(code)) < 9 and _FEW.fullmatch(plain(code))
        return coded and not (few and self._label(_texts(row)))

    def _is_sample(self, row: GridRow) -> bool:
        """Whether a row shows how to fill in the table: its first cell says so, which is no name."""
        first = row.cells[0]
        if isinstance(first, str) and first[:1].isalnum() and "例" not in first:  # nearly every row of a big table
            return False
        place, cell = next(((n, cell) for n, cell in enumerate(row.cells) if not is_blank(cell)), (-1, None))
        return isinstance(cell, str) and len(cell) < 9 and plain(cell) in _SAMPLE and place not in self.names

    def _place_without_code(self, row: GridRow, rows: Sorted) -> None:
        texts = _texts(row)
        if not texts:
            rows.skipped.append(Skipped(row.number, Reason.EMPTY))
        elif total := self.total(row, texts, len(rows.data)):
            rows.totals.append(total)
        elif self._is_part(row, texts, rows):
            rows.skipped.append(Skipped(row.number, Reason.PART))
            rows.parts.append((row, len(rows.data)))
        elif reason := self._why_no_data(row, texts):
            above = rows.data[-1] if reason is Reason.HEADER and rows.data else None
            if above and len(set(_texts(above).values())) == 1:  # 台账（续）
                rows.skipped.append(Skipped(rows.data.pop().number, Reason.TITLE))
            rows.skipped.append(Skipped(row.number, reason))
        else:
            rows.data.append(row)

    def _is_part(self, row: GridRow, texts: dict[int, str], rows: Sorted) -> bool:
        """Whether a row is a part of the one above: it says 其中, or is indented below one that does."""
        first, *_ = texts
        if self._owned(texts):
            return False
        after = bool(rows.parts) and rows.parts[-1][1] == len(rows.data)
        return bool(_PART.fullmatch(texts[first])) or (after and indent(row.cells[first]) > 1)

    def total(self, row: GridRow, texts: dict[int, str], above: int) -> Total | None:
        """Return a row of sums; None when it is none."""
        if set(texts) <= self.counts:  # figures without a word beside them sum what stands above
            return Total(row, above, GRAND, "")
        label = None if self._owned(texts) else self._label(texts)
        if not label:
            return None
        if figures := label.groupdict().get("figure"):
            return Total(row, above, _level("", label["level"] or "共计"), "", _sums_in_words(figures))
        return Total(row, above, _level(label["what"], label["level"]), label["what"], self._counted(texts))

    def _label(self, texts: dict[int, str]) -> re.Match[str] | None:
        """Return the word for a sum: in the first cell, before the counts or up to the name; elsewhere it is none.

        In a row without code and name it may stand anywhere.
        """
        last = max({self.key, *self.names, min(self.counts, default=0) - 1, min(texts, default=0)})
        last = last if {self.key, *self.names} & set(texts) else max(texts, default=0)
        for place, text in texts.items():
            if place <= last and (label := _TOTAL_WITH_FIGURE.fullmatch(text) or _TOTAL.fullmatch(text)):
                return label
        return None

    def _counted(self, texts: dict[int, str]) -> tuple[tuple[str, str], ...]:
        """Return how many firms a total row says it counts, 共 60 家, in a cell that is no count of its own."""
        words = (text for place, text in texts.items() if place not in self.counts and _COUNTED.fullmatch(text))
        return next((figures for text in words if (figures := _sums_in_words(text)) and figures[0][1]), ())

    def _owned(self, texts: dict[int, str]) -> bool:
        """Whether the code column says something that is no word for a sum or its absence."""
        code = texts.get(self.key, "")
        forms = (_TOTAL, _TOTAL_WITH_FIGURE, _FEW)
        return bool(code.strip("/-—")) and not any(form.fullmatch(code) for form in forms)

    def _why_no_data(self, row: GridRow, texts: dict[int, str]) -> Reason | None:
        """Return why a row without a code is no data; None when it must be."""
        first, *_ = values = list(texts.values())
        code = texts.get(self.key, "")
        alone = len(texts) == 1 and not set(texts) & {*self.names, self.key}
        reasons = (
            (self._repeats_header(row), Reason.HEADER),
            (self._is_numbering(row), Reason.NUMBERING),
            (len(values) > 1 and len(set(values)) == 1 and self._is_merged(row), Reason.MERGED),
            (_NOTE.fullmatch(first) and (_NOTE.fullmatch(code) or not _LONG.search(code)), Reason.NOTE),
            (_MEASURE.fullmatch(first) or self._is_function(texts), Reason.MEASURE),
            (all(map(_NOTE.fullmatch, values)), Reason.NOTE),
            (alone or (len(texts) == 1 and _SECTION.fullmatch(first)), Reason.GROUP),
        )
        return next((reason for holds, reason in reasons if holds), None)

    def _is_merged(self, row: GridRow) -> bool:
        """Whether cells of a row are merged, or words that are the same; numbers that are the same are only equal."""
        spans = self.header.grid.merged
        if not plain(next(filter(None, row.cells), "")).isdecimal():
            return True
        return any(span.top <= row.number <= span.bottom and span.right > span.left for span in spans)

    def _is_function(self, texts: dict[int, str]) -> bool:
        """Whether a row is a subtotal by an average, a count and the like: a word for it, and figures alone beside."""
        words = [text for spot, text in texts.items() if spot not in self.counts]
        match = _FUNCTION.fullmatch(words[0]) if len(words) == 1 and set(texts) & self.counts else None
        return bool(match) and (not match["what"] or match["what"] in self._words_above)

    @cached_property
    def _words_above(self) -> set[str]:
        """The texts of the table, one of which stands before the word of a subtotal."""
        below = self.header.grid.rows[self.header.rows[-1] + 1 :]
        return {text for row in below for text in _texts(row).values()}

    def _repeats_header(self, row: GridRow) -> bool:
        cells = tuple(map(plain, row.cells))
        return any(any(line) and cells == line for line in self.lines)

    def _is_numbering(self, row: GridRow) -> bool:
        """Whether a row numbers the columns: 1 2 3, or 甲 乙 1 2, right below the header."""
        below = self.header.grid.rows[self.header.rows[-1] + 1 : self.header.rows[-1] + 2]
        cells = [plain(cell) for cell in row.cells if not is_blank(cell)]
        numbers = [cell for cell in cells if cell not in "甲乙丙丁戊己"]
        return below == (row,) and len(cells) > 2 and numbers == [str(n + 1) for n in range(len(numbers))]


def indent(cell: object) -> int:
    """Return how far a text is set in: spaces before it, wide ones for two.

    >>> indent("　 甲"), indent("甲"), indent(5)
    (3, 0, 0)
    """
    text = cell if isinstance(cell, str) else ""
    return sum(2 if space in "\t\u3000" else 1 for space in text[: len(text) - len(text.lstrip())])


def _in_figures(text: str) -> str:
    """Return a sum in words with its numbers in figures, each before its unit.

    >>> _in_figures("合计：拾家次"), _in_figures("合计(家次):10")
    ('合计：10家次', '合计10家次')
    """
    figures = (
        _WORDS.sub(lambda words: str(in_words(words[0]) or words[0]), text) if "计" in text or "共" in text else text
    )
    return _UNIT_BEFORE.sub(r"\2\1", figures)


def _sums_in_words(text: str) -> tuple[tuple[str, str], ...]:
    """Return the figures of a sum in words, each with its unit; of rows (记录、数据、行) the unit is ROWS.

    >>> _sums_in_words("6家,10家次"), _sums_in_words("2条记录"), _sums_in_words("1,234家")
    ((('6', '家'), ('10', '家次')), (('2', '行'),), (('1,234', '家'),))
    """
    counts = list(_ONE_FIGURE.finditer(text))
    units = [ROWS if count["what"] in ("记录", "数据") else count["unit"] or "" for count in counts]
    return tuple((count["figure"], unit) for count, unit in zip(counts, units, strict=True))


def _texts(row: GridRow) -> dict[int, str]:
    """Return the plain texts of the cells that hold something, by place."""
    return {place: _in_figures(plain(cell)) for place, cell in enumerate(row.cells) if not is_blank(cell)}


def _level(what: str, word: str) -> int:
    """Return how wide a sum reaches: a page and a 小计 no further than the last sum, a 总计 over everything."""
    return SUB if what == "本页" else _LEVELS.get(word, ALL)
