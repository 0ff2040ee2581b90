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

    team: Name
    headcount: Annotated[int, Field(ge=1, le=10_000)]
    other_enforcement_days: either(OtherEnforcementDays, Days)
    non_enforcement_days: either(NonEnforcementDays, Days)


class ReservedDays(Entry):
    """Officer-days a team keeps free in a key period."""

    team: Text
    days: Days


class KeyPeriod(Entry):
    """A key period (重点时段): its dates and the days kept for it."""

    name: Text
    from_date: IsoDate
    to_date: IsoDate
    reserved_days: several(ReservedDays, default=...)


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


class PrintedGroup(Entry):
    """The visits a plan prints for one group of tasks."""

    group: Text
    visits: Visits


class PrintedItem(Entry):
    """The visits a plan prints for one line."""

    item: Text
    visits: Visits


class PrintedDays(Entry):
    """The officer-days a plan prints for one line or item of the account, of one team or all together."""

    team: Text = ALL_TEAMS
    line: Annotated[Text, form(account_line)]
    days: Number


class PrintedProduct(Entry):
    """A product as the text prints it."""

    where: Line = ""
    team: Line = ""
    factors: Annotated[Numbers, Field(max_length=10)]
    product: Number


class PrintedSum(Entry):
    """A sum as the text prints it."""

    where: Line = ""
    parts: Numbers
    total: Number


class PrintedDifference(Entry):
    """A difference as the text prints it."""

    where: Line = ""
    total: Number
    parts: Numbers
    remainder: Number


class PrintedShare(Entry):
    """A part of a whole with its share as the text prints it."""

    name: Text
    count: Annotated[Number, Field(ge=0)]
    percent: Percent | None = None


class PrintedShares(Entry):
    """Shares of one base as the text prints them."""

    where: Line = ""
    base: Annotated[Number, Field(gt=0)] | None = None
    parts: several(PrintedShare, default=...)


class Printed(Entry):
    """The figures printed in the plan's text, to be computed again (公布数). Nothing is compulsory."""

    total_visits: Visits | None = None
    key_visits: Visits | None = None
    general_visits: Visits | None = None
    key_share_percent: Percentage | None = None
    general_share_percent: Percentage | None = None
    groups: several(PrintedGroup)
    items: several(PrintedItem)
    workdays: Annotated[int, Field(ge=0, le=366)] | None = None
    account: several(PrintedDays)
    products: several(PrintedProduct)
    sums: several(PrintedSum)
    differences: several(PrintedDifference)
    shares: several(PrintedShares)


#: The cost of moving one visit.
Cost = Annotated[int, Field(ge=0, le=1000)]


class MoveCosts(Entry):
    """What it costs to move a planned visit to another month, by how public its month is (调整代价)."""

    published: Cost = 100
    announced: Cost = 10
    internal: Cost = 1


_Count = Annotated[int, Field(ge=0)] | None


class Licensing(Entry):
    """Licensing in the year (行政许可), five numbers given by hand; none is worked out from the others (件)."""

    applied: _Count = None
    accepted: _Count = None
    granted: _Count = None
    refused: _Count = None
    revoked: _Count = None


class Alerts(Entry):
    """From where on a finding speaks, where no rule draws the line (提示线)."""

    window_gone_share: Annotated[float, Field(gt=0, le=1)] = 0.5
    unplanned_rise: Share = 0.05
    reserve_used_share: Annotated[float, Field(gt=0, le=1)] = 0.8
    unplanned_visit_days: Annotated[float, Field(ge=0, le=10, multiple_of=0.5)] = 0.5


class ApprovalStep(Entry):
    """A state the plan has come to (批准与备案): on which day, under which number, by whom."""

    state: Annotated[str, form(term(PlanState))]
    date: IsoDate
    number: Line = ""
    body: Line = ""


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

    kind: Word
    means: Annotated[str, word_of(Kind, labels=True)]


class Words(Entry):
    """The bureau's own words (本局用语); what is not written is as in the usual forms."""

    area: Word = "区"
    street: Word = "街镇"
    key_units: Word | None = None
    levels: several(Word, 20)
    our_level: Word | None = None
    hazards: several(Word, 200)
    kinds: several(KindWord, 60)

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

    risk_grade: _grades("红", "橙", "黄", "蓝") = Field({})
    credit_grade: _grades("A", "B", "C", "D") = Field({})


class ChosenBasis(Entry):
    """A basis of the bureau's own choice that the list of bases does not have (本单位自选)."""

    title: Text
    number: Line = ""


def _as_list(value: object) -> object:
    """Take one text for a list of one, and nothing for an empty list."""
    return [] if value is None else [value] if isinstance(value, str) else value


#: One addressee or several.
Addressees = Annotated[
    tuple[Annotated[Anonymous, form(filled_in)], ...], BeforeValidator(_as_list), Field(strict=False, max_length=50)
]


class Filing(Entry):
    """To whom the plan is handed in once it is approved (报送)."""

    to: Annotated[Anonymous, form(filled_in)]
    by: MaybeDate = ""
    how: Anonymous = ""
    done_on: MaybeDate = ""


class Letter(Entry):
    """What stands on a letter besides its text (公文要素)."""

    paper: Annotated[str, word_of(Paper, labels=True)]
    number: Anonymous = ""
    signer: Anonymous = ""
    to: Addressees = ()
    copy_to: Addressees = ()
    date: MaybeDate = ""
    bases: several(BasisCode)


class Plan(Entry):
    """What a district decides for one year of inspection (年度执法计划)."""

    name: Annotated[str, form(folder_name)]
    year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)] = Field(
        title="计划年度", description=f"计划年度，{FIRST_YEAR} 到 {LAST_YEAR} 的整数"
    )
    district: Text
    province: Annotated[str, form(province_name)] | None = None
    city: Line | None = None
    bureau: Text
    approval: several(ApprovalStep, 4)
    document: Line = ""
    approved_on: IsoDate | None = None
    tables: Text
    calendar: Text
    local_calendar: Line = ""
    rules: Text = "rules"
    mapping: Line = ""
    disclaimer: Line = ""
    reserve_share: Share
    teams: several(Team, least=1, default=...)
    items_follow: ItemsFollow = ItemsFollow()
    sections: several(Name)
    key_periods: several(KeyPeriod)
    comfortable_load: Share = COMFORTABLE_LOAD
    move_costs: MoveCosts = MoveCosts()
    alerts: Alerts = Alerts()
    draw_weights: DrawWeights = DrawWeights()
    cap_table: CapCode | None = None
    min_gap_days: Annotated[int, Field(ge=1, le=366)] | None = None
    merge_share: Annotated[float, Field(ge=0, le=1)] = 0.5
    visits_a_day: Annotated[int, Field(ge=1, le=8)] = 2
    tie_seed: Annotated[Anonymous, Field(max_length=60)] = ""
    holdout: Share = 0.10
    words: Words = Words()
    printed: Printed | None = None
    bases: several(either(ChosenBasis, BasisCode))
    filing: several(Filing)
    letters: several(Letter)
    contact: Line = ""
    last_year: Line = ""
    licensing: Licensing = Licensing()
    templates: Text = "templates"
    public_form: Annotated[str, form(folder_name)] = "龙岩2025"
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
