"""The version of a plan (计划版本): one file that holds the visits by month and the digests of all its ancestors.

It also holds what it was worked out from, so that a later change of the tables shows: of every task the planned visits,
months, effort, tier and group, of every team the officers and the capacity by month, the limits, and the key list with
the line that covers each unit. Files written before the last four were frozen are read and say what they lack.

The approved versions (已定版) stand in the folder `versions` of the plan's tables as plan-v1.json, plan-v2.json and so
on. Nothing changes one; every one names all before it, so that a file put in another's place is seen. The newest may be
withdrawn (撤回): it stays beside the others under another name, with the reason.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
from pydantic import AfterValidator, Field

from enforce.inputs.parameters.entries import Entry, IsoDate, checked, form
from enforce.inputs.parameters.plan import Plan
from enforce.words.files import read_json
from enforce.words.problems import Flaw, Place, Problem, refuse
from enforce.words.terms import PlanState
from enforce.words.texts import shown, shown_path

_COUNTS = re.compile(r"\[[-.\d,\s]+\]")
_FILE_NAME = re.compile(r"plan-v([1-9][0-9]{0,3})\.json")
#: What a plan says of itself until it is approved.
STATE_MARKS = {PlanState.DRAFT: "草案：尚未批准", PlanState.SUBMITTED: "送审稿：尚未批准"}
_OF_ANOTHER_PLAN = "{} {} 的版本（复制别的计划作新计划时，versions 文件夹不要带过来）"


def twelve(is_one: Callable[[Any], bool], expected: str) -> AfterValidator:
    """Make the validator of a list of twelve values, one a month; a failure tells the form expected."""

    def months(values: Any) -> list:
        if isinstance(values, list) and len(values) == 12 and all(map(is_one, values)):
            return values
        raise ValueError(f"{expected}，依次为各月")

    return form(months)


def _is_number(value: Any) -> bool:
    return type(value) in (int, float)


Year = Annotated[Any, twelve(lambda n: type(n) is int and n >= 0, "十二个 0 以上的整数")]
YearOfDays = Annotated[
    Any,
    twelve(lambda n: _is_number(n) and n * 2 % 1 == 0, "十二个人日数（0.5 的倍数）"),
    AfterValidator(lambda days: [float(n) for n in days]),
]
Officers = Annotated[Any, twelve(lambda n: _is_number(n) and 0 <= n < 10_000, "十二个 0 以上的数")]
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class TaskBasis(Entry):
    """What a task was planned from: visits, allowed months, effort by team; its tier and group.

    `lost_visits` are those that a re-plan took off because units had closed; older files do not say.
    """

    planned_visits: Annotated[int, Field(ge=0)]
    months: str
    effort: str
    tier: str | None = None
    group: str | None = None
    lost_visits: Annotated[int, Field(ge=0)] | None = None


class LimitBasis(Entry):
    """A limit the plan was worked out within: a task ('' for all), months, least and most visits, the reason."""

    task_id: str
    months: list[Annotated[int, Field(ge=1, le=12)]]
    minimum: Annotated[int, Field(ge=0)]
    maximum: Annotated[int, Field(ge=0)] | None
    basis: str


class Content(Entry):
    """The file of a version, as it stands in JSON."""

    plan: str
    year: int
    number: Annotated[int, Field(ge=1)]
    as_of: IsoDate
    ancestors: list[Digest]
    visits: dict[str, Year]
    names: dict[str, str]
    tasks: dict[str, TaskBasis]
    officers: dict[str, Officers]
    key_list: dict[str, str] | None = None
    limits: list[LimitBasis] | None = None
    capacity: dict[str, YearOfDays] | None = None
    digest: Digest


@dataclass(frozen=True)
class Version:
    """A plan by month at one moment: `visits` one row per task and month; `ancestors` digests, the oldest first.

    `tasks` has for each task planned_visits, months, effort, tier and group (text), of a re-plan lost_visits;
    `officers` for each team twelve counts, `capacity` twelve numbers of officer-days; `key_list` the code of each key
    unit with the line that covers it; `limits` one entry each. None where the file was written before they were frozen.
    """

    plan: str
    year: int
    number: int
    as_of: str
    visits: pd.DataFrame
    names: dict[str, str]
    ancestors: tuple[str, ...] = ()
    tasks: dict[str, dict] = field(default_factory=dict)
    officers: dict[str, list[float]] = field(default_factory=dict)
    key_list: dict[str, str] | None = None
    limits: list[dict] | None = None
    capacity: dict[str, list[float]] | None = None

    @property
    def lacks(self) -> tuple[str, ...]:
        """What an older file does not hold, in the planner's words."""
        absent = {name for name in _SINCE if getattr(self, name) is None}
        absent |= {"tiers"} if any("tier" not in facts for facts in self.tasks.values()) else set()
        return tuple(words for name, words in _FROZEN.items() if name in absent)

    @property
    def text(self) -> str:
        """The version as papers name it: number, day and digest."""
        return f"第 {self.number} 版（{self.as_of}，摘要 {self.digest[:12]}）"

    @property
    def digest(self) -> str:
        """SHA-256 of the content of the file: what later versions call this one."""
        return sha256(_json_text(_content(self)).encode()).hexdigest()


#: What later files freeze too: those that are entries of their own, and all of them in words.
_SINCE = ("key_list", "limits", "capacity")
_FROZEN = {"tiers": "检查类型", "key_list": "重点单位名单", "limits": "家次限制", "capacity": "可安排人日"}


def version_bytes(version: Version) -> bytes:
    """Return the file of a version, its digest in it; the same version gives the same bytes."""
    return _json_text({**_content(version), "digest": version.digest}).encode()


def _json_text(content: dict) -> str:
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    return _COUNTS.sub(lambda counts: re.sub(r"\s+", " ", counts[0]).replace("[ ", "[").replace(" ]", "]"), text) + "\n"


def _content(version: Version) -> dict:
    visits: dict[str, list[int]] = {code: [0] * 12 for code in sorted(set(version.visits["task_id"]))}
    for row in version.visits.itertuples():
        visits[row.task_id][int(row.month) - 1] = int(row.visits)
    plain = ("plan", "year", "number", "as_of", "tasks", "officers")
    later = [name for name in _SINCE if getattr(version, name) is not None]
    return {
        **{name: getattr(version, name) for name in (*plain, *later)},
        "ancestors": list(version.ancestors),
        "names": {code: version.names.get(code, "") for code in visits},
        "visits": visits,
    }


def successor(before: Version, now: Version) -> Version:
    """Return `now` as the next version: it keeps the ancestors of the one before and names that as the youngest."""
    return replace(now, number=before.number + 1, ancestors=(*before.ancestors, before.digest))


def read_version(path: str | Path) -> Version:
    """Read a version; InputError tells every problem of the file: no JSON, entries, counts, ancestors, later edits."""
    path = Path(path)
    file = shown_path(path)
    if not path.is_file():
        expected = "一个 plan-v….json 文件（在数据文件夹的 versions/ 或报告文件夹里）"
        value = "不是磁盘上的文件" if path.exists() else "没有这个文件"
        refuse([Problem(file, Place("计划版本"), value, expected, Flaw.FILE)])
    raw = read_json(path)
    if not isinstance(raw, dict):
        refuse([Problem(file, Place("计划版本"), "读不出来", "replan 写出的 JSON 文件，没有改动过", Flaw.FILE)])
    content, problems = checked(Content, raw, file)
    refuse([*problems, *_contradictions(file, raw)])
    version = _version(content)
    if version.digest != content.digest:
        value, expected = f"{content.digest[:12]}…", "与内容相符的摘要（文件写出后没有改动过）"
        refuse([Problem(file, Place("digest"), value, expected, Flaw.CHANGED)])
    return version


def _version(content: Content) -> Version:
    cells = [(code, month, n) for code, year in sorted(content.visits.items()) for month, n in enumerate(year, 1)]
    return Version(
        **content.model_dump(include={"plan", "year", "number", "as_of", "names", "officers", *_SINCE}),
        tasks={code: basis.model_dump(exclude_none=True) for code, basis in content.tasks.items()},
        visits=pd.DataFrame(cells, columns=["task_id", "month", "visits"]),
        ancestors=tuple(content.ancestors),
    )


def _contradictions(file: str, raw: dict) -> Iterator[Problem]:
    """Yield what does not go together in a file, also where other entries are of the wrong type."""
    visits, names, number, ancestors = (raw.get(key) for key in ("visits", "names", "number", "ancestors"))
    if isinstance(visits, dict) and isinstance(names, dict) and set(names) != set(visits):
        odd = sorted(set(names) ^ set(visits))
        yield Problem(file, Place(f"names.{odd[0]}"), "", "与 visits 相同的事项编号", Flaw.CONFLICT)
    if type(number) is int and isinstance(ancestors, list) and number - 1 not in (-1, len(ancestors)):
        yield Problem(file, Place("ancestors"), f"{len(ancestors)} 个", f"{number - 1} 个（版本号减一）", Flaw.CONFLICT)


def related(older: Version, newer: Version) -> list[Problem]:
    """Return why one version is not an ancestor of the other; nothing when it is."""
    if older.digest in newer.ancestors:
        return []
    value = f"没有第 {older.number} 版的摘要 {older.digest[:12]}…"
    expected = "同一份计划的前一个版本（文件没有改动过）"
    return [Problem(f"第 {newer.number} 版", Place("ancestors"), value, expected, Flaw.CHANGED)]


# --- the approved versions beside the tables of a plan ---


def plan_state(plan: Plan, versions: Sequence[Version]) -> PlanState:
    """Return how far a plan has come: approved is what is on record as version 1, whatever the plan says."""
    if versions:
        return PlanState.FILED if plan.step(PlanState.FILED) else PlanState.APPROVED
    return PlanState.SUBMITTED if plan.step(PlanState.SUBMITTED) else PlanState.DRAFT


def state_mark(plan: Plan, versions: Sequence[Version]) -> str:
    """Return the mark of everything that comes out of a plan not on record as approved; '' for one that is."""
    state = plan_state(plan, versions)
    if versions or not plan.step(PlanState.APPROVED):
        return STATE_MARKS.get(state, "")
    return "已批准，尚未定版"


def state_number(plan: Plan, versions: Sequence[Version]) -> str:
    """Return the number (文号) of the state a plan is in; a draft has none, a filed one keeps that of its approval."""
    submitted = plan.step(PlanState.SUBMITTED)
    if versions or plan.step(PlanState.APPROVED):
        return plan.approval_number
    return submitted.number if submitted else ""


def withdrawn_name(version: Version, folder: Path) -> str:
    """Return the name under which a withdrawn version stays in the folder: the first that is free."""
    names = (f"plan-v{version.number}-withdrawn-{n}.json" for n in count(1))
    return next(name for name in names if not os.path.lexists(folder / name))


def withdrawn_bytes(version: Version, reason: str) -> bytes:
    """Return the file of a withdrawn version (已撤回): its content, its digest and the reason."""
    return _json_text({**_content(version), "digest": version.digest, "withdrawn": reason}).encode()


def version_name(number: int) -> str:
    """Return the file name of a version.

    >>> version_name(2)
    'plan-v2.json'
    """
    return f"plan-v{number}.json"


def versions_folder(plan: Plan) -> Path:
    """Return the folder of the approved versions of a plan."""
    return plan.tables_folder / "versions"


def version_files(plan: Plan) -> list[Path]:
    """Return the files of the approved versions, the oldest first."""
    folder = versions_folder(plan)
    there = folder.iterdir() if folder.is_dir() else ()
    files = {int(match[1]): path for path in there if (match := _FILE_NAME.fullmatch(path.name))}
    return [files[number] for number in sorted(files)]


def read_versions(plan: Plan) -> tuple[Version, ...]:
    """Return the approved versions, the oldest first, none where nothing was approved yet.

    InputError names every file that was edited, is of another plan, is missing or does not follow the one before.
    """
    files = version_files(plan)
    versions = [read_version(path) for path in files]
    lineage = zip(files, versions, [None, *versions], strict=False)
    refuse(
        problem
        for number, (path, version, before) in enumerate(lineage, 1)
        for problem in _lineage_problems(plan, shown_path(path), number, version, before)
    )
    return tuple(versions)


def _lineage_problems(plan: Plan, file: str, number: int, version: Version, before: Version | None) -> list[Problem]:
    if not file.endswith(version_name(number)):
        expected = "从第 1 版起一版不缺（从备份或版本库取回）"
        return [Problem(file, Place("计划版本"), f"缺少 {version_name(number)}", expected, Flaw.MISSING)]
    if version.number != number:
        return [Problem(file, Place("number"), str(version.number), f"{number}，与文件名相同", Flaw.CONFLICT)]
    return [*of_plan(plan, file, version), *follows(file, version, before)]


def of_plan(plan: Plan, file: str, version: Version) -> list[Problem]:
    """Return why a version is not one of the plan; nothing when it is."""
    if (version.plan, version.year) == (plan.name, plan.year):
        return []
    value, expected = shown(f"{version.plan} {version.year}"), _OF_ANOTHER_PLAN.format(plan.name, plan.year)
    return [Problem(file, Place("plan"), value, expected, Flaw.CONFLICT)]


def follows(file: str, version: Version, before: Version | None) -> list[Problem]:
    """Return why a version does not come directly after another; without one, why it is not the first."""
    number = before.number + 1 if before else 1
    if version.number != number:
        why = f"已定到第 {before.number} 版" if before else "还没有定版，先定第 1 版"
        return [Problem(file, Place("number"), str(version.number), f"{number}（{why}）", Flaw.CONFLICT)]
    return [replace(problem, file=file) for problem in related(before, version)] if before else []
