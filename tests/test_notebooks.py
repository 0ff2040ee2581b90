"""The shape of the committed notebooks: thin, run from top to bottom, with their outputs."""

import ast
import json
import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
#: Played with in a page, not printed: committed as it is written, without outputs.
EXPLORER = ROOT / "notebooks" / "scenario_explorer.ipynb"
REPORTS = [path for path in NOTEBOOKS if path != EXPLORER]
LOGIC = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.If, ast.IfExp, ast.Try, ast.With, ast.Lambda)
LOOPS = (ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp)


def read(path):
    return nbformat.read(path, as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return read(request.param)


@pytest.fixture(params=REPORTS, ids=lambda path: path.stem)
def report_notebook(request):
    return read(request.param)


def test_the_explorer_is_one_call_and_committed_without_outputs():
    cells = code(read(EXPLORER))
    assert len(cells) == 2
    assert "parameters" in cells[0].metadata["tags"]
    assert cells[1].source.endswith("e.explore(plan, scenario)")
    assert "nbval-ignore-output" in cells[1].metadata["tags"]
    assert [(cell.execution_count, cell.outputs) for cell in cells] == [(None, [])] * 2


def test_the_three_notebooks_are_there():
    assert {path.stem for path in NOTEBOOKS} >= {"annual_plan", "monthly_allocation", "year_end_summary"}


def test_a_notebook_opens_with_its_parameters_its_heading_its_question_and_its_answer(report_notebook):
    parameters, heading, question, answer = report_notebook.cells[:4]
    assert "parameters" in parameters.metadata["tags"]
    assert heading.source.splitlines()[-1].startswith("e.heading(")
    assert heading.metadata["tags"] == ["heading"]
    assert question.source.startswith("## ")
    assert "？" in question.source.splitlines()[0]
    assert len(question.source.splitlines()) == 1
    assert answer.source.startswith("e.conclusion(")
    assert answer.metadata["tags"] == ["conclusion"]


def test_method_rules_and_how_to_run_it_are_the_last_sections_and_folded(report_notebook):
    sections = [cell for cell in report_notebook.cells if cell.source.startswith("## ")]
    folded = ["method" in cell.metadata.get("tags", []) for cell in sections]
    assert folded == sorted(folded)
    names = {cell.source.splitlines()[0] for cell, last in zip(sections, folded, strict=True) if last}
    assert {"## 怎样运行", "## 写出的文件"} <= names


#: Words of the demo, counts of a plan in Chinese numbers (十二行, 七项, 五分之一), and every other figure.
CLAIMS = (
    re.compile("普陀|普应急|宽城|putuo|演示|虚构|区重点|(?<!辖)区[内外]|本区"),
    re.compile("[二两三四五六七八九十百千]+(?:项|行|家|人|个科队|分之|成)"),
    re.compile("[0-9０-９]+|%"),
)
#: The only numbers prose may hold: of an annex, and the one visit more that a question is about.
NUMBERED = re.compile("附件 ?[1-4]|1 家次")


def claims(notebook):
    """What a notebook says of a plan that only the plan may say: in prose, and as words of the demo in its code."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            text = NUMBERED.sub("", cell.source)
            yield from (match[0] for claim in CLAIMS for match in claim.finditer(text))
        elif "parameters" not in cell.metadata.get("tags", []):
            yield from (match[0] for match in CLAIMS[0].finditer(cell.source))


def test_no_notebook_says_a_word_or_a_number_of_a_plan(notebook):
    assert list(claims(notebook)) == []


@pytest.mark.parametrize(
    "text",
    [
        *("计划的 261 家次", "十项其他执法", "计划的十二行", "不用 365−104−11", "约占五分之一", "不少于 15%", "P01"),
        *("params/putuo.yaml", "区重点单位覆盖", "2 月和 10 月最少", "演示数据"),
    ],
)
def test_a_claim_in_prose_is_seen(text):
    assert list(claims(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])))


def test_findings_come_right_behind_the_answer_or_last_before_what_is_folded_and_files_written_end_it(report_notebook):
    headings = [line for cell in report_notebook.cells for line in cell.source.splitlines() if line.startswith("## ")]
    findings = next(n for n, heading in enumerate(headings) if heading.endswith("需要处理的问题"))
    tags = [cell.metadata.get("tags", []) for cell in report_notebook.cells if cell.source.startswith("## ")]
    assert findings in {1, next(n for n, tag in enumerate(tags) if "method" in tag) - 1}
    assert headings[-1].endswith("写出的文件")


def test_a_code_cell_follows_its_explanation(notebook):
    for before, cell in zip(notebook.cells[1:], notebook.cells[2:], strict=False):
        assert cell.cell_type == "markdown" or before.cell_type == "markdown", cell.source


def test_a_code_cell_has_at_most_eight_lines_and_no_logic(notebook):
    for cell in code(notebook):
        assert len(cell.source.splitlines()) <= 8, cell.source
        found = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, LOGIC + LOOPS)]
        assert not found, cell.source


def test_a_code_cell_shows_one_thing_and_it_is_the_last(notebook):
    for cell in code(notebook):
        shown = [node for node in ast.parse(cell.source).body if isinstance(node, ast.Expr)]
        assert len(shown) <= 1, cell.source


def test_nothing_is_assigned_that_another_cell_assigned_before(notebook):
    seen = set()
    for cell in code(notebook):
        names = {
            node.id for node in ast.walk(ast.parse(cell.source)) if isinstance(getattr(node, "ctx", None), ast.Store)
        }
        assert not names & seen, cell.source
        seen |= names


def test_cells_were_run_from_top_to_bottom_without_noise(report_notebook):
    cells = code(report_notebook)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    for output in (output for cell in cells for output in cell.outputs):
        assert output.output_type in ("execute_result", "display_data"), output


def test_a_chart_stands_beside_the_table_it_draws(report_notebook):
    """nbval never compares a picture, so the numbers must stand in a table as well."""
    cells = code(report_notebook)
    charts = [n for n, cell in enumerate(cells) if any("image/png" in output.data for output in cell.outputs)]
    assert charts
    for n in charts:
        assert "text/html" in cells[n - 1].outputs[0].data


def test_the_files_are_clean_of_machine_and_time():
    for path in NOTEBOOKS:
        text = path.read_text(encoding="utf-8")
        metadata = json.loads(text)["metadata"]
        assert set(metadata) == {"kernelspec", "language_info"}
        assert str(ROOT) not in text
        for word in ("papermill", "start_time", "/home/", "/root/", "/tmp/"):
            assert word not in text, (path.name, word)


def test_every_column_that_is_shown_has_its_chinese_word(report_notebook):
    texts = [o.data.get("text/plain", "") for cell in code(report_notebook) for o in cell.outputs if "data" in o]
    words = {word for text in texts for word in re.findall(r"\b[a-z]+_[a-z_]+\b(?!\.)", text)}
    assert words == set()
