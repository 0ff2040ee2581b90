"""The public page of a draw: before the visits the commitment alone, afterwards a page that computes it all again."""

from __future__ import annotations

import json
import random
import shutil

import pytest

from enforce.inputs.draws import commitment, draw_bytes
from enforce.papers.report.draw_page import draw_page
from enforce.papers.report.markup import outside_references
from tests.draws import EVENT, record

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
LISTED = [{"unit_id": code, "stratum": "", "weight": 1} for code in ("A1", "B2", "C3")]
MADE = record(random.Random(4), listed=LISTED, left_out=[{"unit_id": "D4", "reason": "closed"}], places=1)
PLAIN = json.loads(draw_bytes(MADE))
DRAWN = next(unit.unit_id for unit in MADE.result if not unit.substitute)


def test_before_the_visits_the_page_has_the_commitment_and_no_unit_and_no_seed():
    page = draw_page("甲局 2024年 抽查", PLAIN, None).decode()
    assert MADE.list_sha256 in page
    assert EVENT["kind"] in page
    assert outside_references(page) == []
    for secret in ("A1", "B2", "C3", "D4", f'"{MADE.seed}"', ">种子<", MADE.result[0].ticket):
        assert secret not in page


def test_afterwards_it_has_the_drawn_by_name_and_nothing_from_elsewhere():
    page = draw_page("甲局 2024年 抽查", PLAIN, {DRAWN: "某厂"}).decode()
    assert f"<td>{DRAWN}</td><td>某厂</td><td>0.333</td>" in page
    assert set(outside_references(page)) == {"script"}
    assert "src=" not in page


def test_markup_in_a_name_stays_text_and_data_cannot_end_its_part():
    event = {**EVENT, "place": "</script><b>{{data}}</b>"}
    page = draw_page("<i>甲局</i>", {**PLAIN, "event": event}, {DRAWN: "<b>厂</b>"}).decode()
    assert "<i>" not in page
    assert "<b>" not in page
    assert page.count("</script>") == 3


@pytest.fixture(scope="module")
def tab():
    if BROWSER is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        yield browser.new_page()
        browser.close()


@pytest.mark.slow
def test_any_unit_finds_its_ticket_its_rank_and_why_without_network(tab, tmp_path):
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    (tmp_path / "a.html").write_bytes(draw_page("甲局 2024年 抽查", PLAIN, {DRAWN: "某厂"}))
    tab.goto((tmp_path / "a.html").as_uri())
    assert tab.locator("#verdict").inner_text() == "本页已重新计算：名单摘要一致，抽中的单位一致。"
    answers = {}
    for code in ("A1", "B2", "c3 ", "D4", "Z9"):
        tab.fill("#code", code)
        tab.click("button")
        answers[code.strip().upper()] = tab.locator("#answer").inner_text()
    assert answers["D4"] == "不参加抽取：已停业、关闭、迁出或注销。"
    assert "没有这个代码" in answers["Z9"]
    tickets = {unit.unit_id: unit.ticket for unit in MADE.result}
    for code, ticket in tickets.items():
        assert answers[code].endswith(f"号 {ticket}")
    assert answers[DRAWN].startswith("抽中。3 家中抽 1 家，排第 1 位（号小的先抽中）")
    assert [url for url in asked if not url.startswith("file:")] == []


@pytest.mark.slow
def test_the_page_agrees_with_ours_on_a_thousand_random_draws(tab, tmp_path):
    (tmp_path / "a.html").write_bytes(draw_page("甲局", PLAIN, {}))
    tab.goto((tmp_path / "a.html").as_uri())
    chance = random.Random(14)
    made = [record(chance) for _ in range(1000)]
    ask = """records => records.map(one => { const rows = ranks(one); return [digest(one),
             rows.filter(row => row.drawn).map(row => row.unit.unit_id), rows.map(row => row.ticket)]; })"""
    answers = tab.evaluate(ask, [json.loads(draw_bytes(one)) for one in made])
    for one, (digest, drawn, tickets) in zip(made, answers, strict=True):
        assert digest == commitment(one)
        assert drawn == [unit.unit_id for unit in one.result if not unit.substitute]
        assert {unit.ticket for unit in one.result} <= set(tickets)
