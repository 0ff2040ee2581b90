"""Sums of tables (表内算式): rows and columns with 小计 and 合计, months and quarters, products, shares, drawn shares.

What a total is of is read from its place and its name; of several readings that one is taken which most of its columns
(or rows) bear out.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from itertools import pairwise, product

from enforce.inputs.documents.numerals import DATES, Plain, plain_form
from enforce.inputs.documents.prose import sum_claim
from enforce.words.claims import PERCENT, Block, Claim, ClaimRule, Numeral, ShareClaim, added, close, mean_claim

_NUMBERED = re.compile(
    r"序号|编号|编码|代码|年份|日期|电话|文号|时间|频次|频率|上限|备注|均|每家|依据|联系|代号|次数/|负荷|单价|标准"
)
_TOTAL = re.compile(
    r"(?=.{2,24}$).{0,12}(?:合计|总计|小计|共计|总数|汇总)(?:\([^()]*\))?$|^(?:合计|总计|小计|共计|汇总|全年)(?:\(|：|$)|^全[市县区省州局旗]$"
)
_TOTAL_COLUMN = re.compile(r"合计|小计|总计|共计|全年|总数|总量|年度|数量|^家次|计划家次|检查家次|计划数|计划检查")
_GRAND = re.compile(r"合计|总计|共计|汇总|全年|^全[市县区省州局旗]$")
_MONTH = re.compile(r"(?:^|[^\d])(1[0-2]|[1-9])月(?:份)?(?:\(|$|[^\d日至])|^(十[一二]?|[一二三四五六七八九])月(?:份)?$")
_QUARTER = re.compile(r"(?:第)?([一二三四1-4])季度?|Q([1-4])")
_SHARE = re.compile(r"占|比例|比重|%")
_FIRMS = re.compile(r"家数|户数|单位数|企业数|对象数|数量\(家\)|\(家\)|检查对象$|单位\(家\)|基数")
_TIMES = re.compile(r"频次|次数|每家|(?<!家)次/")
_VISITS = re.compile(r"家次|检查次数|合计次数|总次数")
_RATIO = re.compile(r"抽查比例|抽取比例|检查比例|抽取率|抽查率")
_BASE = re.compile(r"基数|总数|对象数|对象总数|库|企业数|单位数|户数|家数")
_DRAWN = re.compile(r"抽取|抽查|检查|计划数|数量")
_WORDS = {word: n for n, word in enumerate("一二三四五六七八九", 1)} | {"十": 10, "十一": 11, "十二": 12}
_BLANK = re.compile(r"[-/—－无\s]*")


@dataclass(eq=False)
class Table:
    """One table: its cells in plain form by row and column, what heads each column, the names of each row."""

    number: int
    cells: dict[tuple[int, int], Plain]
    figures: dict[tuple[int, int], Numeral] = field(default_factory=dict)
    texts: dict[int, list[Plain]] = field(default_factory=dict)
    heads: dict[int, str] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    labels: dict[int, str] = field(default_factory=dict)
    marks: dict[int, str] = field(default_factory=dict)
    groups: dict[int, str] = field(default_factory=dict)
    title: str = ""

    def figure(self, row: int, column: int) -> Numeral | None:
        """Return the number of a cell that holds a number alone."""
        return self.figures.get((row, column))

    def numbers(self, column: int, rows: Iterable[int]) -> list[Numeral]:
        """Return the numbers of a column in some rows."""
        return [one for row in rows if (one := self.figure(row, column))]

    @property
    def columns(self) -> list[int]:
        """The columns that hold counts: no numbers of rows, dates or rates."""
        return [column for column, head in self.heads.items() if self._counts(column, head)]

    def _counts(self, column: int, head: str) -> bool:
        numbers = self.numbers(column, self.rows)
        other = sum(one.unit in (PERCENT, "‰", *DATES) for one in numbers)
        named = _NUMBERED.search(head) or (_SHARE.search(head) and not _VISITS.search(head))
        return bool(numbers) and not named and 2 * other < len(numbers)

    @cached_property
    def share_rows(self) -> frozenset[int]:
        """The rows that hold shares and no counts."""
        units = Counter((row, one.unit == PERCENT) for (row, _), one in self.figures.items())
        return frozenset(row for row, _ in self.figures if units[row, True] > units[row, False])

    @cached_property
    def totals(self) -> list[int]:
        """The rows of totals."""
        return [row for row in self.rows if _TOTAL.search(self.labels[row])]


def tables(passages: Sequence[Block]) -> list[Table]:
    """Return the tables among the passages of one file."""
    groups: dict[int, dict[tuple[int, int], Plain]] = defaultdict(dict)
    titles: dict[int, str] = {}
    title = ""
    for one in passages:
        if one.table:
            groups[one.table][one.row, one.column] = plain_form(one)
            titles.setdefault(one.table, title)
        elif one.text.strip():
            title = f"{title[-80:]} {one.text}"
    parts = [(n, part, titles[n]) for n, cells in groups.items() for part in _tables_in(cells)]
    return [table for number, cells, title in parts if (table := _plain_table(number, cells, title)).rows]


def _tables_in(cells: dict[tuple[int, int], Plain]) -> list[dict[tuple[int, int], Plain]]:
    """Return the cells of the tables that stand below one another in a sheet: a gap, then a heading without numbers."""
    rows: dict[int, list[Plain]] = defaultdict(list)
    for (row, _), text in cells.items():
        rows[row].append(text)
    filled = sorted(row for row, texts in rows.items() if any(text.text for text in texts))
    starts = [
        row
        for above, row in pairwise(filled)
        if row > above + 1 and not any(map(_cell_number, rows[row])) and any(map(_cell_number, rows[above]))
    ]
    bounds = [0, *starts, filled[-1] + 1] if filled else []
    return [{at: text for at, text in cells.items() if a <= at[0] < b} for a, b in pairwise(bounds)]


def _plain_table(number: int, cells: dict[tuple[int, int], Plain], title: str) -> Table:
    figures = {place: one for place, text in cells.items() if (one := _cell_number(text))}
    table = Table(number, cells, figures, title=title)
    for (row, _), text in sorted(cells.items(), key=lambda item: item[0]):
        table.texts.setdefault(row, []).append(text)
    rows = sorted({row for row, _ in cells})
    width = max(column for _, column in cells) + 1
    start = next((n for n, row in enumerate(rows) if _is_data(table, row, width)), len(rows))
    if not start and rows:
        start = 1 if not any(table.figure(rows[0], column) for column in range(width)) else 0
    heads = rows[:start]
    over = [next(iter(texts)) for row in heads if len(texts := {text.text for text in table.texts[row]}) == 1]
    table.title = " ".join([title, *over])
    for column in range(width):
        words: list[str] = []
        for row in heads:
            left = next((cells[row, near].text for near in range(column, -1, -1) if (row, near) in cells), "")
            alone = len({cells[row, near].text for near in range(width) if (row, near) in cells}) == 1
            word = cells[row, column].text if (row, column) in cells else "" if alone or row == heads[-1] else left
            if word and not (alone and width > 1):
                words.append(word)
        table.heads[column] = "/".join(dict.fromkeys(words))
    for (row, column), one in figures.items():
        if row not in heads and not one.unit and re.search(r"%|^同比$", table.heads[column]):
            figures[row, column] = replace(one, unit=PERCENT)
    table.rows = rows[start:]
    for row in table.rows:
        names = [
            cells[row, column].text
            for column in range(width)
            if (row, column) in cells and not table.figure(row, column) and len(cells[row, column].text) <= 60
        ]
        table.labels[row] = next((name for name in names if _TOTAL.search(name)), "/".join(names[:3]))
        table.marks[row] = cells[row, 0].text if (row, 0) in cells else ""
    _group_rows(table, width)
    return table


def _group_rows(table: Table, width: int) -> None:
    """Give each row the name of its group: the first column of words, a merged one carried down."""
    first = next(
        (
            one
            for one in range(width)
            if any((row, one) in table.cells and not table.figure(row, one) for row in table.rows)
        ),
        0,
    )
    group = ""
    for row in table.rows:
        text = table.cells.get((row, first))
        group = text.text if text and not table.figure(row, first) else group
        table.groups[row] = group


def _cell_number(text: Plain) -> Numeral | None:
    """Return the number of a cell that holds a number alone, one below zero too."""
    if len(text.figures) != 1:
        return None
    one = text.figures[0]
    if one.end - one.start == len(text.text):
        return one
    return replace(one, value=-one.value, exact=True) if re.fullmatch(r"-[\d.,]+%?", text.text) else None


def _is_data(table: Table, row: int, width: int) -> bool:
    """Whether a row holds numbers under headings rather than headings."""
    figures = [one for column in range(width) if (one := table.figure(row, column))]
    return any(one.unit not in ("年", "月", "季度", "季") for one in figures)


def table_claims(table: Table) -> Iterator[Claim | ShareClaim]:
    """Yield what a table claims of its own numbers."""
    columns = table.columns
    parents = list(_outline(table, columns))
    yield from (claim for _, claims in parents for claim in claims)
    outline = {row for row, _ in parents}
    totals = table.totals
    for n, row in enumerate(totals):
        yield from _total_row(table, row, totals[:n], columns, outline)
    yield from _total_columns(table, columns)
    yield from _column_ties(table, columns)
    yield from _running_totals(table, columns)
    yield from _share_columns(table, columns)
    for lines in _BALANCES:
        yield from _balance(table, columns, lines)


# --- rows of totals -------------------------------------------------------------------------------------------------


def _plain_rows(table: Table) -> list[int]:
    return [
        row for row in table.rows if not _TOTAL.search(table.labels[row]) and not table.labels[row].startswith("其中")
    ]


def _row_level(table: Table, row: int) -> int:
    """Return 1 for a row numbered 一、, 2 for one numbered 1, 3 for (1); 0 for others."""
    mark = table.marks[row]
    if re.match(r"[一二三四五六七八九十]{1,3}(?:[、.．]|$)", mark):
        return 1
    if re.match(r"\([一二三四五六七八九十]+\)", mark):
        return 2
    return 3 if re.match(r"\d{1,3}(?:[、.．]|$)", mark) else 0


def _outline(table: Table, columns: Sequence[int]) -> Iterator[tuple[int, list[Claim]]]:
    """Yield each row that stands above numbered ones, with its sums."""
    rows = _plain_rows(table)
    levels = {row: _row_level(table, row) for row in rows}
    if len({level for level in levels.values() if level}) < 2:
        return
    for n, row in enumerate(rows):
        below = []
        for other in rows[n + 1 :]:
            if levels[other] and levels[other] <= levels[row]:
                break
            below.append(other)
        deeper = [
            other for other in below if levels[other] == min((levels[one] for one in below if levels[one]), default=0)
        ]
        if levels[row] and len(deeper) >= 2 and any(table.figure(row, column) for column in columns):
            yield row, _sums_of_columns(table, row, deeper, columns)


def _sums_of_columns(table: Table, row: int, parts: Sequence[int], columns: Iterable[int]) -> list[Claim]:
    """Return the sums of the columns that have a total in the row and numbers in its parts."""
    claims = []
    parts = [one for one in parts if (one in table.share_rows) == (row in table.share_rows)]
    for column in columns:
        total, numbers = table.figure(row, column), table.numbers(column, parts)
        if any((one, column) in table.cells and not _holds_number(table, one, column) for one in parts):
            continue
        if total and len(numbers) >= 2 and len({one.unit for one in (total, *numbers) if one.unit}) <= 1:
            claims.append(sum_claim(ClaimRule.TABLE, total, numbers))
        elif total and len(numbers) == 1:
            claims.append(Claim(ClaimRule.TABLE, total, added(numbers)))
    return claims


def _holds_number(table: Table, row: int, column: int) -> bool:
    return bool(table.figure(row, column) or _BLANK.fullmatch(table.cells[row, column].text))


def _total_row(
    table: Table, row: int, earlier: Sequence[int], columns: Sequence[int], outline: set[int]
) -> Iterator[Claim]:
    rows = _plain_rows(table)
    above, below = [one for one in rows if one < row], [one for one in rows if one > row]
    last = max(earlier, default=-1)
    later = [one for one in table.totals if one > row]
    name = re.sub(r"(?:合计|总计|小计|共计).*$", "", table.labels[row])
    named = [one for one in rows if name and any(text.text == name for text in table.texts[one])]
    subtotals = [one for one in earlier if not _GRAND.search(table.labels[one])]
    tops = [one for one in above if one in outline or (outline and _row_level(table, one) == 1)]
    grand = bool(_GRAND.search(table.labels[row])) and not name
    readings = [
        [one for one in above if one > last], [one for one in above if table.groups[one] == table.groups[row]],
        named, subtotals, tops, above, below,
        [one for one in below if one < min(later, default=10**9)],
        [one for one in later if not _GRAND.search(table.labels[one])],
    ]  # fmt: skip
    claims = [_sums_of_columns(table, row, parts, columns) for parts in readings if len(parts) >= 1]
    claims = [one for one in claims if one]
    if not claims:
        return
    best = max(claims, key=_borne_out)
    if 2 * _borne_out(best) < len(best) and (len(best) > 1 or not (grand or name)):
        return
    if _borne_out(best) == 0:
        best = claims[-1] if not above else _sums_of_columns(table, row, subtotals or tops or above, columns) or best
    yield from best


def _borne_out(claims: Sequence[Claim | ShareClaim]) -> int:
    return sum(claim.holds({}) for claim in claims)


def _nearly_borne_out(claims: Sequence[Claim | ShareClaim]) -> tuple[int, int]:
    """Return how many claims hold, and how many are one digit off."""
    plain = [claim for claim in claims if isinstance(claim, Claim)]
    return _borne_out(claims), sum(close(claim.result.value, claim.value({})) for claim in plain)


# --- columns of totals ----------------------------------------------------------------------------------------------


def heading_month(head: str) -> int:
    """Return the month a heading names; 0 where it names none or several.

    >>> heading_month("3月"), heading_month("十一月"), heading_month("1-3月"), heading_month("计划/12月")
    (3, 11, 0, 12)
    """
    if re.search(r"\d[-至~～]\d{1,2}月", head):
        return 0
    match = _MONTH.search(head)
    return 0 if not match else int(match[1]) if match[1] else _WORDS[match[2]]


def quarter_of(head: str) -> int:
    """Return the quarter a heading names; 0 where it names none."""
    match = _QUARTER.search(head)
    return 0 if not match else int(match[2] or _WORDS.get(match[1], 0) or match[1])


def _total_columns(table: Table, columns: Sequence[int]) -> Iterator[Claim]:
    months = {month: column for column in columns if (month := heading_month(table.heads[column]))}
    quarters = {quarter: column for column in columns if (quarter := quarter_of(table.heads[column]))}
    for quarter, column in quarters.items():
        parts = [months[month] for month in range(3 * quarter - 2, 3 * quarter + 1) if month in months]
        yield from _row_sums(table, column, [parts], sure=len(parts) == 3)
    periods = {*months.values(), *quarters.values()}
    for n, column in enumerate(columns):
        stock = periods and re.search("企业|单位|对象", head := table.heads[column]) and not _VISITS.search(head)
        if column in periods or stock or not _TOTAL_COLUMN.search(table.heads[column]):
            continue
        left = [one for one in columns[:n] if one not in periods]
        since = [
            one
            for one in columns[:n]
            if not any(_TOTAL_COLUMN.search(table.heads[other]) and one <= other < column for other in columns)
        ]
        group = table.heads[column].rpartition("/")[0]
        grouped = [one for one in columns if one != column and group and table.heads[one].startswith(f"{group}/")]
        totals = [one for one in left if _TOTAL_COLUMN.search(table.heads[one])]
        readings = [list(months.values()), list(quarters.values()), grouped, since, left, totals, columns[n + 1 :]]
        readings.append([*totals, *since])
        yield from _row_sums(table, column, readings, sure=len(months) == 12 or len(quarters) == 4)

    units = {unit[1] for one in columns if (unit := re.search(r"\(([^()]+)\)$", table.heads[one]))}
    for whole in columns[:: len(columns) - 1] if len(columns) > 3 and not periods and len(units) < 2 else ():
        if not _TOTAL_COLUMN.search(table.heads[whole]):
            yield from _row_sums(table, whole, [[one for one in columns if one != whole]])


def _row_sums(table: Table, column: int, readings: Sequence[Sequence[int]], sure: bool = False) -> Iterator[Claim]:
    """Yield the sums of one column of totals, by the reading that most of its rows bear out."""
    best: list[Claim] = []
    for parts in readings:
        claims = []
        for row in table.rows:
            if _SHARE.search(table.labels[row]):
                continue
            total, numbers = table.figure(row, column), [one for part in parts if (one := table.figure(row, part))]
            if total and numbers and len(parts) >= 2 and not any(one.unit == PERCENT for one in (total, *numbers)):
                claims.append(sum_claim(ClaimRule.TABLE, total, numbers))
        if _borne_out(claims) > _borne_out(best) or (not best and claims and sure):
            best = claims
    if best and (sure or _borne_out(best) >= max(2, (len(best) + 1) // 2) or (len(best) == 1 and _borne_out(best))):
        yield from best


def _running_totals(table: Table, columns: Sequence[int]) -> Iterator[Claim]:
    """Yield that each number of 累计 is the one above it and what was added, by the column most rows bear out."""
    for column in (one for one in columns if "累计" in table.heads[one]):
        rows = [row for row in _plain_rows(table) if table.figure(row, column)]
        every = []
        for other in (one for one in columns if one != column):
            steps = [
                [table.figure(b, column), table.figure(a, column), table.figure(b, other)] for a, b in pairwise(rows)
            ]
            every.append([sum_claim(ClaimRule.TABLE, one[0], one[1:]) for one in steps if all(one)])
        best = max(every, key=_borne_out, default=[])
        yield from best if 2 * _borne_out(best) > len(best) else ()


def _product_claim(k: Numeral, *factors: Numeral) -> Claim:
    return Claim(ClaimRule.PRODUCT, k, ((Decimal(1), factors),))


def _drawn_claim(k: Numeral, n: Numeral, p: Numeral) -> Claim:
    return Claim(ClaimRule.RATIO, k, ((Decimal("0.01"), (n, p)),), slack=Decimal("0.9999"))


def _change_claim(change: Numeral, last: Numeral, this: Numeral) -> Claim | ShareClaim:
    if change.unit == PERCENT:
        return ShareClaim(ClaimRule.GROWTH, last, ((this, change),))
    return Claim(ClaimRule.GROWTH, change, ((Decimal(1), (this,)), (Decimal(-1), (last,))))


def _rate_claim(rate: Numeral, base: Numeral, done: Numeral) -> ShareClaim | None:
    return ShareClaim(ClaimRule.RATE, base, ((done, rate),)) if rate.unit == PERCENT else None


def _mean_cell(mean: Numeral, by: Numeral, whole: Numeral) -> Claim | None:
    return mean_claim(mean, whole, by) if mean.unit != PERCENT and by.value else None


_WIDEST, _MOST_NAMED, _SAMPLE = 24, 4, 40  # columns held against each other, those by name, rows they are chosen by
#: What a column is of two others: how the three are headed (none: any column of counts), and what ties them.
_RELATIONS = (
    (None, None, _TIMES, _product_claim),
    (_DRAWN, _BASE, _RATIO, _drawn_claim),
    (re.compile("增减|增长|增加|差额|增幅|同比|变动"), None, None, _change_claim),
    (re.compile(rf"^(?!.*(?:{_RATIO.pattern}|增减|增长|变动)).*率"), None, None, _rate_claim),
    (re.compile("平均|均"), None, None, _mean_cell),
)


def _column_ties(table: Table, columns: Sequence[int]) -> Iterator[Claim | ShareClaim]:
    """Yield 家数 × 频次 = 家次, 本年 − 上年 = 增减, rates and averages of every row, where most rows bear them out."""
    for *heads, tie in _RELATIONS:
        filled = [n for n in table.heads if any(_number_in(table, row, n) for row in table.rows[:_SAMPLE])]
        every = [[n for n in filled if (one.search(table.heads[n]) if one else n in columns)] for one in heads]
        rows = [row for row in table.rows if heads[1] is None or not _TOTAL.search(table.labels[row])]
        size = {
            one: sum(figure.value for figure in table.numbers(one, rows)) for one in table.heads
        }  # a product is large
        ties: list[tuple[int, Decimal, tuple[int, ...]]] = []
        for three in product(
            *(ones[:_MOST_NAMED] if one else ones[:_WIDEST] for one, ones in zip(heads, every, strict=True))
        ):
            claims = _tied(table, rows[:_SAMPLE], three, tie)
            named = heads[1] or (_VISITS.search(table.heads[three[0]]) and _FIRMS.search(table.heads[three[1]]))
            if tie is _product_claim and not named and not _telling(claims):
                continue
            if len(claims) >= 2 and _borne_out(claims) * (2 if heads[1] else 1.5) >= len(claims):
                ties.append((_borne_out(claims), size[three[0]], three))
        tied: set[object] = set()
        for _, _, three in sorted(ties, key=lambda one: one[:2], reverse=True):
            if not tied & {three[0], frozenset(three)}:
                wider = [(*three, one) for one in table.heads if tie is _product_claim and one not in three]
                every = [_tied(table, rows, columns, tie) for columns in (three, *wider)]
                yield from max((one for one in every if len(one) >= len(every[0])), key=_nearly_borne_out)
            tied |= {three[0], frozenset(three)}


def _telling(claims: Sequence[Claim]) -> bool:
    """Whether a product that holds is of numbers above 1: by 0 and by 1 any column is the product of others."""
    return any(claim.holds({}) and min(one.value for one in claim.terms[0][1]) > 1 for claim in claims)


def _tied(table: Table, rows: Sequence[int], columns: tuple[int, ...], tie: Callable) -> list[Claim | ShareClaim]:
    """Return what ties some columns in each row."""
    figures = [[_number_in(table, row, one) for one in columns] for row in rows]
    return [claim for ones in figures if all(ones) and len({*columns}) == len(columns) if (claim := tie(*ones))]


def _number_in(table: Table, row: int, column: int) -> Numeral | None:
    """Return the number of a cell, or the one figure of a cell such as 每年2次."""
    text = table.cells.get((row, column))
    one = text.figures[0] if text and len(text.figures) == 1 and len(text.text) <= 12 else None
    return table.figure(row, column) or (one if one and one.exact else None)


def _share_columns(table: Table, columns: Sequence[int]) -> Iterator[ShareClaim]:
    """Yield the shares of a column in the total of the counts beside it."""
    totals = [row for row in table.totals if _GRAND.search(table.labels[row])]
    for column, head in table.heads.items():
        shares = {row: one for row in table.rows if (one := table.figure(row, column)) and one.unit == PERCENT}
        if len(shares) < 2 or not (_SHARE.search(head) and not _RATIO.search(head)):
            continue
        wholes = [row for row, one in shares.items() if one.value == 100] or totals
        best: tuple[tuple[int, Decimal], ShareClaim] | None = None
        for counts in columns:
            base = next((one for row in wholes if (one := table.figure(row, counts))), None)
            parts = tuple((one, share) for row, share in shares.items() if (one := table.figure(row, counts)))
            if base and len(parts) >= 2 and base.value:
                telling = [(one, share) for one, share in parts if one.value or share.value]
                gaps = [abs(one.value * 100 / base.value - share.value) for one, share in telling]
                fits = sum(gap < Decimal("0.6") for gap in gaps), -sum(sorted(gaps)[: len(gaps) // 2 + 1])
                if best is None or fits > best[0]:
                    best = fits, ShareClaim(ClaimRule.SHARE, base, parts)
        if best and best[0][0] * 2 > sum(bool(one.value or share.value) for one, share in best[1].parts):
            yield best[1]


#: Lines of an account by name, each with its sign; the last is what is left.
_BALANCES = (
    (("总法定工作日", 1), ("其他执法", -1), ("非执法", -1), ("监督检查工作日|监督检查$|执法检查工作日", 0)),
    (("监督检查工作日", 1), ("留有余地", -1), ("重点时段", -1), ("可安排工作日", 0)),
)


def _balance(table: Table, columns: Sequence[int], names: Sequence[tuple[str, int]]) -> Iterator[Claim]:
    """Yield 总 − 其他 − 非执法 = 监督检查 of an account, where each stands once or with its 小计."""
    lines = []
    for name, sign in names:
        rows = [row for row in table.rows if re.search(name, "/".join(text.text for text in table.texts[row]))]
        rows = rows if len(rows) == 1 else [row for row in rows if re.search("小计|合计", table.labels[row])]
        if len(rows) != 1:
            return
        lines.append((rows[0], sign))
    (*terms, (result, _)) = lines
    for column in columns:
        figures = [table.figure(row, column) for row, _ in terms]
        total = table.figure(result, column)
        if total and all(figures):
            yield Claim(
                ClaimRule.BALANCE,
                total,
                tuple((Decimal(sign), (one,)) for (_, sign), one in zip(terms, figures, strict=True)),
            )
