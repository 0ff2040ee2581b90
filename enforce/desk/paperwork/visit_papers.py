"""The papers of a month's schedule (月度日程材料): what officers take along, what is applied for, what comes back.

The arrangement for officers, a scheme for each entry, fields of the approval and the notice, the request for codes,
calendars, a picture of the loads, the sheet to fill in. All of it is for inside use. What nobody has seen of a form
says so; names, certificates and approvals are left to hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd

from enforce.desk.imprint import standing_meta
from enforce.desk.month_schedule import MonthSchedule
from enforce.desk.paperwork import dossier
from enforce.desk.paperwork.paper_tables import line_facts
from enforce.desk.paperwork.wording import date_text
from enforce.desk.plan_pages import table_area
from enforce.inputs.parameters.code_request import read_code_request
from enforce.inputs.tables.visit_sheets import SOURCE, return_form
from enforce.inputs.tables.writing import exchange_table
from enforce.papers.books.book import Meta, Sheet
from enforce.papers.books.entry_book import EntryPage, entry_book_bytes
from enforce.papers.books.writer import write_book
from enforce.papers.documents.calendar_file import Occasion, calendar_bytes
from enforce.papers.documents.ruled_table import Ruled
from enforce.papers.screen.cells import cell_text
from enforce.papers.screen.charts import officer_week_heatmap
from enforce.words.files import write_atomic
from enforce.words.terms import HalfDay, Status

#: What the files of a month are called, each with the month behind it; a calendar is called by its officer.
PAPERS = ("月度执法安排日程", SOURCE, "审批表和通知书字段", "人员负荷", "检查码申请", "现场检查方案")
INSIDE = "局内掌握，不公布"
BLOCKS = "起止时间按上午 9 至 12 时、下午 13 至 17 时占位，以通知为准"
UNSEEN = "表样没有见过，只列已知的栏目，由本局核对"
#: What is left for a person to write, and where he signs.
BY_HAND = "（手填）"
NONE = "没有"
_PEOPLE, _PERSON = ("检查人员", "同去人员"), "{}　姓名：　　　　　　　执法证号："
_SIGNED = "\n\n{who}：　　　　　　　　　　　　年　　月　　日"
Write = Callable[[Path], Path]


def visit_facts(schedule: MonthSchedule) -> pd.DataFrame:
    """Return all that a paper says of a visit (各家次的要素), in words: one row per visit on a day.

    `entry_number` is which entry of the year at the unit it is, counted on from those known by the day.
    """
    year = schedule.plan.year
    lines = {task.task_id: line_facts(year, task) for task in year.tasks.itertuples()}
    source = {task.task_id: _task_source(schedule, task) for task in year.tasks.itertuples()}
    table = schedule.dated
    so_far = schedule.entries_so_far.set_index("unit_id")
    sectors = dict(zip(year.units["unit_id"], year.units["sector"], strict=True))
    counts = table["unit_id"].map(so_far["entries_so_far"]).fillna(0).astype("int64")
    earlier = table.drop_duplicates("entry").groupby("unit_id").cumcount().reindex(table.index)
    earlier = earlier.groupby(table["entry"]).transform("first").fillna(0).astype("int64")
    words = {name: [lines[code][name] for code in table["task_id"]] for name in _OF_LINES}
    return table.assign(
        **words,
        visit_source="有计划",
        task_source=table["task_id"].map(source),
        sector=table["unit_id"].map(sectors).fillna(""),
        bureau=year.plan.bureau,
        entries_so_far=counts,
        entry_number=counts + earlier + 1,
        cap_text=table["unit_id"].map(so_far["cap_text"]).fillna(table["name"].str.strip("（）") + "，不判"),
        half_day=[cell_text("half_day", half) for half in table["half_day"]],
    )


_OF_LINES = ("legal_basis", "content", "mode", "inspection_class")


def _task_source(schedule: MonthSchedule, task: object) -> str:
    """Where a line comes from: the order it was given by, else the plan and its line."""
    year = schedule.plan.year
    if task.order_document:
        return f"{task.order_document}{f'（{task.order_date}）' if task.order_date else ''}，{task.task_id}"
    number = f"（{year.number}）" if year.number else ""
    return f"{year.plan.bureau}{year.title}{number}，{task.task_id} {task.group}"


# --- schemes and fields of forms ------------------------------------------------------------------------------------


def entry_rows(schedule: MonthSchedule) -> list[dict[str, str]]:
    """Return what is written of each entry (入企) whatever the form, in words: all its lines, in order of the days."""
    facts = visit_facts(schedule)
    return [_entry_row(schedule, part) for _, part in facts.groupby("entry", sort=False)]


def _entry_row(schedule: MonthSchedule, part: pd.DataFrame) -> dict[str, str]:
    first = part.iloc[0]
    officers = list(dict.fromkeys(code for codes in part["officers"] for code in codes))
    sections = list(dict.fromkeys(name for names in part["with_sections"] for name in names))
    leads = {code for row in part.itertuples() for code in (row.officer_1, row.officer_2)}
    along = [code for code in officers if code not in leads]
    lines = [f"{row.task}：{row.content}" for row in part.itertuples()]
    times = (
        f"到 {schedule.plan.as_of} 本年已入企 {first.entries_so_far} 次，本次为第 {first.entry_number} 次；"
        f"上限：{first.cap_text}"
    )
    days = part["visit_days"].max()
    merged = [f"{row.visit_id} {row.task}（{row.inspection_class}）" for row in part.itertuples()]
    return {
        "安排编号": "、".join(part["visit_id"]),
        "合并入企": f"{len(merged)} 家次一次入企：{'；'.join(merged)}" if len(merged) > 1 else "没有合并，1 家次",
        "检查主体": first.bureau,
        "被检查单位": first["name"],
        "统一社会信用代码": first.unit_id,
        "所属行业": first.sector,
        "街镇": first.subdistrict,
        "检查时间": f"{date_text(first.date)}（星期{first.weekday}）{first.half_day}，共 {days:g} 天",
        "检查人员": "、".join(code for code in officers if code in leads),
        "同去人员": "、".join(along) or NONE,
        "参加的科室、部门": "、".join(sections) or NONE,
        "检查类别": _each_once(part["inspection_class"]),
        "检查事项、内容": "\n".join(lines),
        "检查方式": _each_once(part["mode"]),
        "检查依据": _each_once(part["legal_basis"]),
        "任务来源": "\n".join(dict.fromkeys(part["task_source"])),
        "检查频次": times if first.unit_id else first.cap_text,
    }


def _each_once(words: pd.Series) -> str:
    return "、".join(dict.fromkeys(words))


_SCHEME = (
    *("被检查单位", "统一社会信用代码", "地址", "联系人", "所属行业", "检查时间", "检查人员", "同去人员"),
    *("参加的科室、部门", "合并入企", "检查类别", "检查事项、内容", "检查方式", "检查依据", "任务来源", "检查频次"),
)


def scheme_papers(schedule: MonthSchedule, *, each: bool = False) -> list[dossier.PaperText]:
    """Return the schemes (现场检查方案) of the month as one paper, one scheme per entry; `each` as one paper each."""
    schemes = [
        {
            "安排编号": row["安排编号"],
            "表": Ruled(_scheme_table(row), (3.2, 13.0)),
            "说明": f"{INSIDE}。{UNSEEN}；地址、联系人、姓名、执法证号、方案编号、审核和审批由人填写。",
        }
        for row in entry_rows(schedule)
    ]
    if each:
        return [
            dossier.PaperText(f"现场检查方案-{one['安排编号']}", "现场检查方案", {"方案册": [one]}, of_visits=True)
            for one in schemes
        ]
    name = f"现场检查方案-{schedule.mark}"
    return [dossier.PaperText(name, "现场检查方案", {"方案册": schemes}, of_visits=True)] if schemes else []


def _scheme_table(row: dict[str, str]) -> pd.DataFrame:
    people = {
        name: "\n".join(_PERSON.format(code) for code in row[name].split("、")) for name in _PEOPLE if row[name] != NONE
    }
    lines = [(name, (row | people).get(name, BY_HAND) or "—") for name in _SCHEME]
    lines += [("审核意见", _SIGNED.format(who="审核人")), ("审批意见", _SIGNED.format(who="审批人")), ("备注", "")]
    return pd.DataFrame(lines, columns=["项目", "内容"])


def form_tables(schedule: MonthSchedule) -> dict[str, pd.DataFrame]:
    """Return the fields of the approval and the notice (审批表、通知书) as far as they are known: one row per entry."""
    rows = entry_rows(schedule)
    common = {
        "安排编号": "安排编号", "检查主体": "检查主体", "法律依据": "检查依据", "任务来源": "任务来源",
        "检查对象": "被检查单位", "统一社会信用代码": "统一社会信用代码", "检查事项、内容": "检查事项、内容",
        "检查频次": "检查频次", "检查方式": "检查方式", "检查时间": "检查时间", "检查人员": "检查人员",
    }  # fmt: skip
    tables = {}
    for form, left in _LEFT_TO_HAND.items():
        table = [{name: row[source] for name, source in common.items()} | left for row in rows]
        tables[form] = pd.DataFrame(table, columns=[*common, *left], dtype=object)
    tables["审批表字段"]["协助检查人员"] = [row["同去人员"] for row in rows]
    return tables


_LEFT_TO_HAND = {
    "审批表字段": {"执法证号": BY_HAND, "协助检查人员": "", "负责人批准、日期": BY_HAND, "紧急的补办": BY_HAND},
    "通知书字段": {"执法证号": BY_HAND, "告知（权利、回避、救济、“五个严禁”）": "（原文没有见过，由本局填写）"},
}


def code_table(schedule: MonthSchedule) -> pd.DataFrame:
    """Return the request for inspection codes (检查码申请) under the headings of its mapping: one row per visit."""
    facts = visit_facts(schedule)
    cells = {
        one.heading: [cell_text(one.column, cell) for cell in facts[one.column]] if one.column else [""] * len(facts)
        for one in read_code_request(schedule.plan.year.plan)
    }
    return pd.DataFrame(cells, dtype=object)


# --- the files ------------------------------------------------------------------------------------------------------


def schedule_files(schedule: MonthSchedule, *, each: bool = False) -> dict[str, Write]:
    """Return every file of a month's schedule to write, by name; nothing is written before the papers are filled."""
    plan, mark = schedule.plan, schedule.mark
    title = f"{plan.year.plan.year}年{schedule.month}月执法日程"
    meta = replace(standing_meta(plan, title), notes=(*standing_meta(plan, title).notes, plan.arrangement.text))
    picture = officer_week_heatmap(schedule.loads, f"{title}：各人各周", plan.mark)
    files: dict[str, Write] = {
        f"月度执法安排日程-{mark}.xlsx": lambda path: write_book(path, list(_month_sheets(schedule, title)), meta),
        f"月度执法安排回填-{mark}.xlsx": lambda path: write_atomic(path, return_book(schedule)),
        f"审批表和通知书字段-{mark}.xlsx": lambda path: _form_book(path, schedule, meta),
        f"人员负荷-{mark}.png": lambda path: write_atomic(path, picture._repr_png_()),
    }
    requested = code_table(schedule)
    if len(requested.columns):
        files[f"检查码申请-{mark}.xlsx"] = lambda path: _code_book(path, schedule, requested, meta)
    for name, content in calendars(schedule).items():
        files[f"日历/{name}-{mark}.ics"] = lambda path, content=content: write_atomic(path, content)
    papers = [("", scheme_papers(schedule)), ("现场检查方案/", scheme_papers(schedule, each=True) if each else [])]
    filled = cache(lambda place: dossier.made(plan, dict(papers)[place]).documents)
    for place, texts in papers:
        for paper in texts:
            name = f"{paper.name}.docx"
            files[place + name] = lambda path, place=place, name=name: write_atomic(path, filled(place)[name].content)
    return files


def _month_sheets(schedule: MonthSchedule, title: str) -> Iterator[Sheet]:
    tables = {
        "按日": schedule.by_day, "按组": schedule.by_pair, "按人": schedule.by_officer, "日历": schedule.calendar,
        "改期和换人": schedule.rebooked, "排不上": schedule.obstacles, "没有做到的": schedule.unmet,
        "人员负荷": schedule.loads,
        "吃紧的周": schedule.tight, "次序和证明": schedule.proof,
    }  # fmt: skip
    for name, table in tables.items():
        yield Sheet(name, table, f"{title}：{name}", note=INSIDE, numbers="days" if name == "人员负荷" else "")


def _form_book(path: Path, schedule: MonthSchedule, meta: Meta) -> Path:
    note = f"{INSIDE}　{UNSEEN}"
    sheets = [Sheet(name, table, name, note=note, headed=True) for name, table in form_tables(schedule).items()]
    return write_book(path, sheets, replace(meta, title=f"{meta.title}：审批表和通知书字段"))


def _code_book(path: Path, schedule: MonthSchedule, table: pd.DataFrame, meta: Meta) -> Path:
    columns = read_code_request(schedule.plan.year.plan)
    assumed = sum(one.status == Status.ASSUMED for one in columns)
    note = f"{INSIDE}　{len(columns)} 列里 {assumed} 列是假定的：没有人见过申请表；列名在 code_request.yaml 里改"
    sheet = Sheet("检查码申请", table, "检查码申请", note=note, headed=True)
    return write_book(path, [sheet], replace(meta, title=f"{meta.title}：检查码申请"))


#: How many letters the columns of the sheet to fill in have room for, and how many columns its first page across has.
_ROOMS = {
    "visit_id": 9, "name": 18, "date": 11, "half_day": 5, "officers": 12, "task_id": 6, "task": 18, "unit_id": 10,
    "subdistrict": 8, "month": 4, "done": 5, "note": 12, "inspection_code": 8,
    "full_record": 6, "start": 7, "end": 7, "in_district": 5,
}  # fmt: skip
_ROOM, _FIRST_PAGE = 9, 15


def return_book(schedule: MonthSchedule) -> bytes:
    """Return the sheet that officers fill in and give back (月度执法安排回填): one row per visit, facts filled in."""
    year, form = schedule.plan.year.plan, return_form(schedule.plan.year.plan.vocabulary)
    blank = {column.name: "" for column in form.ours}
    abroad = [False if code in schedule.outside else "" for code in schedule.dated["visit_id"]]
    rows = schedule.dated.assign(month=schedule.month, in_district=abroad).astype(object)
    table = rows.reindex(columns=list(blank), fill_value="").fillna("")
    cells = exchange_table(table, form).to_numpy().tolist()
    title = f"{year.year}年{schedule.month}月执法安排回填"
    area = replace(table_area(form, "", year.year, cells), title=title, spare=0, note="")
    rooms = [_ROOMS.get(name, _ROOM) for name in blank]
    place = "/".join(year.path.parts[-3 if year.path.suffix == ".xlsx" else -2 :])
    area = replace(area, boxes=tuple(replace(box, room=n) for box, n in zip(area.boxes, rooms, strict=True)))
    lines = (
        f"{SOURCE}：怎么填",
        f"1. {INSIDE}。每行一家次，已写好安排的日期、上下午、单位和人员；安排编号不改，其余实际不同的，改成实际的。",
        "2. 做了的「是否完成」选 是，填检查码、隐患数等；没有做的选 否，「与安排不同的原因」必选；还没到期的空着。",
        "3. 改了日期、换了人或单位的，也选原因；改到别的月份做的，写在那个月的表里。",
        "4. 不写人名、电话、证件号；检查编号空着的，按安排编号登记。写着“还没有点名”的，写上实际检查的单位。",
        f"5. 交回以后：enforce record 这个文件 --plan {place} --month {schedule.month}",
    )
    pages = [EntryPage("说明", lines=lines), EntryPage("回填", (area,), print=(3, _FIRST_PAGE, INSIDE))]
    return entry_book_bytes(pages, title, year.year)


def calendars(schedule: MonthSchedule) -> dict[str, bytes]:
    """Return the calendar of each officer who goes to a visit of the month (.ics), by the number of the officer."""
    edition, plan = schedule.plan.arrangement, schedule.plan.year.plan
    days = schedule.plan.year.calendar.days
    workdays = days.loc[days["workday"], "date"].tolist()
    parts = schedule.plan.circumstances.parts
    entries = [_occasion(part, workdays, parts) for _, part in schedule.dated.groupby("entry", sort=False)]
    officers = sorted({code for _, codes in entries for code in codes})
    title = f"{plan.bureau}{schedule.mark} 执法日程"
    return {
        officer: calendar_bytes(
            [replace(one, uid=f"{one.uid}-{officer}@{plan.name}") for one, codes in entries if officer in codes],
            f"{title} {officer}",
            edition.as_of,
            edition.number,
        )
        for officer in officers
    }


def _occasion(part: pd.DataFrame, workdays: list[str], parts: int) -> tuple[Occasion, list[str]]:
    """One entry as an event, and who goes; `parts` are those of a working day."""
    first, visits = part.iloc[0], sorted(part["visit_id"])
    officers = list(dict.fromkeys(code for codes in part["officers"] for code in codes))
    halves, start = list(HalfDay), int(first.part) - 1
    begin, end = start * 2 // parts, -(-(start + int(part["visit_parts"].max())) * 2 // parts)
    last = workdays[min(workdays.index(first.date) + (end - 1) // 2, len(workdays) - 1)]
    title = f"{cell_text('half_day', first.half_day)} {first['name']}"
    lines = (
        f"安排编号：{'、'.join(visits)}",
        f"检查事项：{'、'.join(part['task'])}",
        f"检查人员：{'、'.join(officers)}",
        BLOCKS,
    )
    span = halves[begin], halves[(end - 1) % 2]
    return Occasion(visits[0], first.date, last, title, first.subdistrict, lines, span), officers
