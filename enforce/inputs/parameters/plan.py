"""The plan's choices (本区选择): what the district decides for one year, from params/<plan>.yaml.

Each field's description is its manual. Shares are 0-1, days officer-days (人日) in halves, dates ISO text.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from pydantic import Field, PrivateAttr, create_model

from enforce.inputs.parameters.entries import Count, Days, Entry, IsoDate, Line, Text, checked, form
from enforce.inputs.parameters.plan_checks import disagreements
from enforce.inputs.parameters.yaml_file import read_yaml
from enforce.words.numbers import COMFORTABLE_LOAD
from enforce.words.problems import Flaw, Place, Problem, refuse
from enforce.words.terms import NON_ENFORCEMENT, OTHER_ENFORCEMENT
from enforce.words.texts import beside, shown_path

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,59}")
_DEVICE = re.compile(r"(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])")
FIRST_YEAR, LAST_YEAR = 2004, 2099


def folder_name(text: str) -> str:
    """Return a name that can be a folder on every system; ValueError tells the form expected.

    >>> folder_name("putuo-2024")
    'putuo-2024'
    """
    if not _NAME.fullmatch(text):
        raise ValueError("60 个以内的英文字母、数字、连字符（字母或数字开头）")
    if _DEVICE.fullmatch(text):
        raise ValueError("不是系统保留字的名称")
    return text


def _itemised(name: str, items: dict[str, str], doc: str) -> type[Entry]:
    """Make the model of a list of items, one number of officer-days each."""
    fields = {key: (Days, Field(description=f"{label}（人日）")) for key, label in items.items()}
    return create_model(name, __base__=Entry, __doc__=doc, __module__=__name__, **fields)


OtherEnforcementDays = _itemised("OtherEnforcementDays", OTHER_ENFORCEMENT, "The ten items of 其他执法工作日.")
NonEnforcementDays = _itemised("NonEnforcementDays", NON_ENFORCEMENT, "The seven items of 非执法工作日.")


class Team(Entry):
    """One team (科队) and its estimated days of the year."""

    team: Text = Field(description="科队名称，与四张表里的写法一致")
    headcount: Annotated[int, Field(ge=1, le=10_000)] = Field(description="在册人数（人），1 以上的整数")
    other_enforcement_days: OtherEnforcementDays = Field(description="其他执法工作日十项（人日），没有的写 0")
    non_enforcement_days: NonEnforcementDays = Field(description="非执法工作日七项（人日），没有的写 0")


class ReservedDays(Entry):
    """Officer-days a team keeps free in a key period."""

    team: Text = Field(description="科队名称，须是 teams 里有的")
    days: Days = Field(description="预留人日，0 以上，0.5 的倍数")


class KeyPeriod(Entry):
    """A key period (重点时段): its dates and the days kept for it."""

    name: Text = Field(description="重点时段名称，如 春节前")
    from_date: IsoDate = Field(description='起始日期，如 "2024-01-29"')
    to_date: IsoDate = Field(description='截止日期（含当天），如 "2024-02-09"')
    reserved_days: Annotated[tuple[ReservedDays, ...], Field(strict=False, max_length=100)] = Field(
        description="各科队预留的人日清单，可以是 []"
    )


class PrintedGroup(Entry):
    """The visits a plan prints for one group of tasks."""

    group: Text = Field(description="类别名称，与 tasks.csv「类别」一致")
    visits: Count = Field(description="计划文本印出的家次，0 以上的整数")


class Printed(Entry):
    """The figures printed in the plan's text, kept to be recomputed (公布数)."""

    total_visits: Count = Field(description="计划文本印出的总家次，0 以上的整数")
    key_visits: Count = Field(description="计划文本印出的重点检查家次，0 以上的整数")
    general_visits: Count = Field(description="计划文本印出的一般检查家次，0 以上的整数")
    key_share_percent: Annotated[float, Field(ge=0, le=100)] = Field(
        description="计划文本印出的重点检查占比，单位 %，0 到 100；68.2% 写 68.2"
    )
    general_share_percent: Annotated[float, Field(ge=0, le=100)] = Field(
        description="计划文本印出的一般检查占比，单位 %，0 到 100"
    )
    groups: Annotated[tuple[PrintedGroup, ...], Field(strict=False, max_length=100)] = Field(
        default=(), description="计划文本按类别印出的家次清单"
    )
    workdays: Annotated[int, Field(ge=0, le=366)] | None = Field(
        default=None, description="计划文本印出的全年法定工作日（天），没有印就不写"
    )


class MoveCosts(Entry):
    """What it costs to move a planned visit to another month, by how public its month is (调整代价)."""

    published: Annotated[int, Field(ge=0, le=1000)] = Field(
        default=100, description="已公示月份的一家次改到别的月份的代价，0 到 1000 的整数"
    )
    announced: Annotated[int, Field(ge=0, le=1000)] = Field(
        default=10, description="本季度已下达、还没有公示的月份，0 到 1000 的整数"
    )
    internal: Annotated[int, Field(ge=0, le=1000)] = Field(
        default=1, description="以后各季度、只在局内掌握的月份，0 到 1000 的整数"
    )


class Alerts(Entry):
    """From where on a finding speaks, where no rule draws the line (提示线)."""

    window_gone_share: Annotated[float, Field(gt=0, le=1)] = Field(
        default=0.5, description="批准时，事项允许月份的工作日已过这一比例以上就提示，0 到 1；一半写 0.5"
    )
    unplanned_rise: Annotated[float, Field(ge=0, le=1)] = Field(
        default=0.05, description="非计划检查占比比以前各季度高出多少就提示，0 到 1；5 个百分点写 0.05"
    )
    reserve_used_share: Annotated[float, Field(gt=0, le=1)] = Field(
        default=0.8, description="留有余地用去这一比例以上就提示，0 到 1；八成写 0.8"
    )
    unplanned_visit_days: Annotated[float, Field(ge=0, le=10, multiple_of=0.5)] = Field(
        default=0.5, description="估算余地时，一次非计划检查每人按几天算，0.5 的倍数（检查记录里没有时长）"
    )


class Plan(Entry):
    """What a district decides for one year of inspection (年度执法计划)."""

    name: Annotated[str, form(folder_name)] = Field(description="计划简称，报告文件夹用它命名，如 putuo-2024")
    year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)] = Field(
        description=f"计划年度，{FIRST_YEAR} 到 {LAST_YEAR} 的整数"
    )
    district: Text = Field(description="行政区，如 上海市普陀区")
    bureau: Text = Field(description="编制单位全称")
    document: Line = Field(default="", description='计划文号，还没有写 ""')
    approved_on: IsoDate = Field(description='批准日期，如 "2024-03-13"；尚未批准写预计日期')
    tables: Text = Field(description="四张表所在文件夹，相对本文件，如 ../data/putuo-2024")
    calendar: Text = Field(description="工作日历文件夹，相对本文件，如 ../data/calendar")
    local_calendar: Line = Field(default="", description='本省另有放假或上班日的日历文件名，没有写 ""')
    rules: Text = Field(default="rules", description="依据与取值文件夹，相对本文件，一般是 rules")
    disclaimer: Line = Field(default="", description="印在每份输出上的声明")
    reserve_share: Annotated[float, Field(ge=0, le=1)] = Field(
        description="留有余地占监督检查工作日的比例，0 到 1 之间；15% 请写 0.15"
    )
    teams: Annotated[tuple[Team, ...], Field(strict=False, min_length=1, max_length=100)] = Field(
        description="参加执法的科队清单，至少一个"
    )
    sections: Annotated[tuple[Text, ...], Field(strict=False, max_length=100)] = Field(
        default=(), description="只受邀参加、不另计人日的科室名称清单"
    )
    key_periods: Annotated[tuple[KeyPeriod, ...], Field(strict=False, max_length=100)] = Field(
        default=(), description="重点时段清单"
    )
    comfortable_load: Annotated[float, Field(ge=0, le=1)] = Field(
        default=COMFORTABLE_LOAD,
        description="宽松负荷，0 到 1：科队最忙月份的负荷（需要 ÷ 可安排）不高于它就不再压低，让各月尽量均匀；可以不写",
    )
    move_costs: MoveCosts = Field(default=MoveCosts(), description="重排时改动一家次的代价，见下表；可以不写")
    alerts: Alerts = Field(default=Alerts(), description="没有规定可依的提示线，见下表；可以不写")
    printed: Printed | None = Field(default=None, description="计划文本印出的数，用来核对；可以不写")
    _path: Path = PrivateAttr(default=Path("plan.yaml"))

    @property
    def path(self) -> Path:
        """The file the plan was read from."""
        return self._path

    @property
    def folder(self) -> Path:
        """The folder of that file: what the plan's own paths are relative to."""
        return self._path.parent

    @property
    def tables_folder(self) -> Path:
        """The folder of tasks.csv, roster.csv, units.csv and records.csv."""
        return beside(self._path, self.tables)

    @property
    def calendar_folder(self) -> Path:
        """The folder of the calendar files."""
        return beside(self._path, self.calendar)

    @property
    def rules_folder(self) -> Path:
        """The folder of the rule files."""
        return beside(self._path, self.rules)


def read_plan(path: str | Path) -> Plan:
    """Read the choices of one plan; InputError tells every problem of the file at once.

    >>> plan = read_plan("params/putuo-2024.yaml")
    >>> plan.year, plan.teams[0].team, plan.tables_folder.as_posix()
    (2024, '执法大队', 'data/putuo-2024')
    """
    path = Path(path)
    file, raw = shown_path(path), read_yaml(path)
    plan, problems = checked(Plan, raw, file)
    faulty = {problem.place for problem in problems}
    more = (Problem(file, Place(where), value, text, Flaw.CONFLICT) for where, value, text in disagreements(raw, path))
    refuse([*problems, *(problem for problem in more if problem.place not in faulty)])
    plan._path = path
    return plan
