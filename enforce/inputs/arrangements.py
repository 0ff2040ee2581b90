"""The arrangements (安排) of a plan: which visit on which day by whom, as they were announced to officers.

Each edition is one JSON file in the folder `arrangements` beside the tables: arrangement-1.json, arrangement-2.json and
so on. None is ever changed; each names the digest of the one before. `announced` are the visits (安排编号) of months
whose papers were given out. What comes back of a month's sheet — why a visit was not made, moved or made by others — is
beside them, one file per month, which the next sheet of that month replaces.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import pandas as pd
from pydantic import Field

from enforce.inputs.parameters.entries import Anonymous, Entry, IsoDate, MaybeDate, checked_file, form, word_of
from enforce.inputs.parameters.plan import Plan
from enforce.inputs.versions import Digest
from enforce.sheets.columns import identifier
from enforce.words.files import json_rows
from enforce.words.problems import Flaw, Place, Problem, refuse
from enforce.words.terms import Aim, HalfDay, NotAsArranged
from enforce.words.texts import shown, shown_path

FOLDER, EDITION, RETURN = "arrangements", "arrangement", "return"
_FIRST = ""
Code = Annotated[str, form(identifier)]
Officer = Annotated[str, Field(pattern="^[!-~]{0,60}$")]


def _half(text: str) -> str:
    if text not in ("", *HalfDay):
        raise ValueError(f'{"、".join(HalfDay)} 或 ""')
    return text


class ArrangedVisit(Entry):
    """One visit with its day and officers, '' and none where it could not be put on a day."""

    visit_id: Code
    task_id: Code
    unit_id: Annotated[str, Field(pattern="^[0-9A-Za-z]{0,40}$")]
    month: Annotated[int, Field(ge=1, le=12)]
    entry: Annotated[int, Field(ge=1)]
    date: MaybeDate
    half_day: Annotated[str, form(_half)]
    part: Annotated[int, Field(ge=0, le=99)]
    visit_parts: Annotated[int, Field(ge=1, le=999)]
    officer_1: Officer
    officer_2: Officer
    with_officers: list[Officer]
    with_sections: list[Anonymous]


class AimReached(Entry):
    """What the search of a month came to for one aim, and the bound it found."""

    month: Annotated[int, Field(ge=1, le=12)]
    aim: Annotated[str, word_of(Aim)]
    value: Annotated[int, Field(ge=0)]
    bound: Annotated[int, Field(ge=0)]
    proved: bool


class EditionContent(Entry):
    """The file of one edition, as it stands in JSON."""

    plan: str
    year: int
    number: Annotated[int, Field(ge=1)]
    as_of: IsoDate
    month: Annotated[int, Field(ge=1, le=12)]
    before: Annotated[str, Field(pattern="^([0-9a-f]{64})?$")]
    announced: list[Code]
    visits: list[ArrangedVisit]
    proof: list[AimReached]
    digest: Digest


class ReturnedVisit(Entry):
    """What came back of a visit that was not made, or not as arranged."""

    visit_id: Code
    done: bool
    deviation: Annotated[str, word_of(NotAsArranged)]
    note: Anonymous


class ReturnedMonth(Entry):
    """The file of what came back of a month."""

    plan: str
    year: int
    month: Annotated[int, Field(ge=1, le=12)]
    visits: list[ReturnedVisit]


VISITS, RETURNS = list(ArrangedVisit.model_fields), list(ReturnedVisit.model_fields)
PROOF = list(AimReached.model_fields)
_LISTS = ("with_officers", "with_sections")


@dataclass(frozen=True, eq=False)
class Edition:
    """One edition: `visits` one row per visit not done when it was made, `announced` the visits given out so far,
    `proof` how good the search that made it found each month: one row per month and aim."""

    plan: str
    year: int
    number: int
    as_of: str
    month: int
    visits: pd.DataFrame
    announced: tuple[str, ...]
    before: str = _FIRST
    proof: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=PROOF))

    @property
    def digest(self) -> str:
        """SHA-256 of the content of the file: what the next edition calls this one."""
        return sha256(json_rows(_edition_content(self), ["visits"]).encode()).hexdigest()

    @property
    def text(self) -> str:
        """The edition as papers name it."""
        return f"第 {self.number} 次安排（{self.as_of} 以后，摘要 {self.digest[:12]}）"

    def same_as(self, other: Edition) -> bool:
        """Whether another has the same visits on the same days by the same officers, given out alike."""
        rows = [[{**row, "entry": 0} for row in _visit_rows(one.visits)] for one in (self, other)]
        return rows[0] == rows[1] and set(self.announced) == set(other.announced)


def next_arrangement(plan: Plan, before: Edition | None, as_of: str, month: int, visits: pd.DataFrame) -> Edition:
    """Return the edition after `before` (None: the first) that gives out the visits of a month that have a day."""
    dated = (visits["month"] == month) & (visits["date"] != "")
    given_out = {*(before.announced if before else ()), *visits.loc[dated, "visit_id"]}
    number, digest = (before.number + 1, before.digest) if before else (1, _FIRST)
    return Edition(plan.name, plan.year, number, as_of, month, visits[VISITS], tuple(sorted(given_out)), digest)


def arrangement_bytes(made: Edition) -> bytes:
    """Return the file of an edition, a line for each visit; the same edition gives the same bytes."""
    return json_rows({**_edition_content(made), "digest": made.digest}, ["visits"]).encode()


def return_bytes(plan: Plan, month: int, visits: pd.DataFrame) -> bytes:
    """Return the file of what came back of a month (RETURNS)."""
    rows = visits[RETURNS].sort_values("visit_id").to_dict("records")
    return json_rows({"plan": plan.name, "year": plan.year, "month": month, "visits": rows}, ["visits"]).encode()


def _edition_content(made: Edition) -> dict:
    facts = {name: getattr(made, name) for name in ("plan", "year", "number", "as_of", "month", "before")}
    return {**facts, "announced": list(made.announced), "visits": _visit_rows(made.visits), "proof": _plain(made.proof)}


def _visit_rows(visits: pd.DataFrame) -> list[dict]:
    numbers = ("month", "entry", "part", "visit_parts")
    rows = visits[VISITS].sort_values("visit_id").to_dict("records")
    return [
        row | {name: list(row[name]) for name in _LISTS} | {name: int(row[name]) for name in numbers} for row in rows
    ]


def _plain(proof: pd.DataFrame) -> list[dict]:
    return proof[PROOF].astype(object).to_dict("records")


# --- where they stand, and reading them ---


def arrangement_file(plan: Plan, number: int) -> Path:
    """Return where an edition stands."""
    return plan.tables_folder / FOLDER / f"{EDITION}-{number}.json"


def return_file(plan: Plan, month: int) -> Path:
    """Return where stands what came back of a month."""
    return plan.tables_folder / FOLDER / f"{RETURN}-{plan.year}-{month:02}.json"


def arrangement_files(plan: Plan) -> list[Path]:
    """Return the files of the editions, the oldest first, then those of what came back."""
    folder = plan.tables_folder / FOLDER
    editions = {path: path.stem.removeprefix(f"{EDITION}-") for path in folder.glob(f"{EDITION}-*.json")}
    numbered = {path: int(number) for path, number in editions.items() if number.isascii() and number.isdecimal()}
    return [*sorted(numbered, key=numbered.__getitem__), *sorted(folder.glob(f"{RETURN}-*.json"))]


def read_arrangements(plan: Plan) -> tuple[Edition, ...]:
    """Return the editions of a plan, the oldest first, none where nothing was arranged.

    InputError names every file that was edited, is of another plan, is missing or does not follow the one before.
    """
    editions, problems = [], []
    for path in arrangement_files(plan):
        if path.name.startswith(EDITION):
            edition, faults = _read_edition(plan, path, len(editions) + 1, editions[-1] if editions else None)
            problems += faults
            editions += [edition] if edition else []
            if faults:
                break
    refuse(problems)
    return tuple(editions)


def read_returns(plan: Plan) -> pd.DataFrame:
    """Return what came back of the months' sheets, with the month of each: one row per visit not as arranged."""
    rows, problems = [], []
    for path in arrangement_files(plan):
        if path.name.startswith(RETURN):
            content, faults = _content_of_file(ReturnedMonth, path)
            faults = faults or list(_of_plan(plan, shown_path(path), content))
            problems += faults
            rows += [one.model_dump() | {"month": content.month} for one in content.visits] if not faults else []
    refuse(problems)
    table = pd.DataFrame(rows, columns=[*RETURNS, "month"]).astype({"done": bool})
    return table.drop_duplicates("visit_id", keep="last", ignore_index=True)


def _content_of_file(model: type[Entry], path: Path) -> tuple[Entry | None, list[Problem]]:
    return checked_file(model, path, "日程安排", "本程序写出的 JSON 文件")


def _of_plan(plan: Plan, file: str, content: EditionContent | ReturnedMonth) -> Iterator[Problem]:
    if (content.plan, content.year) != (plan.name, plan.year):
        expected = f"{plan.name} {plan.year} 的安排（复制别的计划作新计划时，{FOLDER} 文件夹不要带过来）"
        yield Problem(file, Place("plan"), shown(f"{content.plan} {content.year}"), expected, Flaw.CONFLICT)


def _read_edition(plan: Plan, path: Path, number: int, before: Edition | None) -> tuple[Edition | None, list[Problem]]:
    content, problems = _content_of_file(EditionContent, path)
    if content is None:
        return None, problems
    file, facts = shown_path(path), content.model_dump(exclude={"visits", "announced", "proof", "digest"})
    proof = pd.DataFrame([one.model_dump() for one in content.proof], columns=PROOF)
    made = Edition(**facts, visits=_visits_of(content.visits), announced=tuple(content.announced), proof=proof)
    return made, [*_of_plan(plan, file, content), *_unlike_before(path, made, content.digest, number, before)]


def _unlike_before(path: Path, made: Edition, digest: str, number: int, before: Edition | None) -> Iterator[Problem]:
    """Yield why an edition is not as it was written, or does not follow the one before."""
    file = shown_path(path)
    if path.stem != f"{EDITION}-{number}":
        missing, expected = f"缺少 {EDITION}-{number}.json", "从第 1 次起一次不缺（从备份取回）"
        yield Problem(file, Place("日程安排"), missing, expected, Flaw.MISSING)
    elif made.number != number:
        yield Problem(file, Place("number"), str(made.number), f"{number}，与文件名相同", Flaw.CONFLICT)
    elif made.digest != digest:
        expected = "与内容相符的摘要（文件写出后没有改动过）"
        yield Problem(file, Place("digest"), f"{digest[:12]}…", expected, Flaw.CHANGED)
    elif made.before != (before.digest if before else _FIRST):
        yield Problem(file, Place("before"), f"{made.before[:12]}…", "上一次安排的摘要（文件没有改动过）", Flaw.CHANGED)


def _visits_of(visits: Sequence[ArrangedVisit]) -> pd.DataFrame:
    table = pd.DataFrame([one.model_dump() for one in visits], columns=VISITS)
    return table.assign(**{name: table[name].map(tuple) for name in _LISTS})


def issued_visits(editions: Iterable[Edition]) -> pd.DataFrame:
    """Return every visit that ever had a number (安排编号), each as its newest edition has it: one row per number.

    `since` is the day after which it was first arranged.
    """
    tables = [one.visits.assign(since=one.as_of) for one in editions]
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=[*VISITS, "since"])
    since = table.drop_duplicates("visit_id").set_index("visit_id")["since"]
    table = table.drop_duplicates("visit_id", keep="last").sort_values("visit_id", ignore_index=True)
    return table.assign(since=table["visit_id"].map(since))


def given_out_visits(editions: Sequence[Edition]) -> pd.DataFrame:
    """Return the visits that were given out (已下发), each as the newest edition that has it on a day has it.

    One row per visit; `first_day` is the day it was first given out for, `months` are those whose sheet it was on,
    `since` is the day after which it was first arranged.
    """
    dated = [one.visits[one.visits["date"] != ""] for one in editions]
    firsts: dict[str, str] = {}
    months: dict[str, tuple[int, ...]] = {}
    for one, visits in zip(editions, dated, strict=True):
        here = visits[visits["visit_id"].isin(one.announced) & (visits["month"] == one.month)]
        firsts = dict(zip(here["visit_id"], here["date"], strict=True)) | firsts
        for code in here["visit_id"]:
            months[code] = tuple(dict.fromkeys((*months.get(code, ()), one.month)))
    newest = pd.concat([*dated, pd.DataFrame(columns=VISITS)]).drop_duplicates("visit_id", keep="last")
    newest = newest[newest["visit_id"].isin(list(firsts))]
    since = issued_visits(editions).set_index("visit_id")["since"]
    facts = {"first_day": firsts, "months": months, "since": since}
    facts = {name: newest["visit_id"].map(values) for name, values in facts.items()}
    return newest.assign(**facts).sort_values("visit_id", ignore_index=True)
