"""Accepting new figures (接受新结果): the notebooks in the repository are run again where they stand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from enforce.desk.run.batch import NOTEBOOKS, REPLAN
from enforce.desk.run.notebook import TIMEOUT, Done, RunError, execute, message
from enforce.desk.run.templates import Job, defaults, read_templates
from enforce.papers.report import pages
from enforce.words.files import write_atomic
from enforce.words.problems import Place, Problem, refuse

if TYPE_CHECKING:
    from nbformat import NotebookNode


def accept(notebooks: Sequence[Job] | None = None, timeout: int = TIMEOUT) -> list[str]:
    """Run the committed notebooks with their own parameters, replace them, and return which results changed.

    All of them are replaced, or none: RunError with the reason where one did not come to its end.
    """
    jobs = tuple(notebooks or (*NOTEBOOKS, *REPLAN))
    templates = read_templates(jobs)
    refuse(
        Problem(f"notebooks/{job.template.name}", Place("参数 out"), repr(folder), '""（就地重跑时不写文件）')
        for job in jobs
        if (folder := defaults(templates[job])["out"])
    )
    done = execute(templates, {}, timeout)
    failed = [one for one in done if one.fault]
    if failed:
        raise RunError(f"{message(failed)}\n笔记本没有改动。")
    return [line for one in done for line in _replace(one, templates[one.job])]


def _replace(one: Done, before: NotebookNode) -> list[str]:
    after = pages.clean_notebook(one.notebook, {f"{one.job.template.parent.parent}/": ""})
    content = pages.notebook_bytes(after)
    if content != one.job.template.read_bytes():
        write_atomic(one.job.template, content)
    return changes(one.job.title, before, after)


def changes(title: str, before: NotebookNode, after: NotebookNode) -> list[str]:
    """Return one line for every code cell whose result differs: notebook, cell, heading."""
    pairs = zip(before.cells, after.cells, strict=True)
    changed = [n for n, (old, new) in enumerate(pairs) if _results(old) != _results(new)]
    return [
        f"《{title}》第 {_number(after, n)} 个代码格（“{pages.heading_above(after, n)}”下）的结果变了" for n in changed
    ]


def _number(notebook: NotebookNode, index: int) -> int:
    return sum(cell.cell_type == "code" for cell in notebook.cells[: index + 1])


def _results(cell: NotebookNode) -> str:
    results = [{**output, "execution_count": None} for output in cell.get("outputs", [])]
    return json.dumps(results, sort_keys=True)
