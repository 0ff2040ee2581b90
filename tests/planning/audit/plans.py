"""Plans as text for the audit: correct ones of any size in several layouts, and every figure of them by its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hypothesis import strategies as st

_WORDS = "零一二三四五六七八九"
TASKS = (
    "危险化学品企业",
    "非煤矿山企业",
    "烟花爆竹企业",
    "粉尘涉爆企业",
    "有限空间企业",
    "金属冶炼企业",
    "安全培训机构",
)
FIGURE = re.compile(r"(?<![\d.])\d+(?:\.\d+)?(?=家次|家|次|%|人日|天|人)|(?<=\|)\d+(?=\|)|(?<==)\d+|\d+(?=×)|(?<=×)\d+")


@dataclass(frozen=True)
class Plan:
    """A plan: firms and times of each line of the key class, visits of the general one, officers."""

    key: tuple[tuple[int, int], ...]
    general: tuple[int, ...]
    officers: int
    other: int
    idle: int

    @property
    def visits(self) -> list[int]:
        """Visits of each key line."""
        return [firms * times for firms, times in self.key]

    @property
    def total(self) -> int:
        """All visits."""
        return sum(self.visits) + sum(self.general)


plans = st.builds(
    Plan,
    key=st.lists(st.tuples(st.integers(11, 90), st.integers(1, 4)), min_size=2, max_size=5).map(tuple),
    general=st.lists(st.integers(11, 180), min_size=2, max_size=2).map(tuple),
    officers=st.integers(6, 30),
    other=st.integers(201, 650),
    idle=st.integers(201, 650),
)


def share(part: int, whole: int) -> str:
    """A share in percent, rounded half up to one decimal."""
    return f"{(2000 * part + whole) // (2 * whole) / 10:.1f}%"


def in_words(number: int) -> str:
    """A number below ten thousand in Chinese words."""
    text, gap = "", False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            text += ("零" if gap and text else "") + _WORDS[digit] + name
        gap = not digit
    return text


def ours(plan: Plan) -> str:
    """The layout of a district of Shanghai: headings with counts in brackets."""
    key, general = sum(plan.visits), sum(plan.general)
    lines = [
        "某区应急管理局2025年度执法计划", "一、执法检查安排",
        f"全年计划检查{plan.total}家次，其中：重点检查{key}家次（占比{share(key, plan.total)}），"
        f"一般检查{general}家次（占比{share(general, plan.total)}）。",
        f"（一）重点检查（共{key}家次）",
    ]  # fmt: skip
    for n, ((firms, times), visits) in enumerate(zip(plan.key, plan.visits, strict=True), 1):
        lines.append(f"{n}. {TASKS[n - 1]}执法检查（{visits}家次）")
        lines.append(f"对{firms}家{TASKS[n - 1]}，每家检查{times}次，合计{visits}家次。")
    first, second = plan.general
    lines += [
        f"（二）一般检查（共{general}家次）", f"1. 随机抽查（{first}家次）", f"合计{first}家次。",
        f"2. 预警抽查（{second}家次）", f"合计{second}家次。",
    ]  # fmt: skip
    return "\n".join(lines)


def county(plan: Plan) -> str:
    """The layout of a county: the account first, then sections that sum up in prose."""
    key, general, days = sum(plan.visits), sum(plan.general), plan.officers * 248
    lines = [
        "某县应急管理局2025年度安全生产监督检查计划", "一、工作日测算",
        f"执法人员{plan.officers}人，全年国家法定工作日248天，总法定工作日=248×{plan.officers}={days}天。",
        f"监督检查工作日=总法定工作日-其他执法工作日-非执法工作日={days}-{plan.other}-{plan.idle}="
        f"{days - plan.other - plan.idle}天。",
        "二、检查安排", f"全年检查{plan.total}家次，包括：重点检查{key}家次、一般检查{general}家次。", "（一）重点检查",
    ]  # fmt: skip
    if days <= plan.other + plan.idle:
        lines.pop(3)
    for n, ((firms, times), visits) in enumerate(zip(plan.key, plan.visits, strict=True), 1):
        lines.append(f"{n}、{TASKS[n - 1]}{firms}家，每家每年检查{times}次，共计{visits}家次。")
    lines.append(f"重点检查合计{key}家次。")
    return "\n".join(lines)


def table(plan: Plan) -> str:
    """A table with subtotals and a total, as an annex prints it."""
    key, general = sum(plan.visits), sum(plan.general)
    lines = ["2025年度执法计划安排表", "|类别|检查事项|家数|每家次数|家次|", "|---|---|---|---|---|"]
    for n, ((firms, times), visits) in enumerate(zip(plan.key, plan.visits, strict=True)):
        lines.append(f"|重点检查|{TASKS[n]}|{firms}|{times}|{visits}|")
    lines.append(f"|重点检查小计||{sum(firms for firms, _ in plan.key)}||{key}|")
    for n, visits in enumerate(plan.general):
        lines.append(f"|一般检查|抽查{'甲乙'[n]}|{visits}|1|{visits}|")
    lines.append(f"|一般检查小计||{general}||{general}|")
    lines.append(f"|合计||{sum(firms for firms, _ in plan.key) + general}||{plan.total}|")
    return "\n".join(lines)


def quarters(plan: Plan) -> str:
    """A table by quarters whose rows and columns both sum up."""
    rows = [[visits + n * k for k in range(4)] for n, visits in enumerate((*plan.visits, *plan.general))]
    lines = [
        "2025年度执法计划季度安排表（单位：家次）",
        "|科室|一季度|二季度|三季度|四季度|全年|",
        "|---|---|---|---|---|---|",
    ]
    lines += [f"|第{n}组|{'|'.join(map(str, row))}|{sum(row)}|" for n, row in enumerate(rows, 1)]
    sums = [sum(column) for column in zip(*rows, strict=True)]
    return "\n".join([*lines, f"|合计|{'|'.join(map(str, sums))}|{sum(sums)}|"])


def wide(plan: Plan) -> str:
    """Our layout with digits of full width."""
    return ours(plan).translate({ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789"})


def spelled(plan: Plan) -> str:
    """Prose alone, its numbers in Chinese words."""
    key, general = sum(plan.visits), sum(plan.general)
    parts = "、".join(f"{TASKS[n]}{in_words(visits)}家次" for n, visits in enumerate(plan.visits))
    return (
        f"某市应急管理局2025年度执法计划\n重点检查{parts}，合计{in_words(key)}家次。\n"
        f"抽查甲类企业{in_words(plan.general[0])}家次、乙类企业{in_words(plan.general[1])}家次，合计{in_words(general)}家次。"
    )


def report(plan: Plan) -> str:
    """A report of the year before: planned and done, rates, fines."""
    planned, done = plan.total, sum(plan.visits)
    single, other = plan.general
    return (
        f"某区应急管理局2024年行政执法工作报告\n2024年计划检查{planned}家次，实际检查{done}家次，"
        f"完成率{share(done, planned)}。\n共立案{single + other}起，其中对单位{single}起、对个人{other}起。"
    )


LAYOUTS = (ours, county, table, quarters, wide, spelled, report)


def places(text: str) -> Iterator[tuple[int, int]]:
    """Where the figures of a text stand."""
    return (match.span() for match in FIGURE.finditer(text))


def flipped(text: str, place: tuple[int, int], step: int) -> str:
    """The text with one digit of a figure changed, never to a zero."""
    start, end = place
    digit = next(n for n in range(start, end) if text[n].isdigit())
    other = (int(text[digit]) - 1 + step) % 9 + 1
    return f"{text[:digit]}{other if other != int(text[digit]) else other % 9 + 1}{text[digit + 1 :]}"
