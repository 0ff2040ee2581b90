"""Pages (页面): an executed notebook without what differs from run to run, and its page to print."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable, Mapping
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode

INJECTED, PARAMETERS = "injected-parameters", "parameters"

_TEMPLATES = Path(__file__).parent / "templates"
_DROPPED = frozenset({"papermill", "execution", "ExecuteTime"})
_ERROR_MARKER = "papermill-error-cell-tag"
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
# fmt: off
_TAGS = frozenset({
    "a", "b", "blockquote", "br", "caption", "code", "col", "colgroup", "dd", "div", "dl", "dt", "em",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "li", "ol", "p", "pre", "s", "small", "span", "strong",
    "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
})
_LOADING = frozenset({
    "script", "link", "iframe", "object", "embed", "base", "form", "svg", "video", "audio", "frame",
})
_REFERENCES = frozenset({
    "href", "src", "srcset", "action", "data", "poster", "background", "xlink:href",
})
_STYLES = [
    "text-align", "font-weight", "font-size", "color", "background-color", "padding", "margin", "white-space",
    "max-width", "border", "border-top", "border-bottom", "border-collapse", "caption-side",
]
# fmt: on
_HEADING = re.compile(r"(?:^(?P<marks>#{1,6})\s+|<h(?P<level>[1-6])>)(?P<text>.+?)\s*(?:$|</h[1-6]>)", re.MULTILINE)
_CSS_LOADS = re.compile(r"@import|url\([^)]*\)|expression\(", re.IGNORECASE)
_TABLE_SPANS = ["colspan", "rowspan"]
_ATTRIBUTES = {"*": ["class", "title", "style"], "a": ["href"], "td": _TABLE_SPANS, "th": [*_TABLE_SPANS, "scope"]}
_SHOWN = ["text/html", "image/png", "image/jpeg", "text/markdown", "text/plain"]


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


def page_html(notebook: NotebookNode, name: str, mark: str = "") -> str:
    """Return the notebook as one HTML page that stands alone: no script, nothing loaded, pictures inside.

    It opens with the heading that the notebook puts out, and its parameters stand at the end. The `mark` stands at its
    head and foot: the state of a plan not yet approved, a scenario, an estimate. Markup that came with data is made
    harmless: only tags of plain text and tables remain.
    """
    from nbconvert import HTMLExporter
    from traitlets.config import Config

    config = Config()
    config.NbConvertBase.display_data_priority = _SHOWN
    exporter = HTMLExporter(
        config=config,
        template_name="report",
        extra_template_basedirs=[str(_TEMPLATES)],
        sanitize_html=True,
        exclude_anchor_links=True,
        filters={"clean_page": _clean_html, "plain_text": _without_colours, "base64_only": _base64_only},
    )
    heading, body = _heading_first(notebook)
    shown = {"page_title": title(notebook, name), "page_mark": mark, "page_heading": heading}
    html, _ = exporter.from_notebook_node(body, shown)
    return html.rstrip("\n") + "\n"


def _heading_first(notebook: NotebookNode) -> tuple[str, NotebookNode]:
    """Return the heading that a notebook puts out, and the notebook without it, its parameters at the end."""
    body = copy.deepcopy(notebook)
    body.cells.sort(key=lambda cell: _has_tag(cell, PARAMETERS))
    for cell in body.cells:
        for output in cell.get("outputs", []):
            html = output.get("data", {}).get("text/html", "")
            if html.startswith("<h1>"):
                cell.outputs.remove(output)
                return html, body
    return "", body


def _clean_html(html: str) -> str:
    import bleach
    from bleach.css_sanitizer import CSSSanitizer
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(html, features="html.parser")
    for element in soup.find_all(["style", "script", "template", "noscript"]):
        element.decompose()
    # no protocol at all: a link may lead inside the page, nowhere else
    return bleach.clean(
        str(soup),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        protocols=[],
        strip=True,
        css_sanitizer=CSSSanitizer(allowed_css_properties=_STYLES),
    )


def _without_colours(text: str) -> str:
    return _COLOURS.sub("", text)


def _base64_only(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9+/=]", "", text)


def outside_references(html: str) -> list[str]:
    """Return the parts of a page that load or run something: tags, addresses, event handlers; [] if it is inert.

    >>> outside_references('<p>https://a.example 只是文字</p><a href="#x">x</a>')
    []
    >>> outside_references('<img src="//b.example/x.png"><p onclick="x()"></p><script></script>')
    ['src=//b.example/x.png', 'onclick=x()', 'script']
    """
    reader = _References()
    reader.feed(html)
    return reader.references


class _References(HTMLParser):
    """Collects everything on a page that reaches outside it."""

    def __init__(self) -> None:
        super().__init__()
        self.references: list[str] = []
        self.in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_style = tag == "style"
        self.references += [tag] if tag in _LOADING else []
        self.references += [f"{name}={value}" for name, value in attrs if _reaches_out(name, value or "")]

    def handle_endtag(self, tag: str) -> None:
        self.in_style = False

    def handle_data(self, data: str) -> None:
        self.references += _CSS_LOADS.findall(data) if self.in_style else []


def _reaches_out(name: str, value: str) -> bool:
    if name.startswith("on") or name == "http-equiv":
        return True
    if name == "style":
        return bool(_CSS_LOADS.search(value))
    inside = value.startswith(("#", "data:image/png;base64,", "data:image/jpeg;base64,"))
    return name in _REFERENCES and not inside
