"""The page in plain Python: what a control does, what is shown for it, and what is never lost."""

from __future__ import annotations

import asyncio
import shutil
import threading
from dataclasses import replace

import pytest
from docx import Document
from openpyxl import load_workbook

from enforce.desk.explorer import explore, sentences
from enforce.desk.explorer.background import Later
from enforce.desk.explorer.chooser import Chooser
from enforce.desk.explorer.controls import css
from enforce.desk.explorer.page import Page
from enforce.desk.run import batch
from enforce.desk.scenarios import load, save
from enforce.desk.year import open_year, under
from enforce.inputs.parameters.scenario import Scenario, scenario_names
from tests.bureaus import write_plan_like

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def copy(root, tmp_path_factory):
    """The project of the demo plan, free to be written into."""
    folder = tmp_path_factory.mktemp("plan")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "ROOT", folder)
        yield copied(root, folder)


def copied(root, folder):
    for part in ("params", "data/calendar", "data/putuo-2024"):
        shutil.copytree(root / part, folder / part)
    return folder


@pytest.fixture(scope="module")
def year(copy):
    return open_year(copy / "params/putuo-2024.yaml")


@pytest.fixture
def page(year):
    shutil.rmtree(year.plan.folder / "scenarios", ignore_errors=True)
    page = Page(year)
    page.groups.selected_index = 1
    page.groups.selected_index = 0
    return page


def below(box):
    """A box and everything in it."""
    yield box
    for child in getattr(box, "children", ()):
        yield from below(child)


def widget(page, key):
    """The widget of a field, found as a browser finds it."""
    return next(w for w in below(page.box) if css(key) in getattr(w, "_dom_classes", ()))


def test_the_plan_is_shown_at_first_and_says_that_it_fits(page):
    assert "全年安排得下" in page.status.value
    assert "计划 93.3%" in page.tiles.value
    assert page.grid.value.count("<small>") == 0
    assert page.alert.value == ""


def test_the_page_says_which_plan_a_scenario_is_compared_with(page, year):
    assert "“计划”是第 1 版（2024-03-13，摘要 " in page.tiles.value
    assert "草案" in sentences.basis(replace(year, versions=()))
    tasks = year.tasks.assign(planned_visits=year.tasks["planned_visits"].mask(year.tasks["task_id"] == "P11", 74))
    changed = sentences.basis(replace(year, tables=replace(year.tables, tasks=tasks)))
    assert "试算，与第 1 版（2024-03-13，摘要 " in changed


def test_a_late_approval_that_leaves_visits_without_a_month_is_not_called_fitting(page):
    page.groups.selected_index = 0
    widget(page, "approved").value = "2024-12-31"
    assert "家次没有月份可排" in page.status.value
    assert "全年安排得下" not in page.status.value
    assert "已过月份按检查记录超出" in page.status.value


def test_a_slider_moves_the_year(page):
    widget(page, "reserve").value = 15.0
    assert page.state.scenario.reserve_share == 0.15
    capacity = under(page.year, Scenario(reserve_share=0.15)).need["capacity_days"].sum()
    assert f"<b>{capacity:g}</b>" in page.tiles.value
    assert any("留有余地：计划 10%" in str(getattr(w, "value", "")) for w in below(page.box))


def test_a_number_typed_wrongly_is_answered_beside_the_field_and_stays_to_be_put_right(page):
    box, before = widget(page, "visits/P06"), page.tiles.value
    box.value = "很多"
    row = next(w for w in widget_rows(page) if "应为" in w.value)
    assert "家次：应为 0 到 2000 的整数" in row.value
    assert 'role="alert"' in row.value
    assert box.value == "很多"
    assert page.tiles.value == before
    box.value = "16"
    assert "应为" not in row.value
    assert "家次：计划 10" in row.value
    assert page.answers.year.tasks.set_index("task_id").at["P06", "planned_visits"] == 16


def widget_rows(page):
    return [w for w in page.groups.children[1].children[0].children if hasattr(w, "value")]


def test_what_is_typed_is_shown_as_text_and_never_as_markup(page):
    widget(page, "months/P06").value = "<img src=x>"
    widget(page, "approved").value = "<script>"
    assert not any("<img" in w.value or "<script>" in w.value for w in widget_rows(page))


def test_buttons_step_and_stop_at_the_bounds(page):
    def named(side):
        return next(w for w in below(page.box) if f"{css('visits/P08')}-{side}" in getattr(w, "_dom_classes", ()))

    for _ in range(4):
        named("less").click()
    assert page.state.value("visits/P08") == 4
    assert widget(page, "visits/P08").value == "4"
    assert named("less").disabled
    named("more").click()
    assert not named("less").disabled


def test_more_officers_than_there_are_cannot_be_chosen(page):
    slider = widget(page, "officers/执法大队")
    slider.value = -99
    assert slider.value == -8
    assert page.state.problems == {}


def test_a_choice_that_does_not_go_with_the_others_is_taken_back_and_answered(page):
    scenario = Scenario(officers=[{"team": "执法大队", "from_month": 7, "change": -9}])
    page.state.take(scenario)
    page.taken()
    assert widget(page, "officers/执法大队").value == -9
    widget(page, "from/执法大队").value = 1
    assert widget(page, "from/执法大队").value == 7
    assert "调出人数不超过在岗人数" in page.state.problems["from/执法大队"]
    assert any("从几月起：应为 调出人数不超过" in str(getattr(w, "value", "")) for w in below(page.box))


def test_what_does_not_fit_is_told_with_ways_out(page):
    widget(page, "reserve").value = 30.0
    assert "排不下，至少超出" in page.status.value
    assert "办法（已逐个重新求解验证" in page.status.value
    assert "tile bad" in page.tiles.value


def seen(page, key):
    """Whether a field can be seen: it has been built, and no box around it is hidden."""

    def shown(box):
        if getattr(box.layout, "display", None) == "none":
            return False
        return css(key) in getattr(box, "_dom_classes", ()) or any(map(shown, getattr(box, "children", ())))

    return shown(page.box)


def test_a_second_change_of_a_teams_officers_is_asked_for_by_a_button(page):
    assert not seen(page, "officers2/执法大队")
    widget(page, "change/执法大队").click()
    assert seen(page, "officers2/执法大队")
    assert not seen(page, "officers3/执法大队")
    assert not seen(page, "officers2/危化科")
    widget(page, "officers2/执法大队").value = -1
    assert [(one.from_month, one.change) for one in page.state.scenario.officers] == [(10, -1)]
    widget(page, "change/执法大队").click()
    assert seen(page, "officers3/执法大队")
    assert widget(page, "change/执法大队").layout.display == "none"
    page.reset.click()
    assert not seen(page, "officers2/执法大队")
    assert page.state.scenario.officers == ()


def test_a_key_period_that_the_plan_does_not_have_is_added_by_name_and_taken_away(page):
    page.groups.selected_index = 2
    before = page.tiles.value
    widget(page, "period").click()
    widget(page, "kept/+1/执法大队").value = "12"
    assert page.tiles.value == before  # it has no name yet
    widget(page, "name/+1").value = "国庆值守"
    assert "620" in page.tiles.value
    assert page.state.scenario.key_periods[0].name == "国庆值守"
    widget(page, "drop/+1").click()
    assert page.tiles.value == before
    assert not seen(page, "name/+1")


def test_a_scenario_taken_up_shows_what_it_changes_a_second_time(page, year):
    save(
        year,
        Scenario(
            officers=[{"team": "危化科", "from_month": month, "change": 1} for month in (2, 5)],
            key_periods=[{"name": "汛期", "from_date": "2024-06-15", "to_date": "2024-07-15"}],
        ),
        "两次",
    )
    page.book.refresh()
    page.book.saved.value = "两次"
    page.book.buttons["take"].click()
    page.groups.selected_index = 2
    assert seen(page, "officers2/危化科")
    assert widget(page, "from2/危化科").value == 5
    assert widget(page, "name/+1").value == "汛期"


def test_back_to_the_plan_takes_every_change_and_every_complaint_away(page):
    before = page.tiles.value
    widget(page, "reserve").value = 15.0
    widget(page, "visits/P06").value = "x"
    page.reset.click()
    assert page.tiles.value == before
    assert widget(page, "visits/P06").value == "10"
    assert widget(page, "reserve").value == 10.0
    assert page.state.problems == {}


def test_a_month_chosen_opens_its_lines(page):
    page.months.value = 7
    assert "7 月的事项" in page.month_lines.value
    assert "危险化学品综合性专项" in page.month_lines.value
    assert 'class="picked"' in page.grid.value


def test_officers_and_chance_are_worked_out_when_they_are_looked_at(page):
    assert page.officers.value == page.chance.value == ""
    page.tabs.selected_index = 2
    assert page.officers.value.count("多一人（1 月起）") == 3
    page.tabs.selected_index = 3
    assert "需要的余地" in page.chance.value
    assert "假定" in page.chance.value
    assert "与已过月份的实际对照" in page.chance.value


def test_a_fault_in_a_callback_is_shown_in_the_page(page, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("enforce.desk.explorer.sentences.bound", broken)
    widget(page, "reserve").value = 15.0
    assert "程序出错（ZeroDivisionError）" in page.alert.value
    monkeypatch.undo()
    widget(page, "reserve").value = 14.0
    assert page.alert.value == ""


def test_a_fault_while_solving_is_shown_in_the_page(page, monkeypatch):
    def broken(*_):
        raise RuntimeError("<b>no</b>")

    monkeypatch.setattr("enforce.papers.screen.panels.tiles", broken)
    widget(page, "reserve").value = 15.0
    assert "程序出错（RuntimeError）：&lt;b&gt;no" in page.alert.value


def test_two_pages_do_not_disturb_each_other(year):
    one, other = Page(year), Page(year)
    before = other.tiles.value
    widget(one, "reserve").value = 20.0
    assert other.tiles.value == before
    assert other.state.scenario == Scenario()


def test_a_page_opens_on_a_saved_scenario(copy, year):
    save(year, Scenario(reserve_share=0.2), "余地两成", instead=True)
    box = explore(str(copy / "params/putuo-2024.yaml"), "余地两成")
    assert any(getattr(w, "value", None) == 20.0 for w in below(box))


def test_every_plan_of_the_project_is_in_the_list_and_one_that_cannot_be_opened_says_why(copy):
    text = write_plan_like(copy / "params/putuo-2024.yaml", "jia").read_text(encoding="utf-8")
    (copy / "params/坏.yaml").write_text(
        text.replace("year: 2024", "year: 何年").replace("data/jia", "data/huai"), encoding="utf-8"
    )
    (copy / "params/联系人.yaml").write_text("name: 某人\n", encoding="utf-8")
    chooser = Chooser(str(copy / "params/putuo-2024.yaml"))
    names = [name for name, _ in chooser.plans.options]
    assert names == ["params/jia.yaml", "params/putuo-2024.yaml", "params/坏.yaml"]
    first = chooser.page
    chooser.plans.value = copy / "params/坏.yaml"
    assert "这个计划文件打不开" in chooser.message.value
    assert "何年" in chooser.message.value
    assert chooser.place.children == ()
    chooser.plans.value = copy / "params/jia.yaml"
    assert chooser.message.value == ""
    assert chooser.page is not first
    assert 'title="jia 情景推演"' in chooser.page.box.children[1].value
    for name in ("jia.yaml", "坏.yaml", "联系人.yaml"):
        (copy / "params" / name).unlink()
    shutil.rmtree(copy / "data/jia")


def test_a_plan_from_elsewhere_stands_in_the_list_and_its_change_sheet_beside_its_report(copy, tmp_path):
    for part in ("params", "data"):
        shutil.copytree(copy / part, tmp_path / part)
    chooser = Chooser(str(write_plan_like(tmp_path / "params/putuo-2024.yaml", "elsewhere")))
    assert chooser.plans.options[-1][0].endswith("params/elsewhere.yaml")
    chooser.page.book.buttons["sheet"].click()
    assert (copy / "reports/elsewhere-情景/情景改动单-当前设定.xlsx").exists()
    assert not (tmp_path / "reports").exists()


# --- the book -------------------------------------------------------------------------------------------------------


def test_a_scenario_saved_in_the_page_is_in_the_file_and_gives_the_same_numbers_everywhere(page, year):
    widget(page, "reserve").value = 7.5
    widget(page, "visits/P06").value = "12"
    page.book.name.value, page.book.note.value = "余地七点五", "试一试"
    page.book.buttons["save"].click()
    assert "已保存" in page.book.message.value
    opened = open_year(year.plan.path, scenario="余地七点五")
    assert opened.scenario.note == "试一试"
    assert opened.allocation.visits.equals(page.answers.year.allocation.visits)
    assert page.book.saved.options == ("余地七点五",)


def test_a_name_that_is_taken_or_no_name_is_answered_and_nothing_is_written(page, year):
    save(year, Scenario(reserve_share=0.2), "甲")
    widget(page, "reserve").value = 15.0
    for name, answer in (("甲", "已有情景「甲」"), ("../乙", "30 个以内的汉字"), ("", "30 个以内的汉字")):
        page.book.name.value = name
        page.book.buttons["save"].click()
        assert answer in page.book.message.value
    assert scenario_names(year.plan) == ["甲"]
    assert load(year, "甲").reserve_share == 0.2
    page.book.name.value, page.book.instead.value = "甲", True
    page.book.buttons["save"].click()
    assert load(year, "甲").reserve_share == 0.15


def test_a_scenario_taken_up_moves_the_controls(page, year):
    save(year, Scenario(reserve_share=0.2, lines=[{"task_id": "P06", "planned_visits": 16}]), "甲")
    page.book.refresh()
    page.book.saved.value = "甲"
    page.book.buttons["take"].click()
    assert (widget(page, "reserve").value, widget(page, "visits/P06").value) == (20.0, "16")
    assert "已载入「甲」" in page.book.message.value


def test_a_file_spoilt_by_hand_is_told_and_the_page_stays_as_it_is(page, year):
    save(year, Scenario(reserve_share=0.2), "甲").write_text("reserve_share: 20\n", encoding="utf-8")
    page.book.refresh()
    page.book.buttons["take"].click()
    assert "留有余地 = 20" in page.book.message.value
    assert widget(page, "reserve").value == 10.0


def test_scenarios_stand_side_by_side_and_seven_are_too_many(page, year):
    for n in range(7):
        save(year, Scenario(reserve_share=n / 50), f"余地{n}")
    page.book.refresh()
    for box in page.book.chosen.children[:2]:
        box.value = True
    page.book.buttons["compare"].click()
    assert "余地0" in page.book.table.value
    assert "余地1" in page.book.table.value
    assert "按期完成的可能" in page.book.table.value
    for box in page.book.chosen.children:
        box.value = True
    page.book.buttons["compare"].click()
    assert "至多 6 个情景" in page.book.message.value


def test_the_change_sheet_is_written_under_reports_and_nowhere_else(page, copy):
    before = {path for path in copy.rglob("*") if path.is_file()}
    widget(page, "reserve").value = 30.0
    page.book.buttons["sheet"].click()
    made = {path for path in copy.rglob("*") if path.is_file()} - before
    assert {path.relative_to(copy).as_posix() for path in made} == {
        "reports/putuo-2024-情景/情景改动单-当前设定.xlsx",
        "reports/putuo-2024-情景/情景改动单-当前设定.docx",
    }


def handed_out(page, copy, name):
    """The texts of the change sheet written now, as one."""
    page.book.buttons["sheet"].click()
    assert f"情景改动单-{name}.docx" in page.book.message.value
    text = Document(copy / f"reports/putuo-2024-情景/情景改动单-{name}.docx")
    return "".join(paragraph.text for paragraph in text.paragraphs)


def test_the_change_sheet_bears_the_name_just_saved_and_says_when_it_is_no_longer_what_was_saved(page, copy):
    widget(page, "reserve").value = 11.0
    for name in ("余地甲", "余地乙"):
        page.book.name.value, page.book.note.value = name, f"{name}的缘由"
        page.book.buttons["save"].click()
    text = handed_out(page, copy, "余地乙")
    assert "情景测算「余地乙」，未经批准" in text
    assert "说明：余地乙的缘由" in text
    assert "余地甲" not in text
    widget(page, "reserve").value = 12.0
    assert "情景测算「余地乙（改动未保存）」，未经批准" in handed_out(page, copy, "余地乙（改动未保存）")
    widget(page, "reserve").value = 11.0
    assert "改动未保存" not in handed_out(page, copy, "余地乙")
    load(page.year, "余地乙").path.unlink()
    assert "余地乙（改动未保存）" in handed_out(page, copy, "余地乙（改动未保存）")


def test_the_notes_of_a_change_sheet_have_no_word_of_the_program(page, copy):
    widget(page, "reserve").value = 11.0
    page.book.buttons["sheet"].click()
    book = load_workbook(copy / "reports/putuo-2024-情景/情景改动单-当前设定.xlsx")
    texts = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert any("假定：" in text for text in texts)
    assert not any("None" in text or "True" in text or "False" in text for text in texts)


def test_a_comparison_does_not_stand_beside_other_settings_than_it_compares(page):
    widget(page, "reserve").value = 11.0
    page.book.buttons["compare"].click()
    assert "当前设定" in page.book.table.value
    widget(page, "reserve").value = 12.0
    assert "<table" not in page.book.table.value
    assert "请再按「并排比较」" in page.book.table.value


# --- later ----------------------------------------------------------------------------------------------------------


def test_only_the_newest_change_is_shown_and_the_page_answers_meanwhile():
    shown, faults, begun, free = [], [], threading.Event(), threading.Event()

    async def play():
        later = Later(faults.append)
        later.run([(lambda: begun.set() or free.wait(), lambda _: shown.append("old"))])
        await asyncio.to_thread(begun.wait)
        later.run([(lambda: "new", shown.append), (lambda: 1 / 0, shown.append), (lambda: "never", shown.append)])
        while later.under_way and len(shown) + len(faults) < 2:
            await asyncio.sleep(0.01)
        free.set()
        while later.under_way:
            await asyncio.sleep(0.01)

    asyncio.run(play())
    assert shown == ["new"]
    assert [type(fault) for fault in faults] == [ZeroDivisionError]


def test_the_chances_told_are_judged_by_the_months_that_are_over(page):
    page.tabs.selected_index = 3
    table = page.answers.outlook.calibration
    told_at_top = page.chance.value.split("<table")[0]
    assert (
        f"批准后已过 10 个月中 {table['met'].sum()} 个月按期，测算的可能平均 {table['finish_share'].mean():.1%}"
        in told_at_top
    )
    assert "大体相符" in told_at_top
    assert "测算偏乐观" in sentences.calibrated(table.assign(finish_share=1.0))
    assert f"平均 {table['brier_score'].mean():.2f}" in page.chance.value
    assert sentences.calibrated(table.assign(finish_share=0.75)).endswith("大体相符。")
    assert sentences.calibrated(table.assign(finish_share=0.1)).endswith("测算偏保守。")
    assert sentences.calibrated(table.iloc[:0]) == ""


def test_the_chance_of_a_plan_filled_to_the_full_is_not_called_like_that_of_this_plan(page):
    page.tabs.selected_index = 3
    heads = page.chance.value.split("<caption")[1].split("</thead>")[0]
    assert "排满时按期的可能" in heads
    assert ">按期完成的可能<" not in heads


def test_a_number_typed_wrongly_beside_a_slider_is_answered_and_not_put_right_unasked(page):
    slider, typed = widget(page, "officers/执法大队"), typed_beside(page, "officers/执法大队")
    for text in ("-99", "很多", "1.5"):
        typed.value = text
        assert typed.value == text
        assert slider.value == 0
        assert any("执法大队增减：应为 -8 到 10 的整数" in str(getattr(w, "value", "")) for w in below(page.box))
    typed.value = "−2"
    assert (slider.value, typed.value, page.state.problems) == (-2, "-2", {})
    typed.value = "太多"
    slider.value = -1
    assert (typed.value, page.state.problems) == ("-1", {})


def typed_beside(page, key):
    """The number to be typed beside a slider."""
    return next(w for w in below(page.box) if f"{css(key)}-typed" in getattr(w, "_dom_classes", ()))


def test_months_and_dates_are_read_in_digits_of_either_width(page):
    page.groups.selected_index = 1
    widget(page, "months/P06").value = "５－８"
    assert widget(page, "months/P06").value == "5-8"
    widget(page, "approved").value = "２０２４－０２－０１"
    assert widget(page, "approved").value == "2024-02-01"


def test_who_changes_officers_is_told_that_other_work_stays(page):
    assert any(sentences.ESTIMATES_STAY in str(getattr(w, "value", "")) for w in below(page.groups.children[0]))


def test_need_without_any_officer_is_told_in_words(page):
    widget(page, "officers/执法大队").value = -8
    widget(page, "from/执法大队").value = 7
    assert "<b>无人日</b>" in page.tiles.value
    assert page.bars.value.count(">无人日<") == 10  # what stays with the team takes the open months before as well


def test_a_note_that_cannot_be_is_answered_and_leaves_the_controls_alive(page):
    for note, told_as in (("长" * 301, "300 字以内"), ("看\u202e反", "看不见的字符")):
        page.book.name.value, page.book.note.value = "带说明", note
        page.book.buttons["save"].click()
        assert "没有保存。说明 = " in page.book.message.value
        assert told_as in page.book.message.value
    assert scenario_names(page.year.plan) == []
    widget(page, "reserve").value = 11.0
    assert page.state.values == {"reserve": 11.0}
    assert page.alert.value == ""


def test_a_fault_in_any_control_is_shown(page, monkeypatch):
    page.groups.selected_index = 1

    def broken(*_):
        raise RuntimeError("broken")

    monkeypatch.setattr(page.state, "put", broken)
    monkeypatch.setattr(page.state, "type", broken)
    monkeypatch.setattr(page.state, "step", broken)
    more = next(w for w in below(page.box) if f"{css('visits/P06')}-more" in getattr(w, "_dom_classes", ()))
    for act in (
        lambda: setattr(widget(page, "reserve"), "value", 12.0),
        lambda: setattr(widget(page, "visits/P06"), "value", "16"),
        more.click,
    ):
        page.alert.value = ""
        act()
        assert "程序出错（RuntimeError）" in page.alert.value


def test_the_book_lists_what_another_page_saved(page):
    save(page.year, Scenario(reserve_share=0.2), "另一页")
    assert "另一页" not in page.book.saved.options
    page.tabs.selected_index = 4
    assert "另一页" in page.book.saved.options


def test_what_was_answered_before_does_not_stand_beside_the_next_answer(page):
    page.failed(OSError("写不出"))
    page.book.message.value = "旧"
    page.book.name.value = "新的"
    page.book.buttons["save"].click()
    assert page.alert.value == ""
    assert "已保存" in page.book.message.value
    path = load(page.year, "新的").path
    path.write_text("reserve_share: 9\n", encoding="utf-8")
    page.book.chosen.children[0].value = True
    page.book.buttons["compare"].click()
    assert "新的.yaml：第 1 行 留有余地 = 9" in page.book.message.value


def test_a_point_of_a_sweep_is_opened_without_being_saved(page):
    page.opened("--officers 执法大队=-1 --reserve 0.05")
    assert page.book.name.value == "执法大队减1_余地5"
    assert page.state.scenario.reserve_share == 0.05
    assert not list((page.year.plan.folder / "scenarios").glob("**/*.yaml"))
