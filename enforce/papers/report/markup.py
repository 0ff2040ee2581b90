"""Markup (标记): what a page may hold: tags of plain text and tables, and nothing that loads, whatever data bring."""

from __future__ import annotations

import re
from collections.abc import Collection
from html.parser import HTMLParser
from urllib.parse import unquote

# fmt: off
_TAGS = {
    "a", "b", "blockquote", "br", "caption", "code", "col", "colgroup", "dd", "div", "dl", "dt", "em",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "li", "ol", "p", "pre", "s", "small", "span", "strong",
    "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
}
_GONE = {"style", "script", "template", "noscript"}  # with all that stands in them
_LOADING = frozenset({
    "script", "link", "iframe", "object", "embed", "base", "form", "svg", "video", "audio", "frame",
})
_REFERENCES = frozenset({
    "href", "src", "srcset", "action", "data", "poster", "background", "xlink:href",
})
_STYLES = {
    "text-align", "font-weight", "font-size", "color", "background-color", "padding", "margin", "white-space",
    "max-width", "border", "border-top", "border-bottom", "border-collapse", "caption-side",
}
_CELL = {"colspan", "rowspan"}
_ATTRIBUTES = {"*": {"class", "title", "style"}, "a": {"href"}, "td": _CELL, "th": _CELL | {"scope"}}
# fmt: on
_CSS_LOADS = re.compile(r"@import|url\([^)]*\)|expression\(", re.IGNORECASE)


def markdown_html(text: str) -> str:
    """Return Markdown as HTML that is inert.

    >>> markdown_html("**甲** <script>x</script>[乙](https://a.example)").strip()
    '<p><strong>甲</strong> <a>乙</a></p>'
    """
    from mistune import html

    return clean_html(str(html(text)))


def clean_html(text: str) -> str:
    """Return HTML with what is not plain text or a table taken away; a link may lead inside the page, nowhere else.

    >>> clean_html('<p onclick="x()" style="color:red;position:fixed">甲<style>p {}</style></p>')
    '<p style="color:red">甲</p>'
    """
    import nh3

    return nh3.clean(
        text,
        tags=_TAGS,
        clean_content_tags=_GONE,
        attributes=_ATTRIBUTES,
        attribute_filter=_inert,
        filter_style_properties=_STYLES,
        url_schemes=set(),
        link_rel=None,
    )


def _inert(_tag: str, name: str, value: str) -> str | None:
    """Return the value of an attribute; None where it leads out of the page or runs something."""
    if name == "style":
        return None if _CSS_LOADS.search(value) else value
    return value if name != "href" or value.startswith("#") else None


def outside_references(html: str, beside: Collection[str] = ()) -> list[str]:
    """Return the parts of a page that load or run something: tags, addresses, event handlers; [] if it is inert.

    A link may lead to the files named in `beside`.

    >>> outside_references('<p>https://a.example 只是文字</p><a href="#x">x</a><a href="a.html">甲</a>', ["a.html"])
    []
    >>> outside_references('<img src="//b.example/x.png"><p onclick="x()"></p><script></script>')
    ['src=//b.example/x.png', 'onclick=x()', 'script']
    """
    reader = _References(beside)
    reader.feed(html)
    return reader.references


class _References(HTMLParser):
    """Collects everything on a page that reaches outside it."""

    def __init__(self, beside: Collection[str]) -> None:
        super().__init__()
        self.beside = beside
        self.references: list[str] = []
        self.in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_style = tag == "style"
        self.references += [tag] if tag in _LOADING else []
        others = [(name, value or "") for name, value in attrs if not self._leads_beside(tag, name, value or "")]
        self.references += [f"{name}={value}" for name, value in others if _reaches_out(name, value)]

    def _leads_beside(self, tag: str, name: str, value: str) -> bool:
        return (tag, name) == ("a", "href") and unquote(value) in self.beside

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
