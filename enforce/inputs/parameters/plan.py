"""The plan's choices (本区选择): what the district decides for one year, from params/<plan>.yaml.

Each field's description is its manual. Shares are 0-1, days officer-days (人日) in halves, dates ISO text.
"""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, PrivateAttr, create_model

from enforce.inputs.parameters.cap_tables import CapCode
from enforce.inputs.parameters.entries import (
    MOST_PRINTED,
    Anonymous,
    Days,
    Entry,
    IsoDate,
    Line,
    MaybeDate,
    Name,
    Number,
    Share,
    Text,
    checked,
    conflicts,
    either,
    filled_in,
    form,
    several,
    word_of,
)
from enforce.inputs.parameters.legal_bases import BasisCode
from enforce.inputs.parameters.plan_book import is_book, read_book
from enforce.inputs.parameters.plan_checks import disagreements
from enforce.inputs.parameters.plan_sheets import FOLDERS
from enforce.inputs.parameters.source import EntrySource, located
from enforce.inputs.parameters.yaml_file import read_entries
from enforce.sheets.columns import impersonal, one_of, term
from enforce.words.divisions import Division, division, province_name
from enforce.words.numbers import COMFORTABLE_LOAD
from enforce.words.personal import CARD, MOBILE
from enforce.words.problems import Place, refuse
from enforce.words.terms import (
    ACCOUNT_LINES,
    ALL_TEAMS,
    ITEM_NAMES,
    NON_ENFORCEMENT,
    OTHER_ENFORCEMENT,
    Follows,
    Kind,
    Paper,
    PlanState,
)
from enforce.words.texts import beside, nearest, shown_path
from enforce.words.vocabulary import Vocabulary, vocabulary

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,59}")
_DEVICE = re.compile(r"(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])")
_PARTS = re.compile(r"[\s;；、,，/|｜=]")
FIRST_YEAR, LAST_YEAR = 2004, 2099


def folder_name(text: str) -> str:
    """Return a name that can be a folder on every system; ValueError tells the form expected.

    >>> folder_name("yunxi-2026")
    'yunxi-2026'
    """
    if not _NAME.fullmatch(text):
        raise ValueError("60 个以内的英文字母、数字、连字符（字母或数字开头）")
    if _DEVICE.fullmatch(text):
        raise ValueError("不是系统保留字的名称")
    return text


def _itemised(name: str, items: dict[str, str], doc: str) -> type[Entry]:
    """Make the model of a list of items, one number of officer-days each."""
    fields = {
        key: (Days, Field(title=f"{label}（人日）", description=f"{label}（人日）")) for key, label in items.items()
    }
    return create_model(name, __base__=Entry, __doc__=doc, __module__=__name__, **fields)


OtherEnforcementDays = _itemised("OtherEnforcementDays", OTHER_ENFORCEMENT, "The ten items of 其他执法工作日.")
NonEnforcementDays = _itemised("NonEnforcementDays", NON_ENFORCEMENT, "The seven items of 非执法工作日.")


SwitchWord = Annotated[str, word_of(Follows, labels=True)]
ItemsFollow = create_model(
    "ItemsFollow",
    __base__=Entry,
    __doc__="Whether items of the account go with an officer who leaves or joins; what is not written is as the rule.",
    __module__=__name__,
    **{
        key: (SwitchWord | None, Field(None, title=label, description=f"{label}：person 跟人走、team 留在科队"))
        for key, label in ITEM_NAMES.items()
    },
)


class Team(Entry):
    """One team (科队) and its estimated days of the year."""

    team: Name = Field(title="科队", description="科队名称，与四张表里的写法一致")
    headcount: Annotated[int, Field(ge=1, le=10_000)] = Field(
        title="在册人数（人）", description="在册人数（人），1 以上的整数"
    )
    other_enforcement_days: either(OtherEnforcementDays, Days) = Field(
        title="其他执法工作日（人日）", description="其他执法工作日：十项各写人日，没有的写 0；或只写合计人日一个数"
    )
    non_enforcement_days: either(NonEnforcementDays, Days) = Field(
        title="非执法工作日（人日）", description="非执法工作日：七项各写人日，没有的写 0；或只写合计人日一个数"
    )


class ReservedDays(Entry):
    """Officer-days a team keeps free in a key period."""

    team: Text = Field(title="科队", description="科队名称，须是科队清单里有的")
    days: Days = Field(title="预留人日", description="预留人日，0 以上，0.5 的倍数")


class KeyPeriod(Entry):
    """A key period (重点时段): its dates and the days kept for it."""

    name: Text = Field(title="时段名称", description="重点时段名称，如 春节前")
    from_date: IsoDate = Field(title="起始日期", description='起始日期，如 "2024-01-29"')
    to_date: IsoDate = Field(title="截止日期", description='截止日期（含当天），如 "2024-02-09"')
    reserved_days: several(ReservedDays, "各科队预留的人日清单，可以是 []", default=..., title="预留人日")


def account_line(text: str) -> str:
    """Return a line or item of the account as the text names it; ValueError tells the form expected.

    >>> account_line("监督检查工作日"), account_line("leave")
    ('监督检查工作日', 'leave')
    """
    if text not in ACCOUNT_ROWS:
        raise ValueError(f"核算表的项目或细目，如 监督检查工作日、综合监管{nearest(text, ACCOUNT_ROWS)}")
    return text


#: Lines and items of the account by what they are called, in Chinese or by key: line, item ('' for a line).
ACCOUNT_ROWS = {
    name: row
    for row, label in [
        *(((line, ""), label) for line, label in ACCOUNT_LINES.items()),
        *((("other_enforcement_days", item), label) for item, label in OTHER_ENFORCEMENT.items()),
        *((("non_enforcement_days", item), label) for item, label in NON_ENFORCEMENT.items()),
    ]
    for name in (label, row[1] or row[0])
}
Numbers = Annotated[tuple[Number, ...], Field(strict=False, max_length=100)]
Visits = Annotated[int, Field(ge=0, le=MOST_PRINTED)]
Percent = Annotated[Number, Field(ge=0, le=1000)]
Percentage = Annotated[Number, Field(ge=0, le=100)]
_WHERE = Field("", title="印在哪里", description="印在哪里、是什么数，如 总法定工作日；可以不写")


class PrintedGroup(Entry):
    """The visits a plan prints for one group of tasks."""

    group: Text = Field(title="类别", description="类别名称，与检查事项表「类别」一致")
    visits: Visits = Field(title="印出的家次", description="计划文本印出的家次，0 以上的整数")


class PrintedItem(Entry):
    """The visits a plan prints for one line."""

    item: Text = Field(title="事项", description="事项编号或名称，与检查事项表一致")
    visits: Visits = Field(title="印出的家次", description="计划文本印出的家次，0 以上的整数")


class PrintedDays(Entry):
    """The officer-days a plan prints for one line or item of the account, of one team or all together."""

    team: Text = Field(ALL_TEAMS, title="科队", description=f"科队名称；不写是全局（{ALL_TEAMS}）")
    line: Annotated[Text, form(account_line)] = Field(
        title="项目或细目", description="核算表的项目或细目，如 监督检查工作日、综合监管"
    )
    days: Number = Field(title="印出的人日", description="计划文本印出的人日")


class PrintedProduct(Entry):
    """A product as the text prints it."""

    where: Line = _WHERE
    team: Line = Field("", title="科队", description=f"是哪个科队（全局写 {ALL_TEAMS}）的总法定工作日；不是就不写")
    factors: Annotated[Numbers, Field(max_length=10)] = Field(title="乘数", description="印出的各个乘数，如 [248, 8]")
    product: Number = Field(title="积", description="印出的积")


class PrintedSum(Entry):
    """A sum as the text prints it."""

    where: Line = _WHERE
    parts: Numbers = Field(title="加数", description="印出的各个加数")
    total: Number = Field(title="和", description="印出的和")


class PrintedDifference(Entry):
    """A difference as the text prints it."""

    where: Line = _WHERE
    total: Number = Field(title="被减数", description="印出的被减数")
    parts: Numbers = Field(title="减数", description="印出的各个减数")
    remainder: Number = Field(title="差", description="印出的差")


class PrintedShare(Entry):
    """A part of a whole with its share as the text prints it."""

    name: Text = Field(title="名称", description="这一部分的名称，如 重点检查")
    count: Annotated[Number, Field(ge=0)] = Field(
        title="数", description="印出的数（家次、人日等，同一处用同一单位），0 以上"
    )
    percent: Percent | None = Field(
        None, title="占比（%）", description="印出的占比，单位 %；52.2% 写 52.2，没有印就不写"
    )


class PrintedShares(Entry):
    """Shares of one base as the text prints them."""

    where: Line = _WHERE
    base: Annotated[Number, Field(gt=0)] | None = Field(None, title="分母", description="分母；不写是各部分之和")
    parts: several(PrintedShare, "各部分的数和占比", default=..., title="各部分")


class Printed(Entry):
    """The figures printed in the plan's text, to be computed again (公布数). Nothing is compulsory."""

    total_visits: Visits | None = Field(None, title="总家次", description="计划文本印出的总家次，0 以上的整数")
    key_visits: Visits | None = Field(
        None, title="重点检查家次", description="计划文本印出的重点检查家次，0 以上的整数"
    )
    general_visits: Visits | None = Field(
        None, title="一般检查家次", description="计划文本印出的一般检查家次，0 以上的整数"
    )
    key_share_percent: Percentage | None = Field(
        None, title="重点检查占比（%）", description="计划文本印出的重点检查占比，单位 %，0 到 100；68.2% 写 68.2"
    )
    general_share_percent: Percentage | None = Field(
        None, title="一般检查占比（%）", description="计划文本印出的一般检查占比，单位 %，0 到 100"
    )
    groups: several(PrintedGroup, "计划文本按类别印出的家次清单", title="按类别的家次")
    items: several(PrintedItem, "计划文本按事项印出的家次清单", title="按事项的家次")
    workdays: Annotated[int, Field(ge=0, le=366)] | None = Field(
        None, title="全年法定工作日（天）", description="计划文本印出的全年法定工作日（天），没有印就不写"
    )
    account: several(PrintedDays, "计划文本印出的核算人日清单", title="核算人日")
    products: several(PrintedProduct, "计划文本印出的乘式清单", title="乘式")
    sums: several(PrintedSum, "计划文本印出的合计清单", title="合计")
    differences: several(PrintedDifference, "计划文本印出的减式清单", title="减式")
    shares: several(PrintedShares, "计划文本印出的占比清单", title="占比")


#: The cost of moving one visit.
Cost = Annotated[int, Field(ge=0, le=1000)]


class MoveCosts(Entry):
    """What it costs to move a planned visit to another month, by how public its month is (调整代价)."""

    published: Cost = Field(
        100, title="已公示的月份", description="已公示月份的一家次改到别的月份的代价，0 到 1000 的整数"
    )
    announced: Cost = Field(10, title="已下达的月份", description="本季度已下达、还没有公示的月份，0 到 1000 的整数")
    internal: Cost = Field(1, title="局内掌握的月份", description="以后各季度、只在局内掌握的月份，0 到 1000 的整数")


_Count = Annotated[int, Field(ge=0)] | None


class Licensing(Entry):
    """Licensing in the year (行政许可), five numbers given by hand; none is worked out from the others (件)."""

    applied: _Count = Field(None, title="申请数量", description="当年收到的申请，件；不知道就不写")
    accepted: _Count = Field(None, title="受理数量", description="当年决定受理的，件；不知道就不写")
    granted: _Count = Field(None, title="许可数量", description="当年准予许可的，变更、延续也算，件；不知道就不写")
    refused: _Count = Field(None, title="不予许可数量", description="当年不予许可的，件；不知道就不写")
    revoked: _Count = Field(None, title="撤销许可数量", description="当年撤销许可的，件；不知道就不写")


class Alerts(Entry):
    """From where on a finding speaks, where no rule draws the line (提示线)."""

    window_gone_share: Annotated[float, Field(gt=0, le=1)] = Field(
        0.5, title="允许月份已过", description="批准时，事项允许月份的工作日已过这一比例以上就提示，0 到 1；一半写 0.5"
    )
    unplanned_rise: Share = Field(
        0.05, title="非计划占比高出", description="非计划检查占比比以前各季度高出多少就提示，0 到 1；5 个百分点写 0.05"
    )
    reserve_used_share: Annotated[float, Field(gt=0, le=1)] = Field(
        0.8, title="余地用去", description="留有余地用去这一比例以上就提示，0 到 1；八成写 0.8"
    )
    unplanned_visit_days: Annotated[float, Field(ge=0, le=10, multiple_of=0.5)] = Field(
        0.5,
        title="非计划检查每人（天）",
        description="估算余地时，一次非计划检查每人按几天算，0.5 的倍数（检查记录里没有时长）",
    )


class ApprovalStep(Entry):
    """A state the plan has come to (批准与备案): on which day, under which number, by whom."""

    state: Annotated[str, form(term(PlanState))] = Field(
        title="状态", description="状态：草案、送审、批准、备案，各一行"
    )
    date: IsoDate = Field(title="日期", description='日期，如 "2024-03-13"')
    number: Line = Field("", title="文号", description="文号，没有就不写")
    body: Line = Field("", title="机关", description="机关，如 某区人民政府，没有就不写")


def list_word(text: str) -> str:
    """Return a word of the bureau, one that can stand in a list; ValueError tells the form expected.

    >>> list_word("非煤矿山")
    '非煤矿山'
    """
    if len(text) > 20 or _PARTS.search(filled_in(text)):
        raise ValueError("20 字以内的词，不含空格和 ; , / | 、 等分隔符号")
    return text


Word = Annotated[str, form(impersonal(list_word, CARD, MOBILE))]


class KindWord(Entry):
    """What a bureau calls a kind of task, and what such a task is for."""

    kind: Word = Field(title="叫法", description="事项性质的叫法，与检查事项表的写法一致，如 县重点单位")
    means: Annotated[str, word_of(Kind, labels=True)] = Field(
        title="是哪一种",
        description="是哪一种：key_list 重点单位、key_period 重点时段、campaign 专项、exchange 交互检查、"
        "spot_check 抽查、joint 部门联合",
    )


class Words(Entry):
    """The bureau's own words (本局用语); what is not written is as in the usual forms."""

    area: Word = Field("区", title="辖区的叫法", description="辖区的叫法，如 区、县、市")
    street: Word = Field("街镇", title="下一级的叫法", description="下一级的叫法，如 街镇、乡镇")
    key_units: Word | None = Field(
        None, title="重点单位的叫法", description="重点单位的叫法；不写就是辖区叫法加「重点单位」"
    )
    levels: several(Word, "执法层级清单，如 [市级, 县级, 乡镇级]", 20, title="执法层级")
    our_level: Word | None = Field(
        None, title="本局的层级", description="本局的执法层级，执法层级里的一个；不写就是辖区叫法加「级」"
    )
    hazards: several(Word, "对象标签清单，如 [非煤矿山, 烟花爆竹, 有限空间]", 200, title="对象标签")
    kinds: several(KindWord, "事项性质清单，每项 kind（叫法）、means（是哪一种）", 60, title="事项性质")

    @property
    def vocabulary(self) -> Vocabulary:
        """The words with all that follows from them."""
        given = self.model_dump(exclude={"kinds"}, exclude_none=True)
        return vocabulary(**given, kinds=[(entry.kind, Kind(entry.means)) for entry in self.kinds])


def _grades(*grades: str) -> object:
    """Make the type of the weights of some grades: whole numbers of 1 or more."""
    grade = Annotated[str, form(one_of(*grades))]
    return dict[grade, Annotated[int, Field(ge=1, le=1000)]]


class DrawWeights(Entry):
    """How much likelier a unit of a grade is drawn (抽取权重); a grade that is not written weighs 1."""

    risk_grade: _grades("红", "橙", "黄", "蓝") = Field(
        {}, title="风险等级", description="风险等级的权重，1 到 1000 的整数，如 {红: 4}"
    )
    credit_grade: _grades("A", "B", "C", "D") = Field(
        {}, title="信用等级", description="信用等级的权重，1 到 1000 的整数，如 {D: 4}"
    )


class ChosenBasis(Entry):
    """A basis of the bureau's own choice that the list of bases does not have (本单位自选)."""

    title: Text = Field(title="文件全称", description="文件全称（不含最外的书名号）")
    number: Line = Field("", title="文号", description="文号，没有就不写")


def _as_list(value: object) -> object:
    """Take one text for a list of one, and nothing for an empty list."""
    return [] if value is None else [value] if isinstance(value, str) else value


_CALL = "电话、联系人写在联系人文件里，不写在计划里"
#: One addressee or several.
Addressees = Annotated[
    tuple[Annotated[Anonymous, form(filled_in)], ...], BeforeValidator(_as_list), Field(strict=False, max_length=50)
]


class Filing(Entry):
    """To whom the plan is handed in once it is approved (报送)."""

    to: Annotated[Anonymous, form(filled_in)] = Field(
        title="主送单位", description=f"主送单位，如 某市应急管理局；{_CALL}"
    )
    by: MaybeDate = Field("", title="报送期限", description='报送期限，如 "2024-03-31"；没有规定就空着')
    how: Anonymous = Field("", title="方式", description=f"方式，如 纸质、平台；{_CALL}")
    done_on: MaybeDate = Field("", title="完成日期", description="完成日期，还没有报送就空着")


class Letter(Entry):
    """What stands on a letter besides its text (公文要素)."""

    paper: Annotated[str, word_of(Paper, labels=True)] = Field(title="公文", description="哪一种公文，如 请示")
    number: Anonymous = Field("", title="发文字号", description="发文字号，如 某应急〔2024〕1号；还没有就空着")
    signer: Anonymous = Field("", title="签发人", description=f"签发人，只有上行文有；没有就空着；{_CALL}")
    to: Addressees = Field((), title="主送单位", description=f"主送单位，一个或清单；{_CALL}")
    copy_to: Addressees = Field((), title="抄送单位", description=f"抄送单位，一个或清单；{_CALL}")
    date: MaybeDate = Field("", title="成文日期", description='成文日期，如 "2024-03-13"；还没有就空着')
    bases: several(BasisCode, "公文里另引的依据的编号，如 [B11]", title="另引的依据")


class Plan(Entry):
    """What a district decides for one year of inspection (年度执法计划)."""

    name: Annotated[str, form(folder_name)] = Field(
        title="计划简称", description="计划简称，与文件名（工作簿：所在文件夹的名称）一致，如 woqu-2026"
    )
    year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)] = Field(
        title="计划年度", description=f"计划年度，{FIRST_YEAR} 到 {LAST_YEAR} 的整数"
    )
    district: Text = Field(title="行政区", description="行政区，从省级写起，如 湖南省岳阳市云溪区")
    province: Annotated[str, form(province_name)] | None = Field(
        None, title="省", description="省、自治区或直辖市的全称；行政区已从省级写起就不写"
    )
    city: Line | None = Field(
        None, title="市", description='设区的市、州、盟；行政区里已写就不写，省直管的写 无（YAML 里写 ""）'
    )
    bureau: Text = Field(title="编制单位", description="编制单位全称")
    approval: several(ApprovalStep, "批准与备案：状态、日期、文号、机关，一个状态一行；可以不写", 4, title="批准与备案")
    document: Line = Field("", title="计划文号", description="计划文号（旧写法，现在写在批准与备案），还没有就空着")
    approved_on: IsoDate | None = Field(
        None,
        title="预计批准日期",
        description='预计批准日期，如 "2024-03-13"；批准以后写在批准与备案（旧写法：定版以后就是批准日期）',
    )
    tables: Text = Field(title="各表所在文件夹", description="四张表所在文件夹，相对本文件，如 ../data/woqu-2026")
    calendar: Text = Field(title="工作日历文件夹", description="工作日历文件夹，相对本文件，如 ../data/calendar")
    local_calendar: Line = Field("", title="本省日历文件", description="本省另有放假或上班日的日历文件名，没有就空着")
    rules: Text = Field("rules", title="依据与取值文件夹", description="依据与取值文件夹，相对本文件，一般是 rules")
    mapping: Line = Field(
        "", title="列名对照", description="列名对照：exchange 文件夹里的名称，表用别的系统的列名时写；可以不写"
    )
    disclaimer: Line = Field("", title="声明", description="印在每份输出上的声明")
    reserve_share: Share = Field(
        title="留有余地", description="留有余地占监督检查工作日的比例，0 到 1 之间；15% 请写 0.15"
    )
    teams: several(Team, "参加执法的科队清单，至少一个", least=1, default=..., title="科队")
    items_follow: ItemsFollow = Field(
        ItemsFollow(),
        title="人员变动",
        description="有人调出、调入时各项人日跟人走还是留在科队，见下表；不写的按依据与取值",
    )
    sections: several(Name, "只受邀参加、不另计人日的科室名称清单", title="受邀科室")
    key_periods: several(KeyPeriod, "重点时段清单", title="重点时段")
    comfortable_load: Share = Field(
        COMFORTABLE_LOAD,
        title="宽松负荷",
        description="宽松负荷，0 到 1：科队最忙月份的负荷（需要 ÷ 可安排）不高于它就不再压低，让各月尽量均匀；可以不写",
    )
    move_costs: MoveCosts = Field(MoveCosts(), title="调整代价", description="重排时改动一家次的代价，见下表；可以不写")
    alerts: Alerts = Field(Alerts(), title="提示线", description="没有规定可依的提示线，见下表；可以不写")
    draw_weights: DrawWeights = Field(
        DrawWeights(), title="抽取权重", description="加权抽取时各等级的权重，见下表；可以不写"
    )
    cap_table: CapCode | None = Field(
        None, title="频次上限表", description="年度检查频次上限表的编号，如 C01；没有选（不写）就不判，不当作零"
    )
    min_gap_days: Annotated[int, Field(ge=1, le=366)] | None = Field(
        None,
        title="最短间隔（天）",
        description="同一企业两次检查最短相隔几天，1 到 366 的整数；没有定（不写）就不判",
    )
    merge_share: Annotated[float, Field(ge=0, le=1)] = Field(
        0.5, title="合并入企折算", description="合并入企时同一科队第二项起每家次按几成人日计，0 到 1；没有规定，是假定"
    )
    visits_a_day: Annotated[int, Field(ge=1, le=8)] = Field(
        2,
        title="每人每天入企次数",
        description="排日程时每名人员一天最多入企几次，1 到 8 的整数；没有规定，是假定；不写就是 2",
    )
    tie_seed: Annotated[Anonymous, Field(max_length=60)] = Field(
        "", title="排序种子", description="排序并列时定先后的种子，一段文字；不写就是计划简称"
    )
    holdout: Share = Field(
        0.10,
        title="对照比例",
        description="对照：按排序选取的事项里，改为随机抽取的家数占多少，0 到 1；不留写 0；可以不写",
    )
    words: Words = Field(Words(), title="本区用语", description="本局用语，见下表；可以不写")
    printed: Printed | None = Field(None, title="公布数", description="计划文本印出的数，用来核对；可以不写")
    bases: several(
        either(ChosenBasis, BasisCode),
        "编制依据，按印出的次序：依据清单的编号，或文件全称、文号（本单位自选）",
        title="编制依据",
    )
    filing: several(Filing, "报送清单：to、by、how、done_on；可以不写", title="报送")
    letters: several(Letter, "公文要素清单：paper、number、signer、to、copy_to、date；可以不写", title="公文要素")
    contact: Line = Field(
        "", title="联系人文件", description="联系人文件（写姓名、电话），相对本文件，不进版本库；没有就空着"
    )
    last_year: Line = Field(
        "",
        title="上年数",
        description="上年数：上年的计划文件、数据文件夹，或指标、期间、数的表，相对本文件；没有就空着",
    )
    licensing: Licensing = Field(
        Licensing(), title="行政许可", description="统计年报的行政许可五个数，见下表；由办理许可的科室给，可以不写"
    )
    templates: Text = Field("templates", title="公文样式文件夹", description="公文样式文件夹，相对本文件；可以不写")
    public_form: Annotated[str, form(folder_name)] = Field(
        "龙岩2025", title="公示表式", description="计划公示用哪一种表式；可以不写"
    )
    _path: Path = PrivateAttr(default=Path("plan.yaml"))
    _digest: str = PrivateAttr(default="")
    _source: EntrySource = PrivateAttr(default_factory=lambda: EntrySource({}, {}))

    @property
    def path(self) -> Path:
        """The file the plan was read from."""
        return self._path

    @property
    def division(self) -> Division:
        """Where the bureau is: what decides which rules act."""
        return division(self.district, self.province, self.city)

    @property
    def vocabulary(self) -> Vocabulary:
        """The bureau's own words."""
        return self.words.vocabulary

    @property
    def folder(self) -> Path:
        """The folder of scenarios and mappings: that of a YAML file, or the one the rules of a workbook lie in."""
        return self.rules_folder.parent if is_book(self._path) else self._path.parent

    def place(self, entry: str) -> Place:
        """Return where an entry stands in the plan's file: its line or its cell."""
        return self._source.place(entry, Plan)

    @property
    def digest(self) -> str:
        """The SHA-256 of the choices as they were read, whatever file they stand in and wherever its folders lie."""
        return self._digest

    def step(self, state: PlanState) -> ApprovalStep | None:
        """The row of a state; None where the plan has not come to it."""
        return next((step for step in self.approval if step.state == state), None)

    @property
    def approval_day(self) -> str:
        """The day of approval (批准日期), before it the day expected, else the first of the year."""
        approved = self.step(PlanState.APPROVED)
        return approved.date if approved else self.approved_on or f"{self.year}-01-01"

    @property
    def approval_number(self) -> str:
        """The number of the approval (文号); '' where there is none."""
        approved = self.step(PlanState.APPROVED)
        return approved.number if approved else self.document

    @property
    def tables_folder(self) -> Path:
        """The folder of tasks.csv, roster.csv, units.csv and records.csv."""
        return beside(self._path, self.tables)

    @property
    def calendar_folder(self) -> Path:
        """The folder of the calendar files."""
        return beside(self._path, self.calendar)

    @property
    def templates_folder(self) -> Path:
        """The folder of the templates of papers."""
        return beside(self._path, self.templates)

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
    file = shown_path(path)
    raw, cells = read_book(path, Plan) if is_book(path) else read_entries(path)
    faulty = {problem.place.entry for problem in cells}
    plan, problems = checked(Plan, raw, file)
    problems = [*cells, *(one for one in problems if one.place.entry not in faulty)]
    faulty |= {problem.place.entry for problem in problems}
    unclear = {one.place.line for one in cells if one.place.line}
    more = [] if unclear else conflicts(file, disagreements(raw, path))
    every = located([*problems, *(one for one in more if one.place.entry not in faulty)], raw, Plan)
    refuse(one for one in every if one in cells or one.place.line not in unclear)
    plan._path, plan._source, plan._digest = path, raw, _digest(plan)
    return plan


def _digest(plan: Plan) -> str:
    chosen = plan.model_dump(exclude=set(FOLDERS))
    return sha256(json.dumps(chosen, ensure_ascii=False, sort_keys=True, default=float).encode()).hexdigest()
