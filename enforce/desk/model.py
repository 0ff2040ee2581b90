"""The model (模型) for people with tables of their own: `workload` and `allocate`, without a plan's files.

Both take plain pandas tables, refuse wrong ones with every row and column named, and compute with the same functions
as a plan's year does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real

import numpy as np
import pandas as pd

from enforce.desk import model_forms as forms
from enforce.desk.frames import cell_problem, header_of, no_part, problem_of, read_frame, repeated
from enforce.inputs.calendar import read_calendar
from enforce.inputs.tables.reading import typed_table
from enforce.inputs.tables.references import overlaps
from enforce.papers.official import account_form, month_matrix
from enforce.papers.screen.cells import MONTHS, YEAR
from enforce.papers.screen.display import Shown, show
from enforce.planning import account as accounting
from enforce.planning.months.allocate import allocate as allocation_of
from enforce.planning.months.allocate import proof_note
from enforce.planning.months.position import Position
from enforce.sheets.form import Form
from enforce.sheets.part import Part
from enforce.words.months import month_runs
from enforce.words.numbers import COMFORTABLE_LOAD
from enforce.words.problems import InputError, Place, Problem, refuse
from enforce.words.terms import ALL_TEAMS
from enforce.words.texts import cut

BUREAU = "本局"  # the team of tables that name none


class Result:
    """What a notebook shows and `print` prints: tables one below the other."""

    def tables(self) -> tuple[Shown, ...]:
        """Return the tables in the order they are shown."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return "\n".join(map(repr, self.tables()))

    def _repr_html_(self) -> str:
        return "\n".join(table._repr_html_() for table in self.tables())


@dataclass(frozen=True, repr=False, eq=False)
class Workload(Result):
    """The workload: `account` one row per team and line or item (officer-days, share), 合计 last; `capacity` one row
    per team and month (officer-days); `note` says so where the workdays are an estimate."""

    account: pd.DataFrame
    capacity: pd.DataFrame
    note: str = ""

    def tables(self) -> tuple[Shown, ...]:
        """Return the account as annex 3 prints it, and the capacity by month."""
        months = _by_month(self.capacity, self.capacity["month"], "team", "capacity_days")
        account = show(account_form(self.account), "执法工作量核算", self.note, unit="人日")
        return account, show(months, "可安排工作日", unit="人日")


@dataclass(frozen=True, repr=False, eq=False)
class Arrangement(Result):
    """A plan by month: `visits` one row per task and month, `loads` one row per team and month (officer-days, and their
    ratio), `proof` one row per stage: its value, the bound no plan can pass, and whether they meet."""

    visits: pd.DataFrame
    loads: pd.DataFrame
    proof: pd.DataFrame

    def tables(self) -> tuple[Shown, ...]:
        """Return the visits by month, the loads, and the proof."""
        over = self.loads[self.loads["overload_days"] > 0]
        months = "、".join(f"{team} {month}月" for team, month in zip(over["team"], over["month"], strict=True))
        return (
            show(_by_month(self.visits, self.loads["month"], "task_id", "visits"), "执法计划安排", unit="家次"),
            show(self.loads, "各月负荷", f"超负荷：{months}" if months else ""),
            show(self.proof, "求解证明", proof_note(self.proof)),
        )


def _by_month(table: pd.DataFrame, months: Collection[int], by: str, value: str) -> pd.DataFrame:
    wide = month_matrix(table, quarters=False, by=by, value=value)
    return wide[[wide.columns[0], *(MONTHS[month - 1] for month in sorted(set(months))), YEAR]]


# --- workload -------------------------------------------------------------------------------------------------------


def workload(
    officers: pd.DataFrame,
    workdays: int | Sequence[int] | pd.DataFrame,
    estimates: pd.DataFrame | None = None,
    *,
    reserve_share: float = 0.0,
    key_periods: pd.DataFrame | None = None,
) -> Workload:
    """Account the officer-days of every team (执法工作量核算), and what of them can be planned in each month.

    Headings may be English or Chinese, in any order; a column with a default may be left out, and so may its cells.

    officers: one row per team and month, or one per team for every month, or one per officer (a roster)
        team (科队)                text; default: all of them are one team, 本局
        month (月)                 1-12; default: every month
        officer_count (人数)       officers in service, a whole number of persons
      or, as a roster,
        officer_id (执法人员编号)  no names; several rows of one officer where their months do not overlap
        team (科队)                as above
        licensed (是否持证)        是 or 否, only licensed officers count; default 是
        from_month (起始月)        first month in service, 1-12; default 1
        to_month (截止月)          last month in service, 1-12; default 12
        share (在岗比例)           of a part-time officer, 0-1; default 1
    workdays: a year, whose calendar is known or estimated; or a list of twelve numbers of days; or one row per month
        month (月)                 1-12
        workdays (法定工作日)      days of the month, 0-31
    estimates: one row per team and line or item of the account; default: none
        team (科队)                one of officers; default: the only one
        item (项目 or 细目)        其他执法工作日 (other_enforcement_days) or 非执法工作日 (non_enforcement_days) as a
                                   whole, or their items by the names of the account, 机关值班 (duty); not both
        days (人日)                officer-days of the year, in halves
    reserve_share: share of the inspection days kept in reserve (留有余地), 0-1; default 0
    key_periods: days kept for key periods (重点时段预留), one row per team and month; default: none
        team (科队)                one of officers; default: the only one
        month (月)                 1-12
        days (人日)                officer-days, in halves

    InputError names every row and column that is wrong. `.account` and `.capacity` are tidy tables; `print` shows both.

    >>> import pandas as pd
    >>> import enforce as e
    >>> officers = pd.DataFrame({"科队": ["执法大队", "危化科"], "人数": [8, 3]})
    >>> estimates = pd.DataFrame({
    ...     "科队": ["执法大队", "执法大队", "危化科"],
    ...     "项目": ["其他执法工作日", "非执法工作日", "其他执法工作日"],
    ...     "人日": [900, 200, 450],
    ... })
    >>> e.workload(officers, 2024, estimates, reserve_share=0.1)
    执法工作量核算（单位：人日）
    项目            执法大队  危化科    合计    占比
    总法定工作日        2008     753    2761  100.0%
    其他执法工作日       900     450    1350   48.9%
    非执法工作日         200       0     200    7.2%
    监督检查工作日       908     303    1211   43.9%
    留有余地              91    30.5   121.5    4.4%
    重点时段预留           0       0       0    0.0%
    可安排工作日         817   272.5  1089.5   39.5%
    可安排工作日（单位：人日）
    科队       1月   2月   3月   4月   5月   6月  7月   8月   9月  10月  11月  12月    全年
    执法大队  71.5  58.5  68.5  71.5  68.5    62   75  71.5  68.5  61.5  68.5  71.5     817
    危化科      24  19.5    23    24    23  20.5   25    24  22.5  20.5  22.5    24   272.5
    合计      95.5    78  91.5  95.5  91.5  82.5  100  95.5    91    82    91  95.5  1089.5
    """
    days, wrong, note = _read_workdays(workdays)
    months = set(days.rows("month")["month"])
    crews, faults = _read_crews(officers, months)
    teams = list(dict.fromkeys(crews.rows("team")["team"]))
    costs, more = _read_for(estimates, forms.ESTIMATE_FORM, teams)
    periods, others = _read_for(key_periods, forms.KEY_PERIOD_FORM, teams)
    wrong += [*faults, *more, *_double_entries(costs), *others, *_share_problems("reserve_share", reserve_share)]
    refuse(cut(wrong))
    statutory = accounting.statutory_days(typed_table(days.frame, forms.WORKDAY_FORM), _officer_counts(crews, months))
    reserved = typed_table(periods.frame, forms.KEY_PERIOD_FORM)
    account = accounting.workload_account(statutory, _estimate_rows(costs), reserve_share, reserved)
    months = accounting.monthly_account(account, statutory, reserved)
    refuse(_short_teams(account))
    return Workload(account, accounting.monthly_capacity(months), note)


def _read_workdays(workdays: int | Sequence[int] | pd.DataFrame) -> tuple[Part, list[Problem], str]:
    """Return the workdays by month, what is wrong with them, and the words an estimated year carries."""
    note = ""
    if isinstance(workdays, int | np.integer) and not isinstance(workdays, bool):
        try:
            calendar = read_calendar(int(workdays))
        except InputError as error:
            return no_part(forms.WORKDAY_FORM), list(error.problems), ""
        workdays, note = calendar.workdays(), calendar.mark
    elif isinstance(workdays, list | tuple | np.ndarray | pd.Series):
        if len(workdays) != len(MONTHS):
            wrong = problem_of(forms.WORKDAY_FORM.title, Place("清单"), f"{len(workdays)} 项", "十二项，每月一项")
            return no_part(forms.WORKDAY_FORM), [wrong], ""
        workdays = pd.DataFrame({"month": range(1, len(MONTHS) + 1), "workdays": list(workdays)})
    part, faults = read_frame(workdays, forms.WORKDAY_FORM)
    return part, [*faults, *repeated(part, "month")], note


def _read_crews(officers: pd.DataFrame, months: set[int]) -> tuple[Part, list[Problem]]:
    """Return the officers, a roster or their counts, and what is wrong with them."""
    listed = _is_roster(officers)
    part, wrong = read_frame(officers, forms.ROSTER_FORM if listed else forms.COUNT_FORM)
    part = _with_team(part, BUREAU)
    if listed:
        return part, [*wrong, *_double_months(part), *_backwards(part)]
    return part, [*wrong, *repeated(part, "team", "month"), *_odd_months(part, months)]


def _is_roster(officers: object) -> bool:
    """Whether a table has ids of officers and no counts."""
    if not isinstance(officers, pd.DataFrame):
        return False
    headers = (header_of(officers, form) for form in (forms.COUNT_FORM, forms.ROSTER_FORM))
    counts, roster = (header.places if header else {} for header in headers)
    return "officer_count" not in counts and "officer_id" in roster


def _double_months(roster: Part) -> Iterator[Problem]:
    """Yield rows of an officer in months in which a row above has him serve already."""
    for row, _, above in overlaps(roster):
        yield cell_problem(roster, row, "officer_id", f"与第 {above} 行不重叠的月份（同一人可以分几行写）")


def _backwards(roster: Part) -> Iterator[Problem]:
    """Yield officers who leave before they come."""
    for row, first, last in roster.rows("from_month", "to_month")[["from_month", "to_month"]].itertuples():
        if first > last:
            yield cell_problem(roster, row, "from_month", f"不晚于截止月（{last}）的月份")


def _odd_months(crews: Part, months: set[int]) -> Iterator[Problem]:
    """Yield rows of months that have no workdays, and teams that have some of the months and not the others."""
    for team, rows in crews.rows("team", "month").groupby("team", sort=False) if months else ():
        named = set(rows["month"])
        for row, month in rows["month"].items():
            if month and month not in months:
                yield cell_problem(crews, row, "month", f"workdays 里有的月份（{month_runs(sorted(months))}）")
        if named != {0} and (0 in named or months - named):
            lacking = "有一行没有写月份" if 0 in named else f"缺 {month_runs(sorted(months - named))} 月"
            yield problem_of(crews.file, Place(f"科队 {team}"), lacking, "各月都有一行，或一行不写月份")


def _officer_counts(crews: Part, months: set[int]) -> pd.DataFrame:
    """Return officers in service: one row per team and month that has workdays."""
    if "officer_id" in crews.frame:
        counts = accounting.officers_in_service(typed_table(crews.frame, forms.ROSTER_FORM))
        return counts[counts["month"].isin(months)]
    counts = crews.frame.assign(month=[[month] if month else sorted(months) for month in crews.frame["month"]])
    return counts.explode("month", ignore_index=True).astype({"month": "int64", "officer_count": "int64"})


def _estimate_rows(costs: Part) -> pd.DataFrame:
    """Return the estimates as the account takes them: one row per team, line and item, in officer-days."""
    table = typed_table(costs.frame, forms.ESTIMATE_FORM)
    return table.assign(line=[line for line, _ in table["item"]], item=[item for _, item in table["item"]])


def _double_entries(costs: Part) -> Iterator[Problem]:
    """Yield lines that are given as a whole and by items as well: their days would count twice."""
    rows = costs.rows("team", "item")
    by_item = {(team, line) for team, (line, item) in zip(rows["team"], rows["item"], strict=True) if item}
    for row, team, (line, item) in rows[["team", "item"]].itertuples():
        if not item and (team, line) in by_item:
            yield cell_problem(costs, row, "item", "合计数和细目只写一种（这个科队已写了细目）")


def _share_problems(name: str, share: object) -> Iterator[Problem]:
    if not isinstance(share, Real) or isinstance(share, bool) or not 0 <= share <= 1:
        yield problem_of(name, Place("取值"), share, "0 到 1 的数，如 0.1")


def _short_teams(account: pd.DataFrame) -> Iterator[Problem]:
    """Yield teams of which more days are asked than there are in the year; a short month is carried to the others."""
    year = accounting.line_days(account, "capacity_days").drop(ALL_TEAMS)
    for team, days in year[year < 0].items():
        wanted = "其他、非执法、留有余地和重点时段预留的人日合计不多于总法定工作日"
        yield problem_of("estimates", Place(f"科队 {team}"), f"可安排 {days:.12g} 人日", wanted)


# --- allocate -------------------------------------------------------------------------------------------------------


def allocate(tasks: pd.DataFrame, capacity: pd.DataFrame, *, comfortable_load: float = COMFORTABLE_LOAD) -> Arrangement:
    """Spread the visits of every task over its months, so that no team and no month is loaded more than it must be.

    The result is the one plan that is best in this order: least overload; the highest load of any team as low as can
    be, then that of the others; closest to each month's share of capacity, in squares; earliest months. `.proof` has
    for each step the bound that no other plan can pass.
    Headings may be English or Chinese, in any order; a column with a default may be left out, and so may its cells.

    tasks: one row per task
        task_id (检查事项)             its name or number, text
        planned_visits (家次)          visits of the year, a whole number
        periods (月份)                 months allowed, "1-3,9" or [1, 2, 3, 9]; of two periods, "5-6|10-11" or
                                       [[5, 6], [10, 11]], each takes half; default: every month of the capacity
        visit_days (每次天数)          days of one visit, in halves; default 1
        officers_per_visit (每次人数)  officers of one visit; default 2
        team (科队)                    one of the capacity; default: the only one
        invited (邀请科室)             other teams and their officer-days per visit, "危化科=0.5"; default: none
    capacity: one row per team and month, as `workload(...).capacity` has it
        team (科队)                    text; default: all rows are one team, 本局
        month (月)                     1-12; every month a task of the team may use has its row
        capacity_days (可安排)         officer-days, in halves
    comfortable_load: no load is lowered below it, since evenness is then worth more (宽松负荷), 0-1; default 0.85

    InputError names every row and column that is wrong; overload is shown in `.loads`, never hidden.

    >>> import pandas as pd
    >>> import enforce as e
    >>> tasks = pd.DataFrame({"检查事项": ["粉尘涉爆", "有限空间"], "家次": [9, 6], "月份": ["1-3", [2, 3]]})
    >>> capacity = pd.DataFrame({"月": [1, 2, 3], "可安排(人日)": [12, 8, 12]})
    >>> e.allocate(tasks, capacity)
    执法计划安排（单位：家次）
    检查事项  1月  2月  3月  全年
    粉尘涉爆    5    2    2     9
    有限空间    ·    2    4     6
    合计        5    4    6    15
    各月负荷
    科队  月  需要(人日)  可安排(人日)  超出(人日)    负荷
    本局   1          10            12           0   83.3%
    本局   2           8             8           0  100.0%
    本局   3          12            12           0  100.0%
    求解证明
    步骤                      科队    取值  理论下限  已证明最优  宽松负荷
    超负荷最少(人日)          本局       0         0  是          —
    最高负荷                  本局       1         1  是          —
    离可安排比例最近(平方和)  本局  4.9138    4.9138  是          —
    别无他解(排法数)          本局       1         1  是          —
    注：离可安排比例最近：各月家次与按可安排人日分的份额，相差的平方和，越小越匀
    """
    lines, wrong = read_frame(tasks, forms.TASK_FORM)
    room, faults = read_frame(capacity, forms.CAPACITY_FORM)
    room = _with_team(room, BUREAU)
    months = {team: sorted(rows["month"]) for team, rows in room.rows("team", "month").groupby("team", sort=False)}
    lines, strangers = _at_home(lines, months, forms.CAPACITY_FORM.title)
    wrong += [*repeated(lines, "task_id"), *strangers, *faults, *repeated(room, "team", "month")]
    wrong += _share_problems("comfortable_load", comfortable_load)
    refuse(cut([*wrong, *_missing_capacity(lines, months)] if not faults else wrong))
    table = typed_table(lines.frame, forms.TASK_FORM)
    windows = zip(table["team"], table["periods"], strict=True)
    table["periods"] = [periods or (tuple(months[team]),) for team, periods in windows]
    position = Position(comfortable_load=comfortable_load)
    plan = allocation_of(table, typed_table(room.frame, forms.CAPACITY_FORM), position)
    return Arrangement(plan.visits, plan.loads, plan.proof)


def _missing_capacity(lines: Part, months: Mapping[str, Sequence[int]]) -> Iterator[Problem]:
    """Yield tasks that may use a month without a row of capacity for their team, and invited teams that have none."""
    for row, line in lines.rows("team", "periods", "invited").iterrows():
        teams = [line["team"], *(team for team, days in line["invited"] if days)]
        if not months.keys() >= {*teams[1:]}:
            yield cell_problem(lines, row, "invited", f"capacity 里有的科队（{'、'.join(months)}），或人日为 0")
        wanted = {month for window in line["periods"] or [months.get(teams[0], ())] for month in window}
        for team in teams:
            lacking = wanted - set(months.get(team, wanted))
            if lacking:
                expected = f"capacity 里有的月份（{team} 没有 {month_runs(sorted(lacking))} 月）"
                yield cell_problem(lines, row, "periods", expected)


# --- teams ----------------------------------------------------------------------------------------------------------


def _with_team(part: Part, team: str) -> Part:
    """Return the part with a team where none is named."""
    return part._replace(frame=part.frame.assign(team=part.frame["team"].replace("", team)))


def _at_home(part: Part, teams: Collection[str], title: str) -> tuple[Part, list[Problem]]:
    """Return the part with the only team where none is named, and the rows of a team that is not known."""
    if not teams:
        return part, []
    part = _with_team(part, next(iter(teams))) if len(teams) == 1 else part
    strange = part.rows("team")["team"].map(lambda team: team not in teams)
    expected = f"{title} 里有的科队（{'、'.join(teams)}）"
    return part, [cell_problem(part, row, "team", expected) for row in strange.index[strange.astype(bool)]]


def _read_for(frame: pd.DataFrame | None, form: Form, teams: Collection[str]) -> tuple[Part, list[Problem]]:
    """Return a table about teams, without rows where it is not given, and what is wrong with it."""
    if frame is None:
        return no_part(form), []
    part, wrong = read_frame(frame, form)
    part, strangers = _at_home(part, teams, "officers")
    unique = [column.name for column in form.ours if column.name != "days"]
    return part, [*wrong, *strangers, *repeated(part, *unique)]
