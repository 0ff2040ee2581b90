"""The first lines of a book: what stands in them, as text and as markup."""

from __future__ import annotations

from enforce.papers.screen.heading import Heading

FULL = Heading("甲县 2025年度执法计划", "批准 2024-12-20", "试用", "由 a.yaml 算出：", "enforce run a.yaml")


def test_every_line_stands_in_its_place():
    tags = ["h1", "p", "blockquote", "p", "pre"]
    lines = repr(FULL).splitlines()
    expected = [f"<{tag}>{line}</{tag}>" for tag, line in zip(tags, lines, strict=True)]
    assert FULL._repr_html_().splitlines() == expected


def test_a_line_without_text_is_not_shown():
    assert Heading("题", "草案")._repr_html_() == "<h1>题</h1>\n<p>草案</p>"
    assert repr(Heading("题", "草案", command="make")) == "题\n草案\nmake"


def test_text_is_never_markup():
    assert Heading("<b>&", "x")._repr_html_().startswith("<h1>&lt;b&gt;&amp;</h1>")
