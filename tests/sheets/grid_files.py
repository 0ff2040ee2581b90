"""Files of every form for the tests of sniffing and grids, made here so that a reader sees what is in them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import xlwt
from xlwt.CompoundDoc import XlsDoc

FILES = Path(__file__).parent / "files"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def relations(*targets: tuple[str, str, str]) -> str:
    """The relationships of a part, each an id, a kind and a target."""
    entries = "".join(f'<Relationship Id="{i}" Type="{RELATIONS}/{kind}" Target="{to}"/>' for i, kind, to in targets)
    return f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}">{entries}</Relationships>'


def zipped(parts: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def xlsx(sheet: str, **changed: str | bytes | None) -> bytes:
    """A workbook of one sheet, 台账, whose XML is given (inside <worksheet>); other parts may be given or left out.

    `book` stands inside <workbook>, `styles` inside <styleSheet>, `strings` inside <sst>; `parts` adds or replaces.
    """
    extra = changed.pop("parts", {})
    book, styles, strings = (changed.get(name, "") for name in ("book", "styles", "strings"))
    listed = f'<sheets><sheet name="台账" sheetId="1" r:id="r1"/></sheets>{book}'
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(("a", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{listed}</workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            ("r1", "worksheet", "worksheets/sheet1.xml"),
            ("r2", "styles", "styles.xml"),
            ("r3", "sharedStrings", "sharedStrings.xml"),
        ),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
        **extra,
    }
    return zipped({name: content for name, content in parts.items() if content is not None})


def rows(*cells: str) -> str:
    """Sheet data: one row for each text of cells."""
    return "<sheetData>" + "".join(f"<row>{row}</row>" for row in cells) + "</sheetData>"


def xls(*lines: tuple[object, ...]) -> bytes:
    """A workbook of Excel 97 with one sheet, 台账."""
    buffer = io.BytesIO()
    xls_book(*lines).save(buffer)
    return buffer.getvalue()


def xls_book(*lines: tuple[object, ...]) -> xlwt.Workbook:
    """The same before it is saved."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("台账")
    for row, line in enumerate(lines):
        for column, value in enumerate(line):
            sheet.write(row, column, value)
    return book


def encrypted_xls() -> bytes:
    """A workbook of Excel 97 that says after its first record that it is encrypted."""
    stream = xls_book(("企业名称",)).get_biff_data()
    first = 4 + int.from_bytes(stream[2:4], "little")
    buffer = io.BytesIO()
    XlsDoc().save(buffer, stream[:first] + b"\x2f\x00\x06\x00" + bytes(6) + stream[first:])
    return buffer.getvalue()


def renamed(raw: bytes, name: str) -> bytes:
    """An OLE file whose stream Workbook has another name."""
    old = "Workbook".encode("utf-16-le")
    place = raw.index(old.ljust(64, b"\0"))
    new = name.encode("utf-16-le")
    return raw[:place] + new.ljust(64, b"\0") + (len(new) + 2).to_bytes(2, "little") + raw[place + 66 :]


def spreadsheet_ml(table: str, styles: str = "", options: str = "") -> str:
    """XML of Excel 2003 with one sheet, 台账."""
    return (
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Styles>{styles}</Styles><Worksheet ss:Name="台账"><Table>{table}</Table>{options}</Worksheet></Workbook>'
    )


def entities(body: str) -> str:
    """XML whose document type defines entities that grow, before `body`, which uses one."""
    grown = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "哈哈">{grown}]>{body}'
