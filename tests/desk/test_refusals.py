"""Input that no plan can be made from: refused with the entry named, and a solver out of time says so."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from enforce import __main__ as command
from enforce.desk.run import batch
from enforce.desk.run.notebook import fault
from enforce.desk.standing import replan
from enforce.desk.year import open_year
from enforce.planning.months import exact, ties
from enforce.words.problems import InputError, Unsolved
from enforce.words.terms import Stage

pytestmark = pytest.mark.slow

JULY = "2024-06-30"


@pytest.fixture
def plan(root: Path, tmp_path: Path) -> Path:
    """The demo plan with its files, free to be changed."""
    for folder in ("params", "data/calendar", "data/putuo-2024"):
        shutil.copytree(root / folder, tmp_path / folder)
    return tmp_path / "params/putuo-2024.yaml"


def table(plan: Path, name: str) -> Path:
    return plan.parents[1] / f"data/putuo-2024/{name}.csv"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, text.count(old)
    path.write_text(text.replace(old, new), encoding="utf-8")


def rows(path: Path, made: Callable[[str], str]) -> None:
    head, *lines = path.read_text(encoding="utf-8-sig").splitlines()
    path.write_text("\n".join([head, *filter(None, map(made, lines))]) + "\n", encoding="utf-8-sig")


def refused(act: Callable[[], object]) -> dict[str, tuple[str, str]]:
    with pytest.raises(InputError) as caught:
        act()
    return {problem.where: (problem.found, problem.expected) for problem in caught.value.problems}


# --- no workday, nobody ---------------------------------------------------------------------------------------------


def test_days_reserved_where_nobody_works_are_refused_by_period(plan):
    text = plan.read_text(encoding="utf-8")
    start, end = text.index("\nkey_periods:"), text.index("\nprinted:")
    dates = 'from_date: "2024-03-30", to_date: "2024-03-31"'
    entry = f"  - {{{{name: 周末, {dates}, reserved_days: [{{{{team: 执法大队, days: {{}}}}}}]}}}}"
    plan.write_text(f"{text[:start]}\nkey_periods:\n{entry.format(2)}\n{text[end:]}", encoding="utf-8")
    told = refused(lambda: open_year(plan))
    value, expected = next(pair for where, pair in told.items() if where.endswith(" 行 重点时段「周末」"))
    assert value == "周末：2024-03-30 至 2024-03-31"
    assert "有工作日的时段" in expected
    plan.write_text(f"{text[:start]}\nkey_periods:\n{entry.format(0)}\n{text[end:]}", encoding="utf-8")
    assert open_year(plan).key_period_days["days"].sum() == 0


def test_a_task_whose_months_have_no_workday_is_refused_by_line(plan):
    off = "\n".join(
        ["日期,类型,节日,来源", *(f"2024-{m:02}-{d:02},放假,停工,本地" for m in (7, 8) for d in range(1, 32))]
    )
    (plan.parents[1] / "data/calendar/local.csv").write_text(off + "\n", encoding="utf-8-sig")
    change(plan, 'local_calendar: ""', 'local_calendar: "local.csv"')
    told = refused(lambda: open_year(plan))
    assert told["P09「月份」"] == ("7-8", "至少有一个工作日的月份")
    assert set(told) == {"P09「月份」"}


def test_a_task_whose_team_has_nobody_in_its_months_is_refused_by_line(plan):
    rows(table(plan, "records"), lambda row: "")
    rows(table(plan, "roster"), lambda row: row if "基础科" not in row else "")
    line = next(row for row in table(plan, "tasks").read_text(encoding="utf-8").splitlines() if row.startswith("P05"))
    change(table(plan, "tasks"), line, line.replace(",执法大队,", ",基础科,"))
    told = refused(lambda: open_year(plan))
    assert set(told) == {"P05「科队」"}
    assert told["P05「科队」"][0] == "基础科"
    assert "1-3 月" in told["P05「科队」"][1]


def test_officers_without_a_licence_are_nobody(plan):
    rows(table(plan, "roster"), lambda row: row.replace(",执法大队,是,", ",执法大队,否,"))
    assert {f"P{n:02}「科队」" for n in range(1, 13)} == set(refused(lambda: open_year(plan)))


def test_whoever_serves_in_one_of_the_months_is_enough(plan):
    rows(table(plan, "records"), lambda row: "")
    march = lambda row: row.replace(",1,12,", ",3,3,").replace(",7,12,", ",3,3,")  # noqa: E731
    rows(table(plan, "roster"), lambda row: march(row) if "执法大队" in row else row)
    told = refused(lambda: open_year(plan))
    assert "P05「科队」" not in told
    assert "P06「科队」" in told


# --- visits and totals ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("visits", "expected"),
    [("-28", "0 以上的整数"), ("28.5", "0 以上的整数"), ("二十八点五", "0 以上的整数"), ("1e2", "0 以上的整数")],
)
def test_visits_that_are_no_count_are_refused_with_row_and_column(plan, visits, expected):
    change(table(plan, "tasks"), ",28,28,", f",{visits},28,")
    told = refused(lambda: open_year(plan))
    assert told["第 11 行「计划家次」"][0] == visits
    assert expected in told["第 11 行「计划家次」"][1]


@pytest.mark.parametrize("name", ["tasks", "roster"])
def test_a_team_the_plan_does_not_know_is_refused_with_row_and_column(plan, name):
    path = table(plan, name)
    first = path.read_text(encoding="utf-8-sig").splitlines()[1]
    change(path, first, first.replace("执法大队", "执法三队", 1))
    told = refused(lambda: open_year(plan))
    assert told["第 2 行「科队」"][0] == "执法三队"


def test_days_reserved_for_an_unknown_team_are_refused_by_entry(plan):
    text = plan.read_text(encoding="utf-8")
    start = text.index("\nkey_periods:")
    plan.write_text(text[:start] + text[start:].replace("team: 执法大队", "team: 执法三队", 1), encoding="utf-8")
    assert any("重点时段「春节前」预留人日" in where for where in refused(lambda: open_year(plan)))


def test_a_total_lowered_below_what_is_done_is_refused_by_line(plan):
    year = open_year(plan)
    done = int(replan(year, JULY).position.done.set_index(["task_id", "month"])["visits"]["P10"].sum())
    change(table(plan, "tasks"), ",28,28,", f",{done - 1},28,")
    told = refused(lambda: replan(open_year(plan), JULY))
    assert told == {
        "P10「计划家次」": (str(done - 1), f"{done} 以上的整数（截至 {JULY} 已完成 {done} 家次）"),
    }
    change(table(plan, "tasks"), f",{done - 1},28,", f",{done},28,")
    found = replan(open_year(plan), JULY)
    assert found.allocation.visits.groupby("task_id")["visits"].sum()["P10"] == done


def test_doing_more_than_planned_is_no_fault(plan):
    path = table(plan, "records")
    lines = path.read_text(encoding="utf-8").splitlines()
    mine = next(line for line in lines if ",P09," in line)
    more = [mine.replace(mine.split(",")[0], f"DEMO-2024-9{n:03}") for n in range(5)]
    path.write_text("\n".join([*lines, *more]) + "\n", encoding="utf-8")
    found = replan(open_year(plan), "2024-09-30")
    assert found.position.done.query("task_id == 'P09'")["visits"].sum() > 6


# --- a solver out of time -------------------------------------------------------------------------------------------


def test_a_plan_not_proved_in_time_says_so_with_its_bound_in_the_replan_too(root, monkeypatch):
    year = open_year(root / "params/putuo-2024.yaml")
    plain = exact.minimise

    def hasty(*given, **more):
        found = plain(*given, **more)
        return found and replace(found, proved=False, bound=found.bound - 10**12)

    monkeypatch.setattr(exact, "minimise", hasty)
    for found in (year.findings, replan(year, JULY).findings):
        told = found[found["check"] == "proof"]
        assert set(told["where"]) >= {Stage.DISTANCE.label, Stage.ONLY.label}
        assert told["limit"].str.startswith("下限 ").all()
        assert told["message"].str.contains("未证明最优").all()


def test_whether_the_plan_is_the_only_one_may_stay_open_and_is_said(root, monkeypatch):
    def out_of_time(*given, **more):
        raise Unsolved("没有得到方案")

    monkeypatch.setattr(exact, "only", out_of_time)
    monkeypatch.setattr(ties, "earliest", lambda tied, answer, work: answer)
    year = open_year(root / "params/putuo-2024.yaml")
    proof = year.allocation.proof.set_index("stage")
    assert not proof.loc[Stage.ONLY, "proved"]
    assert proof.loc[Stage.LOAD, "proved"].all()
    assert year.allocation.visits["visits"].sum() == 261


def test_without_any_plan_it_says_what_is_proved_all_the_same(root, monkeypatch):
    year = open_year(root / "params/putuo-2024.yaml")
    monkeypatch.setattr(exact, "WORK", 0.0)
    for act in (lambda: year.allocation, lambda: replan(year, JULY).allocation):
        with pytest.raises(Unsolved) as caught:
            act()
        assert "没有得到方案，也没有证明不存在方案" in str(caught.value)
        assert "执法大队最高负荷不低于" in str(caught.value)
        assert "超负荷不少于" in str(caught.value)


def test_the_command_tells_it_without_a_traceback(monkeypatch, capsys):
    def run(*given, **more):
        raise Unsolved("在限定的计算量内没有得到方案。已证明：执法大队最高负荷不低于 86.0%；超负荷不少于 0 人日")

    monkeypatch.setattr(batch, "run", run)
    assert command._run(["run", "params/putuo-2024.yaml"]) == 1
    assert "最高负荷不低于 86.0%" in capsys.readouterr().err


def test_a_notebook_tells_it_in_its_own_words():
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    text = "没有得到方案"
    cell = new_code_cell("e.show(1)", outputs=[new_output("error", ename="Unsolved", evalue=text, traceback=[])])
    assert fault(new_notebook(cells=[cell])).endswith(f"：{text}")
    assert Unsolved(text)._render_traceback_() == [text]
