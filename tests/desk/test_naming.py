"""The year and the month by name: what is read for it, what is announced, what stays inside."""

from __future__ import annotations

import csv
import io
import shutil
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from enforce.desk.commands import draw
from enforce.desk.paperwork import dossier
from enforce.desk.run.handover import annual_books, monthly_books
from enforce.desk.standing import month
from enforce.desk.year import open_year
from enforce.words.problems import InputError

pytestmark = pytest.mark.slow


@pytest.fixture
def plan(root: Path, tmp_path: Path) -> Path:
    """The demo plan with its files."""
    for folder in ("params", "data/calendar", "data/putuo-2024"):
        shutil.copytree(root / folder, tmp_path / folder)
    return tmp_path / "params/putuo-2024.yaml"


def write(plan: Path, table: str, text: str) -> None:
    (plan.parents[1] / "data/putuo-2024" / table).write_text(text, encoding="utf-8-sig")


def edit(plan: Path, table: str, change) -> None:
    """Change the rows of a table (a list of dicts) in place."""
    path = plan.parents[1] / "data/putuo-2024" / table
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    change(rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8-sig")


def reasons(year, task_id: str) -> dict[str, int]:
    rows = year.named.visits
    return rows.loc[rows["task_id"] == task_id, "reason"].value_counts().to_dict()


def test_the_year_by_name_has_annex_1_to_the_cell(year):
    planned = year.annex.visits[year.annex.visits["visits"] > 0].set_index(["task_id", "month"])["visits"]
    rows = year.named.visits
    assert rows[rows["month"] > 0].groupby(["task_id", "month"]).size().to_dict() == planned.to_dict()
    assert len(rows) == 261
    assert reasons(year, "P08") == {"not_drawn": 4, "outside": 4}
    assert reasons(year, "P10") == {"not_drawn": 28}
    assert year.named.wishes["proved"].all()


def test_certificates_without_what_was_looked_into_have_no_unit_and_with_it_they_have(plan):
    year = open_year(plan)
    assert reasons(year, "P05")["clue"] == 8
    done = set(year.tables.records["unit_id"])
    free = [code for code in year.units.loc[year.units["level"] == "区级", "unit_id"] if code not in done][:2]
    write(plan, "found.csv", f"序号,单位代码或个人,日期,处理\n1,{free[0]},2024-02-01,移送\n2,个人,2024-02-02,\n")
    year = open_year(plan)
    assert reasons(year, "P05") == {"": 13, "clue": 6, "person": 1}
    rows = year.named.visits
    assert rows.loc[rows["how"] == "clue", "unit_id"].tolist() == [free[0]]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("1,张三,2024-02-01,", "不写姓名、证件号"),
        ("1,T310105194912310021,2024-02-01,", "不写姓名、证件号"),
        ("1,个人,2022-12-31,", "计划年度 2024 或上一年的日期"),
        ("1,91110000600037341L,2024-02-01,", "units.csv 里有的代码"),
        ("1,个人,2024-02-01,身份证 110105194912310021", "不含身份证号"),
    ],
)
def test_a_certificate_number_or_a_name_is_refused_and_not_shown(plan, row, expected):
    write(plan, "found.csv", f"序号,单位代码或个人,日期,处理\n{row}\n")
    with pytest.raises(InputError, match=expected) as error:
        open_year(plan)
    assert not any(text in str(error.value) for text in ("张三", "194912310021"))


def test_a_column_of_names_or_certificates_is_refused(plan):
    write(plan, "found.csv", "单位代码或个人,姓名,证书编号,日期\n个人,张三,T12,2024-02-01\n")
    with pytest.raises(InputError, match="请删去这一列") as error:
        open_year(plan)
    assert len(error.value.problems) == 2


def test_a_clue_of_a_line_that_has_none_is_refused(plan):
    write(plan, "found.csv", "事项编号,单位代码或个人,日期\nP01,个人,2024-02-01\n")
    with pytest.raises(InputError, match="按线索检查的事项"):
        open_year(plan)


def test_a_line_by_clue_is_read_by_its_label_and_told(plan):
    edit(plan, "tasks.csv", lambda rows: rows[6].update({"选取方式": "按线索"}))
    year = open_year(plan)
    assert reasons(year, "P07") == {"clue": 8}
    assert "clues" in set(year.findings["check"])


def test_warnings_and_units_without_contact_are_read_and_act(plan):
    ranked = open_year(plan).rankings.query("task_id == 'P11'")
    last, first = ranked["unit_id"].iloc[-1], ranked["unit_id"].iloc[0]

    def mark(rows):
        for row in rows:
            code = row["统一社会信用代码"]
            row["预警"] = "2024年2月3日 某平台" if code == last else ""
            row["无感监管"] = "是" if code == first else "否"

    edit(plan, "units.csv", mark)
    year = open_year(plan)
    ranked = year.rankings.query("task_id == 'P11'")
    assert ranked[["unit_id", "warned_on"]].iloc[0].tolist() == [last, "2024-02-03"]
    assert first not in set(ranked["unit_id"])
    assert first not in set(year.named.visits.loc[~year.named.visits["done"], "unit_id"])


@pytest.mark.parametrize("cell", ["某平台", "2024-02-30 某平台", "2024-02-03 电话13800138000"])
def test_a_warning_without_a_day_or_with_a_number_is_refused(plan, cell):
    edit(plan, "units.csv", lambda rows: [row.update({"预警": cell if n == 0 else ""}) for n, row in enumerate(rows)])
    with pytest.raises(InputError, match="预警"):
        open_year(plan)


def test_a_month_announces_the_list_and_ranks_and_of_draws_the_commitment_alone(plan):
    draw.commit(plan, "P10", date="2024-04-01", kind="掷骰子", place="一楼大厅", event_date="2024-04-08")
    event = {"kind": "掷骰子", "place": "一楼大厅", "date": "2024-04-08"}
    draw.seed(plan, "P10", number="493018", **event)
    draw.draw(plan, "P10")
    edit(plan, "tasks.csv", lambda rows: rows[5].update({"不公布": "突击检查"}))
    year = open_year(plan)
    may = month(year, 5)
    (record,) = year.draws
    named = may.month_list.set_index("task_id")
    drawn = set(named.loc[["P10"], "name"])
    assert drawn
    assert "" not in drawn
    notice = may.notice.set_index("task")
    assert year.names["P06"] not in notice.index
    line = notice.loc[year.names["P10"]]
    assert line["objects"] == ()
    assert record.list_sha256 in line["commitments"][0]
    assert set(notice.loc[year.names["P01"], "objects"]) == set(named.loc[["P01"], "name"])
    hidden = (drawn | set(named.loc[["P06"], "name"])) - {*may.announced["name"], *may.disclosed["name"]}
    assert hidden
    paper = dossier.made(may, dossier.month_papers(may)).documents["月公示-2024-05.docx"]
    text = "\n".join(passage.text for passage in paper.passages)
    assert record.list_sha256 in text
    assert [name for name in hidden if name in text] == []
    assert all(name in text for name in notice.loc[year.names["P01"], "objects"])


def test_names_of_a_drawn_line_are_disclosed_after_the_visit(year):
    june = month(year, 6)
    visited = june.records[(june.records["task_id"] == "P10") & june.records["date"].str.startswith("2024-05")]
    names = year.units.set_index("unit_id")["name"]
    rows = june.disclosures.set_index("task")
    assert set(rows.loc[year.names["P10"], "objects"]) == set(names[visited["unit_id"]])
    assert not set(june.disclosed["task_id"]) & {"P01", "P11"}


def test_who_moved_are_names_not_yet_visited_and_others_keep_their_month(year):
    plan = month(year, 5)
    before, after = (table.visits for table in (plan.named_before, plan.named))
    keys = ["task_id", "unit_id"]
    old, new = (table[(table["unit_id"] != "") & ~table["done"]].set_index(keys)["month"] for table in (before, after))
    common = old.index.intersection(new.index)
    moved = {(row.task_id, row.unit_id) for row in plan.moved.itertuples()}
    assert {key for key in common if old[key] != new[key]} <= moved
    assert {key for key in common if old[key] == new[key]} & moved == set()
    assert (plan.moved["before_month"] != plan.moved["month"]).all()


def test_the_books_have_the_lists_inside(year, tmp_path):
    may = month(year, 5)
    for name, write_one in (monthly_books(may) | annual_books(year)).items():
        write_one(tmp_path / name)
    book = openpyxl.load_workbook(tmp_path / "月度执法安排-2024-05.xlsx")
    assert {"本月名单", "抽取", "月公示", "检查以后公布", "名单调整"} <= set(book.sheetnames)
    assert {"名单", "排序", "点名到月"} <= set(openpyxl.load_workbook(tmp_path / "点名-局内.xlsx").sheetnames)


def test_the_gap_and_the_seed_are_of_the_plan(plan):
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text + "\nmin_gap_days: 90\ntie_seed: 某日\n", encoding="utf-8")
    year = open_year(plan)
    assert year.seed == "某日"
    wishes = year.named.wishes.set_index("wish")
    assert wishes.loc["gap", "proved"]
    plan.write_text(text + "\nmin_gap_days: 0\n", encoding="utf-8")
    with pytest.raises(InputError, match="最短间隔 = 0"):
        open_year(plan)


def test_units_in_the_plan_of_a_superior_are_left_out(year):
    some = frozenset(year.named.visits.query("task_id == 'P03' and not done and unit_id != ''")["unit_id"].head(2))
    rows = pd.DataFrame({"unit_id": sorted(some), "who": "市局", "date": "", "month": 5, "counts": "是"})
    naming = replace(year.naming, tables=replace(year.tables, elsewhere=rows))
    rows = naming.by_month(year.tasks, year.annex.visits, year.annex.unplaced, year.moment).visits
    assert not some & set(rows.loc[~rows["done"], "unit_id"])


def test_the_street_tables_add_up_to_the_named_visits(year):
    plan = month(year, 5)
    named = plan.named.visits[(plan.named.visits["unit_id"] != "") & (plan.named.visits["month"] > 0)]
    assert plan.street_months["visits"].sum() == len(named)
    assert plan.street_coverage["numerator"].sum() == named["unit_id"].nunique()


def test_nobody_is_visited_before_the_day_on_which_it_was_drawn(plan):
    event = {"kind": "掷骰子", "place": "一楼大厅"}
    draw.commit(plan, "P10", date="2024-04-01", event_date="2024-04-15", **event)
    draw.seed(plan, "P10", number="493018", date="2024-04-15", **event)
    draw.draw(plan, "P10")
    april = month(open_year(plan), 4)
    codes = april.numbered.loc[april.numbered["task_id"] == "P10", ["visit_id", "unit_id"]]
    named = codes.loc[codes["unit_id"] != "", "visit_id"]
    visits = april.schedule.visits.set_index("visit_id")
    days = [day for day in visits.reindex(named)["date"].dropna() if day]
    assert any(day < "2024-04-15" for day in visits["date"] if day)
    assert min(days) >= "2024-04-15"
