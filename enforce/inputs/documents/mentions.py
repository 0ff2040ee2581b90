"""Mentions (文中提到的事): what a plan says that is no sum but can be held against something, by explicit patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from enforce.inputs.documents.headings import Node
from enforce.inputs.documents.links import counts_of
from enforce.inputs.documents.numerals import FIRMS, Plain, plain_form
from enforce.inputs.documents.prose import counts, mixed_units
from enforce.words.claims import PERCENT, Block, Mention, Numeral

_QUARTERS = {word: n for n, word in enumerate("一二三四", 1)} | {f"{n}": n for n in range(1, 5)}
_WINDOW = re.compile(
    r"(?P<quarter>(?:第)?[一二三四1-4]季度)|(?P<half>[上下]半年)|(?P<first>1[0-2]|[1-9])月?[-至到](?P<last>1[0-2]|[1-9])月|(?P<month>(?<!\d)(?:1[0-2]|[1-9]))月(?!\d)(?!以后|起)"
)
_TIMED = re.compile(r"(?:^|[。；，：)])(?:检查时间|时间安排|时间|实施时间|拟于|计划于|于|在|自|从)?(?:为|：)?$")
_COUNTED_NOUN = re.compile(
    r"(?:专项|方面|领域|部门|行业|类|环节|重点|项目|内容|事项|措施|街镇|街道|乡镇|镇|企业|单位|县|区|市|乡|村|园区|时段|阶段|主题|要点|机制|任务|大队|中队|科室)"
)
_ALONE = frozenset({"个", "类", "项", "条", "种", "大", "部"})
_COORDINATING = re.compile(
    r"(?:依托|由|以)[^。；]{0,16}(?:安委会|安委办|安全生产委员会|减灾委|灾防办|防灾办|议事协调机构)[^。；]{0,120}?(?:开展|组织|实施)[^。；]{0,30}(?:检查|督查|巡查)"
)
_FOREIGN = re.compile(
    r"(?<=[\u4e00-\u9fff”）)])\s+([a-z]{2,})\s+(?=[\u4e00-\u9fff“（(])|(?<=[\u4e00-\u9fff])(and|or|the|of|for|with|to|in)(?=[\u4e00-\u9fff])"
)
_JOINT = re.compile(r"联合[^。；]{0,40}(?:不少于|不低于|不得少于|不得低于|达到|占)[^。；]{0,40}$")
#: A count of visits and what they are a share of, before the percentage: it is counted, nothing is to be reached.
_SHARE_OF = re.compile(r"\d家次[^。；，\d]{0,4}，?(?:约|仅|只)?占[^。；，\d不达超]*$")
_KINDS = ("危险化学品|危化", "粉尘", "高温熔融|熔融金属", "烟花爆竹", "矿山", "冶金|冶炼", "涉氨", "有限空间")
_APART = re.compile(r"避免[^。；]{0,20}重复|不(?:得)?重复|除外|不含[^。；]{0,8}重点|不包括[^。；]{0,8}重点")
_MERGED = re.compile(r"(?:同一|同类)[^。；]{0,20}(?:合并|不重复)|不重复(?:计算|计|检查|入企)")
_BEFORE = re.compile(r"(?:批准|印发|下达)(?:以前|之前|前)[^。；]{0,20}(?:登记|计入|纳入|视同|算作|计为)")
_COVER = re.compile(r"全覆盖")
_KEY_COUNT = re.compile(
    r"(?:重点(?:监管)?(?:单位|企业)|名单)[^，。；\d中抽]{0,12}(?:共|为|有|：|\()?\d+家(?!次)|\d+家(?!次)[^，。；\d()]{0,8}(?:重点(?:监管)?(?:单位|企业)|名单)|应检[^，。；\d]{0,6}\d+家(?!次)"
)
_ANNEX = re.compile(r"附件\s*([\d一二三四五六七八九十]{1,3})(?!\d)")
_ITEM_MARK = re.compile(r"^\(?[一二三四五六七八九十]{1,3}[)、]")
_ITEM = re.compile(r"(\d{1,2})\s*[.、．]\s*(\S.*)")
_DAY = re.compile(r"(?:(20\d\d)年)?(1[0-2]|0?[1-9])月(\d{1,2})日")
_DATED = r"(20\d\d)[年-](1[0-2]|0?[1-9])[月-](\d{1,2})日?"
#: When a thing is to be done: 检查时间为2024年3月至6月, 于2025年5月6日至5月30日开展.
_PLANNED_TIME = re.compile(
    r"(?:(?:检查|执法|实施|行动|活动|工作)?时间(?:安排)?(?:为|：)|拟于|定于|将于|于(?=[^，。；]*日(?:集中)?(?:开展|实施|进行)))"
    r"(20\d\d)年(\d{1,2})月(?:\d{1,2}日)?(?:[-至到](?:(20\d\d)年)?(?:(\d{1,2})月)?(?:(\d{1,2})日)?)?"
)
#: Rates that are of what there is, and never more than all of it.
_AT_MOST = re.compile("((?:覆盖|整改|合格|结案|办结|收缴|核查|属实)率)[^，。；]{0,6}$|覆盖(?=[^，。；]{0,4}的$)")
_ONE_GOES = re.compile("(?s).*(?:每次|每组|每家)[^。；]*1[^，。；]*执法.*")
#: What stands before last year's count.
_BEFORE_LAST = re.compile(r"(?:(?:上年|去年|上一年|同期)(?:(?!增|减|[上下]|多|少)[^，。；\d]){0,12}|\(20\d\d年度?为?)$")
_NAMES = {word: n for n, word in enumerate("一二三四五六七八九十", 1)}
_LAST = {4: 30, 6: 30, 9: 30, 11: 30, 2: 29}


def paragraph_mentions(text: Plain, before: Sequence[Plain] = ()) -> Iterator[Mention]:
    """Yield what one paragraph mentions; `before` are the paragraphs of its section above it."""
    yield from _mixtures(text, before)
    yield from _named_items(text)
    yield from _foreign(text)
    for match in _COORDINATING.finditer(text.text):
        yield _mention("coordinating", text, match.start(), match.end())
    for match in re.finditer(r"《((?:[^《》]|《[^《》]*》)+)》", text.text):
        version = re.match(r"\((20\d\d|19\d\d)年?(?:修正|修订|修改|版)", text.text[match.end() :])
        yield _mention("basis", text, match.start(), match.end(), words=(match[1], version[1] if version else ""))
    for match in _DAY.finditer(text.text):
        year, month, day = int(match[1] or 2024), int(match[2]), int(match[3])
        leap = year % 4 == 0 and (year % 100 or year % 400 == 0)
        last = 28 if month == 2 and match[1] and not leap else _LAST.get(month, 31)
        if not 1 <= day <= last:
            yield _mention("date", text, match.start(), match.end(), numbers=(last,))
    for one in text.figures:
        before = text.text[max(0, one.start - 14) : one.start]
        if one.unit == PERCENT and one.value > 100 and (rate := _AT_MOST.search(before)):
            yield _mention("coverage_rate", text, one.start, one.end, (one,), words=(rate[1] or "覆盖率",))
        if one.unit == "人" and one.value == 1 and _ONE_GOES.fullmatch(before + "1" + text.text[one.end : one.end + 8]):
            yield _mention("one_officer", text, one.start, one.end, (one,))
    for match in _PLANNED_TIME.finditer(text.text):
        begin, month, day = int(match[2]), int(match[4] or match[2]), int(match[5] or 31)
        year = int(match[3] or match[1]) + (not match[3] and month < begin)
        if (not match[3] and 1 <= begin - month < 6) or (f"{year}", month) < (match[1], begin):
            yield _mention("date", text, match.start(), match.end())
        yield _mention("planned_time", text, match.start(), match.end(), words=(f"{year}-{month:02}-{day:02}",))
    yield from _staff_mentions(text)
    yield from _proportions(text)


def _mention(
    kind: str, text: Plain, start: int, end: int, figures: tuple[Numeral, ...] = (), *, words: tuple[str, ...] = (),
    numbers: tuple[int, ...] = (),
) -> Mention:  # fmt: skip
    printed = text.passage.text[text.places[start] : text.places[end - 1] + 1]
    return Mention(kind, text.passage, text.sentence(start, end), figures, words, numbers, printed)


def _mixtures(text: Plain, before: Sequence[Plain]) -> Iterator[Mention]:
    """Yield a total of visits that things and firms are added up to, in its sentence or in the paragraphs above it."""
    for one in counts(text):
        lead = text.text[text.bounds(one.start)[0] : one.start]
        if one.unit not in ("家次", "家") or not re.search(r"(?:合计|共计|总计|共|计)[^，。；\d]{0,8}$", lead):
            continue
        above = before[-9:] if re.search("以上|上述", lead) else ()
        if parts := mixed_units(text, one, above):
            yield _mention("mixed", text, one.start, one.end, (*parts, one))


def _foreign(text: Plain) -> Iterator[Mention]:
    for match in _FOREIGN.finditer(text.passage.text):
        word = match[1] or match[2]
        sentence = (
            re.split(r"[。！\n]", text.passage.text[: match.start()])[-1]
            + re.split(r"[。！\n]", text.passage.text[match.start() :])[0]
        )
        yield Mention("foreign", text.passage, sentence.strip(), (), (word,), (), word)


def _staff_mentions(text: Plain) -> Iterator[Mention]:
    staff = re.search(r"在册(?:人员|执法人员|工作人员)?[^，。；\d]{0,6}(\d+)(?:名|人)", text.text)
    officers = re.search(r"(?<!在册)(?:执法人员|持证人员|参与执法)[^，。；\d]{0,8}(\d+)(?:名|人)", text.text)
    if staff and officers:
        ones = [one for one in text.figures if one.start in (officers.start(1), staff.start(1))]
        if len(ones) == 2:
            pair = sorted(ones, key=lambda one: one.start != officers.start(1))
            yield _mention("officers", text, pair[0].start, pair[0].end, tuple(pair))


def _proportions(text: Plain) -> Iterator[Mention]:
    """Yield a count beside that of last year in one sentence."""
    for one in counts(text):
        begin, end = text.bounds(one.start)
        if not _BEFORE_LAST.search(text.text[begin : one.start]):
            continue
        others = [other for other in counts(text, begin, end) if other.unit == one.unit and other is not one]
        if not others and begin:
            others = [other for other in counts(text, text.bounds(begin - 1)[0], begin) if other.unit == one.unit]
        if len(others) == 1 and one.value and others[0].value:
            yield _mention("proportion", text, others[0].start, others[0].end, (others[0], one))


# --- named items ----------------------------------------------------------------------------------------------------


def _named_items(text: Plain) -> Iterator[Mention]:
    """Yield a number of things beside their names, with how many names there are at least and at most."""
    for one in text.figures:
        if one.unit not in _ALONE or not one.exact or not 1 <= one.value <= 40:
            continue
        noun = _COUNTED_NOUN.match(text.text[one.end : one.end + 4]) or one.unit in ("类", "种", "部")
        begin, end = text.bounds(one.start)
        after = re.match(r"[^，。；：()、\d]{0,16}[：(]([^。；()\d]*)", text.text[one.end : end])
        count = _spelled(text.text[one.end : end])
        count = count or _mention_marks(text.text[begin : one.start])
        if count:
            yield _mention("names", text, one.start, one.end, (one,), numbers=(count, count))
        elif after and noun and (names := _name_list(after[1])) and len(names) > 1 and "等" not in after[1]:
            yield _mention("names", text, one.start, one.end, (one,), numbers=_range(names))
        elif noun:
            ahead = _last_clause(_ITEM_MARK.sub("", text.text[begin : one.start]))
            closed = re.search(r"等(?:共|上述)?$|(?:共|这|上述)$", ahead)
            names = _name_list(ahead[: closed.start()] if closed else ahead)
            if len(names) < 2 or re.search(r"\d", ahead) or not names[-1] or (one.value < 2 and not closed):
                continue
            low, high = _range(names)
            partial = (
                bool(closed and closed[0].startswith("等")) and high < one.value and high < 6 and high != one.value - 1
            )
            near = closed or abs(low - int(one.value)) <= 1
            if not partial and near:
                yield _mention("names", text, one.start, one.end, (one,), numbers=(low, high))


def _spelled(after: str) -> int:
    """Return how many of 一是, 二是 … follow a number and a colon; 0 where none do."""
    head = re.match(r"[^，。；：\d]{0,16}[：，。]", after)
    marks = re.findall(r"(?:^|[：，；。])([一二三四五六七八九十])是", after) if head else []
    return len(marks) if len(marks) > 1 and marks[0] == "一" else 0


def _mention_marks(ahead: str) -> int:
    """Return the last of ①, ② … before 共5项, or how many 《》 stand right before 等3部; 0 where none do."""
    marks = re.findall("[①-⑳]", ahead) if ahead.endswith("，共") else []
    titles = re.search(r"((?:《[^《》]*》[、和]?){2,})(?:等|共|这)$", ahead)
    return titles[1].count("《") if titles else ord(marks[-1]) - ord("①") + 1 if marks else 0


def _last_clause(ahead: str) -> str:
    """Return the last clause of a text, brackets and quotes in it closed up."""
    bare = re.sub(
        r"\([^()]*\)|“[^“”]*”|《[^《》]*》", lambda match: "○" * min(len(match[0]), 3), ahead.replace("”“", "”、“")
    )
    return re.split(r"[，。；：]", bare)[-1]


def _name_list(names: str) -> list[str]:
    return re.sub(r"[“”]", "", names).split("、") if "、" in names or re.search("[和及与]", names) else []


def _range(names: Sequence[str]) -> tuple[int, int]:
    """Return how many things a list names: 和 in its last name may join two."""
    return len(names), len(names) + len(re.findall("以及|和|及|与", names[-1]))


# --- the plan as a whole --------------------------------------------------------------------------------------------


def plan_mentions(roots: Sequence[Node], passages: Sequence[Block]) -> Iterator[Mention]:
    """Yield what a plan as a whole mentions: windows, quotas, coverage, classes that may overlap."""
    nodes = [node for root in roots for node in root.walk()]
    texts = [text for node in nodes for text in node.body]
    merged = any(_MERGED.search(text.text) for text in texts)
    if not any(_BEFORE.search(text.text) for text in texts):
        yield from _windows(nodes, passages)
    yield from _joint(nodes)
    covered = [(text, match) for text in texts if (match := _COVER.search(text.text)) and "重点" in text.text]
    plans = [
        (text, match)
        for text, match in covered
        if re.search(r"检查[^。；]{0,10}全覆盖|全覆盖[^。；]{0,4}[，。；”\"]?[^。；]{0,12}(?:检查|除)", text.text)
    ]
    if plans and not any(_KEY_COUNT.search(text.text) for text in texts):
        text, match = next((pair for pair in plans if "附件" in pair[0].text), plans[-1])
        annex = next(iter(_ANNEX.findall(text.text)), "")
        yield _mention("coverage", text, match.start(), match.end(), words=(annex,))
    if covered and not merged:
        yield from _overlaps(nodes, texts)


def _windows(nodes: Iterable[Node], passages: Sequence[Block]) -> Iterator[Mention]:
    """Yield the months of each item that has visits, where its own text names them."""
    for node in nodes:
        if not counts_of(node) or node.parts or node.level < 4:
            continue
        for text in node.body:
            for match in _WINDOW.finditer(text.text):
                if _TIMED.search(text.text[: match.start()]):
                    yield _mention(
                        "window", text, match.start(), match.end(), numbers=_window_months(text.text[match.start() :])
                    )
                    break
    heads = {
        (one.file, one.table, one.column): one.text for one in passages if one.table and re.search("时间", one.text)
    }
    for one in passages:
        if one.table and (one.file, one.table, one.column) in heads and (match := _WINDOW.search(plain_form(one).text)):
            text = plain_form(one)
            yield _mention("window", text, match.start(), match.end(), numbers=_window_months(text.text))


def _window_months(text: str) -> tuple[int, ...]:
    """Return every month of the clause: 1至4月、9月 is five of them."""
    months: set[int] = set()
    for match in _WINDOW.finditer(re.split(r"[，。；]", text)[0]):
        if match["quarter"]:
            n = _QUARTERS[re.sub(r"[第季度]", "", match["quarter"])]
            months |= {3 * n - 2, 3 * n - 1, 3 * n}
        elif match["half"]:
            months |= set(range(1, 7)) if match["half"] == "上半年" else set(range(7, 13))
        else:
            first, last = (match["month"],) * 2 if match["month"] else (match["first"], match["last"])
            months |= set(range(int(first), int(last) + 1))
    return tuple(sorted(months))


def _joint(nodes: Sequence[Node]) -> Iterator[Mention]:
    """Yield the quota of joint visits with the counts its base may be made of.

    Figures: the percentage, the joint visits, those of their class, drawn lines whole, then lines drawn in part.
    """
    every = [(node, text) for node in nodes for text in node.body]
    quotas = [(text, one) for _, text in every for one in text.figures if _is_quota(text, one)]
    lines = [(node, one) for node, text in every for one in counts(text) if one.unit == "家次" and _is_joint(text, one)]
    if not quotas or not lines:
        return
    (text, percent), (node, joint) = quotas[0], lines[-1]
    classes = [one for above in _upward(node) if (one := above.counts.get("家次")) and one.value != joint.value]
    if classes:
        named = re.search(
            r"一般检查|重点检查|全年|计划检查|检查总", text.text[text.bounds(percent.start)[0] : percent.start]
        )
        drawn, in_part = _drawn_lines(nodes, node, joint)
        figures = (percent, joint, classes[0], *drawn, *in_part)
        numbers = (len(drawn), int(bool(named)))
        yield _mention("joint", text, percent.start, percent.end, figures, numbers=numbers)


def _is_quota(text: Plain, one: Numeral) -> bool:
    """Whether a percentage is what joint visits must reach; one that follows their count is a share that they have."""
    before = text.text[text.bounds(one.start)[0] : one.start]
    return one.unit == PERCENT and bool(_JOINT.search(before)) and not _SHARE_OF.search(before)


def _is_joint(text: Plain, one: Numeral) -> bool:
    before = text.text[max(0, one.start - 20) : one.start]
    return bool(re.search(r"联合[^。；，\d]{0,12}$|联合[^。；\d]{0,6}\($", before))


def _drawn_lines(nodes: Sequence[Node], line: Node, joint: Numeral) -> tuple[list[Numeral], list[Numeral]]:
    """Return the visits of other lines drawn as a whole; of those drawn in part what is drawn, then all."""
    drawn, in_part = [], []
    for node in nodes:
        total = counts_of(node).get("家次")
        if node.parts or total is None or total is joint or line in _upward(node) or node in _upward(line):
            continue
        sampled = [one for one in _firms(node) if re.search(r"随机[^。；]{0,6}$", _before(node, one))]
        if sampled and sampled[0].value == total.value:
            drawn.append(total)
        elif sampled:
            in_part += [sampled[0], total]
    return drawn, in_part


def _upward(node: Node | None) -> list[Node]:
    nodes = []
    while node is not None:
        nodes.append(node)
        node = node.above
    return nodes


def _firms(node: Node) -> list[Numeral]:
    return [one for text in node.body for one in counts(text) if one.unit in FIRMS]


def _before(node: Node, figure: Numeral) -> str:
    text = next(text for text in node.body if figure in text.figures)
    return re.sub(r"(?:抽取|抽查|其中)*$", "", text.text[max(0, figure.start - 12) : figure.start])


def _overlaps(nodes: Sequence[Node], texts: Sequence[Plain]) -> Iterator[Mention]:
    """Yield the lines beside the key units that may meet them: of their kinds, without 避免重复."""
    scope = [text.text for text in texts if re.search(r"以[^。]*为重点", text.text)]
    kinds = [kind for kind in _KINDS if any(re.search(kind, text) for text in scope)]
    keys = [
        node for node in nodes if re.search(r"重点(?:监管)?(?:单位|企业)", node.title) and counts_of(node).get("家次")
    ]
    covered = [node for node in keys if any(_COVER.search(text.text) for text in node.body) or len(keys) == 1]
    if not covered or not kinds:
        return
    key = covered[0]
    figures: list[Numeral] = []
    for node in (one for top in (key.above.parts if key.above else []) if top is not key for one in top.walk()):
        total = counts_of(node).get("家次")
        joined = "".join(text.text for text in node.body)
        if node.parts or total is None or _APART.search(joined):
            continue
        firms = _firms(node)
        chosen = next(
            (one for one in firms if re.search(r"重点[^。；]{0,6}(?:单位|企业)中[^。；]{0,6}$", _before(node, one))),
            None,
        )
        mixed = any(mixed_units(text, one) for text in node.body for one in counts(text))
        if chosen or (not mixed and any(re.search(kind, joined) for kind in kinds)):
            figures.append(chosen or total)
    if figures and key.body:
        yield _mention(
            "overlap", key.body[0], 0, len(key.body[0].text), (counts_of(key)["家次"], *figures), words=(key.title,)
        )


# --- annexes and the day --------------------------------------------------------------------------------------------


def listed_annexes(passages: Sequence[Block]) -> list[tuple[Block, str, str]]:
    """Return the annexes a file lists: passage, number ('' for the only one), title."""
    annexes: list[tuple[Block, str, str]] = []
    open_list = False
    for n, one in enumerate(passages):
        text = one.text.strip()
        start = re.match(r"附件\s*[：:]\s*(.*)", text)
        numbered = re.match(r"附件\s*([\d一二三四五六七八九十]{1,3})\s*[：:.、]\s*(\S.+)", text)
        content = start[1].strip() if start else text
        item = _ITEM.match(content) if start or open_list else None
        if one.table:
            open_list = False
        elif item:
            annexes.append((one, item[1], item[2].strip("；;。 ")))
            open_list = True
        elif numbered and len(text) < 60 and not any(below.table for below in passages[n + 1 : n + 2]):
            annexes.append((one, f"{_NAMES.get(numbered[1], numbered[1])}", numbered[2]))
        elif start:
            open_list = True
            if content:
                annexes.append((one, "", content))
        else:
            open_list = False
    return annexes


def annex_number(text: str) -> str:
    """Return the number of the annex a line opens; '' where it opens none.

    >>> annex_number("附件1"), annex_number("附件 2 重点单位名单"), annex_number("详见附件1")
    ('1', '2', '')
    """
    match = re.match(r"\s*附件\s*([\d一二三四五六七八九十]{1,3})\s*(?:[：:、.\s]|$|[\u4e00-\u9fff])", text)
    return f"{_NAMES.get(match[1], match[1])}" if match and len(text) < 60 else ""


def signed_day(passages: Sequence[Block]) -> str:
    """Return the ISO day a file is signed on: a line that is a date alone, or ends a signature; '' where there is none.

    >>> signed_day([Block("", "", "2024年3月13日")])
    '2024-03-13'
    """
    for one in passages:
        text = re.sub(r"\s", "", one.text)
        match = re.fullmatch(rf"[^。，；]{{0,24}}?{_DATED}(?:印发|发布)?[)）]?", text) or re.search(
            rf"(?:印发|发文|发布|成文)(?:日期|时间)?(?:为|：|:)?{_DATED}", text
        )
        if match and not one.table and int(match[3]) <= 31:
            return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"
    return ""


def plan_year(passages: Sequence[Block]) -> int:
    """Return the year a plan is of, as most of its titles have it; 0 where none has."""
    years: list[str] = []
    for one in passages:
        text = re.sub(r"\s", "", one.text)
        if len(text) < 80 and re.search("计划|方案|安排|报告|总结|通报", text):
            years += re.findall(r"(20\d\d)年度?", text)[:1]
    years = years or re.findall(r"(20\d\d)年度", "".join(re.sub(r"\s", "", one.text) for one in passages[:40]))
    only = set(re.findall(r"(20\d\d)年", "".join(re.sub(r"\s", "", one.text) for one in passages))) if not years else ()
    return int(max(dict.fromkeys(years or only), key=[*years, *only].count)) if years or len(only) == 1 else 0
