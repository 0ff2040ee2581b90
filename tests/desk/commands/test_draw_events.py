"""Around a draw: the ledger's chain, kills, withdrawals, officers, removals, hold-outs of ranked lines."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from enforce import __main__ as command
from enforce.desk.commands import draw, draw_events, record
from enforce.desk.run.handover import summary_books
from enforce.desk.summary import summary
from enforce.desk.year import open_year
from enforce.inputs import draws as drawing
from enforce.inputs.draws import units_to_visit
from enforce.inputs.ledger.ledger import check_ledger
from enforce.words.problems import InputError
from tests.desk.commands.test_draw import commit, edit, records, refused, seed

pytestmark = pytest.mark.slow


@pytest.fixture
def plan(root: Path, tmp_path: Path) -> Path:
    """The demo plan with its files."""
    for folder in ("params", "data/calendar", "data/putuo-2024"):
        shutil.copytree(root / folder, tmp_path / folder)
    return tmp_path / "params/putuo-2024.yaml"


def data(plan: Path) -> Path:
    return plan.parents[1] / "data/putuo-2024"


def drawn(plan: Path, task: str = "P10"):
    commit(plan, task)
    seed(plan, task)
    draw.draw(plan, task)
    return open_year(plan).draws[0]


@pytest.fixture(scope="module")
def after_the_draw(root: Path, tmp_path_factory) -> Path:
    """The demo plan's folder of data once P10 is drawn; nothing changes it."""
    place = tmp_path_factory.mktemp("drawn")
    for folder in ("params", "data/calendar", "data/putuo-2024"):
        shutil.copytree(root / folder, place / folder)
    drawn(place / "params/putuo-2024.yaml")
    return place / "data/putuo-2024"


@pytest.fixture
def drawn_plan(plan: Path, after_the_draw: Path) -> Path:
    """The demo plan of which P10 is drawn."""
    shutil.copytree(after_the_draw, data(plan), dirs_exist_ok=True)
    return plan


def remove(plan: Path, unit: str, task: str = "P10", **facts) -> list[str]:
    given = {"date": "2024-05-06", "why": "closed", "evidence": "现场笔录", **facts}
    return draw_events.event(plan, task, unit=unit, **given)


# --- the chain ---


def test_each_act_is_an_entry_of_the_one_chain_and_the_visits_of_the_table_still_count(root, drawn_plan):
    plan, before = drawn_plan, len(open_year(root / "params/putuo-2024.yaml").tables.records)
    year = open_year(plan)
    assert len(year.tables.records) == before
    soundness = check_ledger(data(plan) / "ledger.sqlite")
    assert (soundness.steps, soundness.acts, soundness.head) == (3, 0, year.ledger_head)
    record.record(plan, data(plan) / "records.csv")
    remove(plan, next(iter(units_to_visit(year.draws[0]))))
    soundness = check_ledger(data(plan) / "ledger.sqlite", soundness.head)
    assert (soundness.steps, soundness.acts, soundness.records) == (4, 1, before)
    assert any("随机抽取的记录 1 份（4 步）" in line for line in record.verify_ledger(plan))


@pytest.mark.parametrize("change", ["edited", "gone"])
def test_a_record_that_is_not_as_the_chain_has_it_is_named(drawn_plan, change):
    path = data(drawn_plan) / "draws/putuo-2024-P10.json"
    path.write_bytes(path.read_bytes() + b"\n") if change == "edited" else path.unlink()
    for check in (record.verify_ledger, open_year):
        with pytest.raises(InputError, match="putuo-2024-P10"):
            check(drawn_plan)


def test_a_record_beside_the_chain_is_read_and_named(drawn_plan):
    (data(drawn_plan) / "ledger.sqlite").unlink()
    commit(drawn_plan, "P12", event_date="2024-04-09")
    assert any("没有登记在链上的 1 份：putuo-2024-P10.json" in line for line in record.verify_ledger(drawn_plan))


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("moment", ["waiting", "entered"])
def test_after_a_kill_the_next_act_finishes_what_the_chain_has_and_throws_away_what_it_has_not(
    plan, monkeypatch, moment
):
    commit(plan)
    write, put = drawing.write_atomic, drawing._put

    def kill(*arguments):
        raise Killed

    if moment == "waiting":
        monkeypatch.setattr(drawing, "write_atomic", lambda *given: kill(write(*given)))
    else:
        monkeypatch.setattr(drawing, "_put", lambda waiting, path: (kill if waiting.exists() else put)(waiting, path))
    with pytest.raises(Killed):
        seed(plan)
    monkeypatch.undo()
    if moment == "waiting":
        seed(plan)
    else:
        with pytest.raises(InputError, match="登记中断"):
            open_year(plan)
        with pytest.raises(InputError, match="已经登记"):
            seed(plan)
    draw.draw(plan, "P10")
    assert sorted(records(plan)) == ["putuo-2024-P10.json"]
    assert check_ledger(data(plan) / "ledger.sqlite").steps == 3


def test_an_act_that_another_process_did_meanwhile_is_not_done_again(plan):
    commit(plan)
    year = open_year(plan)
    before = year.draws[0]
    seed(plan)
    with pytest.raises(InputError, match="已有另一次登记"):
        drawing.write_draw(year.plan, before, before.model_copy(update={"seed": "777777"}), "seed", record.now())
    assert open_year(plan).draws[0].seed == "493018"


# --- withdrawal ---


def test_a_commitment_is_withdrawn_before_its_seed_and_its_number_is_not_used_again(plan, tmp_path):
    commit(plan)
    assert "不含手机号" in refused(plan, draw_events.withdraw_list, "P10", reason="张三 13800138000")
    assert "--reason" in refused(plan, draw_events.withdraw_list, "P10", reason=" ")
    draw.write_page(plan, "P10", out=tmp_path / "out")
    draw_events.withdraw_list(plan, "P10", reason="日期写错")
    draw.write_page(plan, "P10", out=tmp_path / "out")
    alone = (tmp_path / "out/公示-putuo-2024-P10.html").read_text(encoding="utf-8")
    assert "这份名单已经撤回" in alone
    assert "日期写错" in alone
    assert "先用 commit 固定名单" in refused(plan, seed)
    commit(plan)
    assert sorted(records(plan)) == ["putuo-2024-P10-v2.json", "putuo-2024-P10.json"]
    seed(plan)
    assert "不能撤回" in refused(plan, draw_events.withdraw_list, "P10", reason="不满意")
    draw.draw(plan, "P10")
    draw.write_page(plan, "P10", out=tmp_path / "out")
    page = (tmp_path / "out/公示-putuo-2024-P10-v2.html").read_text(encoding="utf-8")
    assert "日期写错" in page
    assert "这份名单已经撤回" not in page
    assert "这份名单已经撤回" in (tmp_path / "out/公示-putuo-2024-P10.html").read_text(encoding="utf-8")


# --- officers ---


def test_each_drawn_unit_has_two_licensed_officers_of_the_team_evenly_and_no_pair_twice(drawn_plan):
    result = open_year(drawn_plan).draws[0].result
    pairs = [tuple(unit.officers) for unit in result if not unit.substitute]
    assert len(pairs) == len(set(pairs)) == 28
    assert set(Counter(officer for pair in pairs for officer in pair).values()) == {7}
    assert all(unit.officers is None for unit in result if unit.substitute)


def test_nobody_is_drawn_for_a_unit_he_is_recused_from_nor_without_a_licence_nor_out_of_service(plan):
    commit(plan)
    seed(plan)
    units = [unit.unit_id for unit in draw.result(open_year(plan).draws[0])]
    rows = [f"PT-01,{code},亲属任职" for code in units]
    (data(plan) / "recusals.csv").write_text("\n".join(["人员编号,单位代码,原因", *rows[1:]]), encoding="utf-8")
    edit(plan, "roster.csv", "PT-02,执法大队,是", "PT-02,执法大队,否")
    draw.draw(plan, "P10")
    (made,) = open_year(plan).draws
    officers = units_to_visit(made)
    assert [code for code, pair in officers.items() if "PT-01" in pair] in ([], units[:1])
    assert not any({"PT-02", "PT-09"} & set(pair) for pair in officers.values())


def test_too_few_licensed_officers_are_one_refusal_with_figures(plan):
    commit(plan)
    seed(plan)
    for n in range(1, 8):
        edit(plan, "roster.csv", f"PT-0{n},执法大队,是", f"PT-0{n},执法大队,否")
    text = refused(plan, draw.draw, "P10")
    assert "可派 1 人" in text
    assert "派不出的 28 家" in text


def test_partner_departments_send_one_officer_at_most_and_have_no_days_of_ours(plan):
    before = open_year(plan).capacity
    path = data(plan) / "roster.csv"
    head, *rows = path.read_text(encoding="utf-8-sig").splitlines()
    rows = [row + "," for row in rows] + [f"SJ-0{n},执法科,是,,1,12,外单位,市场监管" for n in (1, 2)]
    path.write_text("\n".join([head + ",部门", *rows]), encoding="utf-8")
    assert open_year(plan).capacity.equals(before)
    pairs = units_to_visit(drawn(plan, "P12")).values()
    assert any({"SJ-01", "SJ-02"} & set(pair) for pair in pairs)
    assert not any({"SJ-01", "SJ-02"} == set(pair) for pair in pairs)


@pytest.mark.parametrize(
    ("row", "told"), [("XX-9,{code},亲属", "里有的人员编号"), ("PT-01,91310107MA1TX0013D,亲属", "里有的代码")]
)
def test_a_recusal_of_an_unknown_officer_or_unit_is_told(plan, row, told):
    code = open_year(plan).units["unit_id"].iloc[0]
    text = f"人员编号,单位代码,原因\n{row.format(code=code)}\n"
    (data(plan) / "recusals.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=told):
        open_year(plan)


# --- removals ---


def test_the_next_ticket_takes_the_place_with_officers_and_the_record_still_verifies(drawn_plan):
    plan = drawn_plan
    (before,) = open_year(plan).draws
    first, second = list(units_to_visit(before))[:2]
    substitutes = [unit.unit_id for unit in before.result if unit.substitute]
    assert substitutes[0] in remove(plan, first)[0]
    remove(plan, substitutes[0], why="refused", date="2024-05-07")
    remove(plan, second, why="moved", date="2024-05-08")
    (after,) = open_year(plan).draws
    assert [event.substitute for event in after.events] == substitutes[:3]
    assert (after.result, after.list_sha256) == (before.result, before.list_sha256)
    assert all(len(event.officers) == 2 for event in after.events)
    assert {first, second, substitutes[0]}.isdisjoint(units_to_visit(after))
    assert len(units_to_visit(after)) == 28
    page = draw._public(after)
    assert "officers" not in json.dumps(page)
    assert "staff" not in page


def test_an_event_that_cannot_be_is_refused(drawn_plan):
    plan = drawn_plan
    (made,) = open_year(plan).draws
    first, last = next(iter(units_to_visit(made))), made.result[-1].unit_id
    assert "还要检查的单位" in refused(plan, remove, last)
    assert "closed" in refused(plan, remove, first, why="because")
    assert "evidence" in refused(plan, remove, first, evidence="")
    assert "以后" in refused(plan, remove, first, date="2024-04-01")
    assert "2024 年内" in refused(plan, remove, first, date="2025-01-02")
    remove(plan, first)
    assert "还要检查的单位" in refused(plan, remove, first)


def test_where_no_substitute_is_left_that_is_told_and_the_visit_is_in_the_table_of_removals(plan):
    path = data(plan) / "records.csv"
    commit(plan, "P08")
    seed(plan, "P08")
    draw.draw(plan, "P08")
    while "没有候补" not in remove(plan, next(iter(units_to_visit(open_year(plan).draws[0]))), "P08")[0]:
        pass
    assert path.exists()
    end = summary(open_year(plan))
    assert end.removed["removed_visits"].sum() == 1
    assert len(end.removed) == len(open_year(plan).draws[0].events)
    line = end.by_task.set_index("task_id").loc["P08"]
    assert (line["planned_visits"], line["removed_visits"], line["denominator"]) == (8, 1, 7)
    assert (end.by_tier["planned_visits"].iloc[-1], end.by_tier["denominator"].iloc[-1]) == (261, 260)
    book = read_book(plan.parent.parent, end)
    assert book["不再检查"].max_row > len(end.removed)
    assert "不再检查(家次)" in [cell.value for row in book["按事项"].iter_rows() for cell in row]


def read_book(folder: Path, end) -> object:
    write = summary_books(end)["计划执行对比.xlsx"]
    write(folder / "计划执行对比.xlsx")
    return openpyxl.load_workbook(folder / "计划执行对比.xlsx")


# --- hold-outs ---


def test_a_tenth_of_a_ranked_line_is_drawn_at_random_and_its_hit_rate_compared(plan):
    lines = commit(plan, "P11")
    assert any("抽 7 家" in line for line in lines)
    seed(plan, "P11")
    draw.draw(plan, "P11")
    year = open_year(plan)
    assert all(unit.officers is None for unit in year.draws[0].result)
    hits = summary(year).hits
    assert hits["task_id"].tolist() == ["P11", "P11"]
    assert hits["denominator"].sum() == (year.tables.records["task_id"] == "P11").sum()


def test_without_a_hold_out_a_ranked_line_is_not_drawn(plan):
    plan.write_text(plan.read_text(encoding="utf-8") + "\nholdout: 0\n", encoding="utf-8")
    assert "选取方式为随机抽取的事项" in refused(plan, commit, "P11")


def test_the_command_line_withdraws_and_records_events(plan, capsys):
    act = ["draw", str(plan), "--task", "P10"]
    commit(plan)
    assert command._run([*act, "withdraw", "--reason", "日期写错"]) == 0
    made = drawn(plan) and open_year(plan).draws[-1]
    unit = next(iter(units_to_visit(next(one for one in open_year(plan).draws if one.result))))
    assert command._run([*act, "event", unit, "--date", "2024-05-06", "--why", "closed"]) == 2
    facts = ["--date", "2024-05-06", "--why", "closed", "--evidence", "现场笔录"]
    assert command._run([*act, "event", unit, *facts]) == 0
    assert made is not None
    assert "递补" in capsys.readouterr().out
