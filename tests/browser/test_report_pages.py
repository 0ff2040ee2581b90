"""The report's pages in a real browser: complete, self-contained, readable at a planner's screen."""

import os
import shutil

import pytest

BOOKS = ("annual_plan.html", "monthly_allocation-04.html", "year_end_summary.html")
PAGES = ("index.html", *BOOKS)
SCREEN = {"width": 1366, "height": 768}
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)
WAIT = 600_000  # milliseconds: guards against a page that never comes, and no machine is as busy

if BROWSER is None and not os.environ.get("CI"):
    pytest.skip("no Chromium on this machine", allow_module_level=True)


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=BROWSER, args=QUIET.split(), timeout=WAIT)
        yield chromium
        chromium.close()


@pytest.fixture(params=PAGES)
def page(request, browser, report):
    """One page of the report, opened; what it asked for and complained of is kept."""
    tab = browser.new_page(viewport=SCREEN)
    tab.set_default_timeout(WAIT)
    tab.asked, tab.complaints = [], []
    tab.on("request", lambda request: tab.asked.append(request.url))
    tab.on("console", lambda message: tab.complaints.append(message.text))
    tab.on("pageerror", lambda error: tab.complaints.append(str(error)))
    tab.goto((report / request.param).as_uri())
    tab.wait_for_load_state("load")
    yield tab
    tab.close()


def test_a_page_asks_for_nothing_but_itself_and_complains_of_nothing(page):
    others = [address for address in page.asked if address != page.url and not address.startswith("data:")]
    assert others == []
    assert page.complaints == []


def test_every_picture_of_a_book_is_there(page):
    if page.url.endswith("index.html"):
        return
    widths = page.eval_on_selector_all("img", "images => images.map(image => image.naturalWidth)")
    assert widths
    assert min(widths) > 400


def test_a_page_fits_a_planners_screen(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("width", "media"), [(390, "screen"), (703, "print")])
def test_nothing_runs_off_a_telephone_or_the_paper(browser, report, name, width, media):
    """703 pixels is A4 within its margins; on a telephone a wide table scrolls in its own box."""
    tab = browser.new_page(viewport={"width": width, "height": 844})
    tab.goto((report / name).as_uri())
    tab.emulate_media(media=media)
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    parts = "table, img, pre, p" if media == "print" else "main > *, .output"
    script = "(found, width) => found.filter(one => one.getBoundingClientRect().right > width + 1).length"
    assert tab.eval_on_selector_all(parts, script, width) == 0
    tab.close()


def test_the_annual_page_has_at_most_nine_screens_with_the_plan_complete(browser, report):
    tab = browser.new_page(viewport=SCREEN)
    tab.goto((report / "annual_plan.html").as_uri())
    assert tab.evaluate("document.documentElement.scrollHeight") <= 9 * SCREEN["height"]
    for caption in ("执法工作量核算", "计划事项", "执法计划安排表", "各月需要与可安排", "需要处理的问题"):
        assert tab.locator("table:visible", has_text=caption).count() >= 1, caption
    tab.close()


def test_the_months_page_has_at_most_seven_screens_and_what_is_folded_opens_and_is_printed(browser, report):
    tab = browser.new_page(viewport=SCREEN)
    tab.goto((report / BOOKS[1]).as_uri())
    assert tab.evaluate("document.documentElement.scrollHeight") <= 7 * SCREEN["height"]
    folded = tab.locator("details.more")
    assert folded.count() >= 5
    name = folded.first.locator("summary").inner_text()
    assert "名单" in name
    table = folded.first.locator("table")
    assert not table.is_visible()
    folded.first.locator("summary").click()
    assert table.is_visible()
    assert table.locator("caption").inner_text() == name
    tab.emulate_media(media="print")
    assert folded.last.evaluate("one => one.getBoundingClientRect().height") > 100
    tab.close()


@pytest.mark.parametrize("name", BOOKS)
def test_a_book_begins_with_its_answer_and_leads_back_to_the_cover(browser, report, name):
    tab = browser.new_page(viewport=SCREEN)
    tab.goto((report / name).as_uri())
    box = tab.locator(".answer .sentence").bounding_box()
    assert box["y"] < SCREEN["height"] / 2
    links = tab.eval_on_selector_all("nav a", "links => links.map(link => link.getAttribute('href'))")
    assert links[0] == "index.html"
    assert tab.locator(", ".join(links[1:])).count() == len(links) - 1
    tab.locator("nav a").first.click()
    tab.wait_for_url("**/index.html")
    sentence = tab.locator(".answer .sentence").first.inner_text()
    assert sentence.startswith("够，")
    tab.close()


def test_code_is_folded_and_opens(page):
    if page.url.endswith("index.html"):
        return
    fold = page.locator("details").first
    assert fold.evaluate("element => element.open") is False
    fold.locator("summary").click()
    assert fold.evaluate("element => element.open") is True


def test_the_page_says_it_is_chinese_and_whose_plan_of_which_year_it_is(page):
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert page.locator("h1").inner_text().startswith("上海市普陀区应急管理局 2024年")
    assert page.title() == page.locator("h1").inner_text()


def test_the_annual_page_shows_the_261_visits_in_annex_1(browser, report):
    tab = browser.new_page()
    tab.goto((report / "annual_plan.html").as_uri())
    table = tab.locator("table", has_text="执法计划安排表（单位：家次）").first
    assert table.locator("tr").last.locator("td").last.inner_text() == "261"
    tab.close()
