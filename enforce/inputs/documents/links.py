"""Links (前后一致): headings and the counts below them, and one number printed in several places of a plan."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from enforce.inputs.documents.cell_sums import Table, heading_month, quarter_of
from enforce.inputs.documents.headings import Node
from enforce.inputs.documents.numerals import Plain, known_count
from enforce.inputs.documents.prose import SUMMED, counts, is_part, label_before, needed, sum_claim
from enforce.words.claims import Claim, ClaimRule, Numeral, added, close

_PLANNED = re.compile(r"(?:检查|抽查|执法|计划|安排|巡查|家次|次)(?:企业|单位|为|约|共|：)*$")
_OTHER = re.compile(
    r"其中[^，。；]*$|每[^，。；]{0,6}$|区外[^，。；]*$|上年|去年|同期|剩余|预留|另[^，。；]{0,8}$|实际|已"
)
#: The total of more than one section, below the last of them.
_OF_ALL = re.compile(r"(?:^|[。；])(?:以上|上述|(?:全年)?(?:总计|总共)|全年合计)[^，。；\d]*$")
_SCOPE = re.compile(
    r"20\d\d年(?!\d{1,2}月\d)|[一二三四1-4]季度|上半年|下半年|(?<!\d)(?:1[0-2]|[1-9])月(?!\d)|[十]?[一二三四五六七八九十]月份?"
    r"|本月|本季度|当月|当季|重排|调整[单稿]|试算|上年|去年|同期|上一年|实际|已完成|完成|辖区外|区外|市级|省级|县级|区级|双随机|人均|平均"
    r"|(?<!\d)(?!个)[\u4e00-\u9fff]{1,6}(?:大队|中队|支队|街道|镇|乡|园区|科室|[^学]科(?!技|学|目)|分局|股)"
)
_TITLE = re.compile(r"计划|总结|报告|通知|名单|安排表|核算|公示|清单|通报|方案")
_NO_TITLE = re.compile("。|^[（(]?[一二三四五六七八九十]+[、）)]")
_WHOLE = re.compile(
    r"(?:全年|年度|本年度|今年|20\d\d年度?|全区|全县|全市|我局|区?应急局|共|总计|合计|计划|拟|安排|开展|检查|执法|监督|各类|企业|生产经营单位|单位|行政|现场|涉企|对象|总|家次|数|次|[^\u4e00-\u9fff])*"
)
#: What a column counts that are not the visits of the plan.
_NOT_PLANNED = re.compile(
    r"落空|差额|完成|剩余|逾期|超出|减少|增加|变动|调[增减整]|上年|去年|未|已|实际|换|排不|退回|每|人日"
)
_PAST = frozenset({"上年", "去年", "同期", "上一年", "实际", "已完成"})
#: A working in names, then in numbers; a count of days that stands in a list of parts.
_CHAIN = re.compile(r"(?:^|[=：，。；])([^=：，。；\d]+(?:-[^=：，。；\d]+)+)=([\d.,天个人日工作-]+?)(?==)")
#: What stands before the days of a section that name nothing themselves.
_BARE = re.compile(r"(?:^|[。；])(?:\([^()]*\))?(?:总计|合计|共计)：?$|总法定工作日-其他执法工作日-非执法工作日=$")
_CUT = re.compile(r"其中[^。]*$")
#: The lines of an account, as a text names them.
_ACCOUNT = {
    "重点检查工作日": 2, "一般检查工作日": 2, "监督检查执法工作日": 0,
    "总法定工作日": 1, "总工作日": 1, "其他执法工作日": -1, "非执法工作日": -1,
    "监督检查工作日": 0, "执法检查工作日": 0, "现场检查工作日": 0,
}  # fmt: skip


def heading_claims(root: Node) -> Iterator[Claim]:
    """Yield what the counts of headings have to do with those one level below and with their own paragraphs."""
    for node in root.walk():
        for unit in ("家次", "次", "家", "项", "起"):
            figures = [counts_of(part).get(unit) for part in node.parts]
            present = [one for one in figures if one]
            total = node.counts.get(unit) or (_total_above(node, unit, present) if unit == "家次" else None)
            if total and len(figures) >= 2 and len(present) == len(figures):
                yield sum_claim(ClaimRule.HEADINGS, total, present)
            elif total and len(figures) >= 2 and present and node.counts.get(unit):
                yield Claim(ClaimRule.HEADINGS, total, added(present), bound=1)
        if (classes := node.counts.get("类")) and len(node.parts) > 1:
            yield Claim(ClaimRule.LISTED, classes, added([known_count(len(node.parts), "类", classes.passage)]))
        yield from _days_below(node)
        yield from _body_claims(node)


def _total_above(node: Node, unit: str, parts: Sequence[Numeral]) -> Numeral | None:
    """Return which count of a node's own paragraphs the parts below make up.

    The one they add up to; else the one named as the heading is, or the only total.
    """
    pairs = [
        (text, one)
        for text in node.body
        for one in counts(text)
        if one.unit == unit
        and is_part(text, one)
        and not (text.depth(one.start) or _sentence_scopes(text, one) & _PAST)
    ]
    total = sum(one.value for one in parts)
    equal = [one for _, one in pairs if one.value == total]
    named = [one for text, one in pairs if len(name := name_of(label_before(text, one))) > 2 and name in node.title]
    only = _body_total(node).get(unit)
    return next(iter(equal), None) or next(iter(named), None) or (only if len(pairs) == 1 else None)


def _days_below(node: Node) -> Iterator[Claim]:
    """Yield that the officer-days of a heading are those of the items below; an item may have none."""
    total = node.counts.get("天")
    items = [next((one for text in part.body for one in counts(text) if one.unit == "天"), None) for part in node.parts]
    parts = [one for one in items if one]
    if total and len(parts) >= 2:
        gap = sum(one.value for one in parts) - total.value
        if len(parts) == len(items) or not gap or any(close(a, b) for a, b in needed(total, parts)):
            yield sum_claim(ClaimRule.HEADINGS, total, parts, sure=len(parts) == len(items) or not gap)


def counts_of(node: Node) -> dict[str, Numeral]:
    """Return the counts of a node: those in its title, else the one total of its paragraphs."""
    return {**_body_total(node), **node.counts}


def _body_total(node: Node) -> dict[str, Numeral]:
    """Return the total a node's own paragraphs print, where there is one: 全年计划检查261家次, 合计10家次."""
    totals: dict[str, list[Numeral]] = defaultdict(list)
    singles: dict[str, list[Numeral]] = defaultdict(list)
    for text in node.body:
        for one in counts(text):
            if one.unit not in ("家次", "次") or text.depth(one.start) or one in node.counts.values():
                continue
            before = text.text[max(text.bounds(one.start)[0], one.start - 24) : one.start]
            if SUMMED.search(before) or re.search(r"全年[^，。；\d]*$", before):
                totals[one.unit].append(one)
            elif _PLANNED.search(before) and is_part(text, one) and not _OTHER.search(before):
                singles[one.unit].append(one)
    single = {unit: ones[0] for unit, ones in singles.items() if len(ones) == 1 and unit == "家次"}
    return {**single, **{unit: ones[0] for unit, ones in totals.items() if len(ones) == 1}}


def _body_claims(node: Node) -> Iterator[Claim]:
    """Yield that the count of a heading is the total its own paragraphs print, or the sum of their counts."""
    for unit, total in node.counts.items() if not node.parts else ():
        lines = []
        for text in node.body if unit in ("家次", "次") else ():
            ones = [
                one for one in counts(text) if one.unit == unit and not text.depth(one.start) and is_part(text, one)
            ]
            near = {one: text.text[max(text.bounds(one.start)[0], one.start - 24) : one.start] for one in ones}
            good = {
                one: before for one, before in near.items() if not (_OTHER.search(before) or _OF_ALL.search(before))
            }
            if any(one not in node.counts.values() for one in counts(text)):
                lines.append({one: before for one, before in good.items() if one is not total})
        every = {one: before for line in lines for one, before in line.items()}
        sums = [one for one, before in every.items() if SUMMED.search(before)]
        one_each = all(len(line) == 1 for line in lines)
        parts = sums or [
            one for one, before in every.items() if one_each and (len(lines) > 1 or _PLANNED.search(before))
        ]
        whole = len(parts) > 1 and sum(one.value for one in parts) == total.value
        same = [one for one in parts if len(parts) == 1 or (sums and one.value == total.value)][:1]
        if same and not whole:
            yield Claim(ClaimRule.SAME, total, added(same))
        elif parts:
            yield sum_claim(ClaimRule.HEADINGS, total, parts)


# --- one number in several places -----------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Named:
    """A figure under its name: what it counts, of which period, as which kind of printing."""

    figure: Numeral
    name: str
    scope: frozenset[str]
    kind: str
    group: object


def name_of(text: str) -> str:
    """Return a name as two printings of it share it.

    >>> name_of("开展“危险化学品”综合性专项执法检查"), name_of("危险化学品综合性专项")
    ('危险化学品综合性专项', '危险化学品综合性专项')
    """
    bare = re.sub(r"\([^()]*\)|[“”\"'《》、，：:；\s（）·.]", "", text)
    bare = re.sub(r"^(?:集中|组织)?(?:开展|实施|进行|对)", "", bare)
    return re.sub(r"(?:执法检查|监督检查|执法抽查|执法|小计|合计|共计|家次|类)+$", "", bare)


def _sentence_scopes(text: Plain, one: Numeral) -> frozenset[str]:
    begin, _ = text.bounds(one.start)
    return frozenset(_SCOPE.findall(text.text[begin : one.start].split("；")[-1]))


def document_scope(texts: Sequence[str], year: int) -> frozenset[str]:
    """Return the period a file is of by its titles: quarters, months, another year."""
    titles = [text for text in texts[:8] if len(text) < 60 and _TITLE.search(text) and not _NO_TITLE.search(text)]
    return frozenset(word for title in titles for word in _SCOPE.findall(re.sub(r"\s", "", title))) - {f"{year}年"}


def named_figures(root: Node, scope: frozenset[str], year: int) -> Iterator[Named]:
    """Yield the counts of visits that stand under a name: in headings, in lists, as the total of the year."""
    for node in root.walk():
        around = scope | frozenset(word for title in node.path for word in _SCOPE.findall(title))
        around = around - {f"{year}年"}
        for unit, one in node.counts.items():
            if unit in ("家次", "次"):
                name = "" if _WHOLE.fullmatch(node.title) and "全年" in node.title else name_of(node.title)
                yield Named(one, name, around - frozenset(_SCOPE.findall(node.title)), "heading", root)
        for text in node.body:
            for one in counts(text):
                if one.unit not in ("家次", "次") or one in node.counts.values() or not is_part(text, one):
                    continue
                label = label_before(text, one)
                begin, _ = text.bounds(one.start)
                bare = re.split("[，；]", text.text[begin : one.start])[-1]
                inside = around | (_sentence_scopes(text, one) - {f"{year}年"})
                times = any(other.unit == "次" for other in counts(text, begin, one.start))
                times |= bool(re.search("不含|已(?:检查|实施)", text.text[begin : one.start]))
                if _WHOLE.fullmatch(bare) and re.search(r"全年|年度|20\d\d年", bare) and not times | ("联合" in bare):
                    yield Named(one, "", inside, "text", text)
                elif len(name_of(label)) >= 3 and text.text[one.start - 1] not in "其":
                    yield Named(one, name_of(label), inside, "text", text)


def account_figures(root: Node, scope: frozenset[str], year: int) -> Iterator[Named]:
    """Yield the officer-days of the lines of an account; in a working of names then of numbers each by its name."""
    for node in root.walk():
        title = _account_line(node.title)
        around = scope | frozenset(word for above in node.path for word in _SCOPE.findall(above)) - {f"{year}年"}
        for text in node.body:
            for one in text.figures:
                label = _account_line(label_before(text, one))
                bare = _BARE.search(text.text[: one.start])
                label = title if label not in _ACCOUNT and bare else label
                factor = text.text[one.end : one.end + 1] in "×*/÷+-" and text.text[one.end : one.end + 1]
                inside = (text.depth(one.start) == 0 or one in node.counts.values()) and not factor
                if one.unit == "天" and label in _ACCOUNT and inside and not _CUT.search(text.text[: one.start]):
                    yield Named(one, label, around | (_sentence_scopes(text, one) - {f"{year}年"}), "account", one)
            for match in _CHAIN.finditer(text.text):
                ones = [one for one in text.figures if match.start(2) <= one.start < match.end(2)]
                parts = match[1].split("-")
                for name, one in zip(parts, ones, strict=False) if len(parts) == len(ones) else ():
                    if _account_line(name) in _ACCOUNT:
                        yield Named(one, _account_line(name), around, "working", one)


def account_cells(table: Table, scope: frozenset[str], year: int) -> Iterator[Named]:
    """Yield the lines of an account in a table: rows by name, or by the 小计 below a name; columns by their 合计."""
    around, columns, totals = _table_scope(table, scope, year), table.columns, table.totals
    ends = [one for one in columns if "合计" in table.heads[one]]
    name = ""
    for row in sorted(table.texts) if len(ends or columns) == 1 else ():
        texts = table.texts[row] if row in table.rows or len(table.texts[row]) == 1 else ()
        line = next((line for text in texts if (line := _account_line(text.text)) in _ACCOUNT), "")
        name, one = line or name, table.figure(row, (ends or columns)[0])
        if one and name and (line or row in totals):
            yield Named(one, name, around, "table", table)
            name = ""
    for column in columns if len(totals) == 1 else ():
        line = _account_line(table.heads[column].split("/")[-1])
        if line in _ACCOUNT and (one := table.figure(totals[0], column)):
            yield Named(one, line, around, "table", table)


def _account_line(name: str) -> str:
    """Return the name of a line of an account without what stands around it."""
    return re.sub(
        r"^.*的(?!确定|测算)|^(?:全局|我局|全年|本局)+|的?(?:确定|测算|核定|安排)$|合计|共|预计|约|需|：", "", name
    )


def balance_claims(named: Sequence[Named]) -> Iterator[Claim]:
    """Yield 总 − 其他 − 非执法 = 监督检查 = 重点 + 一般, where each line is printed in a period."""
    periods: dict[frozenset[str], dict[str, Numeral]] = defaultdict(dict)
    for one in named:
        if one.kind == "account":
            periods[one.scope].setdefault(one.name, one.figure)
    for lines in periods.values():
        by_sign: dict[int, list[Numeral]] = defaultdict(list)
        for name, figure in lines.items():
            by_sign[_ACCOUNT[name]].append(figure)
        if by_sign[0] and by_sign[1] and len(by_sign[-1]) == 2:
            terms = [(Decimal(1), (by_sign[1][0],)), *((Decimal(-1), (one,)) for one in by_sign[-1])]
            yield Claim(ClaimRule.BALANCE, by_sign[0][0], tuple(terms))
        if by_sign[0] and len(by_sign[2]) == 2:
            yield sum_claim(ClaimRule.GROUP, by_sign[0][0], by_sign[2])


def _table_scope(table: Table, scope: frozenset[str], year: int) -> frozenset[str]:
    """Return the period a table is of: that of its file, and what its titles and the paragraph above it say."""
    near = [table.title[-60:], *(part for part in table.title.split() if len(part) < 40 and _TITLE.search(part))]
    return (scope | frozenset(word for part in near for word in _SCOPE.findall(part))) - {f"{year}年"}


def table_figures(table: Table, scope: frozenset[str], year: int) -> Iterator[Named]:
    """Yield the year's visits of each row of a table, and its total."""
    around = _table_scope(table, scope, year)
    columns = [one for one in table.columns if not heading_month(table.heads[one]) and not quarter_of(table.heads[one])]
    visits = [one for one in columns if re.search(r"家次|全年|合计|检查次数|计划数", table.heads[one])]
    visits = visits if len(visits) == 1 else [one for one in visits if re.search(r"全年|合计", table.heads[one])]
    by_period = any(heading_month(head) or quarter_of(head) for head in table.heads.values())
    words = "".join(table.heads.values()) + table.title[-40:]
    if (
        len(visits) != 1
        or _NOT_PLANNED.search(table.heads[visits[0]])
        or not ("家次" in words or (by_period and not re.search("人日|工作日|人天", words)))
    ):
        return
    for row in table.rows:
        one = table.figure(row, visits[0])
        if one is None or one.unit not in ("", "家次", "次"):
            continue
        label = table.labels[row]
        if re.fullmatch(r"(?:全年)?(?:合计|总计|共计)", label):
            yield Named(one, "", around, "table", table)
        else:
            for name in dict.fromkeys(name_of(part) for part in label.split("/")):
                if len(name) >= 3 and not _SCOPE.search(name):
                    yield Named(one, name, around, "table", table)


def once_named(named: Sequence[Named]) -> Iterator[list[Named]]:
    """Yield the figures of one name and period, where each heading, table and paragraph has the name once.

    A name twice in one of them stands for two things and is left.
    """
    groups: dict[tuple[str, frozenset[str]], list[Named]] = defaultdict(list)
    for one in named:
        groups[one.name, one.scope].append(one)
    for ones in groups.values():
        places: dict[tuple[str, int], set[Numeral]] = defaultdict(set)
        for one in ones:
            places[one.kind, id(one.group)].add(one.figure)
        if all(len(figures) == 1 for figures in places.values()):
            yield ones


def same_claims(named: Sequence[Named]) -> Iterator[Claim]:
    """Yield that figures of one name and period are the same number."""
    for ones in once_named(named):
        figures = [*dict.fromkeys(one.figure for one in ones)][:8]
        if ones[0].name and {one.kind for one in ones} == {"text"} and not _all_but_one(figures):
            continue
        tabled = {one.figure for one in ones if not one.name and one.kind == "table"}
        for n, one in enumerate(figures):
            for other in figures[:n]:
                near = sorted(f"{one.value}") == sorted(f"{other.value}") or (
                    not tabled >= {one, other} and close(one.value, other.value)
                )
                if tabled & {one, other} and not near:
                    continue
                yield Claim(ClaimRule.SAME, one, ((Decimal(1), (other,)),))


def _all_but_one(figures: Sequence[Numeral]) -> bool:
    """Whether numbers are one but for a slip: most are equal, the others near."""
    values = [one.value for one in figures]
    most = max(set(values), key=values.count)
    return all(value == most or close(value, most) for value in values)
