"""Files of any form become blocks with places; what cannot be read is refused, what is left out is named."""

from __future__ import annotations

import zipfile
from io import BytesIO

import docx
import pytest
from openpyxl import Workbook

from enforce.inputs.documents.passages import read_document, read_text
from enforce.words.problems import InputError

SENTENCE = "全年计划检查261家次。"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word(tmp_path, body: str, parts: dict[str, str] | None = None):
    path = tmp_path / "计划.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<x/>")
        package.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for name, text in (parts or {}).items():
            package.writestr(name, text)
    return path


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def test_every_form_gives_the_same_sentence(tmp_path):
    paper = docx.Document()
    paper.add_paragraph(SENTENCE)
    paper.save(tmp_path / "a.docx")
    book = Workbook()
    book.active["B3"] = SENTENCE
    book.save(tmp_path / "a.xlsx")
    for name, text in {"a.txt": SENTENCE, "a.md": f"# {SENTENCE}", "a.csv": f"说明,\n{SENTENCE},1\n",
                       "a.html": f"<html><body><p>{SENTENCE}</p></body></html>"}.items():  # fmt: skip
        (tmp_path / name).write_text(text, encoding="utf-8")
    for path in sorted(tmp_path.iterdir()):
        blocks = [one for one in read_document(path).passages if one.text == SENTENCE]
        assert len(blocks) == 1, path
        assert blocks[0].place


def test_gbk_is_read(tmp_path):
    (tmp_path / "a.txt").write_bytes(SENTENCE.encode("gbk"))
    assert read_document(tmp_path / "a.txt").passages[0].text == SENTENCE


def test_tracked_changes_are_read_as_accepted_and_said(tmp_path):
    gone = '<w:del w:id="1"><w:r><w:delText>60</w:delText></w:r></w:del>'
    body = f'<w:p>{run("检查")}{gone}<w:ins w:id="2">{run("80")}</w:ins></w:p>'
    document = read_document(word(tmp_path, body))
    assert [one.text for one in document.passages] == ["检查80"]
    assert any("修订" in text for text in document.unread)


def test_text_boxes_and_footnotes_are_read_and_comments_named(tmp_path):
    body = f"<w:p>{run('正文')}<w:r><w:txbxContent><w:p>{run('框内')}</w:p></w:txbxContent></w:r></w:p>"
    parts = {
        "word/footnotes.xml": f"<w:footnotes {W}><w:footnote><w:p>{run('脚注里的字')}</w:p></w:footnote></w:footnotes>",
        "word/comments.xml": f'<w:comments {W}><w:comment w:id="0"><w:p>{run("批注")}</w:p></w:comment></w:comments>',
    }
    document = read_document(word(tmp_path, body, parts))
    assert [one.text for one in document.passages] == ["正文", "框内", "脚注里的字"]
    assert document.unread == ("有 1 条批注，没有读",)


def test_a_bomb_a_broken_file_a_scan_and_a_huge_text_are_refused(tmp_path):
    from pypdfium2 import PdfDocument

    bomb = word(tmp_path, "<w:p/>" + " " * 30_000_000)
    scan = PdfDocument.new()
    scan.new_page(100, 100)
    scan.save(tmp_path / "scan.pdf")
    (tmp_path / "broken.docx").write_bytes(bomb.read_bytes()[:200])
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    (tmp_path / "huge.txt").write_bytes(b"1" * 60_000_000)
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9)
    (tmp_path / "locked.docx").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(2000))
    for path in [
        bomb,
        *(tmp_path / name for name in ("scan.pdf", "broken.docx", "broken.pdf", "huge.txt", "picture.txt")),
    ]:
        with pytest.raises(InputError) as refused:
            read_document(path)
        assert refused.value.problems[0].expected
    with pytest.raises(InputError):
        read_document(tmp_path / "locked.docx")


def test_nothing_and_a_folder_are_refused(tmp_path):
    with pytest.raises(InputError, match="没有文字"):
        read_text(b"  ")
    with pytest.raises(InputError, match="文件夹"):
        read_document(tmp_path)


def test_a_pdf_with_text_is_read_by_page_and_line(tmp_path):
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure

    figure = Figure()
    figure.text(0.1, 0.5, "2025 plan: 261 visits")
    content = BytesIO()
    with PdfPages(content) as pages:
        pages.savefig(figure)
    (tmp_path / "a.pdf").write_bytes(content.getvalue())
    assert [(one.place, one.text) for one in read_document(tmp_path / "a.pdf").passages] == [
        ("第 1 页第 1 行", "2025 plan: 261 visits")
    ]
