"""Templates (模板): the notebooks as they stand, their cell of parameters checked before anything runs."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from enforce.words.problems import Flaw, InputError, Place, Problem, refuse

if TYPE_CHECKING:
    from nbformat import NotebookNode

#: The only names a cell of parameters may hold, and their types: papermill writes names and values as code.
PARAMETERS = {"plan": str, "scenario": str, "month": int, "as_of": str, "base": str, "aside": bool, "out": str}
PARAMETERS |= {"officers": str, "reserve": str, "visits": str}
REQUIRED = ("plan", "out")

_PYTHON = "能运行的 Python 代码（不用 ! 和 % 命令）"
_TYPES = {str: "文字（str）", int: "整数（int）", bool: "True 或 False（bool）"}


@dataclass(frozen=True)
class Job:
    """A notebook to run: its file and what a planner calls it."""

    template: Path
    title: str

    @property
    def stem(self) -> str:
        """Return the name that its files bear."""
        return self.template.stem


def read_templates(jobs: Sequence[Job]) -> dict[Job, NotebookNode]:
    """Return the notebooks as they stand, unrun; InputError with every fault of their cells of parameters."""
    missing = [f"notebooks/{job.template.name}" for job in jobs if not job.template.is_file()]
    refuse(Problem(file, Place("笔记本"), "没有这个文件", "一个 .ipynb 文件", Flaw.FILE) for file in missing)
    templates = {job: _read(job) for job in jobs}
    refuse(problem for job in jobs for problem in template_problems(job, templates[job]))
    return templates


def _read(job: Job) -> NotebookNode:
    import nbformat

    try:
        return nbformat.read(job.template, as_version=nbformat.NO_CONVERT)
    except Exception as error:  # nbformat raises many kinds
        file, kind = f"notebooks/{job.template.name}", type(error).__name__
        raise InputError([Problem(file, Place("笔记本"), kind, "完好的 .ipynb 文件", Flaw.FILE)]) from error


def template_problems(job: Job, notebook: NotebookNode) -> list[Problem]:
    """Return what is wrong with a template: its format, cells that are not Python, its one cell of parameters."""
    file = f"notebooks/{job.template.name}"
    version = (notebook.nbformat, notebook.nbformat_minor)
    if version < (4, 5):
        return [Problem(file, Place("文件格式"), "{}.{}".format(*version), "4.5 以上（用 JupyterLab 另存）")]
    codes = [cell for cell in notebook.cells if cell.cell_type == "code"]
    cells = [cell for cell in codes if "parameters" in cell.metadata.get("tags", [])]
    if len(cells) != 1 or any("injected-parameters" in cell.metadata.get("tags", []) for cell in codes):
        expected = "恰好 1 个，且没有上次运行插入的参数格"
        return [Problem(file, Place("标记为 parameters 的格"), f"{len(cells)} 个", expected)]
    unread = [Problem(file, Place(f"第 {n} 个代码格"), text, _PYTHON) for n, text in _unread_cells(codes)]
    return unread + _parameter_problems(file, cells[0].source)


def _unread_cells(codes: Sequence[NotebookNode]) -> list[tuple[int, str]]:
    """Return number and line of the cells that are not plain Python: misspelt, or a shell or magic command."""
    tried = [(n, _syntax_error(cell.source)) for n, cell in enumerate(codes, 1)]
    return [(n, text) for n, text in tried if text]


def _syntax_error(source: str) -> str:
    try:
        ast.parse(source)
    except SyntaxError as error:
        return (error.text or error.msg).strip()
    return ""


def _parameter_problems(file: str, source: str) -> list[Problem]:
    entries, unread = _assignments(source)
    problems = [Problem(file, Place("参数格"), text, "「名称: 类型 = 值」，一行一个") for text in unread]
    problems += [_parameter_problem(file, *entry) for entry in entries if not _is_known(*entry)]
    names = {name for name, _, _ in entries}
    return problems + [
        Problem(file, Place("参数格"), f"没有 {name}", f"有 {name}", Flaw.MISSING)
        for name in REQUIRED
        if name not in names
    ]


def _is_known(name: str, annotation: str, value: object) -> bool:
    wanted = PARAMETERS.get(name)
    return wanted is not None and type(value) is wanted and annotation in ("", wanted.__name__)


def _parameter_problem(file: str, name: str, annotation: str, value: object) -> Problem:
    if name not in PARAMETERS:
        return Problem(file, Place(f"参数 {name}"), "", f"下列名称之一：{'、'.join(PARAMETERS)}", Flaw.UNKNOWN)
    typed = f"{annotation or type(value).__name__} {value!r}"
    return Problem(file, Place(f"参数 {name}"), typed, _TYPES[PARAMETERS[name]])


def _assignments(source: str) -> tuple[list[tuple[str, str, object]], list[str]]:
    """Read the cell of parameters without running it: (name, annotation, value) each, and what is neither."""
    statements = [] if _syntax_error(source) else ast.parse(source).body
    read = [(_assignment(statement), ast.unparse(statement)) for statement in statements]
    return [entry for entry, _ in read if entry], [text for entry, text in read if not entry]


def _assignment(statement: ast.stmt) -> tuple[str, str, object] | None:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=value)):
            return name, "", value
        case ast.AnnAssign(target=ast.Name(id=name), annotation=kind, value=ast.Constant(value=value)):
            return name, ast.unparse(kind), value
    return None


def defaults(notebook: NotebookNode) -> dict[str, object]:
    """Return the parameters of a template with the values written in it."""
    cell = next(cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", []))
    return {name: value for name, _, value in _assignments(cell.source)[0]}


def passed(notebook: NotebookNode, values: Mapping[str, str | int]) -> dict[str, str | int]:
    """Return those of the values that the template asks for; InputError if one is not of its type."""
    wrong = [name for name, value in values.items() if type(value) is not PARAMETERS[name]]
    refuse(Problem("运行参数", Place(name), repr(values[name]), _TYPES[PARAMETERS[name]]) for name in wrong)
    return {name: values[name] for name in defaults(notebook) if name in values}
