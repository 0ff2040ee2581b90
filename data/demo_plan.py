"""The demo plan: its twelve lines (计划事项) and its officers (执法人员), as rows of the two files.

Visits, groups and sentences are those of 普应急〔2024〕1号; months and days are invented, as its annexes are
not public. Each row says so itself.
"""

from __future__ import annotations

from enforce.words.terms import Exclusion, InspectionClass, Kind, Selection, Tier
from enforce.words.vocabulary import FLAGS

LEAD_TEAM, CHEMICAL_TEAM, BASIC_TEAM = "执法大队", "危化科", "基础科"
INVENTED = "演示虚构"
DOCUMENT = "普应急〔2024〕1号"
#: What else of a line is invented: the plan does not print it.
BESIDE = "人日和实施依据、检查内容、检查方式、承办机构、检查类别为演示虚构"
EFFORT = f"月份、{BESIDE}"

#: The key hazards of the plan's part 三(二), in its order.
KEY_HAZARDS = (
    FLAGS["chemical_storage"],
    FLAGS["chemical_licence"],
    FLAGS["dust"],
    FLAGS["wastewater"],
    FLAGS["molten_metal"],
)
CHEMICALS = (FLAGS["chemical_storage"], FLAGS["chemical_licence"], FLAGS["chemical_use"])
THEMES = (
    "危险化学品仓储信息化管理",
    "危险化学品企业装置设备带“病”运行",
    "重点关注危险化学品生产经营",
    "化工医药企业安全生产",
    "化学品登记和鉴定分类",
    "危险化学品企业检维修",
    "高危细分领域安全风险",
    "危险化学品企业重大危险源",
)
PARTNERS = ("市场监管", "交通运输", "生态环境", "文化旅游", "城市管理")

#: What a line has unless it says otherwise.
USUAL = {
    "counted_items": 0,
    "counted_unit": "",
    "officers_per_visit": 2,
    "team": LEAD_TEAM,
    "invited": "",
    "selection": Selection.RANKED,
    "hazards": (),
    "exclude": "",
    "out_of_district_visits": 0,
    "lead": "",
    "partners": (),
    "themes": (),
    "legal_basis": "B01:第六十二条",
    "mode": "现场检查",
    "cap_per_unit": "",
    "item_type": "",
    "joint_with": "",
    "unpublished": "",
}
#: What a line inspects where its themes do not say it, and which kinds are 专项.
CONTENT = ("主要负责人履职", "重大事故隐患排查", "安全教育培训")
LINES = (
    {
        "group": "区重点单位",
        "task": "区重点单位执法检查",
        "tier": Tier.KEY,
        "kind": Kind.KEY_LIST,
        "planned_visits": 60,
        "planned_units": 60,
        "periods": "1-12",
        "visit_days": 1,
        "selection": Selection.ALL,
        "exclude": Exclusion.OTHERS,
        "basis": (
            "对区重点单位执法检查全覆盖，除部分企业纳入重点时段专项执法检查外，按照标准化执法要求，计划检查60家次"
        ),
        "source": f"家次出自{DOCUMENT} 四(一)1；{EFFORT}",
    },
    {
        "group": "重点时段专项",
        "task": "使用危化品或危险化学品经营企业",
        "tier": Tier.KEY,
        "kind": Kind.KEY_PERIOD,
        "planned_visits": 10,
        "planned_units": 10,
        "periods": "1-4,9,11",
        "visit_days": 0.5,
        "invited": f"{CHEMICAL_TEAM}=0.5",
        "hazards": CHEMICALS,
        "basis": "对10家使用危化品或危险化学品经营企业，每家检查1次，合计10家次",
        "source": f"家次出自{DOCUMENT} 四(一)2(1)；{EFFORT}",
    },
    {
        "group": "重点时段专项",
        "task": "各类城市综合体",
        "tier": Tier.KEY,
        "kind": Kind.KEY_PERIOD,
        "planned_visits": 20,
        "planned_units": 20,
        "periods": "1-2,4,9,11-12",
        "visit_days": 1,
        "invited": f"{BASIC_TEAM}=0.5",
        "hazards": (FLAGS["complex"],),
        "basis": "对20家各类城市综合体，每家检查1次，合计20家次",
        "source": f"家次出自{DOCUMENT} 四(一)2(2)；{EFFORT}",
    },
    {
        "group": "重点时段专项",
        "task": "园中园、厂中厂、创业园区型企业",
        "tier": Tier.KEY,
        "kind": Kind.KEY_PERIOD,
        "planned_visits": 8,
        "planned_units": 8,
        "periods": "3-4,9,11",
        "visit_days": 1.5,
        "invited": f"{BASIC_TEAM}=0.5",
        "hazards": (FLAGS["park"],),
        "basis": "对8家园中园、厂中厂、创业园区型企业，每家检查1次，合计8家次",
        "source": f"家次出自{DOCUMENT} 四(一)2(3)；{EFFORT}",
    },
    {
        "group": "专项",
        "task": "清剿特种作业操作证假证专项",
        "tier": Tier.KEY,
        "kind": Kind.CAMPAIGN,
        "planned_visits": 20,
        "planned_units": 8,
        "counted_items": 12,
        "counted_unit": "张",
        "periods": "1-3",
        "visit_days": 0.5,
        "hazards": (FLAGS["special_work"],),
        "basis": (
            "一季度，集中清剿12张流入我区的……假证；对8家使用特种作业证比较多的工贸或危化品经营企业，……合计20家次"
        ),
        "source": f"家次与月份出自{DOCUMENT} 四(一)3(1)；{BESIDE}",
    },
    {
        "group": "专项",
        "task": "危险化学品综合性专项",
        "tier": Tier.KEY,
        "kind": Kind.CAMPAIGN,
        "planned_visits": 10,
        "planned_units": 10,
        "periods": "5-9",
        "visit_days": 1.5,
        "invited": f"{CHEMICAL_TEAM}=1",
        "hazards": (FLAGS["chemical_storage"],),
        "themes": THEMES,
        "basis": "对其中10家危险化学品仓储经营企业，开展危险化学品综合性专项执法检查10家次",
        "source": f"家次与专题出自{DOCUMENT} 四(一)3(2)；{EFFORT}",
    },
    {
        "group": "专项",
        "task": "工贸综合性专项",
        "tier": Tier.KEY,
        "kind": Kind.CAMPAIGN,
        "planned_visits": 8,
        "planned_units": 8,
        "periods": "6-10",
        "visit_days": 1.5,
        "invited": f"{BASIC_TEAM}=1",
        "hazards": (FLAGS["dust"], FLAGS["molten_metal"]),
        "themes": ("粉尘防爆", "高温熔融金属作业"),
        "basis": ("对其中最新排查的涉及粉尘涉爆企业和高温熔融金属作业的生产企业，开展工贸综合性专项执法检查8家次"),
        "source": f"家次与专题出自{DOCUMENT} 四(一)3(3)；{EFFORT}",
    },
    {
        "group": "专项",
        "task": "重点单位跨区域交互检查",
        "tier": Tier.KEY,
        "kind": Kind.EXCHANGE,
        "planned_visits": 8,
        "planned_units": 8,
        "periods": "5-6|10-11",
        "visit_days": 2,
        "invited": f"{CHEMICAL_TEAM}=0.5",
        "selection": Selection.DRAW,
        "hazards": KEY_HAZARDS,
        "out_of_district_visits": 4,
        "lead": "市应急局执法总队",
        "exclude": Exclusion.OTHERS,
        "basis": (
            "分2个时段，在我区重点监管单位中随机抽取4家危险化学品、工贸单位，"
            "另外在我市另2区各抽查2家，共参与交互检查8家次"
        ),
        "source": f"家次与时段个数出自{DOCUMENT} 四(一)3(4)；{EFFORT}",
    },
    {
        "group": "专项",
        "task": "安全生产培训机构专项",
        "tier": Tier.KEY,
        "kind": Kind.CAMPAIGN,
        "planned_visits": 6,
        "planned_units": 6,
        "periods": "7-8",
        "visit_days": 0.5,
        "invited": "法宣科=0",
        "selection": Selection.ALL,
        "hazards": (FLAGS["training"],),
        "basis": "对我区6个涉及安全生产培训机构，每家检查1次，合计6家次，邀请区应急局法宣科参与检查",
        "source": f"家次与邀请科室出自{DOCUMENT} 四(一)3(5)；{EFFORT}",
    },
    {
        "group": "专项",
        "task": "危险化学品使用企业执法抽查",
        "tier": Tier.KEY,
        "kind": Kind.SPOT_CHECK,
        "planned_visits": 28,
        "planned_units": 28,
        "periods": "4-12",
        "visit_days": 0.5,
        "invited": f"{CHEMICAL_TEAM}=0.5",
        "selection": Selection.DRAW,
        "hazards": (FLAGS["chemical_use"],),
        "exclude": Exclusion.KEY_LIST,
        "basis": (
            "对我区工贸企业中使用危化品企业，随机抽取其中28家（避免与区重点监管单位重复），每家检查1次，合计28家次"
        ),
        "source": f"家次出自{DOCUMENT} 四(一)3(6)；{EFFORT}",
    },
    {
        "group": "一般检查",
        "task": "预警、信用较低、风险较高企业执法抽查",
        "tier": Tier.GENERAL,
        "kind": Kind.SPOT_CHECK,
        "planned_visits": 68,
        "planned_units": 68,
        "periods": "1-12",
        "visit_days": 0.5,
        "exclude": Exclusion.KEY_LIST,
        "basis": ("对数字化平台产生智能预警，或者信用等级较低、风险等级较高的企业，开展执法抽查。……执法抽查68家次"),
        "source": f"家次出自{DOCUMENT} 四(二)；{EFFORT}",
    },
    {
        "group": "一般检查",
        "task": "“双随机、一公开”跨部门联合执法",
        "tier": Tier.GENERAL,
        "kind": Kind.JOINT,
        "planned_visits": 15,
        "planned_units": 15,
        "periods": "5-12",
        "visit_days": 1,
        "invited": f"{CHEMICAL_TEAM}=0.5",
        "selection": Selection.DRAW,
        "hazards": CHEMICALS,
        "lead": "区应急局",
        "partners": PARTNERS,
        "exclude": Exclusion.KEY_LIST,
        "basis": (
            "组织开展以危险化学品生产经营单位和危险化学品使用单位为主的……“双随机、一公开”跨部门联合执法家次15家次"
        ),
        "source": f"家次出自{DOCUMENT} 四(二)，配合部门出自二(三)2；{EFFORT}",
    },
)


def _line(n: int, line: dict) -> dict:
    """Return one line with what follows from it: content, offices and class of inspection."""
    row = USUAL | {"task_id": f"P{n:02d}"} | line
    invited = [row["invited"].partition("=")[0]] if row["invited"] else []
    special = row["kind"] in (Kind.KEY_PERIOD, Kind.CAMPAIGN, Kind.EXCHANGE)
    return row | {
        "content": () if row["themes"] else CONTENT,
        "office": (row["team"], *invited),
        "inspection_class": InspectionClass.SPECIAL if special else InspectionClass.ROUTINE,
    }


TASKS = tuple(_line(n, line) for n, line in enumerate(LINES, 1))
TASK_COLUMNS = (
    *("task_id", "group", "task", "tier", "kind", "planned_visits", "planned_units"),
    *("counted_items", "counted_unit", "periods", "visit_days", "officers_per_visit", "team", "invited"),
    *(
        "selection",
        "hazards",
        "exclude",
        "out_of_district_visits",
        "lead",
        "partners",
        "themes",
        "legal_basis",
        "content",
        "mode",
        "cap_per_unit",
        "office",
        "inspection_class",
        "item_type",
        "joint_with",
        "unpublished",
        "basis",
        "source",
    ),
)

#: Officers (人), by team: field of business, number, month they begin.
OFFICERS = (
    (LEAD_TEAM, ("危化", "工贸"), 8, 1),
    (LEAD_TEAM, ("工贸",), 1, 7),
    (CHEMICAL_TEAM, ("危化",), 4, 1),
    (BASIC_TEAM, ("工贸", "基础管理"), 3, 1),
)
ROSTER_COLUMNS = ("officer_id", "team", "licensed", "fields", "from_month", "to_month", "source")


def roster() -> list[dict]:
    """Return one row per officer who counts; 执法大队 gains a ninth in July.

    >>> len(roster()), [row["officer_id"] for row in roster() if row["from_month"] > 1]
    (16, ['PT-09'])
    """
    groups = [(team, fields, month) for team, fields, count, month in OFFICERS for _ in range(count)]
    names = ("team", "fields", "from_month")
    usual = {"licensed": True, "to_month": 12, "source": INVENTED}
    return [usual | {"officer_id": f"PT-{n:02d}"} | dict(zip(names, g, strict=True)) for n, g in enumerate(groups, 1)]
