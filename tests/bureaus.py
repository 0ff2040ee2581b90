"""Two bureaus that are not the demo's: a county for 2025 and a banner for 2027, whose calendar is not announced yet.

`write_county` and `write_banner` put a plan and its tables into a copy of the project, as a planner would.
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from random import Random

from stdnum.cn import uscc

from enforce.words.terms import NON_ENFORCEMENT, OTHER_ENFORCEMENT

COUNTY, BANNER = "yunxi-2025", "dalate-2027"
INVENTED = "试用"

#: 1984 officer-days = 744 + 1240, other enforcement 1035 = 375 + 660, the rest 535 = 135 + 400.
COUNTY_PLAN = """name: yunxi-2025
year: 2025
district: 湖南省岳阳市云溪县
bureau: 云溪县应急管理局
approved_on: "2024-12-20"
tables: ../data/yunxi-2025
calendar: ../data/calendar
reserve_share: 0.1
words:
  area: 县
  street: 乡镇
  hazards: [非煤矿山, 烟花爆竹, 涉氨, 有限空间, 重大危险源]
  kinds:
    - {kind: 县重点单位, means: key_list}
    - {kind: 行业整治, means: campaign}
    - {kind: 随机抽查, means: spot_check}
teams:
  - team: 安全生产基础科
    headcount: 3
    other_enforcement_days: {supervision: 120, licensing: 60, accidents: 30, complaints: 40, joint: 30,
      registration: 25, intermediaries: 10, outreach: 30, review: 10, ordered: 20}
    non_enforcement_days: {duty: 25, training: 50, guidance: 10, party: 15, sick: 10, leave: 25, other: 0}
  - team: 执法大队
    headcount: 5
    other_enforcement_days: {supervision: 100, licensing: 0, accidents: 120, complaints: 180, joint: 60,
      registration: 20, intermediaries: 10, outreach: 50, review: 40, ordered: 80}
    non_enforcement_days: {duty: 80, training: 130, guidance: 30, party: 50, sick: 30, leave: 80, other: 0}
"""
APPROVAL = """approval:
  - {state: 批准, date: "2024-12-20", number: 云应急〔2024〕30号, body: 云溪县人民政府}
"""
BANNER_PLAN = """name: dalate-2027
year: 2027
district: 内蒙古自治区鄂尔多斯市达拉特旗
bureau: 达拉特旗应急管理局
approved_on: "2026-12-25"
tables: ../data/dalate-2027
calendar: ../data/calendar
disclaimer: 全部数据为编写者试用，不是达拉特旗的计划
reserve_share: 0.15
words: {area: 旗, street: 苏木镇, key_units: 旗直管企业, hazards: [煤化工, 粉尘涉爆, 有限空间]}
teams:
  - {team: 综合执法大队, headcount: 6, other_enforcement_days: 500, non_enforcement_days: 300}
"""
#: 150 visits on six lines; no key period, no joint line.
TASKS = (
    "事项编号,类别,检查事项,检查类型,事项性质,计划家次,计划家数,月份,每次天数,每次人数,科队,"
    "选取方式,对象标签,排除对象,数据来源"
)
COUNTY_TASKS = f"""{TASKS}
A1,重点,县重点单位全覆盖,重点检查,县重点单位,40,40,1-12,1,2,执法大队,全部,,others,试用
A2,整治,烟花爆竹经营,重点检查,行业整治,20,20,"1-2,11-12",0.5,2,执法大队,随机抽取,烟花爆竹,,试用
A3,抽查,一般企业抽查,一般检查,随机抽查,30,30,3-12,0.5,2,执法大队,随机抽取,,key_list,试用
A4,整治,非煤矿山,重点检查,行业整治,20,20,3-10,1.5,2,安全生产基础科,全部,非煤矿山,,试用
A5,整治,涉氨场所,重点检查,行业整治,20,20,4-9,1,2,安全生产基础科,按风险信用排序,涉氨;有限空间,,试用
A6,抽查,重大危险源抽查,一般检查,随机抽查,20,20,1-12,0.5,2,安全生产基础科,随机抽取,重大危险源,,试用
"""
BANNER_TASKS = f"""{TASKS}
B1,重点,直管企业全覆盖,重点检查,旗直管企业,30,30,1-12,1,2,综合执法大队,全部,,others,试用
B2,专项,粉尘涉爆,一般检查,专项检查,24,24,5-9,1,2,综合执法大队,随机抽取,粉尘涉爆;有限空间,key_list,试用
"""
ROSTER = ("执法人员编号", "科队", "是否持证", "业务领域", "起始月", "截止月", "数据来源")
UNITS = (
    *("统一社会信用代码", "企业名称", "乡镇街道", "行业类别", "对象标签", "是否重点单位", "重点覆盖事项"),
    *("信用等级", "风险等级", "执法层级", "是否辖区内", "数据来源"),
)
RECORDS = (
    *("检查编号", "检查日期", "统一社会信用代码", "事项编号", "触发原因", "检查人员", "检查码", "记录完整", "隐患数"),
    *("重大隐患数", "整改数", "处罚", "处罚来源", "罚款(元)", "是否辖区内", "数据来源"),
)


def write_plan_like(plan: Path, name: str) -> Path:
    """Write a plan of another name beside a plan, with tables of its own and nothing approved; return it."""
    folder = plan.parent.parent / "data"
    shutil.copytree(folder / plan.stem, folder / name, ignore=shutil.ignore_patterns("versions", "ledger.sqlite*"))
    text = plan.read_text(encoding="utf-8").replace(f"name: {plan.stem}", f"name: {name}")
    other = plan.with_name(f"{name}.yaml")
    other.write_text(text.replace(f"tables: ../data/{plan.stem}", f"tables: ../data/{name}"), encoding="utf-8")
    return other


def bare_project(folder: Path) -> Path:
    """Make a folder with what every plan reads, the rules and the calendars, and no plan; return it."""
    for part in ("params/rules", "data/calendar"):
        shutil.copytree(Path(__file__).parents[1] / part, folder / part)
    return folder


def write_county(project: Path, *, approved: bool = False, count: int = 120, key: int = 40) -> Path:
    """Write the county's plan, a draft or one that says it is approved, and its four tables; return the plan.

    Its register has `count` units, the first `key` of them on the key list.
    """
    units = _units(
        "430623", count, key, ("非煤矿山", "烟花爆竹", "涉氨", "有限空间", "重大危险源"), "A1", "县级", "云溪乡"
    )
    days = ("01-07", "01-14", "01-21", "02-11", "02-18", "03-04", "03-11", "03-18", "04-08", "04-15", "05-13", "06-17")
    done = [(f"2025-{day}", units[n][0], "A1", "", "YX-04;YX-05", n % 3) for n, day in enumerate(days)]
    done += [("2025-05-20", units[90][0], "", "投诉举报", "YX-06;YX-07", 1)]
    records = [
        (f"YX-{n:03}", day, unit, task, why, who, "", "是", found, 0, found, "", "", 0, "是", INVENTED)
        for n, (day, unit, task, why, who, found) in enumerate(done, 1)
    ]
    teams = ("安全生产基础科",) * 3 + ("执法大队",) * 5
    text = COUNTY_PLAN.replace('approved_on: "2024-12-20"\n', APPROVAL) if approved else COUNTY_PLAN
    return _written(project, text, COUNTY, COUNTY_TASKS, _roster("YX", teams), units, records)


def write_banner(project: Path) -> Path:
    """Write the banner's plan of 2027 and its tables, with nothing done yet; return the plan."""
    units = _units("150621", 80, 30, ("煤化工", "粉尘涉爆", "有限空间"), "B1", "旗级", "树林召镇")
    roster = _roster("DL", ("综合执法大队",) * 6)
    return _written(project, BANNER_PLAN, BANNER, BANNER_TASKS, roster, units, [])


def write_any(project: Path, seed: int) -> Path:
    """Write a random bureau's plan of 2025 and its tables: one to four teams, up to ten lines, people who leave."""
    random, lines, roster, teams = Random(seed), [TASKS], [], []
    for n, name in enumerate(("监察一科", "监察二科", "综合执法队", "基础科")[: random.randint(1, 4)]):
        count = random.randint(2, 9)
        days = random.randint(30, 90) * count, random.randint(20, 60) * count + random.choice([0, 0.5])
        head = f"  - {{team: {name}, headcount: {count}, other_enforcement_days: {days[0]}"
        teams.append(f"{head}, non_enforcement_days: {days[1]}}}\n")
        roster += [(*row[:5], random.choice([12, 12, 12, 7]), row[6]) for row in _roster("ABCD"[n], (name,) * count)]
        roster[-count] = (*roster[-count][:5], 12, INVENTED)
    names = [row[1] for row in roster]
    lines.append(f"C00,重点,市重点单位检查,重点检查,市重点单位,30,30,1-12,1,2,{names[0]},全部,,others,试用")
    for n in range(1, random.randint(3, 10)):
        visits, first = random.randint(2, 40), random.randint(1, 9)
        kind = random.choice(["重点检查,专项检查", "一般检查,执法抽查", "一般检查,专项检查"])
        windows = f"{first}-{random.randint(first + 2, 12)}"
        who = f"{random.choice(['0.5', '1'])},2,{random.choice(names)}"
        lines.append(f"C{n:02},类别{n % 3},第{n}类企业检查,{kind},{visits},{visits},{windows},{who},随机抽取,,,试用")
    text = COUNTY_PLAN.partition("words:")[0].replace("云溪县", "某某市").replace(COUNTY, f"any-{seed}")
    text = f"{text}words: {{area: 市, street: 乡镇, hazards: [粉尘涉爆]}}\nteams:\n{''.join(teams)}"
    units = _units("430681", 200, 30, ("粉尘涉爆",), "C00", "市级", "某镇")
    return _written(project, text, f"any-{seed}", "\n".join(lines) + "\n", roster, units, [])


def write_busy(project: Path, seed: int) -> Path:
    """Write a random bureau in the middle of its year: some teams give items and others totals, an officer serves half
    the time, units closed, most of what was planned to October is done, with work beside it and penalties.
    """
    from enforce.desk.year import open_year

    random, plan = Random(f"busy-{seed}"), write_any(project, seed)
    folder = project / "data" / plan.stem
    text = plan.read_text(encoding="utf-8").replace('approved_on: "2024-12-20"\n', APPROVAL)
    head, mark, teams = text.partition("teams:\n")
    first, *others = teams.splitlines(keepends=True)
    if seed % 2:
        items = dict.fromkeys(OTHER_ENFORCEMENT, 10), dict.fromkeys(NON_ENFORCEMENT, 8)
        words = ["{" + ", ".join(f"{name}: {days}" for name, days in one.items()) + "}" for one in items]
        first = (
            f"{first.partition(', other')[0]}, other_enforcement_days: {words[0]}, non_enforcement_days: {words[1]}}}\n"
        )
    plan.write_text("".join([head, mark, first, *others]), encoding="utf-8")
    header, first, *rows = (folder / "roster.csv").read_text(encoding="utf-8").splitlines()
    share = [f"{header},在岗比例", f"{first},0.5", *(f"{row}," for row in rows)]
    (folder / "roster.csv").write_text("\n".join(share) + "\n", encoding="utf-8")
    header, *rows = (folder / "units.csv").read_text(encoding="utf-8").splitlines()
    states = [f"{row},{'停业' if n % 40 == 7 else '在营'}" for n, row in enumerate(rows)]
    (folder / "units.csv").write_text("\n".join([f"{header},经营状态", *states]) + "\n", encoding="utf-8")
    year = open_year(plan)
    lasting = year.tables.roster[year.tables.roster["to_month"] == 12]
    every = lasting["officer_id"].tolist()
    crews = {team: [*here["officer_id"], *every] for team, here in lasting.groupby("team")}
    leads = year.tasks.set_index("task_id")["team"]
    days = year.calendar.days[year.calendar.days["workday"]].groupby("month")["date"].agg(list)
    codes, records = year.units["unit_id"].tolist(), []
    for row in year.annex.visits.itertuples():
        for _ in range(row.visits if row.month < 11 else 0):
            month = min(row.month + random.choice([0, 0, 0, 0, 1]), 10)
            day, unit, crew = (
                random.choice(days[month]),
                random.choice(codes),
                [*dict.fromkeys(crews[leads[row.task_id]])][:2],
            )
            if random.random() < 0.9:
                records.append((day, unit, row.task_id, "", crew, random.randint(0, 4)))
    beside = [(random.choice(days[n % 10 + 1]), random.choice(codes), "", "投诉举报", crew, 1) for n in range(12)]
    table = [
        (f"B-{n:04}", day, unit, task, why, ";".join(who), f"C{n}", "是", found, 0, found)
        + (("罚款", "监督检查", 5000) if found > 3 else ("", "", "")) + ("是", INVENTED)
        for n, (day, unit, task, why, who, found) in enumerate(records + beside)
    ]  # fmt: skip
    with (folder / "records.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([RECORDS, *table])
    return plan


def _roster(prefix: str, teams: tuple[str, ...]) -> list[tuple]:
    return [(f"{prefix}-{n:02}", team, "是", "", 1, 12, INVENTED) for n, team in enumerate(teams, 1)]


def _units(place: str, count: int, key: int, hazards: tuple[str, ...], line: str, level: str, street: str) -> list:
    """Units of a register, the first `key` of them on the key list under `line`; flags are dealt in turn."""
    bodies = [f"91{place}MA{n:07}" for n in range(1, count + 1)]
    return [
        (body + uscc.calc_check_digit(body), f"试用企业{n}", street, "其他", hazards[n % len(hazards)])
        + (("是", line) if n < key else ("否", ""))
        + ("B", "蓝", level, "是", INVENTED)
        for n, body in enumerate(bodies)
    ]


def _written(project: Path, text: str, name: str, tasks: str, roster: list, units: list, records: list) -> Path:
    folder, plan = project / "data" / name, project / "params" / f"{name}.yaml"
    folder.mkdir(exist_ok=True)
    plan.write_text(text, encoding="utf-8")
    (folder / "tasks.csv").write_text(tasks, encoding="utf-8")
    tables = {
        "roster": (ROSTER, roster),
        "units": (UNITS, units),
        "records": (RECORDS, records),
    }
    for table, (header, rows) in tables.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
    return plan
