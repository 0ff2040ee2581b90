"""What a file is, by its content; what cannot be read is refused soon, in little memory, with advice."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.sheets.grids import read_grids
from enforce.sheets.grids import sniff as module
from enforce.sheets.grids.sniff import MAX_RATIO, Kind, decoded, sniff
from enforce.words.problems import InputError
from tests.sheets.grid_files import (
    FILES,
    MAIN,
    encrypted_xls,
    entities,
    renamed,
    rows,
    spreadsheet_ml,
    xls,
    xlsx,
    zipped,
)
from tests.work import trials

pytestmark = pytest.mark.slow

TABLE = "企业名称,计划家次\n甲化工厂,2\n"
HTML = "<html><body><table><tr><td>企业名称</td></tr></table></body></html>"


def sniffed(tmp_path, raw, name="台账.xlsx"):
    (tmp_path / name).write_bytes(raw)
    return sniff(tmp_path / name)


def refused(tmp_path, raw, name="台账.xlsx"):
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(InputError) as caught:
        read_grids(tmp_path / name)
    (problem,) = caught.value.problems
    assert problem.file.endswith(name)
    assert problem.where == "文件"
    assert problem.expected
    return problem


@pytest.mark.parametrize("name", ["台账.csv", "台账.xls", "台账.xlsx", "台账"])
@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (TABLE.encode(), Kind.CSV),
        (HTML.encode("gbk"), Kind.HTML),
        (f"\ufeff\r\n<!DOCTYPE html>\n{HTML}".encode(), Kind.HTML),
        (f"<?xml version='1.0'?>{HTML}".encode(), Kind.HTML),
        (spreadsheet_ml("").encode(), Kind.XML),
        (xls(("企业名称",)), Kind.XLS),
        (b"\x09\x08\x10\x00" + bytes(20), Kind.XLS),
        (xlsx(""), Kind.XLSX),
        ("<甲>厂,乙\n".encode(), Kind.CSV),
    ],
)
def test_the_form_is_told_by_content_whatever_the_name(tmp_path, raw, kind, name):
    assert sniffed(tmp_path, raw, name).kind is kind


@pytest.mark.parametrize(
    ("raw", "found", "expected"),
    [
        (b"", "空文件", "Excel 工作簿"),
        (b"\xef\xbb\xbf", "空文件", "Excel 工作簿"),
        (b" \r\n\t\r\n", "空文件", "Excel 工作簿"),
        (b"%PDF-1.7\n", "PDF 文件", "Excel 工作簿"),
        (b"\x89PNG\r\n\x1a\n", "图片（PNG）", "Excel 工作簿"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "图片（JPEG）", "Excel 工作簿"),
        (b"GIF89a", "图片（GIF）", "Excel 工作簿"),
        (b"Rar!\x1a\x07", "压缩包（rar）", "请先解压"),
        (b"PK\x05\x06" + bytes(18), "压缩包，里面没有文件", "Excel 工作簿"),
        (b"MIME-Version: 1.0\r\n", "单个文件网页（mht）", "另存为 xlsx"),
        (b"\x00\x01\x02\x03" * 9, "认不出的内容（不是文字，或编码有误）", "CSV UTF-8"),
        (b"\xef\xbb\xbf\xd0\xcf\xd0", "认不出的内容（不是文字，或编码有误）", "CSV UTF-8"),
        (b"\xffabc", "认不出的内容（不是文字，或编码有误）", "CSV UTF-8"),
        (b"<html><body>\xe8\xaf\xb7\xe7\x99\xbb\xe5\xbd\x95</body></html>", "网页，里面没有表格", "重新导出"),
        (b"<?xml version='1.0'?><a/>", "XML 文件", "Excel 工作簿"),
        (zipped({"word/document.xml": ""}), "Word 文档（docx）", "Excel 工作簿"),
        (zipped({"ppt/presentation.xml": ""}), "演示文稿（pptx）", "Excel 工作簿"),
        (zipped({"xl/workbook.bin": ""}), "二进制工作簿（xlsb）", "另存为 xlsx"),
        (zipped({"mimetype": "", "content.xml": ""}), "ODF 文档（ods 等）", "另存为 xlsx"),
        (zipped({"台账.csv": TABLE}), "压缩包（zip）", "请先解压"),
        (zipped({"xl/workbook.xml": ""}, zipfile.ZIP_LZMA), "压缩方式不是 xlsx 用的", "另存为 xlsx"),
        (renamed(xls(("a",)), "WordDocument"), "Word 文档（doc）", "Excel 工作簿"),
        (renamed(xls(("a",)), "PowerPoint Document"), "演示文稿（ppt）", "Excel 工作簿"),
        (renamed(xls(("a",)), "ETDocument"), "旧格式文件（如 WPS 的 et、wps），里面没有工作簿", "另存为 xlsx"),
    ],
)
def test_what_is_no_table_is_named_with_what_to_do(tmp_path, raw, found, expected):
    problem = refused(tmp_path, raw)
    assert problem.found == found
    assert expected in problem.expected


def test_an_encrypted_file_is_refused_with_advice(tmp_path):
    locked = bytearray(xlsx(""))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + place] |= 1
    for raw in ((FILES / "encrypted.xlsx").read_bytes(), encrypted_xls(), bytes(locked)):
        problem = refused(tmp_path, raw)
        assert problem.found == "已加密（设有打开密码）"
        assert "请在 Excel/WPS 里另存为不加密的副本" in problem.expected


@pytest.mark.parametrize("raw", [xlsx(rows("<c><v>1</v></c>" * 9)), xls(("企业名称",), (1,))], ids=["xlsx", "xls"])
def test_a_truncated_workbook_is_refused_wherever_it_ends(tmp_path, raw):
    for length in range(10, len(raw) - 600, 97):
        problem = refused(tmp_path, raw[:length])
        assert "损坏" in problem.found
        assert "xlsx" in problem.expected


def test_a_file_that_is_not_there_or_no_file_is_refused(tmp_path):
    found = {tmp_path / "没有.xlsx": "没有这个文件", tmp_path: "是文件夹", "a\0b.xlsx": ""}
    for path, why in found.items():
        with pytest.raises(InputError) as caught:
            read_grids(path)
        assert caught.value.problems[0].found == "打不开" + f"，{why}" * bool(why)


def test_large_files_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_BYTES", 100)
    assert refused(tmp_path, b"a" * 101).found == "太大"
    monkeypatch.setattr(module, "MAX_TEXT_BYTES", 50)
    assert refused(tmp_path, b"a" * 51).found == "太大"
    assert sniffed(tmp_path, b"a" * 50).kind is Kind.CSV


# --- encodings ------------------------------------------------------------------------------------------------------

CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("codec", "encoding"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8-SIG"),
        ("gbk", "GB18030"),
        ("gb18030", "GB18030"),
        ("utf-16", "UTF-16"),
    ],
)
def test_the_encoding_is_found_and_the_text_is_the_same(codec, encoding):
    assert decoded(TABLE.encode(codec), "a.csv") == (TABLE, encoding)


def test_utf_16_of_either_order_is_read():
    assert decoded(b"\xfe\xff" + TABLE.encode("utf-16-be"), "a.csv") == (TABLE, "UTF-16")
    assert decoded(b"\xff\xfe" + TABLE.encode("utf-16-le"), "a.csv") == (TABLE, "UTF-16")


def test_characters_that_gbk_lacks_are_read():
    assert decoded("㐂镕𠮷公司".encode("gb18030"), "a.csv") == ("㐂镕𠮷公司", "GB18030")


@trials(500)
@given(CHINESE)
def test_chinese_in_utf_8_is_never_taken_for_gb18030(text):
    assert decoded(text.encode(), "a.csv") == (text, "UTF-8")


@trials(300)
@given(st.lists(CHINESE, min_size=3, max_size=30))
def test_chinese_in_gb18030_is_read_as_such(texts):
    text = "企业名称,街镇\n" + "\n".join(texts)
    assert decoded(text.encode("gb18030"), "a.csv") == (text, "GB18030")


ROOT = Path(__file__).resolve().parents[3]

# --- bombs: refused with little work and in 200 MB --------------------------------------------------------------------

MEASURED = """
import json, re, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from enforce.sheets.grids import read_grids
from enforce.words.problems import InputError
from tests.work import calls
told = []

def read():
    try:
        read_grids(sys.argv[2])
    except InputError as error:
        told.append(str(error))

work = calls(read)
status = Path("/proc/self/status")  # the usage told by resource begins with that of the process which started this one
memory = int(re.search(r"VmHWM:\\s+([0-9]+)", status.read_text())[1]) / 1024 if status.exists() else 0
print(json.dumps({"told": told, "calls": work, "megabytes": memory}))
"""

FAR = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="{0}"><c r="{1}{0}"><v>1</v></c></row></sheetData>'
HUGE = f'<worksheet xmlns="{MAIN}"><sheetData>' + " " * 150_000_000


def _lying() -> bytes:
    """A bomb whose directory says that it is small: both sizes written there are 100 bytes."""
    raw = bytearray(zipped({"xl/workbook.xml": bytes(60_000_000), "_rels/.rels": ""}))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = raw.index(mark) + place
        raw[start : start + 4] = (100).to_bytes(4, "little")
    return bytes(raw)


BOMBS = {
    "many bytes in all": lambda: (zipped({f"xl/{n}": bytes(30_000_000) for n in range(7)}), "压缩炸弹"),
    "one part packed too well": lambda: (xlsx("", parts={"xl/worksheets/sheet1.xml": HUGE}), "压缩炸弹"),
    "a directory that lies": lambda: (_lying(), "损坏"),
    "too many parts": lambda: (zipped({f"xl/{n}": "" for n in range(5001)}), "5000 个"),
    "a far row": lambda: (xlsx(FAR.format(1_048_576, "A")), "第 1048576 行 A 列"),
    "a far row and an honest dimension": lambda: (
        xlsx('<dimension ref="A1:A1048576"/>' + FAR.format(1_048_576, "A")),
        "离表太远",
    ),
    "a far row in XML": lambda: (
        spreadsheet_ml('<Row ss:Index="1048576"><Cell><Data ss:Type="String">a</Data></Cell></Row>').encode(),
        "第 1048576 行 A 列",
    ),
    "entities in a sheet": lambda: (
        xlsx("", parts={"xl/worksheets/sheet1.xml": entities(f'<worksheet xmlns="{MAIN}">&e9;</worksheet>')}),
        "DTD 或实体",
    ),
    "entities in shared strings": lambda: (
        xlsx("", parts={"xl/sharedStrings.xml": entities(f'<sst xmlns="{MAIN}"><si><t>&e9;</t></si></sst>')}),
        "DTD 或实体",
    ),
    "entities in the book": lambda: (xlsx("", parts={"xl/workbook.xml": entities("<workbook/>")}), "DTD 或实体"),
    "a file named by an entity": lambda: (
        xlsx("", parts={"xl/workbook.xml": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'}),
        "DTD 或实体",
    ),
    "entities in XML": lambda: (
        (spreadsheet_ml("").replace("<Workbook", "<!DOCTYPE x [<!ENTITY a 'b'>]><Workbook")).encode(),
        "DTD 或实体",
    ),
    "merged ranges without end": lambda: (
        xlsx(rows("<c><v>1</v></c>") + "<mergeCells>{}</mergeCells>".format('<mergeCell ref="A1:XFD1048576"/>' * 100)),
        "单元格太多",
    ),
    "an encrypted workbook": lambda: ((FILES / "encrypted.xlsx").read_bytes(), "已加密"),
    "an encrypted old workbook": lambda: (encrypted_xls(), "已加密"),
    "a truncated workbook": lambda: (xlsx("")[:-300], "损坏"),
    "a truncated old workbook": lambda: (xls(("a",))[:-1024], "损坏"),
    "a picture": lambda: (b"\x89PNG\r\n\x1a\n" + bytes(40_000_000), "图片"),
    "noise": lambda: (b"\xff\x00\x81" * 6_000_000, "认不出"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_would_explode_is_refused_with_little_work_and_200_megabytes(tmp_path, bomb):
    raw, told = BOMBS[bomb]()
    (tmp_path / "台账.xlsx").write_bytes(raw)
    command = [sys.executable, "-c", MEASURED, ROOT, tmp_path / "台账.xlsx"]
    done = subprocess.run(command, capture_output=True, check=True, encoding="utf-8")
    measured = json.loads(done.stdout)
    assert told in measured["told"][0]
    assert measured["calls"] < 2_000_000
    assert measured["megabytes"] < 200
    with pytest.raises(InputError, match=told):
        read_grids(tmp_path / "台账.xlsx")


def test_a_well_packed_small_part_is_no_bomb(tmp_path):
    raw = xlsx(rows("<c><v>1</v></c>" * 200) + " " * 900_000)
    assert max(i.file_size / i.compress_size for i in zipfile.ZipFile(io.BytesIO(raw)).infolist()) > MAX_RATIO
    assert sniffed(tmp_path, raw).kind is Kind.XLSX


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_utf8_with_a_broken_byte_is_not_taken_for_another_encoding(tmp_path, mark):
    text = "unit_id,name\r\n1,上海示例化工有限公司\r\n2,上海示例印刷有限公司".encode()
    problem = refused(tmp_path, mark + text[:-1] + b"\r\n")
    assert problem.found == "UTF-8 文字，但第 3 行有坏字节"
