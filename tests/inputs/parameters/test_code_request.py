"""The columns of the request for inspection codes come from a file that anybody may mend."""

from __future__ import annotations

import pytest

from enforce.inputs.parameters.code_request import read_code_request
from enforce.inputs.parameters.plan import read_plan
from enforce.words.problems import InputError
from enforce.words.terms import Status


def plan_with(root, tmp_path, text: str):
    (tmp_path / "code_request.yaml").write_text(text, encoding="utf-8")
    return read_plan(root / "params/putuo-2024.yaml").model_copy(update={"tables": str(tmp_path)})


def test_every_column_is_assumed_until_somebody_has_seen_the_form(root):
    columns = read_code_request(read_plan(root / "params/putuo-2024.yaml"))
    assert columns
    assert {column.status for column in columns} == {Status.ASSUMED}


def test_a_file_beside_the_tables_goes_before_that_of_the_rules(root, tmp_path):
    text = "columns:\n  - {heading: 监管对象, column: name, status: read, source: 某平台}\n"
    (column,) = read_code_request(plan_with(root, tmp_path, text))
    assert (column.heading, column.column, column.status) == ("监管对象", "name", "read")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("columns: []\n", "至少 1 项"),
        ("columns:\n  - {heading: 甲, column: telephone, status: read}\n", "visit_id"),
        ("columns:\n  - {heading: 甲, column: name, status: sure}\n", "assumed"),
        (
            "columns:\n  - {heading: 甲, column: name, status: read}\n  - {heading: 甲, column: date, status: read}\n",
            "不重复的列名",
        ),
    ],
)
def test_a_column_that_cannot_be_is_refused_with_what_may_stand_there(root, tmp_path, text, word):
    with pytest.raises(InputError, match=word):
        read_code_request(plan_with(root, tmp_path, text))
