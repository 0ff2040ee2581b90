"""Accepting new figures (接受新结果): the notebooks in the repository are run again where they stand."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from enforce.desk.run.batch import NOTEBOOKS, REPLAN, SWEEP
from enforce.desk.run.notebook import TIMEOUT, RunError, execute, message
from enforce.desk.run.templates import Job, defaults, read_templates
from enforce.papers.report import pages
from enforce.words.files import sync_folder, write_atomic
from enforce.words.problems import Place, Problem, refuse

if TYPE_CHECKING:
    from nbformat import NotebookNode


#: What an accept is about to replace.
_LIST = ".accepted.json"


def accept(notebooks: Sequence[Job] | None = None, timeout: int = TIMEOUT) -> list[str]:
    """Run the committed notebooks with their own parameters, replace them, and return which results changed.

    All of them are replaced, or none: RunError with the reason where one did not come to its end.
    """
    jobs = tuple(notebooks or (*NOTEBOOKS, *REPLAN, *SWEEP))
    for folder in {job.template.parent for job in jobs}:
        recover_accepted(folder)
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
    after = {one.job: pages.clean_notebook(one.notebook, {f"{one.job.template.parent.parent}/": ""}) for one in done}
    _replace({job.template: pages.notebook_bytes(notebook) for job, notebook in after.items()})
    return [line for job in after for line in changes(job.title, templates[job], after[job])]


def _replace(contents: Mapping[Path, bytes]) -> None:
    """Replace files, all or none: every new one whole beside the old, then their list, then one after the other."""
    changed = {path: content for path, content in contents.items() if content != path.read_bytes()}
    for path, content in changed.items():
        write_atomic(_new_beside(path), content)
    for folder in {path.parent for path in changed}:
        names = [path.name for path in changed if path.parent == folder]
        write_atomic(folder / _LIST, json.dumps(names).encode())
        recover_accepted(folder)


def recover_accepted(folder: Path) -> None:
    """Finish what an accept that was stopped had listed; without a list take its new files away."""
    if (folder / _LIST).exists():
        for path in (folder / name for name in json.loads((folder / _LIST).read_bytes())):
            if _new_beside(path).exists():
                os.replace(_new_beside(path), path)
        sync_folder(folder)
        (folder / _LIST).unlink()
    for path in folder.glob(_new_beside(folder / "*").name):
        path.unlink()


def _new_beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.new")


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
