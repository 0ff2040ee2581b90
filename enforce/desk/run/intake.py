"""The intake (收件): the packs of many bureaus in one folder, each checked by itself, and a roll-up of what agrees.

What is checked: every byte against the digests, the figures against the pack's own tables, the papers against those
tables and against each other (the audit). A pack that was changed everywhere alike agrees with itself: only its digest,
told another way, shows that; and the state and the findings to correct are as the bureau says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from enforce.desk.commands.audit import audit_contents
from enforce.desk.district import plan_figures
from enforce.desk.run import batch
from enforce.desk.run.annex_cells import check_annexes
from enforce.desk.run.logbook import LOG
from enforce.desk.run.roll_up import RollUp, check_name, write_roll_up
from enforce.inputs.pack import FIGURES, Pack, read_pack
from enforce.inputs.tables.filing_list import read_filing_list
from enforce.planning.visits import by_task_and_month
from enforce.words.files import OutputError
from enforce.words.problems import Flaw, InputError, Place, Problem, flaw_of, refuse
from enforce.words.terms import AUDIT_NAMES, FilingState, Severity, label
from enforce.words.texts import excerpt, real_date, shown_path

FILED, AUDITED, ANNEXES = "收件", "公文审核", "附件与报送的表逐格一致"
NOTES = {
    FILED: "核对了每个字节的摘要，由包里的表重算数字，并审核公文。一起改成彼此一致的，从包里看不出，"
    "要与单位另外告知的摘要核对；计划状态、须改正的条数和非计划检查由单位自报。没有写收到日期的，按文件的修改日期，复制、解压可能改变它",
    AUDITED: "每份包里的公文相互核对；附件1、附件2、附件3由包里的表重做，逐格核对",
    "各份计划": "按文件名排列，不排名次；只计入核对一致的",
}
COLUMNS = ["bureau", "plan", "file", "filing_state", "received_on", "due_on", "digest", "message"]
_REMARKS = ["bureau", "文件", "位置", "程度", "规则", "原文", "印的", "应为"]
_GOOD = (FilingState.RECEIVED, FilingState.LATE)


@dataclass(frozen=True)
class Arrival:
    """A file that came in: whose plan it is and what it says, or why it is refused; what is to be known besides."""

    file: str
    received_on: str
    plan: str = ""
    bureau: str = ""
    year: int = 0
    digest: str = ""
    figures: Mapping = field(default_factory=dict)
    remarks: tuple[tuple, ...] = ()
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def receive_folder(
    folder: Path, name: str, *, expected: Sequence[Path] = (), due: str = "", year: int = 0, out: Path | None = None
) -> tuple[Path, pd.DataFrame]:
    """Check every pack of a folder and write the roll-up; return its folder and the table of what came in.

    `expected` are lists of who files, or plans; `due` the day for those the lists give none, `year` the plans' year
    (default: that of most packs). InputError for a list that cannot be read; a bad pack stops nobody else.
    """
    target = (out or batch.ROOT / "reports").resolve() / name
    refuse([*_option_problems(folder, due), *check_name(name)])
    listed = read_filing_list(expected)
    batch.check_place(target, batch.ROOT)
    batch.check_inputs_apart(target, [folder, *expected])
    lists = {path.resolve() for path in expected}
    files = [path for path in _files(folder) if path.resolve() not in lists]
    if not files and listed.empty:
        raise OutputError(f"{shown_path(folder)} 里没有文件。")
    arrivals = []
    for n, path in enumerate(files, 1):
        arrivals.append(_arrival(path, folder))
        LOG.info(f"{n}/{len(files)} {arrivals[-1].file} {'；'.join(arrivals[-1].faults) or '核对一致'}")
    year = year or _most_common_year(arrivals)
    arrivals = [replace(one, faults=(*one.faults, *_conflicts(one, arrivals, year))) for one in arrivals]
    table = _filed(arrivals, listed, due)
    _write_intake(target, year, arrivals, table)
    return target, table


def _option_problems(folder: Path, due: str) -> Iterator[Problem]:
    if not folder.is_dir():
        yield Problem(shown_path(folder), Place("文件夹"), "", "放着报送包的文件夹", Flaw.FILE)
    try:
        real_date(due) if due else None
    except ValueError as error:
        yield Problem("命令行", Place("--due"), due, str(error), flaw_of(error))


def _files(folder: Path) -> list[Path]:
    """Return what lies in a folder and below, by name; hidden and lock files left out."""
    paths = sorted(folder.rglob("*"), key=lambda path: path.relative_to(folder).as_posix())
    names = ((path, path.relative_to(folder).parts) for path in paths if not path.is_dir())
    return [path for path, parts in names if not any(part.startswith((".", "~$")) for part in parts)]


# --- one pack -----------------------------------------------------------------------------------------------------


def _arrival(path: Path, folder: Path) -> Arrival:
    """Return a file as it was checked; nothing of one stops the others."""
    came = Arrival(path.relative_to(folder).as_posix(), "")
    try:
        changed = datetime.fromtimestamp(path.stat().st_mtime, UTC).astimezone()
        came = replace(came, received_on=changed.date().isoformat())
        pack = read_pack(path)
        figures = plan_figures(pack.tables)
        came = replace(
            came, plan=pack.plan, bureau=figures["bureau"], year=pack.year, digest=pack.digest, figures=figures
        )
        remarks = _remarks(pack, figures["bureau"])
    except InputError as error:
        return replace(came, faults=tuple(f"{problem.file} {problem}" for problem in error.problems))
    except OSError as error:
        return replace(came, faults=(f"读不出来（系统代码 {error.errno}）",))
    except Exception as error:  # a pack that no program of ours wrote stops nobody else
        return replace(came, faults=(f"内容不成一份计划（{type(error).__name__}）",))
    notes = () if pack.untouched else ("外层被改动或重新打包过，里面的文件与清单逐个一致",)
    return replace(came, remarks=remarks, faults=tuple(_contradictory_figures(pack, figures)), notes=notes)


def _remarks(pack: Pack, bureau: str) -> tuple[tuple, ...]:
    """Return what is to be corrected in the papers of a pack, by its tables and by the audit: one row each."""
    lines = pack.tables["lines"].rename(columns={"task": "name"})
    papers = {name.partition("/")[2]: content for name, content in pack.papers.items()}
    cells = [
        (bureau, one.file, one.place, Severity.ERROR.label, ANNEXES, excerpt(one.row), *map(excerpt, one[-2:]))
        for one in check_annexes(pack)
    ]
    audited = [
        (bureau, one.file, one.place, one.severity.label, AUDIT_NAMES[one.check], excerpt(one.sentence), one.printed,
         one.expected)
        for one in audit_contents(papers, lines).findings
        if one.severity is not Severity.NOTE
    ]  # fmt: skip
    return (*cells, *audited)


def _contradictory_figures(pack: Pack, figures: Mapping) -> Iterator[str]:
    """Yield where the figures, the list and the tables of a pack say different things."""
    tables, plan = pack.tables, pack.tables["plan"].iloc[0]
    if len(tables["plan"]) != 1 or (plan["plan"], plan["year"]) != (pack.plan, pack.year):
        yield f"清单写的是 {pack.plan}（{pack.year} 年），表里是 {plan['plan']}（{plan['year']} 年）"
    again = {name: value for name, value in figures.items() if name != "units"}
    for name in sorted({*again, *pack.figures}):
        if again.get(name) != pack.figures.get(name):
            yield f"{FIGURES} 的{label(name)}是 {pack.figures.get(name)}，由包里的表算出 {again.get(name)}"
    planned = dict(zip(tables["lines"]["task_id"], tables["lines"]["planned_visits"], strict=True))
    placed: Counter[str] = Counter()
    for (task, _), visits in by_task_and_month(tables["months"]).items():
        placed[task] += visits
    for task, visits in placed.items():
        if visits > planned.get(task, 0):
            yield f"各月家次里 {task} 合计 {visits} 家次，检查事项表里是 {planned.get(task, '没有')}"


# --- all packs ----------------------------------------------------------------------------------------------------


def _most_common_year(arrivals: Sequence[Arrival]) -> int:
    """The year of most packs, the later of two."""
    counts = Counter(one.year for one in arrivals if one.year)
    return max(counts, key=lambda year: (counts[year], year), default=0)


def _conflicts(one: Arrival, arrivals: Sequence[Arrival], year: int) -> Iterator[str]:
    """Yield what stands against a pack beside the others: another year, a second pack of its plan or its bureau."""
    if one.year and one.year != year:
        yield f"是 {one.year} 年的计划，应为 {year} 年"
    good = [other for other in arrivals if other is not one and not other.faults and other.plan]
    others = [other.file for other in good if one.plan == other.plan or one.bureau == other.bureau]
    if others and not one.faults:
        yield f"同一份计划或同一单位交了几份（另有 {'、'.join(others)}），请只留一份"


def _filed(arrivals: Sequence[Arrival], listed: pd.DataFrame, due: str) -> pd.DataFrame:
    """Return what came in and what did not (收件): one row per pack and per bureau of the list without one."""
    rows, matched = [], set()
    for entry in listed.itertuples():
        ours = [one for one in arrivals if one.plan and entry.plan in ("", one.plan) and entry.bureau == one.bureau]
        matched.update(one.file for one in ours)
        due_on = entry.due_on or due
        rows += [_filed_row(one, due_on, entry.received_on, entry.digest) for one in ours]
        if not ours:
            rows.append((entry.bureau, entry.plan, "", FilingState.MISSING, "", due_on, "", ""))
    for one in arrivals:
        if one.file not in matched:
            rows.append(_filed_row(one, due, outside=len(listed) > 0))
    return pd.DataFrame(rows, columns=COLUMNS)


def _filed_row(one: Arrival, due_on: str, received_on: str = "", digest: str = "", *, outside: bool = False) -> tuple:
    """Return the row of a pack; `received_on` and `digest` are what the superior knows himself."""
    day, faults = received_on or one.received_on, list(one.faults)
    if digest and not (len(digest) >= 12 and one.digest.startswith(digest.lower())):
        faults.append("与另外告知的摘要不符")
    late = bool(due_on and day > due_on)
    state = FilingState.REFUSED if faults else FilingState.OUTSIDE if outside else _GOOD[late]
    errors = sum(row[3] == Severity.ERROR.label for row in one.remarks)
    notes = [*faults, *one.notes, *([f"公文须改正 {errors} 处"] if errors else [])]
    return (one.bureau, one.plan, one.file, state, day, due_on, one.digest[:12], "；".join(notes))


def _write_intake(target: Path, year: int, arrivals: Sequence[Arrival], table: pd.DataFrame) -> None:
    """Write the roll-up of the packs that agree, with what came in and the audit before it."""
    by_file = {one.file: one for one in arrivals}
    good = [by_file[file] for file in table.loc[table["filing_state"].isin(_GOOD), "file"]]
    refused = table[table["filing_state"] == FilingState.REFUSED]
    remarks = pd.DataFrame([row for one in arrivals for row in one.remarks], columns=_REMARKS)
    roll = RollUp(
        target,
        year,
        {one.plan: "" for one in good},
        dict(zip(refused["file"], refused["message"], strict=True)),
        intake_sentence(table),
        {FILED: table, AUDITED: remarks},
        NOTES,
    )
    write_roll_up(roll, lambda: (one.figures for one in good))


def intake_sentence(table: pd.DataFrame) -> str:
    """Return in one sentence what came in."""
    counts = Counter(table["filing_state"])
    parts = [f"{state.label} {counts[state]} 份" for state in FilingState if counts[state]]
    return f"{len(table)} 份：{'，'.join(parts)}。"
