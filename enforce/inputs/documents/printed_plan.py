"""The printed plan (印出来的计划): documents of one plan -> everything it claims and mentions, ready to be checked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from enforce.inputs.documents import links, mentions
from enforce.inputs.documents.cell_sums import Table, table_claims, tables
from enforce.inputs.documents.headings import Node, tree
from enforce.inputs.documents.numerals import Plain, known_count
from enforce.inputs.documents.passages import PrintedFile, joined
from enforce.inputs.documents.prose import counts, is_part, nearly, prose_claims, sum_claim
from enforce.inputs.documents.rates import mean_claims, rate_claims
from enforce.inputs.documents.shares import change_claims, percent_claims, point_claims
from enforce.inputs.documents.sum_lines import section, total_claims
from enforce.words.claims import Block, Claim, ClaimRule, Mention, Numeral, ShareClaim, TextCase, added

_WORKDAYS = re.compile(
    r"(?:法定工作日|全年工作日|年工作日|国家工作日|(?<!执法)(?<!检查)工作日)(?:数|天数|总数)?(?:为|共计|共|是|有|：|按|计)*$"
)
_OF_YEAR = re.compile(r"(?:全年|年度|法定|国家|20\d\d年)[^，。；\d]{0,12}$")
_NAMED_DAYS = re.compile(
    r"(?:全年|年度|国家|每人|20\d\d年)[^，。；总\d]{0,4}法定工作日(?:数|天数)?(?:为|共|是|有|：)*$"
)
_NAMED = re.compile(r"(?:单位|企业)名称|企业名|被检查单位|^(?:单位|企业|名称)$")
_IN_LIST = re.compile(
    r"名单(?:的|\(|共|上|内|中|：)*(?:重点)?(?:单位|企业)?(?:共|\(|：)*\d+家|附件[^。；]*(?:名单|列出)[^。；]*共\d+家"
)
#: 重点检查企业58家（名单见附件2）; a line of such a list: 12.某某化工有限公司.
_BY_ANNEX = re.compile(r"(?:企业|单位)?\((?:具体)?(?:名单)?(?:详)?见?附件(\d{1,2})(?:名单)?\)")
_FIRM_LINE = re.compile(
    r"\d{1,3}\s*[.、．]?\s*\S{2,36}(?:公司|厂|站|店|矿|中心|企业|合作社|尾矿库|酒楼|酒店|学校|医院)"
)


@dataclass(frozen=True, eq=False)
class PlanPart:
    """One document of a plan: its passages, tree and tables."""

    passages: Sequence[Block]
    root: Node
    tables: Sequence[Table]

    def texts(self) -> Iterator[tuple[Plain, Sequence[Plain], Node]]:
        """Yield each paragraph with those before it and its heading, then each cell that holds a sentence."""
        for node in self.root.walk():
            for n, text in enumerate(node.body):
                yield text, node.body[:n], node
        for table in self.tables:
            for (row, column), text in table.cells.items():
                if table.figure(row, column) is None and len(text.text) > 3:
                    yield text, (), Node(0)


def printed_plan(
    documents: Sequence[PrintedFile], beside: Sequence[str] = (), lines: Mapping[str, int] | None = None
) -> TextCase:
    """Return what the documents of one plan claim; `beside` are names of files that lie beside them, `lines` the visits
    of the plan itself by name.

    The year is that of most titles, the day that of the first signature.
    """
    every = [joined(document.passages) for document in documents]
    parts = [PlanPart(passages, tree(passages), tables(passages)) for passages in every]
    year = mentions.plan_year([one for passages in every for one in passages])
    claims: list[Claim | ShareClaim] = []
    named, mentioned = [], []
    for part in parts:
        scope = links.document_scope([one.text for one in part.passages if not one.table], year)
        ours = list(links.named_figures(part.root, scope, year))
        ours += [one for table in part.tables for one in links.table_figures(table, scope, year)]
        whole = next((one.figure for one in ours if not one.name and one.scope <= scope), None)
        account = list(links.account_figures(part.root, scope, year))
        claims += [*_part_claims(part, whole), *links.balance_claims(account)]
        named += [*ours, *account, *(one for table in part.tables for one in links.account_cells(table, scope, year))]
        mentioned += [
            one
            for text, before, node in part.texts()
            for one in mentions.paragraph_mentions(text, section(node, before))
        ]
    claims += [*links.same_claims(named), *_list_claims(parts), *_plan_claims(named, lines or {}), *_table_texts(parts)]
    claims += _annex_texts(parts)
    passages = [one for part in parts for one in part.passages]
    mentioned += [*mentions.plan_mentions([part.root for part in parts], passages), *_absent_annexes(parts, beside)]
    days = [day for part in parts if (day := mentions.signed_day(part.passages))]
    return TextCase(
        claims=_distinct([one for one in claims if isinstance(one, Claim)]),
        shares=_by_base([one for one in claims if isinstance(one, ShareClaim)]),
        mentions=[*mentioned, *_workday_mentions(parts)],
        year=year,
        dated=days[0] if days else "",
    )


def _plan_claims(named: Sequence[links.Named], lines: Mapping[str, int]) -> Iterator[Claim]:
    """Yield that the visits printed under a name are those of the plan, once for each name."""
    known = {links.name_of(name): value for name, value in lines.items()}
    for first, *_ in links.once_named(named):
        if first.name in known and not first.scope:
            fixed = known_count(known[first.name], "家次", first.figure.passage)
            yield Claim(ClaimRule.SAME, first.figure, added([fixed]))


def _distinct(claims: Sequence[Claim]) -> list[Claim]:
    """Return claims without those that say the same of the same figures."""
    seen: dict[tuple, Claim] = {}
    for claim in claims:
        key = (claim.bound, frozenset(claim.figures), frozenset(map(str, (sign for sign, _ in claim.terms))))
        seen.setdefault(key, claim)
    return [*seen.values()]


def _by_base(shares: Sequence[ShareClaim]) -> list[ShareClaim]:
    """Return shares of one base as one claim: what is wrong with them is one slip."""
    of_base: dict[tuple, ShareClaim] = {}
    for one in shares:
        key = (one.rule, one.base, one.name, (one.rule is ClaimRule.SHARE and not one.bound) or id(one))
        before = of_base.get(key)
        parts = dict((*(before.parts if before else ()), *one.parts))
        of_base[key] = replace(one, parts=tuple(parts.items()))
    return [*of_base.values()]


def _part_claims(part: PlanPart, whole: Numeral | None) -> Iterator[Claim | ShareClaim]:
    yield from links.heading_claims(part.root)
    above: list[Plain] = []
    for text, before, node in part.texts():
        yield from prose_claims(text, before)
        yield from rate_claims(text, above[-60:], [one for one in node.counts.values() if one.unit == "家次"])
        yield from mean_claims(text, above, whole)
        yield from total_claims(text, node, section(node, before), whole)
        yield from percent_claims(text, above[-20:], whole)
        yield from change_claims(text, whole)
        yield from point_claims(text)
        above.append(text)
    for table in part.tables:
        yield from table_claims(table)


_BESIDE = re.compile("：$|^(?:合计|共计|总计|以上)")
_LEADS = re.compile("见附[件表]|见下表|如下表|附表")


def _table_texts(parts: Sequence[PlanPart]) -> Iterator[Claim]:
    """Yield that the counts of a text beside a table, or one that leads to the only one, are its sums."""
    every = [table for part in parts for table in part.tables]
    for part in parts if every else ():
        texts = {text.passage: text for text, _, _ in part.texts()}
        by_number = {table.number: table for table in part.tables}
        for one, two in pairwise(part.passages):
            line, cell = (two, one) if one.table else (one, two)
            if cell.table in by_number and line in texts and _BESIDE.search(texts[line].text):
                yield from _printed_sums(texts[line], by_number[cell.table])
        for text in texts.values() if len(every) == 1 else ():
            if _LEADS.search(text.text):
                yield from _printed_sums(text, every[0])


def _annex_texts(parts: Sequence[PlanPart]) -> Iterator[Claim]:
    """Yield that the counts of a clause that names an annex are the sums of its only table."""
    every = [(_annex_of(table.title, part.passages[0].file), table) for part in parts for table in part.tables]
    numbers = Counter(number for number, _ in every)
    only = {number: table for number, table in every if number and numbers[number] == 1}
    for text in (text for part in parts if only for text, _, _ in part.texts()):
        for clause in re.finditer(r"[^，。；]*附[件表](\d{1,2})[^，。；]*", text.text):
            if clause[1] in only:
                yield from _printed_sums(text, only[clause[1]], clause.span())


def _printed_sums(text: Plain, table: Table, span: tuple[int, int | None] = (0, None)) -> Iterator[Claim]:
    """Yield which counts of a text are the sums of a table's columns, or of its only row; one slip of a digit off."""
    rows = [row for row in table.rows if row not in table.totals]
    sums = [numbers for column in table.columns if len(numbers := table.numbers(column, rows)) > 2]
    sums = sums if len(rows) > 1 else [[one for column in table.columns for one in table.numbers(column, rows)]]
    ones = [one for one in counts(text, *span) if is_part(text, one)]
    claims = [sum_claim(ClaimRule.TABLE, one, numbers, sure=False) for numbers in sums if numbers for one in ones]
    good = [claim for claim in claims if claim.holds({})]
    fits = {figure for claim in good for figure in claim.figures}
    slight = [one for one in claims if not fits & {*one.figures} and nearly(one.result, one.figures[1:])]
    yield from (*good, *slight[:1]) if good or len(claims) == 1 else ()


def _list_claims(parts: Sequence[PlanPart]) -> Iterator[Claim]:
    """Yield that the number of listed units is the length of the list: the only one, or that of the annex named."""
    lists = [one for part in parts for one in (*_listed_rows(part), *_listed_lines(part.passages))]
    by_number = {number: length for number, length in lists if number}
    for text in (text for part in parts if lists for text, _, _ in part.texts()):
        for one in (one for one in counts(text) if one.unit == "家"):
            clause = re.split(r"[。；]", text.text[: one.end])[-1]
            only = len(lists) == 1 and (match := _IN_LIST.search(clause)) and match.end() == len(clause)
            annex = _BY_ANNEX.match(text.text[one.end :])
            length = lists[0][1] if only else by_number.get(annex[1]) if annex else None
            if length:
                yield Claim(ClaimRule.LISTED, one, added([known_count(length, "家", text.passage)]))


def _listed_rows(part: PlanPart) -> Iterator[tuple[str, int]]:
    """Yield the annex ('' without) and the rows of each table that is a list of firms."""
    for table in part.tables:
        rows = [row for row in table.rows if row not in table.totals]
        if "名单" in table.title[-30:] and rows and any(_NAMED.search(head) for head in table.heads.values()):
            yield _annex_of(table.title, part.passages[0].file), len(rows)


def _listed_lines(passages: Sequence[Block]) -> Iterator[tuple[str, int]]:
    """Yield the annex and the length of each list of firms that stands as numbered lines below its title."""
    title = ""
    for number, lines in groupby(passages, lambda one: bool(not one.table and _FIRM_LINE.fullmatch(one.text.strip()))):
        every = list(lines)
        if number and len(every) > 2 and "名单" in title[-30:]:
            yield _annex_of(title, every[0].file), len(every)
        title = " ".join(one.text for one in every[-3:])


def _annex_of(title: str, file: str) -> str:
    """Return the number of the last annex a title names, else that of a file."""
    numbers = re.findall(r"附[件表]\s*(\d{1,2})", title) or re.findall(r"附[件表]\s*(\d{1,2})", file)
    return numbers[-1] if numbers else ""


def _workday_mentions(parts: Sequence[PlanPart]) -> Iterator[Mention]:
    """Yield the workdays of a year as the text prints them."""
    for text in (text for part in parts for text, _, _ in part.texts()):
        for one in (one for one in text.figures if one.unit == "天" and one.exact and one.value < 1000):
            before = re.sub(r"[：=为]*\d+天?(?:-\d+天?)+=$", "", text.text[max(0, one.start - 36) : one.start])
            multiplied = re.match(r"[×*xX]\d+人", text.text[one.end :]) or re.search(r"\d+(?:人|名)[×*xX]$", before)
            summand = re.match(r"(?:[×*xX]\d+人)?\+", text.text[one.end :]) or re.search(
                r"\+\d+(?:人|名)[×*xX]$", before
            )
            plain = multiplied or _WORKDAYS.search(before) or ("工作日" in one.printed and _OF_YEAR.search(before))
            plain = plain and not summand and 200 <= one.value <= 300 and not re.search("上年|去年", before)
            if plain or _NAMED_DAYS.search(before):
                sentence = text.text[slice(*text.bounds(one.start))]
                yield Mention("workdays", text.passage, sentence, (one,), (), (), one.printed)


def _absent_annexes(parts: Sequence[PlanPart], beside: Sequence[str]) -> Iterator[Mention]:
    """Yield the annexes that are listed and stand nowhere: in no part, in no file beside."""
    lines = [one for part in parts for one in part.passages if not one.table]
    listed = [entry for part in parts for entry in mentions.listed_annexes(part.passages)]
    in_list = {id(one) for one, _, _ in listed}
    opened = {number for one in lines if id(one) not in in_list and (number := mentions.annex_number(one.text))}
    if opened and not listed:
        named = [(one, match) for one in lines for match in re.finditer(r"(?<!》)附件(\d{1,2})(?![\d-])", one.text)]
        listed = [*{match[1]: (one, match[1], "") for one, match in named}.values()]
    if not listed:
        return
    files = [*beside, *dict.fromkeys(one.file for part in parts for one in part.passages)]
    opened |= {number for name in files if (number := mentions.annex_number(re.sub(r"^.*?(?=附件\s*\d)", "", name)))}
    titles = {_bare_annex(one.text) for one in lines if id(one) not in in_list}
    again = Counter((number, _bare_annex(title)) for _, number, title in listed)
    alone = any(re.fullmatch(r"\s*附\s*件\s*[：:]?\s*", one.text) for one in lines if id(one) not in in_list)
    absent = [
        (one, number, title)
        for one, number, title in listed
        if number not in opened
        and again[number, _bare_annex(title)] == 1
        and _bare_annex(title) not in titles
        and not (not number and alone)
        and not any(_like(name, title) for name in files if name != one.file)
    ]
    if absent:
        names = tuple(f"附件{number} {title}".strip() for _, number, title in absent)
        numbers = tuple(int(number or 0) for _, number, _ in absent)
        yield Mention("annexes", absent[0][0], absent[0][0].text, (), names, numbers, "、".join(names))


def _bare_annex(title: str) -> str:
    return re.sub(r"[\s《》“”（）()：:]|20\d\d年度?|\*", "", title)


def _like(name: str, title: str) -> bool:
    """Whether the name of a file is that of an annex: its letters stand in the title in their order.

    >>> _like("年度计划.docx", "某区应急管理局2024年度执法计划"), _like("名单.xlsx", "工作量核算")
    (True, False)
    """
    stem = re.sub(r"^.*/|\.\w+$|^附件\d*[-—_、 ]*", "", name)
    letters = iter(title)
    return len(stem) > 1 and all(one in letters for one in stem)


def with_knowledge(
    case: TextCase, workdays: Sequence[str], bases: Mapping[str, Mapping[str, str]], floors: Mapping[str, float]
) -> TextCase:
    """Return the case with what is known from elsewhere; the workdays a text prints become claims."""
    claims, seen = list(case.claims), set()
    for mention in case.mentions if workdays else ():
        if mention.kind == "workdays" and mention.figures[0].value not in seen:
            seen.add(mention.figures[0].value)
            known = known_count(len(workdays), "天", mention.passage)
            claims.append(Claim(ClaimRule.WORKDAYS, mention.figures[0], added([known])))
    return replace(case, claims=claims, workdays=workdays, bases=bases, floors=floors)
