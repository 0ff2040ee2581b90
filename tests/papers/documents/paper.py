"""Small templates and the values that fill them, for the tests of documents."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

from enforce.papers.books.book import Meta
from enforce.papers.documents.fill import Document, document
from enforce.papers.documents.template import read_template
from tools.paper_templates import template_bytes

META = Meta("年度计划", "甲县应急管理局", "", "2025-01-03", 2025, version="第 1 版", plan="jia-2025")
VALUES = {"总家次": 261, "事项": [{"序": 1, "名称": "甲", "家次": 178}, {"序": 2, "名称": "乙", "家次": 83}]}
TEXT = """页面 竖
# 计划
全年计划检查{{总家次}}家次。
! {%p for 项 in 事项 %}
{{项.序}}. {{项.名称}}{{项.家次}}家次
! {%p endfor %}
"""


def write_template(folder: Path, text: str = TEXT, name: str = "计划.docx") -> Path:
    """Write a template of a text; return its path."""
    path = folder / name
    path.write_bytes(template_bytes(text))
    return path


def filled(folder: Path, text: str = TEXT, values: dict | None = None, meta: Meta = META) -> Document:
    """Return a text filled with values."""
    values = VALUES if values is None else values
    return document(read_template(write_template(folder, text), values), values, meta)


def changed(content: bytes, old: str, new: str, part: str = "word/document.xml") -> bytes:
    """Return a document with a text of one part changed."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as before, zipfile.ZipFile(made, "w") as after:
        for name in before.namelist():
            body = before.read(name)
            if name == part:
                assert old.encode() in body
                body = body.replace(old.encode(), new.encode(), 1)
            after.writestr(name, body)
    return made.getvalue()
