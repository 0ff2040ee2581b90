"""The demo data: committed byte for byte as made, and telling what its README says."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from datetime import date
from io import StringIO

import pytest
from stdnum.cn import uscc

from data import make_demo
from data.demo_plan import CHEMICALS, KEY_HAZARDS
from enforce.inputs.calendar import read_calendar
from enforce.words.terms import Basis, Selection, Tier, Trigger
from enforce.words.vocabulary import vocabulary

FILES = make_demo.files()
PLANNED = {
    "P01": 60,
    "P02": 10,
    "P03": 20,
    "P04": 8,
    "P05": 20,
    "P06": 10,
    "P07": 8,
    "P08": 8,
    "P09": 6,
    "P10": 28,
    "P11": 68,
    "P12": 15,
}
DONE = PLANNED | {"P01": 59, "P04": 7, "P10": 27, "P11": 64}


def committed(name: str) -> list[dict[str, str]]:
    text = (make_demo.FOLDER / name).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


TASKS = {row["事项编号"]: row for row in committed("tasks.csv")}
ROSTER = {row["执法人员编号"]: row for row in committed("roster.csv")}
UNITS = {row["统一社会信用代码"]: row for row in committed("units.csv")}
RECORDS = committed("records.csv")
KEY_UNITS = {code for code, row in UNITS.items() if row["是否区重点单位"] == "是"}


def flags(row: dict[str, str]) -> set[str]:
    return set(row["对象标签"].split(";")) - {""}


WORDS = vocabulary()


def month(record: dict[str, str]) -> int:
    return int(record["检查日期"][5:7])


def window(task: str) -> set[int]:
    spans = [span.split("-") for span in TASKS[task]["月份"].replace("|", ",").split(",")]
    return {m for span in spans for m in range(int(span[0]), int(span[-1]) + 1)}


def visits_of(task: str) -> list[dict[str, str]]:
    return [record for record in RECORDS if record["事项编号"] == task]


# --- Files ---


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_committed_file_is_byte_for_byte_what_is_made(name):
    content = (make_demo.FOLDER / name).read_bytes()
    assert content == FILES[name]
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content


def test_the_check_passes_on_the_committed_files_and_fails_on_a_changed_or_missing_one(tmp_path, monkeypatch, capsys):
    assert make_demo.main(["--check"]) == 0
    monkeypatch.setattr(make_demo, "FOLDER", tmp_path)
    assert make_demo.main(["--check"]) == 1
    assert make_demo.main([]) == 0
    assert make_demo.main(["--check"]) == 0
    (tmp_path / "units.csv").write_bytes(FILES["units.csv"] + b"\n")
    assert make_demo.main(["--check"]) == 1
    assert "units.csv" in capsys.readouterr().err


def test_everything_invented_says_so_on_its_row():
    for row in [*ROSTER.values(), *UNITS.values(), *RECORDS]:
        assert row["数据来源"] == "演示虚构"
    for row in TASKS.values():
        assert "普应急〔2024〕1号" in row["数据来源"]
        assert row["数据来源"].endswith("演示虚构")


# --- Plan lines and officers ---


def test_the_lines_give_the_visits_of_the_published_plan():
    assert {task: int(row["计划家次"]) for task, row in TASKS.items()} == PLANNED
    tiers = Counter()
    for row in TASKS.values():
        tiers[row["检查类型"]] += int(row["计划家次"])
    assert tiers == {"重点检查": 178, "一般检查": 83}


def test_the_lines_use_known_words_and_quote_the_plan():
    for row in TASKS.values():
        assert all((Tier.of(row["检查类型"]), dict(WORDS.kinds)[row["事项性质"]], Selection.of(row["选取方式"])))
        assert flags(row) <= set(WORDS.hazards)
        assert row["计划原文"]
    assert (TASKS["P05"]["其他计数"], TASKS["P05"]["其他计数单位"], TASKS["P05"]["计划家数"]) == ("12", "张", "8")
    assert (len(TASKS["P06"]["专题"].split(";")), len(TASKS["P07"]["专题"].split(";"))) == (8, 2)
    assert TASKS["P08"]["区外家次"] == "4"


def test_the_brigade_has_eight_officers_and_a_ninth_from_july():
    assert Counter(row["科队"] for row in ROSTER.values()) == {"执法大队": 9, "危化科": 4, "基础科": 3}
    assert [code for code, row in ROSTER.items() if row["起始月"] != "1"] == ["PT-09"]
    assert ROSTER["PT-09"]["起始月"] == "7"
    assert {row["是否持证"] for row in ROSTER.values()} == {"是"}


# --- Units ---


def test_there_are_650_units_with_valid_codes_no_real_unit_can_have():
    assert len(UNITS) == len(committed("units.csv")) == 650
    for code in UNITS:
        assert uscc.validate(code) == code
        assert code[:12] == "91310107TEXT"
        total = sum(int(c, 36) * w for c, w in zip(code[8:16], (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
        check = 11 - total % 11
        assert code[16] == {10: "X", 11: "0"}.get(check, str(check))


def test_names_are_unique_and_obviously_invented():
    names = [row["企业名称"] for row in UNITS.values()]
    assert len(set(names)) == len(names)
    assert all(name.startswith("演示") and name.endswith("号（虚构）") for name in names)


def test_the_units_lie_in_all_ten_sub_districts():
    assert len({row["街镇"] for row in UNITS.values()}) == 10


def test_the_key_list_has_70_units_60_under_p01_and_10_under_p02_all_with_a_key_hazard():
    assert Counter(UNITS[code]["重点覆盖事项"] for code in KEY_UNITS) == {"P01": 60, "P02": 10}
    for code, row in UNITS.items():
        assert (code in KEY_UNITS) == bool(row["重点覆盖事项"])
        if code in KEY_UNITS:
            assert flags(row) & set(KEY_HAZARDS)
            assert row["执法层级"] == WORDS.our_level
        if row["重点覆盖事项"] == "P02":
            assert flags(row) & set(CHEMICALS)


@pytest.mark.parametrize("task", sorted(PLANNED))
def test_each_line_has_enough_units_of_the_district_level(task):
    left_out = {"": set(), "区重点单位": KEY_UNITS, "其他单位": UNITS.keys() - KEY_UNITS}
    wanted, excluded = flags(TASKS[task]), left_out[TASKS[task]["排除对象"]]
    district = {code for code, row in UNITS.items() if row["执法层级"] == "区级"} - excluded
    chosen = {code for code in district if not wanted or flags(UNITS[code]) & wanted}
    assert len(chosen) >= int(TASKS[task]["计划家数"]) - int(TASKS[task]["区外家次"])
    if task == "P09":
        assert len(chosen) == 6
    if task == "P10":
        assert len(chosen) >= 60


def test_a_few_grades_and_last_visits_are_missing_and_none_is_made_up():
    for column in ("信用等级", "风险等级"):
        assert 0.02 < sum(not row[column] for row in UNITS.values()) / len(UNITS) < 0.08
    assert 5 <= sum(not row["上次检查日期"] for row in UNITS.values()) <= 40
    assert all(row["上次检查日期"] < "2024" for row in UNITS.values())
    assert {row["执法层级"] for row in UNITS.values()} == {"市级", "区级", "街镇级"}


# --- Records ---


def test_276_visits_are_recorded_254_of_the_plan_and_22_beside_it():
    done = Counter(record["事项编号"] for record in RECORDS)
    assert done == DONE | {"": 22}
    assert (len(RECORDS), sum(DONE.values())) == (276, 254)
    assert len({record["检查编号"] for record in RECORDS}) == 276


def test_60_visits_are_done_by_the_end_of_march_and_45_by_the_day_of_approval():
    dates = [record["检查日期"] for record in RECORDS]
    assert sum(day <= "2024-03-31" for day in dates) == 60
    assert sum(day <= "2024-03-13" for day in dates) == 45
    assert dates == sorted(dates)


def test_every_visit_is_on_a_workday_of_the_plain_week():
    days = read_calendar(2024).days.set_index("date")["workday"]
    for record in RECORDS:
        assert days[record["检查日期"]]
        assert date.fromisoformat(record["检查日期"]).weekday() < 5


def test_five_visits_are_late_and_all_others_within_their_window():
    late = Counter(r["事项编号"] for r in RECORDS if r["事项编号"] and month(r) > max(window(r["事项编号"])))
    assert late == {"P05": 2, "P06": 1, "P07": 1, "P09": 1}
    outside = [r for r in RECORDS if r["事项编号"] and month(r) not in window(r["事项编号"])]
    assert len(outside) == sum(late.values()) == 5


def test_69_of_70_key_units_are_covered_and_the_last_is_one_of_p01():
    missing = KEY_UNITS - {record["统一社会信用代码"] for record in RECORDS}
    assert [UNITS[code]["重点覆盖事项"] for code in missing] == ["P01"]


def test_planned_visits_are_at_units_of_the_line_and_none_twice():
    for task, row in TASKS.items():
        codes = [record["统一社会信用代码"] for record in visits_of(task) if record["统一社会信用代码"]]
        assert len(set(codes)) == len(codes)
        for code in codes:
            assert not flags(row) or flags(UNITS[code]) & flags(row)
            assert row["排除对象"] != ("区重点单位" if code in KEY_UNITS else "其他单位")
            assert UNITS[code]["执法层级"] == "区级"
    assert {UNITS[r["统一社会信用代码"]]["重点覆盖事项"] for r in visits_of("P01")} == {"P01"}
    assert {UNITS[r["统一社会信用代码"]]["重点覆盖事项"] for r in visits_of("P02")} == {"P02"}


def test_cross_district_visits_are_four_at_key_units_and_four_outside():
    inside = [record for record in visits_of("P08") if record["是否区内"] == "是"]
    outside = [record for record in RECORDS if record["是否区内"] == "否"]
    assert (len(inside), len(outside)) == (4, 4)
    assert all(record["统一社会信用代码"] in KEY_UNITS for record in inside)
    assert {(record["事项编号"], record["统一社会信用代码"]) for record in outside} == {("P08", "")}


def test_visits_number_more_than_entries_since_nine_entries_serve_two_lines():
    shared = Counter((r["检查日期"], r["统一社会信用代码"]) for r in RECORDS if r["统一社会信用代码"])
    assert Counter(shared.values()) == {1: 254, 2: 9}
    officers = {}
    for record in RECORDS:
        key = (record["检查日期"], record["统一社会信用代码"] or record["检查编号"])
        assert officers.setdefault(key, record["检查人员"]) == record["检查人员"]


def test_every_record_has_two_different_officers_in_service():
    for record in RECORDS:
        pair = record["检查人员"].split(";")
        assert len(set(pair)) == len(pair) == 2
        assert all(int(ROSTER[code]["起始月"]) <= month(record) <= int(ROSTER[code]["截止月"]) for code in pair)
    assert any("PT-09" in record["检查人员"] for record in RECORDS)


def test_unplanned_visits_and_only_they_have_a_trigger():
    triggers = Counter(record["触发原因"] for record in RECORDS if not record["事项编号"])
    assert triggers == {"投诉举报": 9, "部门移送": 3, "上级交办": 3, "事故调查": 3, "整改复查": 3, "督查巡查": 1}
    assert set(triggers) < {trigger.label for trigger in Trigger}
    assert not any(record["触发原因"] for record in RECORDS if record["事项编号"])


def test_inspection_fines_and_accident_fines_stand_apart():
    fines = Counter(record["处罚来源"] for record in RECORDS if int(record["罚款(元)"]))
    assert fines == {Basis.INSPECTION.label: 30, Basis.ACCIDENT.label: 3}
    assert sum(record["处罚"] == "警告" for record in RECORDS) == 2
    for record in RECORDS:
        assert bool(record["处罚"]) == bool(record["处罚来源"])
        assert (record["处罚来源"] == "事故调查") == (record["触发原因"] == "事故调查")


def test_hazards_fixed_and_major_ones_are_among_those_found():
    found, major, fixed = (
        sum(int(record[column]) for record in RECORDS) for column in ("隐患数", "重大隐患数", "整改数")
    )
    assert all(int(r["重大隐患数"]) <= int(r["隐患数"]) >= int(r["整改数"]) for r in RECORDS)
    assert 0.95 < fixed / found < 1
    assert 0 < major < found / 20


def test_four_records_are_not_full_and_eleven_lack_the_code():
    partial = [record for record in RECORDS if record["记录完整"] == "否"]
    assert Counter(r["事项编号"] or r["触发原因"] for r in partial) == {"P11": 2, "督查巡查": 1, "上级交办": 1}
    assert all(r["隐患数"] == "0" and not r["检查码"] and not r["处罚"] for r in partial)
    assert sum(not record["检查码"] for record in RECORDS) == 11


# --- Tickets ---


def test_a_ticket_is_the_sha_256_of_seed_purpose_and_key():
    digest = hashlib.sha256("普陀2024演示|街镇|甲".encode()).digest()
    assert make_demo.pick(("东", "西", "南"), "街镇", "甲") == ("东", "西", "南")[int.from_bytes(digest[:8], "big") % 3]


def test_every_complaint_visit_has_its_complaint_registered_before_it_and_one_of_nine_is_closed_late():
    work = committed("other_work.csv")
    complaints = {row["对象代码"]: row for row in work if row["类别"] == "投诉举报"}
    visits = [row for row in RECORDS if row["触发原因"] == "投诉举报"]
    assert len(visits) == len(complaints) == 9
    assert all(complaints[row["统一社会信用代码"]]["日期"] < row["检查日期"] for row in visits)
    assert sum(row["办结日期"] > row["到期日"] for row in complaints.values()) == 1
    assert all("虚构" in row["结果"] for row in work)
    assert {officer for row in work for officer in row["人员"].split(";")} <= set(ROSTER)
