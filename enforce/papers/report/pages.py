"""Pages (页面): an executed notebook without what differs from run to run, and its page to print."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING

from enforce.papers.report import markup

if TYPE_CHECKING:
    from jinja2 import Environment
    from nbformat import NotebookNode

INJECTED, PARAMETERS = "injected-parameters", "parameters"

#: The page that a reader opens first, and what marks the cells that it takes from the others.
COVER = "index.html"
HEADING, CONCLUSION, METHOD, FOLDED = "heading", "conclusion", "method", "folded"

_TEMPLATES = Path(__file__).parent / "templates" / "report"
_DROPPED = frozenset({"papermill", "execution", "ExecuteTime"})
_ERROR_MARKER = "papermill-error-cell-tag"
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_HEADING = re.compile(r"(?:^(?P<marks>#{1,6})\s+|<h(?P<level>[1-6])>)(?P<text>.+?)\s*(?:$|</h[1-6]>)", re.MULTILINE)
_TITLE = re.compile(r'<caption[^>]*>(?P<text>[^<]+)</caption>|<img [^>]*alt="(?P<alt>[^"]+)"')
_SECTION = re.compile(r"\A## +(?P<text>.+)")
_SHOWN = ("text/html", "image/png", "image/jpeg", "text/markdown", "text/plain")


# --- the notebook ---


def clean_notebook(
    notebook: NotebookNode, renames: Mapping[str, str], parameters: Mapping[str, str | int] | None = None
) -> NotebookNode:
    """Return a copy of an executed notebook without times, machine paths and marks of the tool that ran it.

    `renames` replaces texts in outputs (the folder of the run by that of the report, longest first);
    `parameters` are the values of the run: they stand in the cell of parameters, in place of the template's.
    """
    cleaned = copy.deepcopy(notebook)
    cleaned.metadata = type(notebook)(kernelspec=_kernel(), language_info={"name": "python"})
    cleaned.cells = [cell for cell in cleaned.cells if _ERROR_MARKER not in cell.metadata.get("tags", [])]
    _put_in_place(cleaned, parameters or {})
    for cell in cleaned.cells:
        _clean_cell(cell, renames)
    return cleaned


def _kernel() -> dict[str, str]:
    return {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def _put_in_place(notebook: NotebookNode, parameters: Mapping[str, str | int]) -> None:
    """Put the values of a run into the template's own cell of parameters, and take the injected cell away."""
    injected = next((cell for cell in notebook.cells if _has_tag(cell, INJECTED)), None)
    if injected is None:
        return
    notebook.cells.remove(injected)
    for cell in notebook.cells:
        if _has_tag(cell, PARAMETERS):
            cell.source = parameters_text(parameters)
        for counted in (cell, *cell.get("outputs", [])):
            if (counted.get("execution_count") or 0) > (injected.execution_count or 0):
                counted.execution_count -= 1


def _has_tag(cell: NotebookNode, tag: str) -> bool:
    return tag in cell.metadata.get("tags", [])


def _clean_cell(cell: NotebookNode, renames: Mapping[str, str]) -> None:
    for key in [*_DROPPED, *(["tags"] if not cell.metadata.get("tags") else [])]:
        cell.metadata.pop(key, None)
    for output in cell.get("outputs", []):
        _rename_output(output, renames)


def parameters_text(parameters: Mapping[str, str | int]) -> str:
    """Return the cell of parameters as a planner can read it.

    >>> print(parameters_text({"plan": "../params/本局.yaml", "month": 5}))
    # 本次运行的参数
    plan = "../params/本局.yaml"
    month = 5
    """
    texts = {n: json.dumps(v, ensure_ascii=False) if isinstance(v, str) else repr(v) for n, v in parameters.items()}
    lines = [f"{name} = {text}" for name, text in texts.items()]
    return "\n".join(["# 本次运行的参数", *lines])


def _rename_output(output: NotebookNode, renames: Mapping[str, str]) -> None:
    if "text" in output:
        output.text = _rename_text(output.text, renames)
    if "traceback" in output:
        output.traceback = [_rename_text(line, renames) for line in output.traceback]
        output.evalue = _rename_text(output.evalue, renames)
    for kind, content in output.get("data", {}).items():
        if kind.startswith("text/") and isinstance(content, str):
            output.data[kind] = _rename_text(content, renames)


def _rename_text(text: str, renames: Mapping[str, str]) -> str:
    """Return a text with paths renamed, longest first; what stands inside a longer path is no path of ours."""
    for old in sorted(renames, key=len, reverse=True):
        text = re.sub(rf"(?<![A-Za-z0-9_./]){re.escape(old)}", lambda _, new=renames[old]: new, text)
    return text


def notebook_bytes(notebook: NotebookNode) -> bytes:
    """Return a notebook as a file: UTF-8, Chinese as it is, keys sorted, one line feed at the end."""
    import nbformat

    return (nbformat.writes(notebook).rstrip("\n") + "\n").encode("utf-8")


def heading_above(notebook: NotebookNode, index: int) -> str:
    """Return the last heading before a cell, written or put out; '' if there is none."""
    headings = _headings(notebook.cells[:index])
    return headings[-1][1] if headings else ""


def title(notebook: NotebookNode, default: str) -> str:
    """Return the first heading of the first level that a notebook puts out, else the first written, or `default`."""
    codes = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return next((text for level, text in (*_headings(codes), *_headings(notebook.cells)) if level == 1), default)


def _headings(cells: Iterable[NotebookNode]) -> list[tuple[int, str]]:
    """Return level and text of the headings of cells, in Markdown or in what code puts out."""
    texts = (text for cell in cells for text in _shown_texts(cell))
    matches = (match for text in texts for match in _HEADING.finditer(text))
    return [(len(match["marks"] or "") or int(match["level"]), unescape(match["text"])) for match in matches]


def _shown_texts(cell: NotebookNode) -> list[str]:
    """Return the Markdown and HTML of a cell: its own text, or what its code puts out."""
    if cell.cell_type == "markdown":
        return [cell.source]
    data = [output.get("data", {}) for output in cell.get("outputs", [])]
    return [shown[kind] for shown in data for kind in ("text/html", "text/markdown") if kind in shown]


# --- the page ---


@dataclass
class _Section:
    """A part of a page below one heading: what stands in it, as HTML; a folded one stands at the end."""

    title: str
    anchor: str
    folded: bool = False
    parts: list[str] = field(default_factory=list)


def page_html(notebook: NotebookNode, name: str, mark: str = "") -> str:
    """Return the notebook as one HTML page that stands alone: no script, nothing loaded, pictures inside.

    It opens with the heading that the notebook puts out and its answer, then a list of its sections; those tagged
    `method` are folded at the end, the code and the parameters after them. A table or a picture tagged `folded` is
    opened where it stands, and printed open. The `mark` stands at its head and foot: the state of a plan not yet
    approved, a scenario, an estimate. Markup that came with data is made harmless.
    """
    sections = [_Section("", "")]
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            _open_section(sections, cell)
        sections[-1].parts += _shown_parts(cell)
    lead, *others = sections
    shown = {"title": title(notebook, name), "mark": mark, "cover": COVER, "lead": lead.parts}
    codes = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    codes.sort(key=lambda cell: _has_tag(cell, PARAMETERS))
    parts = {folded: [one for one in others if one.folded == folded] for folded in (False, True)}
    return rendered("page.html.j2", **shown, sections=parts[False], methods=parts[True], codes=codes)


def rendered(template: str, **values: object) -> str:
    """Return a page of a template; what is no HTML of ours is text on it."""
    return _templates().get_template(template).render(**values).rstrip("\n") + "\n"


@cache
def _templates() -> Environment:
    """The templates of pages, compiled once in a process."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(_TEMPLATES)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _open_section(sections: list[_Section], cell: NotebookNode) -> None:
    """Begin a section where a cell of text begins with its heading."""
    if match := _SECTION.match(cell.source):
        sections.append(_Section(match["text"], f"s{len(sections)}", _has_tag(cell, METHOD)))


def _shown_parts(cell: NotebookNode) -> list[str]:
    """Return what a page shows of a cell, each as HTML: its text without the heading of the section, its outputs."""
    if cell.cell_type == "markdown":
        text = _SECTION.sub("", cell.source, count=1).strip()
        return [f'<div class="text">{markup.markdown_html(text)}</div>'] if text else []
    shown = [f'<div class="output">{html}</div>' for html in filter(None, map(_output_html, cell.get("outputs", [])))]
    return list(map(_folded, shown)) if _has_tag(cell, FOLDED) else shown


def _folded(html: str) -> str:
    """Return a table or a picture below its title, closed; what has no title stands as it is."""
    match = _TITLE.search(html)
    return (
        f'<details class="more"><summary>{match["text"] or match["alt"]}</summary>{html}</details>' if match else html
    )


def _output_html(output: NotebookNode) -> str:
    if output.output_type == "stream":
        return _plain_html(output.text, "error" if output.name == "stderr" else "")
    if output.output_type == "error":
        return _plain_html("\n".join(output.traceback), "error")
    data = output.data
    kind = next((kind for kind in _SHOWN if kind in data), "")
    if kind == "text/html":
        return markup.clean_html(data[kind])
    if kind == "text/markdown":
        return markup.markdown_html(data[kind])
    if kind.startswith("image/"):
        picture = re.sub(r"[^A-Za-z0-9+/=]", "", data[kind])
        words = escape(_COLOURS.sub("", data.get("text/plain") or "图"))
        return f'<img src="data:{kind};base64,{picture}" alt="{words}">'
    return _plain_html(data[kind]) if kind else ""


def _plain_html(text: str, kind: str = "") -> str:
    mark = f' class="{kind}"' if kind else ""
    return f"<pre{mark}>{escape(_COLOURS.sub('', text))}</pre>"


def shown_html(notebook: NotebookNode, tag: str) -> str:
    """Return what the first cell with a tag puts out, as inert HTML; '' where there is none."""
    outputs = (output for cell in notebook.cells if _has_tag(cell, tag) for output in cell.get("outputs", []))
    return next((_output_html(output) for output in outputs), "")
