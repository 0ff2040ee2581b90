"""The reference (引用): what one row of a table says of other rows, other columns and the plan.

Rows are checked where the columns in question could be read, so that one bad cell hides nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import pandas as pd

from enforce.inputs.plan import Plan
from enforce.inputs.texts import shown, told
from enforce.problems import Problem


class Part(NamedTuple):
    """One table while it is checked: rows numbered as Excel shows them, None in cells that could not be read.

    `headings` are what the planner reads at the head of each column, `typed` the cells as they were typed.
    """

    file: str
    headings: dict[str, str]
    frame: pd.DataFrame
    typed: pd.DataFrame

    def rows(self, *columns: str) -> pd.DataFrame:
        """Return the rows whose given columns could be read."""
        return self.frame.dropna(subset=list(columns))


Parts = dict[str, Part]


def place(number: int, heading: str) -> str:
    """Name a cell.

    >>> place(3, "计划家次")
    '第 3 行「计划家次」'
    """
    return f"第 {number} 行「{heading}」"


def references(parts: Parts, plan: Plan) -> list[Problem]:
    """Return every disagreement inside and between the tables that could be read, and with the plan."""
    problems: list[Problem] = []
    for names, check in _CHECKS:
        if all(name in parts for name in names):
            problems += check(*(parts[name] for name in names), plan)
    return problems


def _faults(part: Part, column: str, faults: Iterable[tuple[int, object, str]]) -> list[Problem]:
    """Make problems of row numbers with what is found and expected, the first of them one by one."""
    heading = part.headings[column]
    problems = [Problem(part.file, place(row, heading), shown(found), text) for row, found, text in faults]
    return told(problems, f"「{heading}」")


def _where(part: Part, column: str, bad: pd.Series, expected: str) -> list[Problem]:
    """Make problems of the rows where `bad` holds."""
    cells = part.typed.loc[bad.index[bad.astype(bool)], column]
    return _faults(part, column, ((row, found, expected) for row, found in cells.items()))


def _repeated(part: Part, column: str) -> list[Problem]:
    """Every value of an identifying column stands once."""
    values = part.rows(column)[column]
    first = dict(zip(values[::-1], values.index[::-1], strict=True))
    again = values[values.duplicated()]
    return _faults(part, column, ((row, v, f"不重复的编号（第 {first[v]} 行已有）") for row, v in again.items()))


def _unknown(part: Part, column: str, known: Iterable[str], expected: str) -> list[Problem]:
    """Every value of a column, where there is one, is among the known ones."""
    values = part.rows(column)[column]
    return _where(part, column, ~values.isin([*known, ""]), expected)


def _order(part: Part, low: str, high: str, expected: str) -> list[Problem]:
    """One whole number is not above another of the same row."""
    rows = part.rows(low, high)
    return _where(part, low, rows[low].astype(int) > rows[high].astype(int), expected)


def _tasks(tasks: Part, plan: Plan) -> list[Problem]:
    """Lines of the plan: ids, lead team, invited sections, visits outside the district, other counts."""
    teams = [team.team for team in plan.teams]
    uncounted = tasks.rows("counted_items", "counted_unit")
    uncounted = uncounted["counted_items"].gt(0) & uncounted["counted_unit"].eq("")
    return [
        *_repeated(tasks, "task_id"),
        *_unknown(tasks, "team", teams, f"计划 teams 里的科队（{'、'.join(teams)}）"),
        *_faults(tasks, "invited", _uninvited(tasks, teams, plan.sections)),
        *_order(tasks, "out_of_district_visits", "planned_visits", "不大于计划家次的整数"),
        *_where(tasks, "counted_unit", uncounted, "其他计数的单位（如 张）"),
    ]


def _uninvited(tasks: Part, teams: list[str], sections: tuple[str, ...]) -> Iterator[tuple[int, str, str]]:
    """Yield invited sections the plan does not know, or does not know with days."""
    for row, pairs in tasks.rows("invited")["invited"].items():
        for section, days in pairs:
            if section not in (*teams, *sections):
                yield row, section, "计划 teams 或 sections 里有的科室"
            elif section not in teams and days > 0:
                yield row, f"{section}={days:g}", f"{section}=0（计人日的科室须列在计划 teams）"


def _roster(roster: Part, plan: Plan) -> list[Problem]:
    """Officers: ids, team, months of service."""
    teams = [team.team for team in plan.teams]
    return [
        *_repeated(roster, "officer_id"),
        *_unknown(roster, "team", teams, f"计划 teams 里的科队（{'、'.join(teams)}）"),
        *_order(roster, "from_month", "to_month", "不晚于截止月的月份"),
    ]


def _units(units: Part, plan: Plan) -> list[Problem]:
    """Units: credit codes, last visit not after the plan year."""
    visits = units.rows("last_visit")["last_visit"]
    return [
        *_repeated(units, "unit_id"),
        *_where(units, "last_visit", visits.gt(f"{plan.year}-12-31"), f"不晚于 {plan.year} 年的日期"),
    ]


def _records(records: Part, plan: Plan) -> list[Problem]:
    """Records by themselves: ids, dates in the year, cause, unit, hazards and penalties."""
    dates = records.rows("date")["date"]
    cause = records.rows("task_id", "trigger")
    planned, caused = cause["task_id"].ne(""), cause["trigger"].ne("")
    unit = records.rows("unit_id", "in_district")
    return [
        *_repeated(records, "record_id"),
        *_where(records, "date", dates.str[:4].ne(str(plan.year)), f"计划年度 {plan.year} 年内的日期"),
        *_where(records, "trigger", ~planned & ~caused, "触发原因（没有事项编号的是非计划检查）"),
        *_where(records, "trigger", planned & caused, "空（有事项编号的是计划检查，不填触发原因）"),
        *_where(records, "unit_id", unit["unit_id"].eq("") & unit["in_district"].eq(True), "区内企业的代码"),
        *_order(records, "major_hazards", "hazards_found", "不大于隐患数的整数"),
        *_order(records, "hazards_fixed", "hazards_found", "不大于隐患数的整数"),
        *_penalties(records),
    ]


def _penalties(records: Part) -> list[Problem]:
    """A fine names its penalty, and a penalty its basis; a basis stands with a penalty only."""
    rows = records.rows("penalty", "penalty_basis", "fine_yuan")
    none, fined = rows["penalty"].eq(""), rows["fine_yuan"].gt(0)
    based = rows["penalty_basis"].ne("")
    return [
        *_where(records, "penalty", none & (fined | based), "处罚（有罚款或处罚来源时须写明）"),
        *_where(records, "penalty_basis", ~based & (fined | ~none), "监督检查 或 事故调查"),
    ]


def _covered(units: Part, tasks: Part, plan: Plan) -> list[Problem]:
    """A unit covered by another line names a line of the plan."""
    return _unknown(units, "covered_by", _ids(tasks, "task_id"), "tasks.csv 里有的事项编号")


def _planned(records: Part, tasks: Part, plan: Plan) -> list[Problem]:
    """A planned record names a line of the plan."""
    return _unknown(records, "task_id", _ids(tasks, "task_id"), "tasks.csv 里有的事项编号，非计划检查留空")


def _visited(records: Part, units: Part, plan: Plan) -> list[Problem]:
    """A unit visited inside the district is in the register."""
    rows = records.rows("unit_id", "in_district")
    unlisted = rows["in_district"].eq(True) & ~rows["unit_id"].isin([*_ids(units, "unit_id"), ""])
    return _where(records, "unit_id", unlisted, "units.csv 里有的代码（区外企业「是否区内」填 否）")


def _present(records: Part, roster: Part, plan: Plan) -> list[Problem]:
    """The officers of a record are on the roster and in service that month."""
    served = roster.rows("officer_id", "from_month", "to_month").set_index("officer_id")
    months = {officer: (row.from_month, row.to_month) for officer, row in served.iterrows()}
    return _faults(records, "officers", _absent(records, set(_ids(roster, "officer_id")), months))


def _absent(records: Part, known: set[str], months: dict) -> Iterator[tuple[int, str, str]]:
    """Yield officers who are not known or not in service in the month of the visit."""
    rows = records.rows("date", "officers")
    for row, day, officers in zip(rows.index, rows["date"], rows["officers"], strict=True):
        for officer in officers:
            first, last = months.get(officer, (1, 12))
            if officer not in known:
                yield row, officer, "roster.csv 里有的执法人员编号"
            elif not first <= int(day[5:7]) <= last:
                yield row, officer, f"{int(day[5:7])} 月在岗的人员（此人 {first} 月至 {last} 月在岗）"


def _ids(part: Part, column: str) -> list[str]:
    """Return the identifiers of a table that could be read."""
    return part.rows(column)[column].tolist()


_CHECKS: tuple[tuple[tuple[str, ...], Callable[..., list[Problem]]], ...] = (
    (("tasks",), _tasks),
    (("roster",), _roster),
    (("units",), _units),
    (("records",), _records),
    (("units", "tasks"), _covered),
    (("records", "tasks"), _planned),
    (("records", "units"), _visited),
    (("records", "roster"), _present),
)
