"""A version of the plan (计划版本): one file that holds the visits by month and the digests of all its ancestors.

It also keeps what it was worked out from, so that a later change of the tables can be told: of every task the visits,
months and effort, of every team the officers by month.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

import pandas as pd

from enforce.words.problems import Flaw, Place, Problem, refuse
from enforce.words.texts import real_date, shown, shown_path

MONTHS = 12
KEYS = {"plan", "year", "number", "as_of", "ancestors", "visits", "names", "tasks", "officers", "digest"}
TASK_KEYS = {"planned_visits": int, "months": str, "effort": str}
_COUNTS = re.compile(r"\[[\d,\s]+\]")
_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Version:
    """A plan by month at one moment: `visits` one row per task and month; `ancestors` digests, the oldest first.

    `tasks` tells of each task planned_visits, months and effort (as text); `officers` has twelve counts by team.
    """

    plan: str
    year: int
    number: int
    as_of: str
    visits: pd.DataFrame
    names: dict[str, str]
    ancestors: tuple[str, ...] = ()
    tasks: dict[str, dict] = field(default_factory=dict)
    officers: dict[str, list[int]] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 of what the file says: the version's own name."""
        return sha256(_text(_content(self)).encode()).hexdigest()


def version_bytes(version: Version) -> bytes:
    """Return the file of a version, its digest in it; the same version gives the same bytes."""
    return _text({**_content(version), "digest": version.digest}).encode()


def _text(content: dict) -> str:
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    return _COUNTS.sub(lambda found: re.sub(r"\s+", " ", found[0]).replace("[ ", "[").replace(" ]", "]"), text) + "\n"


def _content(version: Version) -> dict:
    visits: dict[str, list[int]] = {code: [0] * MONTHS for code in sorted(set(version.visits["task_id"]))}
    for row in version.visits.itertuples():
        visits[row.task_id][int(row.month) - 1] = int(row.visits)
    return {
        "plan": version.plan,
        "year": version.year,
        "number": version.number,
        "as_of": version.as_of,
        "ancestors": list(version.ancestors),
        "names": {code: version.names.get(code, "") for code in visits},
        "visits": visits,
        "tasks": version.tasks,
        "officers": version.officers,
    }


def successor(before: Version, now: Version) -> Version:
    """Return `now` as the next version: it keeps the ancestors of the one before and names that as the youngest."""
    return replace(now, number=before.number + 1, ancestors=(*before.ancestors, before.digest))


def read_version(path: str | Path) -> Version:
    """Read a version; InputError tells every problem of the file: not JSON, keys, months, counts, ancestors, edits."""
    path = Path(path)
    file = shown_path(path)
    if not path.is_file():
        refuse(
            [
                Problem(
                    file,
                    Place("计划版本"),
                    "没有这个文件",
                    "一个 plan-v….json 文件（在数据文件夹的 versions/ 或报告文件夹里）",
                    Flaw.FILE,
                )
            ]
        )
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        refuse([Problem(file, Place("计划版本"), "读不出来", "replan 写出的 JSON 文件，没有改动过", Flaw.FILE)])
    refuse(_problems(file, content))
    rows = [
        (code, month, count)
        for code, counts in sorted(content["visits"].items())
        for month, count in enumerate(counts, 1)
    ]
    visits = pd.DataFrame(rows, columns=["task_id", "month", "visits"])
    known = {key: content[key] for key in ("plan", "year", "number", "as_of", "names", "tasks", "officers")}
    version = Version(**known, visits=visits, ancestors=tuple(content["ancestors"]))
    if version.digest != content["digest"]:
        refuse(
            [
                Problem(
                    file,
                    Place("digest"),
                    f"{content['digest'][:12]}…",
                    "与内容相符的摘要（文件写出后没有改动过）",
                    Flaw.CHANGED,
                )
            ]
        )
    return version


def _problems(file: str, content: object) -> list[Problem]:
    if not isinstance(content, dict) or set(content) != KEYS:
        found = "、".join(sorted(content)) if isinstance(content, dict) else type(content).__name__
        return [Problem(file, Place("计划版本"), found[:60], f"这些项：{'、'.join(sorted(KEYS))}")]
    found = [
        Problem(file, Place(key), shown(content[key]), expected)
        for key, expected, fits in _FORMS
        if not fits(content[key])
    ]
    if found:
        return found
    found = [
        Problem(file, Place(f"visits.{code}"), shown(counts), "十二个 0 以上的整数，依次为各月家次")
        for code, counts in content["visits"].items()
        if not _is_year(counts)
    ]
    if set(content["names"]) != set(content["visits"]):
        odd = sorted(set(content["names"]) ^ set(content["visits"]))
        found.append(Problem(file, Place(f"names.{odd[0]}"), "", "与 visits 相同的事项编号", Flaw.CONFLICT))
    if content["number"] != len(content["ancestors"]) + 1:
        found.append(
            Problem(
                file,
                Place("ancestors"),
                f"{len(content['ancestors'])} 个",
                f"{content['number'] - 1} 个（版本号减一）",
                Flaw.CONFLICT,
            )
        )
    return found


def _is_year(counts: object) -> bool:
    return isinstance(counts, list) and len(counts) == MONTHS and all(type(n) is int and n >= 0 for n in counts)


def _is_task(task: object) -> bool:
    return (
        isinstance(task, dict)
        and {key: type(value) for key, value in task.items()} == TASK_KEYS
        and task["planned_visits"] >= 0
    )


def _is_day(text: object) -> bool:
    try:
        return isinstance(text, str) and bool(real_date(text))
    except ValueError:
        return False


def _is_digest(text: object) -> bool:
    return isinstance(text, str) and bool(_DIGEST.fullmatch(text))


#: Key, what it must be, and whether a value is that.
_FORMS = (
    ("plan", "计划的名称", lambda value: isinstance(value, str)),
    ("year", "年份，如 2024", lambda value: type(value) is int),
    ("number", "1 以上的整数", lambda value: type(value) is int and value >= 1),
    ("as_of", "真实存在的日期，如 2024-06-30", _is_day),
    ("ancestors", "前几版的摘要，由旧到新", lambda value: isinstance(value, list) and all(map(_is_digest, value))),
    ("visits", "各事项十二个月的家次", lambda value: isinstance(value, dict)),
    (
        "names",
        "各事项的名称",
        lambda value: isinstance(value, dict) and all(isinstance(x, str) for x in value.values()),
    ),
    (
        "tasks",
        "各事项的计划家次、月份和每家次人日",
        lambda value: isinstance(value, dict) and all(map(_is_task, value.values())),
    ),
    (
        "officers",
        "各科队十二个月的在岗人数",
        lambda value: isinstance(value, dict) and all(map(_is_year, value.values())),
    ),
    ("digest", "64 位摘要", _is_digest),
)


def related(older: Version, newer: Version) -> list[Problem]:
    """Return why one version is not an ancestor of the other; nothing when it is."""
    if older.digest in newer.ancestors:
        return []
    return [
        Problem(
            f"第 {newer.number} 版",
            Place("ancestors"),
            f"没有第 {older.number} 版的摘要 {older.digest[:12]}…",
            "同一份计划的前一个版本（文件没有改动过）",
            Flaw.CHANGED,
        )
    ]
