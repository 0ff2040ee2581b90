"""Pages: an executed notebook, cleaned, and the page made of it."""

from __future__ import annotations

import base64
import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from enforce.papers.report import pages
from enforce.papers.report.markup import outside_references
from enforce.papers.screen.heading import Heading

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def shown(data: dict, **options) -> object:
    return new_output("execute_result", data=data, execution_count=1, **options)


def a_notebook(*cells) -> nbformat.NotebookNode:
    notebook = new_notebook(cells=list(cells))
    for n, cell in enumerate(notebook.cells):
        cell.id = f"c{n}"
    return notebook


def a_page(*outputs, text: str = "# 年度计划\n\n问题：够不够？") -> str:
    cell = new_code_cell("e.open_year(plan)", outputs=list(outputs), execution_count=1)
    return pages.page_html(a_notebook(new_markdown_cell(text), cell), "年度计划")


# --- the cleaned notebook: P15, H5 ---


def executed() -> nbformat.NotebookNode:
    template = new_code_cell('plan = "demo"', execution_count=1, metadata={"tags": ["parameters"]})
    injected = new_code_cell(
        '# Parameters\nplan = "\\u666e"', execution_count=2, metadata={"tags": ["injected-parameters"]}
    )
    cell = new_code_cell(
        "1", execution_count=3, metadata={"papermill": {"start_time": "t"}, "execution": {"x": "t"}, "tags": []}
    )
    cell.outputs = [
        new_output("stream", name="stdout", text="/home/li/plan/reports/.a.new/表.xlsx"),
        new_output(
            "execute_result", data={"text/html": "<b>/home/li/plan/data</b>", "image/png": PIXEL}, execution_count=3
        ),
    ]
    notebook = a_notebook(template, injected, cell)
    notebook.cells[1].id = "random7a"
    notebook.metadata = {
        "papermill": {"output_path": "/home/li/x"},
        "widgets": {},
        "language_info": {"version": "3.11.7"},
    }
    return nbformat.from_dict(notebook)


RENAMES = {"/home/li/plan/reports/.a.new": "../reports/a", "/home/li/plan/": ""}


def test_h5_no_time_and_no_machine_path_remains():
    text = pages.notebook_bytes(pages.clean_notebook(executed(), RENAMES)).decode("utf-8")
    assert "/home" not in text
    assert "papermill" not in text
    assert "3.11.7" not in text
    assert "start_time" not in text
    assert "../reports/a/表.xlsx" in text


def test_p15_the_parameters_of_a_run_are_readable_chinese():
    cleaned = pages.clean_notebook(executed(), {}, {"plan": "../params/普陀.yaml", "month": 5})
    assert cleaned.cells[0].source == '# 本次运行的参数\nplan = "../params/普陀.yaml"\nmonth = 5'
    assert "普陀".encode() in pages.notebook_bytes(cleaned)


@pytest.mark.parametrize("value", ['a"; import os #', "a\\", "a\nb = 1", "\u2028", "普陀'", "{x}"])
def test_p3_a_value_shown_as_a_parameter_stays_a_value(value):
    names = {}
    exec(pages.parameters_text({"plan": value}), names)
    assert names["plan"] == value


def test_the_values_of_a_run_stand_in_the_place_of_the_templates_own_and_the_counts_follow():
    cleaned = pages.clean_notebook(executed(), {}, {"plan": "x", "aside": False})
    assert [(cell.id, cell.execution_count) for cell in cleaned.cells] == [("c0", 1), ("c2", 2)]
    assert cleaned.cells[0].metadata == {"tags": ["parameters"]}
    assert cleaned.cells[1].outputs[1].execution_count == 2
    assert "demo" not in nbformat.writes(cleaned)
    names = {}
    exec(cleaned.cells[0].source, names)
    assert (names["plan"], names["aside"]) == ("x", False)


def test_a_notebook_run_with_its_own_parameters_keeps_them():
    notebook = executed()
    del notebook.cells[1]
    cleaned = pages.clean_notebook(notebook, {})
    assert cleaned.cells[0].source == 'plan = "demo"'
    assert [cell.execution_count for cell in cleaned.cells] == [1, 3]


def test_a_cell_that_never_ran_has_no_count():
    notebook = executed()
    notebook.cells[2].execution_count, notebook.cells[2].outputs = None, []
    assert pages.clean_notebook(notebook, {}, {"plan": "x"}).cells[1].execution_count is None


def test_cleaning_leaves_the_notebook_it_was_given_alone():
    before = executed()
    text = nbformat.writes(before)
    pages.clean_notebook(before, RENAMES, {"plan": "x"})
    assert nbformat.writes(before) == text


def test_a_folder_that_stands_inside_a_longer_path_is_not_renamed():
    text = "写入/srv/plan/reports，读 ../../srv/plan/a.csv"
    assert pages._rename_text(text, {"/srv/plan/": ""}) == "写入reports，读 ../../srv/plan/a.csv"


def test_a_picture_is_not_touched_by_a_rename():
    cleaned = pages.clean_notebook(executed(), {PIXEL[:4]: "x"})
    assert cleaned.cells[1].outputs[1].data["image/png"] == PIXEL


def test_the_heading_above_a_cell_is_the_nearest_one():
    cells = [new_markdown_cell("# 题\n\n## 一、账"), new_code_cell("1"), new_markdown_cell("文字"), new_code_cell("2")]
    notebook = a_notebook(*cells)
    assert pages.heading_above(notebook, 3) == "一、账"
    assert pages.heading_above(notebook, 0) == ""
    assert pages.title(notebook, "x") == "题"


def headed(title: str = "甲县应急管理局 2025年度执法计划（草案：尚未批准）", *cells) -> nbformat.NotebookNode:
    """A notebook as they are: its parameters, what puts out its heading, a question."""
    parameters = new_code_cell('plan = "x.yaml"', metadata={"tags": ["parameters"]}, execution_count=1)
    heading = Heading(title, "草案：尚未批准　版本：尚未定版", "甲县的声明")
    outputs = [shown({"text/html": heading._repr_html_(), "text/plain": repr(heading)})]
    head = new_code_cell("e.heading(year)", outputs=outputs, execution_count=2)
    return a_notebook(parameters, head, new_markdown_cell("# 够不够？\n\n## 一、账"), *cells)


def test_the_title_is_the_heading_that_a_notebook_puts_out():
    assert pages.title(headed(), "x") == "甲县应急管理局 2025年度执法计划（草案：尚未批准）"
    assert pages.title(headed("甲&乙<局>"), "x") == "甲&乙<局>"
    markdown = new_code_cell("1", outputs=[shown({"text/markdown": "# 甲县\n\n文字"})])
    assert pages.title(a_notebook(new_markdown_cell("# 题"), markdown), "x") == "甲县"
    assert pages.title(a_notebook(new_code_cell("# 不是题")), "x") == "x"


def test_the_heading_above_a_cell_may_be_one_put_out():
    assert pages.heading_above(headed(), 2).startswith("甲县应急管理局")
    assert pages.heading_above(headed(), 3) == "一、账"


def test_a_page_opens_with_the_heading_and_ends_with_the_parameters():
    table = new_code_cell("e.show(t)", outputs=[shown({"text/html": "<p>表</p>"})], execution_count=3)
    before = headed("甲县", table)
    html = pages.page_html(before, "年度计划")
    parts = ["<title>甲县</title>", "<h1>甲县</h1>", "甲县的声明", "够不够？", "<p>表</p>", "plan = &#34;x.yaml&#34;"]
    assert sorted(parts, key=html.index) == parts
    assert html.count("<h1>甲县</h1>") == 1
    assert before.cells[1].outputs


def test_markup_in_the_words_of_a_plan_is_text_in_its_heading():
    html = pages.page_html(headed("<script>alert(1)</script>局"), "x")
    assert outside_references(html, [pages.COVER]) == []
    assert "<h1>&lt;script&gt;alert(1)&lt;/script&gt;局</h1>" in html


# --- the page: H3, H4 ---


def test_h4_a_page_loads_nothing_and_runs_nothing():
    html = a_page(
        shown({"text/html": "<table><tr><td>1</td></tr></table>"}), shown({"image/png": PIXEL, "text/plain": "图"})
    )
    assert outside_references(html, [pages.COVER]) == []
    for word in ("<script", "http:", "https:", "mathjax", "require", "mermaid", "<link"):
        assert word not in html.lower()


def test_a_page_says_its_language_and_encoding_and_folds_the_code():
    html = a_page()
    assert '<html lang="zh-CN">' in html
    assert '<meta charset="utf-8">' in html
    assert "<title>年度计划</title>" in html
    assert html.index('<details id="code"><summary>计算代码和参数</summary>') < html.index("e.open_year(plan)")
    assert "e.open_year(plan)" in html


def test_p15_the_parameters_of_a_run_stand_on_the_page_last():
    cell = new_code_cell('# 本次运行的参数\nplan = "普陀.yaml"', metadata={"tags": ["parameters"]})
    html = pages.page_html(a_notebook(cell), "年度计划")
    assert html.index("计算代码和参数</summary>") < html.index("plan = &#34;普陀.yaml&#34;")


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">甲</a>',
    '<a href="https://evil.example/x">甲</a>',
    '<iframe src="//evil.example"></iframe>',
    '<p style="background:url(https://evil.example/x)">甲</p>',
    "<style>@import url(//evil.example/x.css);</style>",
    "<svg onload=alert(1)></svg>",
    '<form action="//evil.example"><input></form>',
    "<table><tr><td onclick=alert(1)>甲</td></tr></table>",
    '<meta http-equiv="refresh" content="0;url=//evil.example">',
    '<object data="//evil.example"></object>',
    '<td style="color:expression(alert(1))">甲</td>',
]


@pytest.mark.parametrize("markup", HOSTILE)
def test_h3_markup_in_data_is_dead_on_the_page(markup):
    for html in (
        a_page(shown({"text/html": f"<p>前</p>{markup}<p>后</p>"})),
        a_page(shown({"text/markdown": f"前\n\n{markup}\n\n后"})),
        a_page(new_output("display_data", data={"text/plain": f"前{markup}后"})),
        a_page(new_output("stream", name="stdout", text=f"前{markup}后")),
        a_page(text=f"# 题\n\n前\n\n{markup}\n\n后"),
    ):
        assert outside_references(html, [pages.COVER]) == []
        assert "前" in html
        assert "后" in html


def test_styles_and_scripts_that_came_with_a_table_leave_no_text_behind():
    html = a_page(shown({"text/html": "<style>.frame td {x: 1}</style><script>f()</script><p>表</p>"}))
    assert ".frame" not in html
    assert "f()" not in html
    assert "<p>表</p>" in html


@pytest.mark.parametrize("markup", HOSTILE[:8])
def test_h3_the_watch_on_pages_would_see_live_markup(markup):
    assert outside_references(markup) != []


@pytest.mark.parametrize(
    "kind", ["application/javascript", "image/svg+xml", "application/vnd.jupyter.widget-view+json"]
)
def test_h3_outputs_that_run_are_not_shown(kind):
    html = a_page(new_output("display_data", data={kind: "alert(1)", "text/plain": "代之以文字"}))
    assert "alert(1)" not in html
    assert "代之以文字" in html


def test_tables_keep_their_form_and_pictures_stand_inside():
    table = (
        '<table style="border-collapse:collapse"><caption style="text-align:left">表</caption><thead><tr>'
        '<th scope="col">月</th></tr></thead><tbody><tr><td style="text-align:right" colspan="2">5</td></tr>'
        "</tbody></table>"
    )
    html = a_page(shown({"text/html": table}), shown({"image/png": PIXEL, "text/plain": "负荷图"}))
    for part in (
        "<thead>",
        "<caption",
        '<th scope="col">',
        'colspan="2"',
        "text-align:right",
        "border-collapse:collapse",
    ):
        assert part in html
    assert f'src="data:image/png;base64,{PIXEL}"' in html
    assert 'alt="负荷图"' in html
    assert base64.b64decode(PIXEL)


def test_a_page_is_the_same_to_the_byte_each_time():
    assert a_page(shown({"text/html": "<b>1</b>"})) == a_page(shown({"text/html": "<b>1</b>"}))


def test_a_picture_that_is_not_base64_cannot_break_out_of_its_tag():
    html = a_page(shown({"image/png": '"><script>alert(1)</script>', "text/plain": '"><script>'}))
    assert outside_references(html, [pages.COVER]) == []


def test_a_notebook_file_is_json_that_nbformat_takes():
    text = pages.notebook_bytes(a_notebook(new_markdown_cell("# 题")))
    nbformat.validate(nbformat.reads(text.decode("utf-8"), as_version=4))
    assert text.endswith(b"}\n")
    assert json.loads(text)["cells"][0]["source"] == ["# 题"]


def test_sections_are_listed_at_the_side_and_method_is_folded_after_them():
    method = new_markdown_cell("## 怎样运行\n\n点菜单", metadata={"tags": ["method"]})
    html = pages.page_html(a_notebook(new_markdown_cell("## 够不够？"), new_markdown_cell("正文"), method), "年度计划")
    links = '<a href="index.html">← 封面</a>', '<a href="#s1">够不够？</a>', '<a href="#s2">怎样运行</a>'
    parts = [
        *links,
        '<section id="s1">',
        "<p>正文</p>",
        '<details id="s2"><summary>怎样运行</summary>',
        "<p>点菜单</p>",
    ]
    assert sorted(parts, key=html.index) == parts
    assert "<h2>怎样运行" not in html


def test_a_link_may_lead_to_files_beside_the_page_and_to_no_others():
    page = '<a href="%E9%99%84.xlsx">附</a><a href="../x.html">x</a><img src="a.png">'
    assert outside_references(page, ["附.xlsx", "a.png"]) == ["href=../x.html", "src=a.png"]
