"""What a book begins with: one sentence, and what must be put right."""

from __future__ import annotations

from enforce.desk.conclusion import conclusion
from enforce.desk.standing import month, replan
from enforce.desk.summary import summary
from enforce.desk.year import under
from enforce.inputs.parameters.scenario import OfficerChange, Scenario


def test_a_year_with_room_is_enough_and_its_busiest_month_is_named(year):
    answer = conclusion(year)
    assert answer.sentence == "够，以后各月都不超过可安排人日。"
    figures = {row[0]: row[1:] for row in answer.figures.rows}
    assert figures["计划家次"] == ("261", "")
    assert figures["最高负荷"] == ("93.3%", "执法大队 3 月")
    assert figures["重点检查占比"] == ("68.2%", "178 ÷ 261")
    assert figures["联合执法占比"][1].count("÷") == 5


def test_a_year_without_room_is_not_enough_by_the_days_that_are_short(year):
    leaving = OfficerChange(team="执法大队", from_month=5, change=-4)
    answer = conclusion(under(year, Scenario(officers=(leaving,))))
    assert answer.sentence.startswith("不够，超出可安排 ")


def test_the_findings_that_must_be_put_right_are_shown_and_the_others_counted(year):
    faults = conclusion(year).faults
    errors = year.findings[year.findings["severity"] == "error"]
    assert len(faults.rows) == len(errors)
    assert repr(faults).startswith("没有须改正的问题。\n注：另有请核实 ")
    assert len(conclusion(month(year, 4)).faults.rows) == 1


def test_a_month_says_what_it_holds_and_what_is_left(year):
    plan = month(year, 4)
    visits = int(plan.lines["visits"].sum())
    assert conclusion(plan).sentence.startswith(
        "到上月底完成 56 家次，应完成 58 家次：落后。"
        f"4 月安排 {visits} 家次，需要 41.5 人日，可安排 50 人日：各科队都安排得下。"
    )


def test_a_replan_says_how_much_moves_whether_it_fits_and_who_approves_it(year):
    plan = replan(year, "2024-06-30")
    sentence = conclusion(plan).sentence
    assert f"（调整单 {len(plan.order)} 行）；够，以后各月都不超过可安排人日" in sentence
    assert sentence.endswith(f"{plan.approver}。")


def test_a_summary_says_what_was_done_of_what_was_planned(year):
    sentence = conclusion(summary(year)).sentence
    assert sentence.startswith("截至 2024-12-31，计划 261 家次，完成 254 家次（97.3%），应完成 261 家次：落后。")
    assert "与批准的计划比：改期 28 家次、未完成 7 家次。" in sentence
