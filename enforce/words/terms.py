"""The words: what the library calls a thing and what a planner reads (术语).

Identifiers are English, everything a planner reads is Chinese, and this module is the only bridge between the two.
"""

from __future__ import annotations

import csv
from enum import StrEnum
from pathlib import Path


class Term(StrEnum):
    """A word with a Chinese label; equal to its identifier as text.

    >>> Tier.KEY == "key", Tier.KEY.label, Tier.of("重点检查")
    (True, '重点检查', <Tier.KEY: 'key'>)
    """

    label: str

    def __new__(cls, value: str, label: str) -> Term:
        """Keep the label beside the identifier."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def of(cls, text: str) -> Term:
        """Return the member a planner wrote, by label or identifier; ValueError if there is none."""
        for member in cls:
            if text in (member.value, member.label):
                return member
        raise ValueError(text)


class Tier(Term):
    """Key or general inspection (重点检查、一般检查), the two tiers of 安监总政法〔2017〕150号."""

    KEY = "key", "重点检查"
    GENERAL = "general", "一般检查"


class Kind(Term):
    """Why a line of the plan exists (事项性质)."""

    DISTRICT_KEY = "district_key", "区重点单位"
    KEY_PERIOD = "key_period", "重点时段专项"
    CAMPAIGN = "campaign", "专项检查"
    CROSS_DISTRICT = "cross_district", "跨区域交互检查"
    SPOT_CHECK = "spot_check", "执法抽查"
    JOINT = "joint", "部门联合抽查"


class Selection(Term):
    """How the units of a task are chosen (选取方式)."""

    ALL = "all", "全部"
    DRAW = "draw", "随机抽取"
    RANKED = "ranked", "按风险信用排序"


class Exclusion(Term):
    """Which units a task leaves out when it chooses (排除对象)."""

    KEY_LIST = "key_list", "区重点单位"
    OTHERS = "others", "其他单位"


class Trigger(Term):
    """What caused a visit that stands on no line of the plan (非计划检查的起因)."""

    COMPLAINT = "complaint", "投诉举报"
    REFERRAL = "referral", "部门移送"
    ORDER = "order", "上级交办"
    ACCIDENT = "accident", "事故调查"
    FOLLOW_UP = "follow_up", "整改复查"
    PATROL = "patrol", "督查巡查"


class Hazard(Term):
    """A flag on the register that tells which lines a unit may be chosen for (对象标签)."""

    CHEMICAL_STORAGE = "chemical_storage", "危化品经营仓储"
    CHEMICAL_LICENCE = "chemical_licence", "危化品使用许可"
    CHEMICAL_USE = "chemical_use", "使用危化品"
    DUST = "dust", "粉尘涉爆"
    WASTEWATER = "wastewater", "污水处理设施"
    MOLTEN_METAL = "molten_metal", "高温熔融金属"
    COMPLEX = "complex", "城市综合体"
    PARK = "park", "园中园厂中厂"
    TRAINING = "training", "安全培训机构"
    SPECIAL_WORK = "special_work", "特种作业较多"


class Level(Term):
    """The one level that inspects a unit (执法层级)."""

    CITY = "city", "市级"
    DISTRICT = "district", "区级"
    STREET = "street", "街镇级"


class State(Term):
    """Whether a unit still works (经营状态); one that does not is neither drawn nor counted."""

    OPEN = "open", "在营"
    PAUSED = "paused", "停业"
    SHUT = "shut", "关闭"
    MOVED = "moved", "迁出"
    GONE = "gone", "注销"


class Basis(Term):
    """What a penalty follows (处罚来源): inspection and accident fines are never mixed."""

    INSPECTION = "inspection", "监督检查"
    ACCIDENT = "accident", "事故调查"


class Status(Term):
    """How sure a rule is (依据状态). An assumed rule is shown as such and never printed as law."""

    READ = "read", "已核原文"
    QUOTED = "quoted", "转引"
    ASSUMED = "assumed", "假定"
    LOCAL = "local", "本地规定"


class Follows(Term):
    """What becomes of an item of the account when an officer leaves or joins (跟人走、留在科队)."""

    PERSON = "person", "跟人走"
    TEAM = "team", "留在科队"


class Severity(Term):
    """How much a finding matters (程度)."""

    ERROR = "error", "须改正"
    WARNING = "warning", "请核实"
    NOTE = "note", "提示"


class Stage(Term):
    """A stage of the plan by months, in the order in which they are settled (求解步骤); units stand in the label."""

    OVERLOAD = "overload", "超负荷最少(人日)"
    MOVES = "moves", "调整最少(代价)"
    LOAD = "load", "最高负荷"
    DISTANCE = "distance", "离产能比例最近(平方和)"
    ONLY = "only", "别无他解(方案数)"


#: The ten other-enforcement items (其他执法工作日), as Kuancheng 2025 itemises 安监总政法〔2017〕150号.
OTHER_ENFORCEMENT = {
    "supervision": "综合监管",
    "licensing": "行政许可",
    "accidents": "事故调查和处理",
    "complaints": "核实投诉举报",
    "joint": "参加有关部门联合执法",
    "registration": "法定登记、备案",
    "intermediaries": "中介服务机构监督检查",
    "outreach": "宣传教育培训",
    "review": "行政复议、应诉",
    "ordered": "本级政府或上级安排的执法任务",
}

#: The seven non-enforcement items (非执法工作日), same source.
NON_ENFORCEMENT = {
    "duty": "机关值班",
    "training": "学习、培训、考核、会议",
    "guidance": "检查指导下级",
    "party": "党群活动",
    "sick": "病假、事假",
    "leave": "年休假、探亲假、婚(丧)假",
    "other": "本级政府或上级安排的其他非执法任务",
}

#: Both, by key; a whole line has no key.
ITEM_NAMES = OTHER_ENFORCEMENT | NON_ENFORCEMENT

#: Lines of the workload account (执法工作量核算) in the order of the official form.
ACCOUNT_LINES = {
    "total_statutory_days": "总法定工作日",
    "other_enforcement_days": "其他执法工作日",
    "non_enforcement_days": "非执法工作日",
    "inspection_days": "监督检查工作日",
    "reserve_days": "留有余地",
    "key_period_days": "重点时段预留",
    "capacity_days": "可安排工作日",
}

#: Line of the account -> the line it is left of, and those taken off.
REMAINDERS = {
    "inspection_days": ("total_statutory_days", "other_enforcement_days", "non_enforcement_days"),
    "capacity_days": ("inspection_days", "reserve_days", "key_period_days"),
}

ALL_TEAMS = "合计"

#: What a planner reads for each check (检查项) of planning/checks.
CHECK_NAMES = {
    "calendar": "工作日历",
    "workday_constant": "工作日常数",
    "account_balances": "核算平衡",
    "staff_changed": "人员变动",
    "team_balance": "科队均衡",
    "officer_share": "执法人员比例",
    "reserve": "留有余地",
    "printed_figures": "公布数复算",
    "units_not_mixed": "计数单位",
    "joint_share": "联合执法占比",
    "key_share": "重点检查占比",
    "visit_cap": "频次上限",
    "officers_per_visit": "执法人数",
    "outside_district": "区外家次",
    "key_list_covered": "名单覆盖",
    "pools": "对象库",
    "overlap": "重复检查",
    "invited_sections": "邀请科室",
    "rows_aside": "放到一边的行",
    "month_capacity": "超负荷",
    "everything_placed": "排不下",
    "proof": "求解证明",
    "approved_in_time": "批准前工作",
    "window_in_year": "允许月份",
    "key_period_windows": "重点时段月份",
    "reserve_used": "余地已用",
    "unplanned_rising": "非计划占比上升",
    "lines_completed": "完成情况",
    "key_units_visited": "重点单位覆盖",
    "unplanned_share": "非计划占比",
    "evidence": "检查码与记录",
}

#: Column name -> what the planner reads. Units stand in the label: 家, 家次, 入企次数, 记录, 人日 are different counts.
with (Path(__file__).parent / "labels.csv").open(encoding="utf-8", newline="") as _file:
    LABELS = dict(list(csv.reader(_file))[1:])


def label(column: str) -> str:
    """Return what a planner reads for a column; the name itself where there is no label.

    >>> label("planned_visits"), label("unit_17")
    ('计划家次', 'unit_17')
    """
    return LABELS.get(column, column)
