"""`enforce draw`: three acts, each once, and every way to bend them refused with nothing written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from enforce import __main__ as command
from enforce.desk.commands import draw
from enforce.desk.year import open_year
from enforce.inputs.draws import draw_bytes
from enforce.words.problems import InputError

pytestmark = pytest.mark.slow

EVENT = {"kind": "掷骰子", "place": "一楼大厅"}
LATER = {**EVENT, "event_date": "2024-04-08"}


@pytest.fixture
def plan(root: Path, tmp_path: Path) -> Path:
    """The demo plan with its files."""
    for folder in ("params", "data/calendar", "data/putuo-2024"):
        shutil.copytree(root / folder, tmp_path / folder)
    return tmp_path / "params/putuo-2024.yaml"


def records(plan: Path) -> dict[str, bytes]:
    folder = plan.parents[1] / "data/putuo-2024/draws"
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*"))}


def refused(plan: Path, act, *arguments, **options) -> str:
    before = records(plan)
    with pytest.raises(InputError) as error:
        act(plan, *arguments, **options)
    assert records(plan) == before
    return str(error.value)


def commit(plan: Path, task: str = "P10", month: int = 0, **options) -> list[str]:
    return draw.commit(plan, task, month, **{"date": "2024-04-01", **LATER, **options})


def seed(plan: Path, task: str = "P10", month: int = 0, **options) -> list[str]:
    return draw.seed(plan, task, month, **{"number": "493018", "date": "2024-04-08", **EVENT, **options})


def edit(plan: Path, table: str, old: str, new: str) -> None:
    path = plan.parents[1] / "data/putuo-2024" / table
    text = path.read_text(encoding="utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_three_acts_draw_the_28_from_the_frozen_list_and_the_page_repeats_it(plan, tmp_path):
    lines = commit(plan)
    year = open_year(plan)
    (record,) = year.draws
    assert (record.draw_id, record.places) == ("putuo-2024-P10", 28)
    assert f"名单摘要（SHA-256）{record.list_sha256}" in lines
    assert any(path.name == "putuo-2024-P10.json" for path in year.inputs)
    seed(plan)
    assert sum(line.startswith("  抽中") for line in draw.draw(plan, "P10")) == 28
    (record,) = open_year(plan).draws
    units = year.units.set_index("unit_id")
    drawn = [unit.unit_id for unit in record.result if not unit.substitute]
    assert len(set(drawn)) == 28
    assert not units.loc[drawn, "is_key"].any()
    draw.write_page(plan, "P10", out=tmp_path / "out")
    page = (tmp_path / "out/公示-putuo-2024-P10.html").read_text(encoding="utf-8")
    assert record.list_sha256 in page
    assert [code for code in units.index if code in page] == []
    assert (tmp_path / "out/verify_draw.py").is_file()


def test_names_are_published_after_the_visits_alone(plan, tmp_path):
    commit(plan)
    assert "先抽取、检查，再公布" in refused(plan, draw.write_page, "P10", publish=True, out=tmp_path / "out")
    seed(plan)
    draw.draw(plan, "P10")
    assert "家没有检查" in refused(plan, draw.write_page, "P10", publish=True, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
    (record,) = open_year(plan).draws
    rows = [
        f"D-{n},2024-04-09,{unit.unit_id},P10,,PT-05;PT-08,C{n},是,0,0,0,,,0,是,演示虚构"
        for n, unit in enumerate(record.result) if not unit.substitute
    ]  # fmt: skip
    path = plan.parents[1] / "data/putuo-2024/records.csv"
    path.write_text(path.read_text(encoding="utf-8").rstrip("\n") + "\n" + "\n".join(rows) + "\n", encoding="utf-8")
    draw.write_page(plan, "P10", publish=True, out=tmp_path / "out")
    page = (tmp_path / "out/公示-putuo-2024-P10.html").read_text(encoding="utf-8")
    assert all(row.split(",")[2] in page for row in rows)


def test_a_commitment_is_refused_for_a_line_that_draws_none_an_event_not_later_and_more_than_there_are(plan):
    assert "选取方式为随机抽取的事项" in refused(plan, commit, "P01")
    assert "P12 之一" in refused(plan, commit, "P99")
    assert "晚于名单固定的日期 2024-04-01" in refused(plan, commit, event_date="2024-04-01")
    assert "名单固定的日期" in refused(plan, commit, date="")
    assert "28 以下" in refused(plan, commit, places=29)
    assert "1 以上" in refused(plan, commit, places=0)
    assert "subdistrict、sector" in refused(plan, commit, strata="name")
    assert records(plan) == {}


def test_each_act_is_done_once(plan):
    assert "先用 commit 固定名单" in refused(plan, seed)
    commit(plan)
    assert "名单固定以后不改" in refused(plan, commit)
    assert "先用 seed 登记" in refused(plan, draw.draw, "P10")
    seed(plan)
    assert "已经登记" in refused(plan, seed)
    draw.draw(plan, "P10")
    assert "已经抽取" in refused(plan, draw.draw, "P10")


def test_a_seed_is_refused_when_its_event_is_another_is_not_later_or_has_served(plan):
    commit(plan)
    assert "掷骰子（固定名单时约定的事件）" in refused(plan, seed, kind="摇号")
    assert "一楼大厅（固定名单时约定的事件）" in refused(plan, seed, place="二楼")
    assert "晚于名单固定的日期" in refused(plan, seed, date="2024-03-31")
    assert "数字或英文字母" in refused(plan, seed, number="49 30")
    commit(plan, "P12")
    seed(plan)
    assert "一个事件只用一次" in refused(plan, seed, "P12")
    assert "一个事件只用一次" in refused(plan, commit, "P08")
    commit(plan, "P08", event_date="2024-04-09")
    seed(plan, "P08", date="2024-04-09")


def test_a_list_that_changed_is_not_drawn_from_and_what_changed_is_named(plan):
    commit(plan)
    seed(plan)
    (record,) = open_year(plan).draws
    code = record.listed[0].unit_id
    path = plan.parents[1] / "data/putuo-2024/units.csv"
    line = next(line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith(code))
    edit(plan, "units.csv", line, line.replace(",区级,", ",市级,"))
    text = refused(plan, draw.draw, "P10")
    assert "参加 " in text
    assert code in text
    assert "现在没有" in text
    assert "现在多出" in text


def test_a_result_that_was_touched_is_not_published(plan, tmp_path):
    commit(plan)
    seed(plan)
    draw.draw(plan, "P10")
    (record,) = open_year(plan).draws
    path = plan.parents[1] / "data/putuo-2024/draws/putuo-2024-P10.json"
    path.write_bytes(draw_bytes(record.model_copy(update={"result": record.result[1:]})))
    assert "内容与链上的摘要不符" in refused(plan, draw.write_page, "P10", publish=True, out=tmp_path / "out")
    (path.parents[1] / "ledger.sqlite").unlink()
    assert "抽取时写下的结果" in refused(plan, draw.write_page, "P10", publish=True, out=tmp_path / "out")


def test_months_are_drawn_one_after_the_other_and_nobody_twice(plan):
    assert "3 以下（该月要抽取的家数" in refused(plan, commit, month=4, places=10)
    commit(plan, month=4)
    assert "先抽取，再固定下一次的名单" in refused(plan, commit, month=5)
    seed(plan, month=4)
    draw.draw(plan, "P10", 4)
    commit(plan, month=5, event_date="2024-05-08", date="2024-05-06")
    april, may = open_year(plan).draws
    drawn = {unit.unit_id for unit in april.result if not unit.substitute}
    assert (april.places, may.places) == (3, 3)
    assert {unit.unit_id for unit in may.left_out if unit.reason == "before"} == drawn
    seed(plan, month=5, date="2024-05-08")
    draw.draw(plan, "P10", 5)
    commit(plan, event_date="2024-05-15", date="2024-05-10")
    assert {one.month: one.places for one in open_year(plan).draws} == {0: 22, 4: 3, 5: 3}
    seed(plan, date="2024-05-15")
    draw.draw(plan, "P10")
    assert "计划在辖区内抽取 28 家，已抽 28 家" in refused(plan, commit, month=6)


def test_dates_of_another_year_and_weights_that_nobody_chose_are_refused(plan):
    assert "计划年度 2024 年内的日期" in refused(plan, commit, event_date="2025-02-03")
    assert "2023 或 2024 年的日期" in refused(plan, commit, date="2022-02-03")
    assert "先写抽取权重" in refused(plan, commit, weighted=True)


def test_strata_and_weights_stand_in_the_record(plan):
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text + "\ndraw_weights: {risk_grade: {红: 4, 橙: 3, 黄: 2}}\n", encoding="utf-8")
    commit(plan, strata="subdistrict", weighted=True)
    year = open_year(plan)
    (record,) = year.draws
    units = year.units.set_index("unit_id")
    assert all(unit.stratum == units.loc[unit.unit_id, "subdistrict"] for unit in record.listed)
    grades = {"红": 4, "橙": 3, "黄": 2}
    assert all(unit.weight == grades.get(units.loc[unit.unit_id, "risk_grade"], 1) for unit in record.listed)
    seed(plan)
    draw.draw(plan, "P10")


@pytest.mark.parametrize("weight", ["0", "-1", "1.5", "true"])
def test_a_weight_of_zero_or_below_is_refused_with_the_plan(plan, weight):
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text + f"\ndraw_weights: {{risk_grade: {{红: {weight}}}}}\n", encoding="utf-8")
    assert "抽取权重 风险等级 红" in refused(plan, commit)


def test_the_command_line_takes_the_acts_and_says_what_is_missing(plan, capsys):
    act = ["draw", str(plan), "--task", "P10"]
    event = ["--kind", "掷骰子", "--place", "一楼大厅", "--event-date", "2024-04-08"]
    assert command._run([*act, "commit", *event]) == 2
    assert "缺少 --date" in capsys.readouterr().err
    assert command._run(["draw", str(plan), "commit", "--help"]) == 0
    assert "固定名单" in capsys.readouterr().out
    assert command._run(["draw", str(plan), "commit", "--task"]) == 2
    assert "选项 --task 后面要写值" in capsys.readouterr().err
    assert command._run([*act, "commit", "--date", "2024-04-01", *event, "--places", "x"]) == 2
    assert command._run([*act, "commit", "--date", "2024-04-01", *event]) == 0
    assert command._run([*act, "seed", "--number", "493018", *event]) == 0
    assert command._run(["draw", str(plan), "draw", "--task", "P10"]) == 0
    assert command._run([*act, "page", "--out", str(plan.parent / "out")]) == 0
    assert json.loads(next(iter(records(plan).values())))["seed"] == "493018"
    assert command._run([*act, "nothing"]) == 2
    assert "没有命令 nothing" in capsys.readouterr().err
