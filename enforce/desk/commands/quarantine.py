"""The quarantine (放到一边): rows of a bureau's tables that cannot be used, in a workbook, the reason beside each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pandas as pd

from enforce.inputs.parameters.plan import Plan
from enforce.papers.books.book import Meta, Sheet
from enforce.papers.books.writer import write_book
from enforce.sheets.codes import is_code
from enforce.sheets.part import unnamed
from enforce.words.personal import is_card, masked
from enforce.words.problems import Flaw, Place, Problem, row_entry
from enforce.words.terms import label
from enforce.words.texts import HIDDEN, shown_path

_LONGEST = 1000
#: Headings of columns that name persons.
_PERSON = re.compile(
    "姓名|联系人|负责人|法人(?!单位)|法定代表|经办|填表人|人员|检查人|陪同|签字|contact", re.IGNORECASE
)


def place_problems(path: Path) -> Iterator[Problem]:
    """The workbook of bad rows is a new file: one that somebody may be mending is not written over."""
    option = Place("--quarantine")
    if path.suffix.lower() != ".xlsx":
        yield Problem("命令行", option, path.name, "以 .xlsx 结尾的文件名")
    elif path.exists():
        yield Problem("命令行", option, path.name, "还没有的文件（已有的不覆盖，请换一个名字）", Flaw.REPEATED)
    elif not path.parent.is_dir():
        yield Problem("命令行", option, shown_path(path), "已有文件夹里的文件名", Flaw.UNKNOWN)


def write_quarantine(path: Path, bad: dict[str, pd.DataFrame], plan: Plan | None = None) -> Path:
    """Write the rows that cannot be used, one sheet a file, the reason beside each; numbers of persons are masked."""
    count = sum(map(len, bad.values()))
    sheets = [_bad_sheet(n, file, rows) for n, (file, rows) in enumerate(bad.items(), 1)]
    files = [f"工作表「{sheet.name}」：{file}" for sheet, file in zip(sheets, bad, strict=True)]
    note = "姓名、身份证号、电话、账号已遮盖，原值见原文件该行。改好后请改原文件，再检查一次。"
    meta = Meta(
        title=f"放到一边的行（{count} 行）",
        bureau=plan.bureau if plan else "",
        document="",
        approved_on="",
        year=plan.year if plan else 2000,
        notes=(*files, note),
        plain=True,
    )
    return write_book(path, sheets, meta)


def _bad_sheet(n: int, file: str, rows: pd.DataFrame) -> Sheet:
    names = ["行号", "问题", *(masked(label(str(name))) for name in rows.columns[2:])]
    of_person = [bool(_PERSON.search(str(name))) for name in rows.columns[2:]]
    cells = [
        [
            row_entry(row[0]),
            row[1],
            *(_safe(unnamed(cell) if person else cell) for cell, person in zip(row[2:], of_person, strict=True)),
        ]
        for row in rows.itertuples(index=False, name=None)
    ]
    stem = re.sub(r"[\[\]:*?/\\'\x00-\x1f]", "", Path(file).stem)[:20]
    table = pd.DataFrame(cells, columns=names, dtype=object)
    return Sheet(f"{n}-{stem}", table, title=f"放到一边的行：{Path(file).name}")


def _safe(cell: object) -> object:
    """Return a cell as it may stand in the workbook: text without hidden characters and numbers of persons."""
    if isinstance(cell, datetime | date):
        return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat()
    if isinstance(cell, bool) or (isinstance(cell, int | float) and abs(cell) < 10**10):
        return str(cell) if isinstance(cell, bool) else cell
    if cell is None:
        return ""
    text = str(cell)
    known = is_code(text) and not is_card(text)
    text = HIDDEN.sub(lambda hidden: f"<U+{ord(hidden[0]):04X}>", text if known else masked(text))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}……（共 {len(text)} 字）"
