"""The words: what the library calls a thing and what a planner reads (术语).

Identifiers are English, everything a planner reads is Chinese, and this module is the only bridge between the two.
"""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

from enforce.words.files import csv_rows

#: What a sheet to fill in has besides its columns: rows of a form, their number, the row that shows how.
ITEM, VALUE, NOTE, SERIAL, SAMPLE = "项目", "填写", "说明", "序号", "示例"


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
    """What a line of the plan is for (事项性质): what the own words of a bureau stand for (vocabulary.py)."""

    KEY_LIST = "key_list", "重点单位"
    KEY_PERIOD = "key_period", "重点时段"
    CAMPAIGN = "campaign", "专项检查"
    EXCHANGE = "exchange", "交互检查"
    SPOT_CHECK = "spot_check", "执法抽查"
    JOINT = "joint", "部门联合抽查"


class Aim(Term):
    """What a schedule is judged by (日程的次序), the first before the next: a later one never costs an earlier."""

    UNBOOKED = "unbooked", "排不上的家次"
    CHANGES = "changes", "与原日程不同之处"
    SPLIT = "split", "中间隔着休息日的检查"
    STREET_WEEKS = "street_weeks", "去各街镇的周数"
    WEEKS = "weeks", "超过各周平均的时段"
    STREET_DAYS = "street_days", "去各街镇的天数"
    LEAST = "least", "少于最少次数的人次"
    UNFAIR = "unfair", "超过平均份额的时段"
    SAME_PAIR = "same_pair", "同一对人接着去同一家"
    PAIRS = "pairs", "搭档超过平均的次数"


class HalfDay(Term):
    """The half of a working day (半天)."""

    MORNING = "morning", "上午"
    AFTERNOON = "afternoon", "下午"


class Obstacle(Term):
    """Why a visit cannot be put on a day (排不上的原因): the one rule without which it could be."""

    DAYS = "days", "当月没有可以排的工作日"
    CAP = "cap", "频次上限"
    ORDERED = "ordered", "限定的日期"
    KEY_PERIOD = "key_period", "重点时段以内"
    GAP = "gap", "两次检查的最短间隔"
    CREW = "crew", "两名持证人员"
    FIELD = "field", "人员业务领域或已抽取的人员"
    RECUSAL = "recusal", "回避"
    LEAVE = "leave", "请假"
    BUSY = "busy", "人员已排别的检查"
    SEVERAL = "several", "不止一条"


class NotAsArranged(Term):
    """Why a visit was not made, or not as it was arranged (与安排不同的原因), as a month's sheet comes back."""

    CLOSED = "closed", "停业关闭或注销"
    REFUSED = "refused", "拒绝检查"
    GONE = "gone", "迁出或找不到"
    ON_REQUEST = "on_request", "单位申请改期"
    STAFF = "staff", "人员请假或不足"
    ORDERED = "ordered", "上级临时任务"
    WEATHER = "weather", "天气或灾害"
    CODE = "code", "没有取得检查码"
    OTHER = "other", "其他"


class VisitOutcome(Term):
    """What became of a visit that was arranged (执行情况), by the day it was first given out for and the last."""

    UNDONE = "undone", "没有做"
    OTHER_MONTH = "other_month", "改了月份"
    LATE = "late", "推迟"
    EARLY = "early", "提前"
    REBOOKED = "rebooked", "改期"
    AS_ARRANGED = "as_arranged", "按安排"
    NOT_DUE = "not_due", "未到期"


class Selection(Term):
    """How the units of a task are chosen (选取方式)."""

    ALL = "all", "全部"
    DRAW = "draw", "随机抽取"
    RANKED = "ranked", "按风险信用排序"
    CLUE = "clue", "按线索"


class InspectionClass(Term):
    """Which of the three classes of inspection a line is (检查类别)."""

    ROUTINE = "routine", "日常"
    SPECIAL = "special", "专项"
    CASE = "case", "个案"


class VisitMode(Term):
    """How an inspection was made (检查方式): on the spot, or off it by papers or online, which is no visit."""

    ON_SITE = "on_site", "现场"
    OFF_SITE = "off_site", "非现场"


class OtherKind(Term):
    """Work of the plan that is no planned visit (其他监管执法工作)."""

    UNDERCOVER = "undercover", "明察暗访"
    GUIDANCE = "guidance", "督导帮扶"
    JOINT = "joint", "联合检查"
    COMPLAINT = "complaint", "投诉举报"
    OFF_SITE = "off_site", "非现场"
    CASE_REVIEW = "case_review", "案卷评查"
    CROSS_CHECK = "cross_check", "交叉检查"
    PATROL = "patrol", "督查巡查"


class Exclusion(Term):
    """Which units a task leaves out when it chooses (排除对象)."""

    KEY_LIST = "key_list", "重点单位"
    OTHERS = "others", "其他单位"


class LeftOut(Term):
    """Why a line does not choose a unit (不参加选取的原因); the first that holds is written."""

    OUTSIDE = "outside", "不在辖区内"
    LEVEL = "level", "由其他层级检查"
    CLOSED = "closed", "已停业、关闭、迁出或注销"
    NO_CONTACT = "no_contact", "已列入无感监管"
    ELSEWHERE = "elsewhere", "别处已查且计入"
    COVERED = "covered", "由其他事项覆盖"
    UNASSIGNED = "unassigned", "没有写由哪个事项覆盖"
    LINE = "line", "本事项不选这类单位"
    BEFORE = "before", "本事项已经抽中"


class Unnamed(Term):
    """Why a visit of the plan has no unit (没有点名的原因)."""

    OUTSIDE = "outside", "辖区外家次，没有本辖区的单位"
    NOT_DRAWN = "not_drawn", "还没有抽取"
    SUBSTITUTE = "substitute", "抽中的单位不再可查，等候补"
    REMOVED = "removed", "抽中的单位不再检查，没有候补"
    CLUE = "clue", "还没有查证到单位"
    PERSON = "person", "查证到个人，没有单位"
    SAME = "same", "与前面查证到的是同一单位"
    LEFT_OUT = "left_out", "查证到的单位不归本局检查或已停业"
    POOL = "pool", "可选的单位不够"
    CAP = "cap", "各单位都已到每家上限"
    UNRECORDED = "unrecorded", "该月没有检查记录"
    GONE = "gone", "事项已不在检查事项表里"


class Wish(Term):
    """What months by name are to have, in this order, once the plan by months is kept (点名到月的次序)."""

    DRAWN = "drawn", "不在抽取的月份的家次"
    STAYS = "stays", "离开原来月份的家次"
    GAP = "gap", "间隔不足的次数"
    TOGETHER = "together", "多次被查的单位的入企次数"
    STREET = "street", "离开乡镇（街道）轮次的月数合计"


class Apart(Term):
    """Why visits to one unit are not all one entry (没有合并的原因)."""

    LINE = "line", "同一事项要检查多次"
    WINDOW = "window", "各事项的时段没有共同的月份"
    PLAN = "plan", "时段允许，但各月家次已定，或已有检查完的家次"


class FilingState(Term):
    """What came of a plan that is to be filed (收件情况)."""

    RECEIVED = "received", "收到"
    LATE = "late", "迟交"
    REFUSED = "refused", "退回"
    OUTSIDE = "outside", "名单以外，没有计入"
    MISSING = "missing", "没有交"


class Removal(Term):
    """Why a drawn unit is not visited (不再检查的原因)."""

    CLOSED = "closed", "停业、关闭或注销"
    REFUSED = "refused", "拒绝检查"
    MOVED = "moved", "迁出"
    CANCELLED = "cancelled", "取消检查"


class Variance(Term):
    """How what was done differs from what was approved (差异), in the order in which it is told."""

    MOVED = "moved", "改期"
    REPLACED = "replaced", "递补"
    CLOSED = "closed", "停业"
    REMOVED = "removed", "减少"
    ADDED = "added", "增加"
    UNDONE = "undone", "未完成"
    NOT_DUE = "not_due", "未到期"


class Trigger(Term):
    """What caused a visit that stands on no line of the plan (非计划检查的起因)."""

    COMPLAINT = "complaint", "投诉举报"
    REFERRAL = "referral", "部门移送"
    ORDER = "order", "上级交办"
    ACCIDENT = "accident", "事故调查"
    FOLLOW_UP = "follow_up", "整改复查"
    PATROL = "patrol", "督查巡查"
    DATA_ALERT = "data_alert", "数据监测"
    MEDIA = "media", "媒体曝光"
    LICENCE = "licence", "许可现场核查"
    ON_REQUEST = "on_request", "企业申请"


class Cause(Term):
    """Why a firm was entered (起因), as tables of yearly caps tell visits apart: a closed list of sixteen."""

    ROUTINE = "routine", "日常检查（计划内）"
    OWN_CAMPAIGN = "own_campaign", "本级专项检查"
    ORDERED_CAMPAIGN = "ordered_campaign", "上级部署的专项检查"
    RANDOM_JOINT = "random_joint", "部门联合双随机"
    CROSS_DISTRICT = "cross_district", "跨区域交互检查"
    COMPLAINT = "complaint", "投诉举报"
    REFERRAL = "referral", "部门移送"
    ORDER = "order", "上级交办转办"
    DATA_ALERT = "data_alert", "数据监测、非现场线索"
    MEDIA = "media", "媒体曝光"
    FOLLOW_UP = "follow_up", "整改复查"
    LICENCE = "licence", "许可现场核查"
    ON_REQUEST = "on_request", "企业申请"
    ACCIDENT = "accident", "事故调查"
    LEADERS = "leaders", "领导带队督导、明察暗访"
    SERVICE = "service", "帮扶指导、观摩走访"


class Counting(Term):
    """Whether a table of caps counts visits of a cause (计不计入)."""

    COUNTS = "counts", "计入"
    EXEMPT = "exempt", "不计"
    UNKNOWN = "unknown", "没有写明"


class CountedOver(Term):
    """Whose visits a cap counts together (管哪些主体): every authority's, this bureau's, those of its level alone."""

    ALL = "all", "各主体合计"
    OURS = "ours", "本局"
    LEVEL = "level", "本级"


class CapVerdict(Term):
    """How a firm's entries stand to a yearly cap (判断); nothing that is unknown is guessed."""

    OVER = "over", "超过"
    MAYBE = "maybe", "可能超过"
    WITHIN = "within", "没有超过"
    UNKNOWN = "unknown", "不能判断"


class CapState(Term):
    """Whether the table of caps that a plan names acts for it (上限表的适用)."""

    ACTS = "acts", "适用"
    UNDATED = "undated", "起用日期未见"
    NOT_CHOSEN = "not_chosen", "没有选上限表"
    NOT_YET = "not_yet", "还没有起用"
    EXPIRED = "expired", "已经失效"
    NOT_HERE = "not_here", "不适用于本地"
    OTHER_SECTOR = "other_sector", "别的领域"


class CapSector(Term):
    """What field a table of caps is for (领域); one of another field is a sample of its form and never acts."""

    SAFETY = "safety", "安全生产"
    ALL = "all", "各领域通用"
    OTHER = "other", "别的领域"


class State(Term):
    """Whether a unit still works (经营状态); one that does not is neither drawn nor counted."""

    OPEN = "open", "在营"
    PAUSED = "paused", "停业"
    SHUT = "shut", "关闭"
    MOVED = "moved", "迁出"
    GONE = "gone", "注销"


class ListChange(Term):
    """What happens to the key list after it was frozen (名单增减)."""

    ADDED = "added", "增"
    REMOVED = "removed", "减"


class PlanState(Term):
    """How far a plan has come (计划的状态), in this order."""

    DRAFT = "draft", "草案"
    SUBMITTED = "submitted", "送审"
    APPROVED = "approved", "批准"
    FILED = "filed", "备案"


class PromiseState(Term):
    """How a promise stands on a day (兑现的状态): no mark and no ranking; what is not known is not broken."""

    BROKEN = "broken", "未兑现"
    AT_RISK = "at_risk", "可能落空"
    NO_DATA = "no_data", "缺数据"
    TO_CONFIRM = "to_confirm", "待人确认"
    UNDER_WAY = "under_way", "进行中"
    NOT_BEGUN = "not_begun", "未开始"
    FULFILLED = "fulfilled", "已兑现"
    COUNTED = "counted", "只列数"


class JudgedOn(Term):
    """When a promise can be judged (何时判)."""

    THROUGH = "through", "年内随时"
    END = "end", "年终"
    BOTH = "both", "年内提示，年终定论"


class Measurable(Term):
    """How far data judge a promise (能不能由数据判)."""

    DATA = "data", "全由数据判"
    PARTLY = "partly", "一部分由人确认"
    PERSON = "person", "只能由人确认"


class AimedAt(Term):
    """What of a measure is held against its target (与目标比的数)."""

    SHARE = "share", "分子 ÷ 分母"
    COUNT = "count", "分子"


class Rank(Term):
    """The level of authority a bureau is of (行政层级), by which rules are graded."""

    PROVINCE = "province", "省级"
    CITY = "city", "市级"
    MUNICIPAL_DISTRICT = "municipal_district", "直辖市的区县"
    COUNTY = "county", "直辖市以外的区县"


class Basis(Term):
    """What a penalty follows (处罚来源): inspection and accident fines are never mixed."""

    INSPECTION = "inspection", "监督检查"
    ACCIDENT = "accident", "事故调查"


class PenaltyOutcome(Term):
    """How a case of penalty ended (处罚结果): one that ends without a penalty is none."""

    PENALTY = "penalty", "处罚"
    MITIGATED = "mitigated", "减轻"
    NONE = "none", "不予处罚"


class Sanction(Term):
    """A kind of penalty (处罚种类), from the lightest to the heaviest; a named kind goes before 其他."""

    OTHER = "other", "其他行政处罚"
    WARNING = "warning", "警告"
    CRITICISM = "criticism", "通报批评"
    FINE = "fine", "罚款"
    GAINS = "gains", "没收违法所得"
    GOODS = "goods", "没收非法财物"
    LICENCE_HELD_BACK = "licence_held_back", "暂扣许可证件"
    LOWER_GRADE = "lower_grade", "降低资质等级"
    LIMITED = "limited", "限制开展生产经营活动"
    SUSPENDED = "suspended", "责令停产停业"
    CLOSED = "closed", "责令关闭"
    BARRED = "barred", "限制从业"
    REVOKED = "revoked", "吊销许可证件"
    DETENTION = "detention", "行政拘留"


_NAMES = csv_rows(Path(__file__).with_name("names.csv"))


def names_of(which: str) -> dict[str, str]:
    """Return one list of names.csv by key, in its order.

    >>> names_of("flag")["dust"]
    '粉尘涉爆'
    """
    return {row["key"]: row["name"] for row in _NAMES if row["list"] == which}


#: How a bureau writes that there was no penalty, a remark in brackets behind left out: 不予处罚, 首违不罚, 未立案, 否.
_NO_PENALTY = re.compile(
    "(?:首违|轻微|初次|依法|拟|决定|已|均|暂)*(?:不|未|没|无|免)(?:有|予|于|除|需|作出?|做出?|给予)?(?:行政)?"
    "(?:处?罚款?|立案)(?:决定)?|否|无|没有|[×✗✘0N]|NO|FALSE",
    re.IGNORECASE,
)


def is_penalty(word: str) -> bool:
    """Whether a word for a penalty is one: neither empty nor among those that say there was none.

    >>> is_penalty("罚款"), is_penalty("不予处罚（首违不罚）"), is_penalty("否"), is_penalty("")
    (True, False, False, False)
    """
    plain = word.replace("(", "（").partition("（")[0].strip()
    return bool(word) and not _NO_PENALTY.fullmatch(plain)


class Pace(Term):
    """How the work done stands to what was expected to the day (进度)."""

    AHEAD = "ahead", "超前"
    ON_TRACK = "on_track", "正常"
    BEHIND = "behind", "落后"


class Status(Term):
    """How sure a rule is (依据状态). An assumed rule is shown as such and never printed as law."""

    READ = "read", "已核原文"
    QUOTED = "quoted", "转引"
    ASSUMED = "assumed", "假定"
    LOCAL = "local", "本地规定"


class BasisKind(Term):
    """What a legal basis is (依据的种类); the last three have no day from which they are in force."""

    LAW = "law", "法律"
    REGULATION = "regulation", "行政法规"
    LOCAL = "local", "地方性法规"
    RULE = "rule", "部门规章"
    DOCUMENT = "document", "规范性文件"
    PLAN = "plan", "行动方案"
    MANUAL = "manual", "手册"
    OPEN = "open", "兜底条款"
    FORM = "form", "表式来源"


class BasisState(Term):
    """How a legal basis stands to the day of a plan (依据的施行)."""

    IN_FORCE = "in_force", "施行中"
    NOT_YET = "not_yet", "尚未施行"
    EXPIRED = "expired", "已失效"
    PERIOD_OVER = "period_over", "标题写的年份已过"
    REPLACED = "replaced", "有后继文件"
    NOT_HERE = "not_here", "不适用于本地"
    NO_BASIS = "no_basis", "不是编制依据"
    UNDATED = "undated", "施行日期未见"
    UNJUDGED = "unjudged", "不查施行期"
    CHOSEN = "chosen", "本单位自选"


class Follows(Term):
    """What becomes of an item of the account when an officer leaves or joins (跟人走、留在科队)."""

    PERSON = "person", "跟人走"
    TEAM = "team", "留在科队"


class Severity(Term):
    """How much a finding matters (程度)."""

    ERROR = "error", "须改正"
    DOUBT = "doubt", "请核实"
    NOTE = "note", "提示"


class Sureness(Term):
    """How sure a finding of the audit is (把握)."""

    CERTAIN = "certain", "确定"
    LIKELY = "likely", "很可能"
    POSSIBLE = "possible", "可能"


class Stage(Term):
    """A stage of the plan by months, in the order in which they are settled (求解步骤); units stand in the label."""

    OVERLOAD = "overload", "超负荷最少(人日)"
    MOVES = "moves", "调整最少(代价)"
    LOAD = "load", "最高负荷"
    DISTANCE = "distance", "离可安排比例最近(平方和)"
    ONLY = "only", "别无他解(排法数)"


def closed_list(name: str, which: str) -> type[Term]:
    """Make the term of a list of names.csv, of which no word is told apart in the code.

    >>> [word.label for word in closed_list("Side", "item_type")]
    ['重点事项', '一般事项']
    """
    return Term(name, {key.upper(): (key, text) for key, text in names_of(which).items()})


#: Whether the matter inspected is a key or a general one (事项类型).
ItemType = closed_list("ItemType", "item_type")
#: By what a list is parted before a draw (分层).
Stratum = closed_list("Stratum", "stratum")
#: What a promise is about (承诺的种类).
PromiseKind = closed_list("PromiseKind", "promise_kind")
#: The papers a bureau hands up, sends or publishes (公文), in the order of the year.
Paper = closed_list("Paper", "paper")
#: Whom a penalty is for (处罚对象): never a name.
Party = closed_list("Party", "party")
#: The procedure of a penalty (处罚程序).
Procedure = closed_list("Procedure", "procedure")

#: What a promise of the plan may be measured by: function, label, what must and may be written with it; whether it
#: brings what it is held against, and only grows, so that no later day takes back what was reached.
PROMISE_MEASURES = csv_rows(Path(__file__).with_name("promise_measures.csv"))
#: What a promise of the plan is measured by (承诺的量): functions of the library, by name.
Measure = Term("Measure", {row["measure"].upper(): (row["measure"], row["label"]) for row in PROMISE_MEASURES})

#: The ten other-enforcement items (其他执法工作日), as Kuancheng 2025 itemises 安监总政法〔2017〕150号.
OTHER_ENFORCEMENT = names_of("other_enforcement")

#: The seven non-enforcement items (非执法工作日), same source.
NON_ENFORCEMENT = names_of("non_enforcement")

#: Both, by key; a whole line has no key.
ITEM_NAMES = OTHER_ENFORCEMENT | NON_ENFORCEMENT

#: Lines of the workload account (执法工作量核算) in the order of the official form.
ACCOUNT_LINES = names_of("account_line")

#: Line of the account -> the line it is left of, and those taken off.
REMAINDERS = {
    "inspection_days": ("total_statutory_days", "other_enforcement_days", "non_enforcement_days"),
    "capacity_days": ("inspection_days", "reserve_days", "key_period_days"),
}

ALL_TEAMS = "合计"

#: What a planner reads for each check (检查项) of planning/checks.
CHECK_NAMES = names_of("check")
#: The same for each check of the audit (审核) of a text.
AUDIT_NAMES = names_of("audit")

#: Column name -> what the planner reads. Units stand in the label: 家, 家次, 入企次数, 记录, 人日 are different counts.
LABELS = {row["column"]: row["label"] for row in csv_rows(Path(__file__).with_name("labels.csv"))}


def label(column: str) -> str:
    """Return what a planner reads for a column; the name itself where there is no label.

    >>> label("planned_visits"), label("unit_17")
    ('计划家次', 'unit_17')
    """
    return LABELS.get(column, column)
