"""The Word templates of the papers, made from the texts in tools/papers, the same bytes every time.

    python -m tools.paper_templates

A line of a text begins with what it is: `=` the red head, `-` number and signer, `#` title (`##` that of an annex),
`:` flush left, `1` `2` `3` headings, `附` list of annexes, `签` signature, `注` note, `_` imprint, `表` a table, `!` a
loop or condition on a line of its own, `分页` a new page; any other line is body text. `⏎` breaks a line. The page
follows GB/T 9704-2012:
margins, grid, fonts (with a stand-in each), page numbers right on odd pages and left on even ones.
"""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import quoteattr

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from enforce.papers.documents.package import repeatable

ROOT = Path(__file__).resolve().parents[1]
TEXTS, TEMPLATES = ROOT / "tools/papers", ROOT / "params/templates"
LINE = 28.95  # points: 22 lines on the text area of 225 mm
#: A font of the standard -> what stands in for it where it is not installed.
FONTS = {"方正小标宋简体": "华文中宋", "仿宋_GB2312": "仿宋", "楷体_GB2312": "楷体", "黑体": "SimHei", "宋体": "SimSun"}
CENTER, RIGHT, LEFT, BOTH = (getattr(WD_ALIGN_PARAGRAPH, name) for name in ("CENTER", "RIGHT", "LEFT", "JUSTIFY"))
RED = RGBColor(0xFF, 0, 0)

#: Mark of a line -> style: id, font, points, alignment, characters of first-line indent, outline level.
STYLES = {
    "=": ("RedHead", "方正小标宋简体", 30, CENTER, 0, 0),
    "-": ("DocumentNumber", "仿宋_GB2312", 16, LEFT, 0, 0),
    "#": ("Title", "方正小标宋简体", 22, CENTER, 0, 0),
    "##": ("AnnexTitle", "方正小标宋简体", 18, CENTER, 0, 0),
    ":": ("Address", "仿宋_GB2312", 16, LEFT, 0, 0),
    "1": ("Heading1", "黑体", 16, BOTH, 2, 1),
    "2": ("Heading2", "楷体_GB2312", 16, BOTH, 2, 2),
    "3": ("Heading3", "仿宋_GB2312", 16, BOTH, 2, 3),
    "附": ("Annexes", "仿宋_GB2312", 16, LEFT, 2, 0),
    "签": ("Signature", "仿宋_GB2312", 16, RIGHT, 0, 0),
    "注": ("Note", "仿宋_GB2312", 14, LEFT, 0, 0),
    "_": ("Imprint", "仿宋_GB2312", 14, LEFT, 0, 0),
    "表": ("Body", "仿宋_GB2312", 16, BOTH, 2, 0),
    "表头": ("TableHead", "黑体", 10.5, CENTER, 0, 0),
    "表文": ("TableText", "仿宋_GB2312", 10.5, CENTER, 0, 0),
}
TABLES = ("TableHead", "TableText")
#: Kind of page -> margins in mm: top, bottom, left, right. 竖 is that of the standard, 表 of a table that stands alone.
MARGINS = {"竖": (37, 35, 28, 26), "表": (26, 24, 20, 18), "横": (20, 17, 18, 18)}


def template_bytes(text: str) -> bytes:
    """Return the Word template of a text."""
    first, *lines = text.splitlines()
    document = Document()
    _set_page(document, first.removeprefix("页面 "))
    _drop_unused(document)
    styles = {mark: _style(document, style) for mark, style in STYLES.items()}
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        mark, _, rest = line.partition(" ")
        text = rest if mark in (*styles, "!") else line
        paragraph = _write(document, text, styles.get(mark, styles["表"]), mark)
        # a signature never stands alone on a page, nor the last of the annexes
        together = following[:1] in ("附", "签") or mark in ("1", "附")
        paragraph.paragraph_format.keep_with_next = True if together else None
    core = document.core_properties
    core.created = core.modified = datetime(2000, 1, 1, tzinfo=UTC)
    core.author = core.last_modified_by = core.comments = core.title = ""
    return _packed(document)


def _drop_unused(document: object) -> None:
    """Leave out what the starting document brings and no paper uses: table styles, other styles, a picture."""
    styles = document.styles.element
    for style in [one for one in styles.findall(qn("w:style")) if one.get(qn("w:type")) == "table"]:
        if style.get(qn("w:default")) is None:
            styles.remove(style)
    for part in (document.part, document.part.package):
        for key, rel in list(part.rels.items()):
            if rel.reltype.endswith(("/stylesWithEffects", "/thumbnail", "/customXml", "/numbering")):
                del part.rels[key]


def _set_page(document: object, kind: str) -> None:
    page, landscape = document.sections[0], kind == "横"
    page.page_width, page.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    page.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    margins = MARGINS[kind]
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = map(Mm, margins)
    page.header_distance, page.footer_distance = Mm(12), Mm(10 if landscape else 25)
    grid = page._sectPr.find(qn("w:docGrid"))
    grid = grid if grid is not None else page._sectPr.makeelement(qn("w:docGrid"), {})
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(round(LINE * 20)))
    page._sectPr.append(grid)
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in ((page.footer, RIGHT), (page.even_page_footer, LEFT)):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        indent = paragraph.paragraph_format
        indent.left_indent = indent.right_indent = Pt(14)
        for part in ("— ", "PAGE", " —"):
            run = paragraph.add_run() if part == "PAGE" else paragraph.add_run(part)
            _set_font(run._element.get_or_add_rPr(), "宋体", 14)
            if part == "PAGE":
                _add_field(run)


def _add_field(run: object) -> None:
    for kind in ("begin", "", "end"):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = "PAGE"
        run._element.append(element)


def _set_font(properties: object, font: str, points: float) -> None:
    """Name the font for every script; a theme would go before the names."""
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    names = " ".join(f"w:{script}={quoteattr(font)}" for script in ("ascii", "hAnsi", "eastAsia", "cs"))
    properties.insert(0, parse_xml(f"<w:rFonts {nsdecls('w')} {names}/>"))
    for tag in ("w:sz", "w:szCs"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
        properties.append(parse_xml(f'<{tag} {nsdecls("w")} w:val="{round(points * 2)}"/>'))


def _style(document: object, look: tuple) -> object:
    """Return a paragraph style; one that the program knows by its own name (Title, headings) is laid out anew."""
    name, font, points, side, indent, level = look
    known = {"Title": "Title", **{f"Heading{n}": f"Heading {n}" for n in (1, 2, 3)}}
    if name in known:
        style = document.styles[known[name]]
        for part in ("w:pPr", "w:rPr"):
            for old in style._element.findall(qn(part)):
                style._element.remove(old)
    else:
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    _set_font(style._element.get_or_add_rPr(), font, points)
    layout = style.paragraph_format
    layout.alignment, layout.space_before, layout.space_after = side, Pt(0), Pt(0)
    layout.first_line_indent = Pt(indent * points) if indent else None
    layout.widow_control = True
    layout.line_spacing = Pt(points * 1.35 if name in (*TABLES, "Title", "AnnexTitle", "RedHead") else LINE)
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    if name in (*TABLES, "Title", "AnnexTitle", "RedHead"):  # not on the grid of the body text
        style._element.get_or_add_pPr().insert_element_before(
            parse_xml(f'<w:snapToGrid {nsdecls("w")} w:val="0"/>'), "w:spacing", "w:ind", "w:jc", "w:outlineLvl"
        )
    if level:
        layout.keep_with_next = True
    if name == "Title":
        layout.space_before, layout.space_after = Pt(16), Pt(16)
    if name == "AnnexTitle":
        layout.space_before, layout.space_after = Pt(6), Pt(10)
    if name == "RedHead":
        style.font.color.rgb = RED
        layout.space_before, layout.space_after = Pt(0), Pt(10)
    if name == "Signature":
        layout.right_indent = Pt(points * 2)
    return style


def _write(document: object, text: str, style: object, mark: str) -> object:
    paragraph = document.add_paragraph(style=style)
    if mark == "签" and text.startswith("{{机关}}"):
        paragraph.paragraph_format.space_before = Pt(16)
    if "\t" in text:
        page = document.sections[0]
        width = page.page_width - page.left_margin - page.right_margin
        paragraph.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
    elif mark == "-":
        paragraph.alignment = CENTER
    if mark == "-":
        _add_rule(paragraph, "bottom", "FF0000", 18)
    if mark == "_":
        _add_rule(paragraph, "top", "000000", 6)
    if mark == "分页":
        paragraph.paragraph_format.line_spacing = Pt(1)  # else a full page is followed by an empty one
        paragraph.add_run().add_break(WD_BREAK.PAGE)
    else:
        paragraph.add_run(text.replace("⏎", "\n"))
    return paragraph


def _add_rule(paragraph: object, side: str, colour: str, weight: int) -> None:
    edge = f'<w:{side} w:val="single" w:sz="{weight}" w:space="4" w:color="{colour}"/>'
    properties = paragraph._element.get_or_add_pPr()
    properties.insert_element_before(
        parse_xml(f"<w:pBdr {nsdecls('w')}>{edge}</w:pBdr>"),
        *("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"),
    )


def _packed(document: object) -> bytes:
    """Return the bytes, with the stand-ins of the fonts."""
    made = BytesIO()
    document.save(made)
    fonts = "".join(f'<w:font w:name="{font}"><w:altName w:val="{other}"/></w:font>' for font, other in FONTS.items())
    table = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts {nsdecls("w")}>{fonts}</w:fonts>'
    return repeatable(made, lambda part, body: table.encode() if part == "word/fontTable.xml" else body)


def main() -> None:
    """Write every template."""
    TEMPLATES.mkdir(exist_ok=True)
    for text in sorted(TEXTS.glob("*.txt")):
        (TEMPLATES / f"{text.stem}.docx").write_bytes(template_bytes(text.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
