"""The explorer as a planner meets it: a real browser on Voila's page and in JupyterLab, by mouse and by keyboard."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from enforce.desk.explorer.controls import css
from enforce.desk.year import open_year
from tests.bureaus import write_plan_like

pytestmark = pytest.mark.slow

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)
WAIT = 600_000  # milliseconds: guards against a page that never comes, and no machine is as busy
TEAM = css("officers/执法大队")

if BROWSER is None and not os.environ.get("CI"):
    pytest.skip("no Chromium on this machine", allow_module_level=True)


@pytest.fixture(scope="module")
def voila(clone, serving, tmp_path_factory):
    options = "--no-browser --port={port}"
    with serving("explore", tmp_path_factory.mktemp("voila"), EXPLORE_ARGS=options) as address:
        yield f"{address}?token=t"
    for path in (clone / "params/scenarios/putuo-2024").glob("*.yaml"):
        if path.stem != "七月调出一人":
            path.unlink()


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=BROWSER, args=QUIET.split(), timeout=WAIT)
        yield chromium
        chromium.close()


def opened(browser, address):
    """A page on a network where everything outside this machine hangs; `asked` holds what it asked for there."""
    tab = browser.new_page(viewport={"width": 1366, "height": 768})
    tab.set_default_timeout(WAIT)
    tab.asked, tab.faults = [], []
    tab.route(
        lambda url: "127.0.0.1" not in url and not url.startswith("data:"),
        lambda route: tab.asked.append(route.request.url),
    )
    tab.on("pageerror", lambda error: tab.faults.append(str(error)))
    tab.goto(address)
    return tab


@pytest.fixture(scope="module")
def page(browser, voila):
    tab = opened(browser, voila)
    tab.wait_for_selector(".ex-tiles .tile")
    yield tab
    tab.close()


def figure(tab, name):
    """One number of the headline as it stands on the screen."""
    return tab.locator(".ex-tiles .tile", has_text=name).locator("b").inner_text()


def wait_figure(tab, name, text):
    tile = f".ex-tiles .tile:has-text('{name}') b:text-is('{text}')"
    tab.wait_for_selector(tile)


def in_sight(tab, selector):
    box = tab.locator(selector).first.bounding_box()
    return box is not None and box["y"] >= 0 and box["y"] + 20 <= 768 and box["x"] + 20 <= 1366


def test_the_page_asks_nobody_outside_and_shows_chinese_and_answers_beside_controls(page):
    assert page.asked == []
    assert "情景推演：上海市普陀区应急管理局 2024年度执法计划（第 1 版）" in page.inner_text(".ex-page")
    assert figure(page, "最高负荷") == "93.3%"
    for selector in (".ex-reserve", f".{TEAM}", ".ex-tiles", ".ex-status", ".ex-bars svg", ".ex-months button"):
        assert in_sight(page, selector), selector
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366
    assert page.locator("text=import enforce").count() == 0
    assert page.title() == "putuo-2024 情景推演"


def test_a_slider_moved_by_the_keyboard_moves_the_year(page):
    handle = page.locator(".ex-reserve .noUi-handle")
    handle.focus()
    for _ in range(10):
        handle.press("ArrowRight")
    wait_figure(page, "可安排人日", "595")
    assert "计划 10%" in page.inner_text(".ex-left")


def test_a_slider_dragged_by_the_mouse_tells_what_does_not_fit(page):
    handle, track = (page.locator(f".{TEAM} {part}").bounding_box() for part in (".noUi-handle", ".noUi-connects"))
    page.mouse.move(handle["x"] + 8, handle["y"] + 8)
    page.mouse.down()
    page.mouse.move(track["x"] + 1, handle["y"] + 8, steps=5)
    page.mouse.up()
    page.wait_for_selector(".ex-status .alert:has-text('排不下')")
    page.wait_for_selector(".ex-tiles .tile.bad:has-text('超出人日')")
    assert page.evaluate("[...document.querySelectorAll('.tile')].every(e => e.scrollWidth <= e.clientWidth)")
    page.get_by_role("button", name="回到计划").click()
    page.wait_for_selector(".ex-status .good:has-text('全年安排得下')")
    wait_figure(page, "可安排人日", "632")


def test_a_number_typed_wrongly_beside_a_slider_is_answered(page):
    typed = page.locator(f".{TEAM}-typed input")
    typed.fill("-99")
    typed.press("Enter")
    page.wait_for_selector(".ex-left [role=alert]:has-text('执法大队增减：应为 -8 到 10 的整数')")
    assert typed.input_value() == "-99"
    typed.fill("0")
    typed.press("Enter")
    page.wait_for_selector(".ex-left [role=alert]", state="detached")


def test_an_error_typed_is_answered_beside_the_field(page):
    page.get_by_role("tab", name="事项").click()
    box = page.locator(".ex-visits-P06 input")
    box.fill("很多")
    box.press("Enter")
    note = page.wait_for_selector(".ex-left [role=alert]:has-text('家次：应为 0 到 2000 的整数')")
    assert abs(note.bounding_box()["y"] - box.bounding_box()["y"]) < 60
    assert figure(page, "计划家次") == "261"
    page.locator(".ex-left").evaluate("left => left.scrollTop = 250")
    assert in_sight(page, ".ex-reset")
    box.fill("16")
    box.press("Enter")
    wait_figure(page, "计划家次", "267")
    assert page.locator(".ex-left [role=alert]").count() == 0


def test_buttons_work_without_a_mouse(page):
    more = page.locator(".ex-visits-P06-more")
    more.focus()
    more.press("Space")
    wait_figure(page, "计划家次", "268")
    page.locator(".ex-visits-P06-less").press("Enter")
    wait_figure(page, "计划家次", "267")


def test_the_month_table_marks_changes_and_a_month_opens_its_lines(page):
    page.get_by_role("tab", name="逐月安排表").click()
    page.wait_for_selector(".ex-grid td.up:has-text('+6')")
    page.get_by_role("tab", name="各月负荷").click()
    page.locator(".ex-months button").nth(6).click()
    page.wait_for_selector(".ex-month-lines :text('7 月的事项')")


def test_a_month_is_clicked_on_its_bar(page):
    bars = page.locator(".ex-bars svg").bounding_box()
    page.mouse.click(bars["x"] + bars["width"] * 2.5 / 12, bars["y"] + bars["height"] / 2)
    page.wait_for_selector(".ex-month-lines :text('3 月的事项')")
    names = [page.locator(".ex-months button").nth(n).bounding_box() for n in (0, 11)]
    assert bars["x"] <= names[0]["x"] < bars["x"] + bars["width"] / 12
    assert bars["x"] + bars["width"] * 11 / 12 <= names[1]["x"] < bars["x"] + bars["width"]


def test_a_key_period_is_added_and_taken_away(page):
    page.get_by_role("tab", name="重点时段").click()
    page.locator(".ex-period").click()
    name = page.locator(f".{css('name/+1')} input")
    name.fill("国庆值守")
    name.press("Enter")
    days = page.locator(f".{css('kept/+1/执法大队')} input")
    days.fill("12")
    days.press("Enter")
    wait_figure(page, "可安排人日", "620")
    page.locator(f".{css('drop/+1')}").click()
    wait_figure(page, "可安排人日", "632")
    page.get_by_role("tab", name="事项").click()


def test_a_scenario_saved_is_found_in_its_file_and_runs_with_the_same_numbers(page, clone):
    page.get_by_role("tab", name="情景册").click()
    page.locator(".ex-book-name input").fill("化工专项十六")
    page.locator(".ex-book-save").click()
    page.wait_for_selector(".ex-book-message :text('已保存')")
    text = (clone / "params/scenarios/putuo-2024/化工专项十六.yaml").read_text(encoding="utf-8")
    assert 'task_id: "P06"' in text
    assert "planned_visits: 16" in text
    opened_year = open_year(clone / "params/putuo-2024.yaml", scenario="化工专项十六")
    assert figure(page, "最高负荷") == f"{opened_year.allocation.loads['load'].max():.1%}"
    page.locator(".ex-book-save").click()
    page.wait_for_selector(".ex-book-message .alert:has-text('已有情景')")


def test_one_officer_more_and_the_chance_of_finishing_are_told(page):
    page.get_by_role("tab", name="多一人、少一人").click()
    page.wait_for_selector(".ex-officers :text('少一人')")
    page.get_by_role("tab", name="完成的可能").click()
    page.wait_for_selector(".ex-chance :text('需要的余地占比')")
    assert page.locator(".ex-chance svg circle").count() == 12


def test_the_change_sheet_is_written_under_reports(page, clone):
    page.get_by_role("tab", name="情景册").click()
    page.locator(".ex-book-sheet").click()
    page.wait_for_selector(".ex-book-message .good:has-text('已写出')")
    names = {path.name for path in (clone / "reports/putuo-2024-情景").iterdir()}
    assert names == {"情景改动单-化工专项十六.xlsx", "情景改动单-化工专项十六.docx"}
    shutil.rmtree(clone / "reports/putuo-2024-情景")


def test_two_tabs_are_independent(page, browser, voila):
    other = opened(browser, voila)
    other.wait_for_selector(".ex-tiles .tile")
    assert figure(other, "计划家次") == "261"
    handle = other.locator(".ex-reserve .noUi-handle")
    handle.focus()
    handle.press("ArrowRight")
    wait_figure(other, "可安排人日", "628")
    assert figure(page, "计划家次") == "267"
    assert figure(page, "可安排人日") == "632"
    assert other.asked == page.asked == []
    other.close()


def test_another_plan_is_opened_from_the_list_and_names_the_tab(browser, voila, clone):
    plan = write_plan_like(clone / "params/putuo-2024.yaml", "putuo-2024-b")
    try:
        other = opened(browser, voila)
        other.wait_for_selector(".ex-tiles .tile")
        other.locator(".ex-plans select").select_option("params/putuo-2024-b.yaml")
        other.wait_for_function("document.title == 'putuo-2024-b 情景推演'")
        other.wait_for_selector(".ex-tiles .tile")
        other.close()
    finally:
        plan.unlink()
        shutil.rmtree(clone / "data/putuo-2024-b")


def test_no_fault_of_the_page_was_thrown(page):
    assert page.faults == []
    assert page.locator(".ex-alert .alert").count() == 0


# --- JupyterLab -----------------------------------------------------------------------------------------------------

RUN_ALL = """async () => {
  const app = window.jupyterapp; await app.restored;
  let panel = null;
  for (let n = 0; n < 2400 && !panel; n++) {
    const here = x => x.context && x.context.path.endsWith('scenario_explorer.ipynb');
    const open = [...app.shell.widgets('main')].find(here);
    if (open && open.sessionContext && open.sessionContext.session && open.sessionContext.session.kernel) panel = open;
    else await new Promise(done => setTimeout(done, 50));
  }
  await panel.context.ready; await panel.sessionContext.ready; await panel.sessionContext.session.kernel.info;
  app.shell.activateById(panel.id);
  await app.commands.execute('notebook:run-all-cells');
}"""


def test_in_jupyterlab_the_same_page_stands_in_the_notebook(browser, serving, tmp_path):
    options = (
        "--no-browser --allow-root --port={port} --ServerApp.port_retries=0 --IdentityProvider.token=t "
        "--LabApp.expose_app_in_browser=True"
    )
    with serving("lab", tmp_path, LAB_ARGS=options) as address:
        tab = opened(browser, f"{address}lab/tree/notebooks/scenario_explorer.ipynb?token=t&reset")
        tab.wait_for_selector(".jp-Notebook .jp-CodeCell")
        tab.wait_for_function("() => window.jupyterapp")
        tab.evaluate(RUN_ALL)
        tab.wait_for_selector(".ex-tiles .tile")
        assert figure(tab, "最高负荷") == "93.3%"
        handle = tab.locator(".ex-reserve .noUi-handle")
        handle.focus()
        handle.press("ArrowRight")
        wait_figure(tab, "可安排人日", "628")
        tab.locator(".ex-tiles").scroll_into_view_if_needed()
        assert in_sight(tab, ".ex-reserve")
        assert in_sight(tab, ".ex-tiles .tile")
        assert tab.get_by_role("menuitem", name="文件").count()
        assert tab.asked == []
        if os.environ.get("SHOTS"):
            tab.screenshot(path=Path(os.environ["SHOTS"]) / "lab.png")
        tab.close()


def test_the_template_names_no_host(root):
    files = [path for path in (root / "tools/share").rglob("*") if path.is_file()]
    assert files
    assert [path.name for path in files if "http" in path.read_text(encoding="utf-8")] == []
