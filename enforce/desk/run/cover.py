"""The cover (封面): what is opened first of a report: its answer, what must be put right, what each file is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from enforce.papers.report import pages
from enforce.papers.report.folder import MANIFEST, listing

if TYPE_CHECKING:
    from nbformat import NotebookNode

#: How the name of a file begins -> what the file is for; the first that fits.
PURPOSES = {
    "annual_plan": "年度计划：人够不够，每个月查多少，附件1、附件3怎样得来",
    "monthly_allocation": "月度安排：这个月查什么、查谁，还剩多少",
    "year_end_summary": "年终总结：计划与实际，差在哪里",
    "replan": "计划调整：从那一天起，剩下的怎样排",
    "附件1-": "每一行每个月多少家次；各科队每月负荷",
    "附件3-": "人日怎样算出：法定工作日、其他执法、非执法、可安排",
    "季度计划": "每季度一张的安排，合计都是公式",
    "台账体检": "企业台账缺什么、错什么；企业负担台账",
    "点名-局内": "每一家次查哪一家、在哪个月；局内掌握",
    "试算-": "按现在的表重算，与附件1不同之处；未经批准",
    "月度执法安排-": "本月安排、名单、负荷和公示",
    "计划执行对比": "计划与实际：按事项、按月，计划内外，覆盖，处罚",
    "调整单-": "改了什么、为什么、谁来批准",
    "plan-v": "计划的版本，批准以后用它定版",
    "公文/请示": "报请批准年度计划",
    "公文/印发通知": "批准以后印发",
    "公文/年度计划": "年度计划正文",
    "公文/附件1": "执法计划安排表",
    "公文/附件2": "重点单位名单",
    "公文/附件3": "执法工作量核算",
    "公文/附件4": "上年度工作总结",
    "公文/与上年对照": "与上年的数逐项对照",
    "公文/备案报告": "报上级备案",
    "公文/计划公示": "向社会公示的计划",
    "公文/季度计划": "一个季度的计划",
    "公文/月度计划": "一个月的计划",
    "公文/月公示": "一个月的公示",
    "公文/自检报告": "报送以前自己先查一遍",
    "公文/调整": "计划调整的公文",
    MANIFEST: "清单：读了哪些表，写了哪些文件，各自的摘要",
}
_KINDS = {"": "公文（Word，可以接着改）", ".html": "网页", ".xlsx": "表格", ".ipynb": "笔记本（可以再运行）"}
_OTHERS = "其他"


@dataclass(frozen=True)
class _Book:
    """A notebook of the report: its title, its heading and its answer as HTML."""

    name: str
    title: str
    heading: str
    answer: str

    @property
    def short(self) -> str:
        """What the list at the side calls it: what it is, and its month or day."""
        start = next((start for start in PURPOSES if self.name.startswith(start)), "")
        return (
            f"{PURPOSES[start].partition('：')[0]}{self.name.removeprefix(start).replace('-', ' ', 1)}"
            if start
            else self.title
        )


def cover_html(folder: Path, name: str, stems: Sequence[str], mark: str = "", notes: Sequence[str] = ()) -> str:
    """Return the cover of a report: the answers of its notebooks, the first with its heading, then every file.

    `stems` are the names of the notebooks in the order of their weight; `notes` say what the report does not hold.
    """
    files = sorted({*listing(folder), MANIFEST} - {pages.COVER})
    books = [_book(folder / file) for file in files if file.endswith(".ipynb")]
    books.sort(key=lambda book: next((n for n, stem in enumerate(stems) if book.name.startswith(stem)), len(stems)))
    first = books[0] if books else _Book("", name, "", "")
    shown = {"title": first.title, "mark": mark, "notes": notes, "first": first, "books": books}
    return pages.rendered("cover.html.j2", **shown, kinds=_by_kind(files))


def _book(path: Path) -> _Book:
    import nbformat

    notebook: NotebookNode = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    heading, answer = (pages.shown_html(notebook, tag) for tag in (pages.HEADING, pages.ANSWER))
    return _Book(path.stem, pages.title(notebook, path.stem), heading, answer)


def _by_kind(files: Sequence[str]) -> Mapping[str, list[tuple[str, str]]]:
    """Return the files by what a planner calls their kind, each with what it is for."""
    kinds: dict[str, list[tuple[str, str]]] = {kind: [] for kind in (*_KINDS.values(), _OTHERS)}
    for file in files:
        suffix = "" if "/" in file else Path(file).suffix
        kinds[_KINDS.get(suffix, _OTHERS)].append((file, purpose(file)))
    return {kind: kinds[kind] for kind in (_KINDS[".html"], _KINDS[".xlsx"], _KINDS[""], _KINDS[".ipynb"], _OTHERS)}


def purpose(file: str) -> str:
    """Return in a line what a file of a report is for; '' where nobody knows.

    >>> purpose("附件3-执法工作量核算.xlsx"), purpose("自己放进来的.txt")
    ('人日怎样算出：法定工作日、其他执法、非执法、可安排', '')
    """
    return next((text for start, text in PURPOSES.items() if file.startswith(start)), "")
