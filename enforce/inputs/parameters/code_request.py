"""The request for inspection codes (检查码申请): which columns its file has, from code_request.yaml.

Nobody has seen the form of the platform: every column is `assumed` until somebody has. A file beside the plan's tables
goes before that of the rules.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from enforce.inputs.parameters.entries import Entry, Line, Text, checked, form, several, word_of
from enforce.inputs.parameters.plan import Plan
from enforce.inputs.parameters.rules import CODE_REQUEST
from enforce.inputs.parameters.source import located
from enforce.inputs.parameters.yaml_file import read_yaml
from enforce.sheets.columns import one_of
from enforce.words.problems import Flaw, Place, Problem, refuse
from enforce.words.terms import Status
from enforce.words.texts import shown_path

#: What a column may hold of a visit.
REQUESTED = (
    *("visit_id", "visit_source", "task_id", "task", "content", "mode", "inspection_class", "legal_basis", "name"),
    *("unit_id", "subdistrict", "sector", "date", "half_day", "bureau", "officers", "with_sections"),
)


def _requested(text: str) -> str:
    return one_of(*REQUESTED)(text) if text else ""


class CodeColumn(Entry):
    """One column of the request: their heading, our column ('' for one that a person fills in), how sure that is."""

    heading: Text
    column: Annotated[str, form(_requested)]
    status: Annotated[str, word_of(Status)]
    source: Line = ""


class CodeRequest(Entry):
    """The columns of the request, in order."""

    columns: several(CodeColumn, least=1, default=...)


def code_request_file(plan: Plan) -> Path:
    """Return where the columns of the request stand: beside the plan's tables, else among the rules."""
    beside = plan.tables_folder / CODE_REQUEST
    return beside if beside.is_file() else plan.rules_folder / CODE_REQUEST


def read_code_request(plan: Plan) -> tuple[CodeColumn, ...]:
    """Read the columns of the request for inspection codes, none where no file says them.

    InputError tells every problem of the file.
    """
    path = code_request_file(plan)
    if not path.is_file():
        return ()
    raw = read_yaml(path)
    request, problems = checked(CodeRequest, raw, shown_path(path))
    refuse(located(problems, raw))
    headings = [column.heading for column in request.columns]
    refuse(
        Problem(shown_path(path), Place(f"columns[{n}].heading"), heading, "不重复的列名", Flaw.REPEATED)
        for n, heading in enumerate(headings)
        if heading in headings[:n]
    )
    return request.columns
