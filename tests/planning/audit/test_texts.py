"""What others print: nothing is said of what is correct, one thing of one slip, in whatever file it stands."""

from __future__ import annotations

import docx
import pytest

from enforce.desk.commands.audit import audit_files
from tests.planning.audit import county_texts, kinds, other_texts, texts

CORRECT = texts.CORRECT | other_texts.CORRECT | kinds.CORRECT | county_texts.CORRECT
SLIPS = [
    *texts.SLIPS,
    *kinds.SLIPS,
    *county_texts.SLIPS,
    *(one for one in other_texts.SLIPS if one[:2] not in other_texts.MISSED),
]


def audited(text: str):
    return audit_files(["-"], pasted=text.encode("utf-8")).findings


@pytest.mark.parametrize("name", CORRECT)
def test_a_correct_text_gives_no_finding(name):
    assert audited(CORRECT[name]) == ()


@pytest.mark.parametrize(("name", "right", "wrong"), SLIPS)
def test_one_slip_gives_one_finding(name, right, wrong):
    assert right in CORRECT[name]
    assert len(audited(CORRECT[name].replace(right, wrong, 1))) == 1


@pytest.mark.parametrize(
    ("name", "right", "wrong"), [one for one in other_texts.SLIPS if one[:2] in other_texts.MISSED]
)
def test_what_is_not_found_yet_is_no_false_alarm_elsewhere(name, right, wrong):
    assert len(audited(CORRECT[name].replace(right, wrong, 1))) <= 1


@pytest.mark.parametrize("text", kinds.FINDINGS)
def test_what_is_no_sum_gives_one_finding_of_its_kind(text):
    assert [one.check for one in audited(text)] == [kinds.FINDINGS[text]]


def test_a_subtotal_of_one_row_is_that_row():
    table = "|类别|事项|一季度|二季度|全年|\n|---|---|---|---|---|\n|重点|甲|7|7|14|\n|专项|乙|0|9|9|\n"
    assert audited(f"2025年计划\n{table}|重点小计||7|7|14|\n|专项小计||0|9|9|\n|合计||7|16|23|") == ()


def _word(text: str, path) -> None:
    document = docx.Document()
    rows: list[list[str]] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            rows += [line.strip("|").split("|")] if "---" not in line else []
            continue
        if rows:
            table = document.add_table(len(rows), len(rows[0]))
            for row, words in zip(table.rows, rows, strict=True):
                for cell, word in zip(row.cells, words, strict=False):
                    cell.text = word.strip()
            rows = []
        document.add_paragraph(line.removeprefix("# "))
    document.save(path)


@pytest.mark.parametrize("name", [name for name, text in CORRECT.items() if "|" in text and "--- | ---" not in text])
def test_a_text_with_tables_reads_the_same_as_a_word_file(name, tmp_path):
    path = tmp_path / "计划.docx"
    _word(CORRECT[name], path)
    assert audit_files([path]).findings == ()
    for _, right, wrong in [one for one in SLIPS if one[0] == name]:
        _word(CORRECT[name].replace(right, wrong, 1), path)
        assert len(audit_files([path]).findings) == 1, wrong
