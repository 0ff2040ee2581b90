"""Files of any form become blocks with places; what cannot be read is refused, what is left out is named."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from io import BytesIO
from random import Random

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


def _packed(path, body: str, parts: int = 0):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<x/>")
        package.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for n in range(parts):
            package.writestr(f"word/{n}.xml", "")


def _scanned_pdf(path):
    from PIL import Image

    Image.new("RGB", (400, 560), "white").save(path)


def _locked_pdf(path):
    """A PDF whose password is not the empty one: the keys of its lock are no hash of anything."""
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        f"<</Filter/Standard/V 1/R 2/O<{'a5' * 32}>/U<{'5a' * 32}>/P -4>>",
    ]
    text, places = "%PDF-1.4\n", []
    for n, one in enumerate(objects, 1):
        places.append(len(text))
        text += f"{n} 0 obj{one}endobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"trailer<</Size 5/Root 1 0 R/Encrypt 4 0 R/ID[<{'00' * 16}><{'00' * 16}>]>>"
    path.write_text(f"{text}xref\n0 5\n0000000000 65535 f \n{table}{trailer}\nstartxref\n{len(text)}\n%%EOF")


def _locked_docx(path):
    """What Word and WPS make of a docx with a password: an OLE file with the stream EncryptedPackage."""
    free, end, chain = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    head = struct.pack("<8s16xHHHHH6xIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 62, 3, 0xFFFE, 9, 6,
                       0, 1, 1, 0, 4096, end, 0, end, 0, 0)  # fmt: skip
    sectors = [chain, end, *range(3, 10), end]
    fat = struct.pack("<128I", *sectors, *[free] * (128 - len(sectors)))

    def entry(name: str, kind: int, start: int, size: int, child: int) -> bytes:
        words = name.encode("utf-16-le").ljust(64, b"\0")
        return struct.pack("<64sHBBIII36xIII", words, 2 * len(name) + 2, kind, 1, free, free, child, start, size, 0)

    folder = entry("Root Entry", 5, end, 0, 1) + entry("EncryptedPackage", 2, 2, 4096, free) + bytes(256)
    path.write_bytes(head + struct.pack("<109I", *[free] * 109)[: 512 - len(head)] + fat + folder + bytes(4096))


def _signs() -> Iterator[str]:
    return map(chr, Random(16).choices(range(0x4E00, 0x9000), k=1_000_001))


REFUSED = {
    "scan.pdf": (_scanned_pdf, "扫描"),
    "locked.pdf": (_locked_pdf, "加密"),
    "broken.pdf": (lambda path: path.write_bytes(b"%PDF-1.7 nothing"), "损坏"),
    "locked.docx": (_locked_docx, "加密"),
    "broken.docx": (lambda path: path.write_bytes(b"PK\x03\x04 word/document"), "损坏"),
    "bomb.docx": (lambda path: _packed(path, "<w:p/>" + " " * 30_000_000), "炸弹"),
    "parts.docx": (lambda path: _packed(path, "<w:p/>", 5001), "炸弹"),
    "scan.docx": (lambda path: _packed(path, "<w:p><w:r><w:drawing/></w:r></w:p>"), "没有文字"),
    "long.docx": (lambda path: _packed(path, f"<w:p>{run(''.join(_signs()))}</w:p>"), "不像一份计划"),
    "long.txt": (lambda path: path.write_text("检查家次" * 300_000, encoding="utf-8"), "不像一份计划"),
    "huge.txt": (lambda path: path.write_bytes(b"1" * 100_000_000), "太大"),
    "picture.txt": (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9), ""),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_text_of_a_plan_is_refused_in_one_sentence(name, tmp_path):
    write, reason = REFUSED[name]
    write(tmp_path / name)
    with pytest.raises(InputError) as refused:
        read_document(tmp_path / name)
    (problem,) = refused.value.problems
    assert reason in problem.found
    assert problem.expected
    assert "\n" not in f"{problem.found}{problem.expected}"


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
