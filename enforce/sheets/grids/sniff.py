"""The file (文件): what it is, known by its content and never by its name; what cannot be read is refused with advice.

Everything here looks at the first bytes, at a directory or at a decoding: a bomb is refused before anything unpacks.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from enforce.words.files import file_bytes, unreadable
from enforce.words.problems import Flaw, InputError, Place, Problem
from enforce.words.texts import shown_path

MEGABYTE = 1024 * 1024
MAX_BYTES = 50 * MEGABYTE
MAX_TEXT_BYTES = 20 * MEGABYTE
#: What all parts of a zip may hold together, how far one part may be packed, how many parts there may be.
MAX_UNPACKED = 200 * MEGABYTE
MAX_RATIO = 100
MAX_PARTS = 5000

AS_XLSX = "请在 Excel/WPS 里打开后另存为 xlsx"
_UNLOCKED = "不加密的文件：请在 Excel/WPS 里另存为不加密的副本"
_WHOLE = f"完整的文件：请重新复制或下载；能打开的话，{AS_XLSX}"
_READABLE = {
    FileNotFoundError: "已有的文件：请核对文件名和所在文件夹",
    IsADirectoryError: "文件：请写文件夹里的文件，可以一次写几个",
}
_TABLE = "Excel 工作簿（xlsx、xls）、CSV 或网页表格"
_UNPACK = "表格文件：请先解压"

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
#: First bytes -> what the file is, what is expected instead.
_SIGNATURES = (
    (b"PK", "压缩包，里面没有文件", _TABLE),
    (b"%PDF", "PDF 文件", _TABLE),
    (b"\x89PNG", "图片（PNG）", _TABLE),
    (b"\xff\xd8\xff", "图片（JPEG）", _TABLE),
    (b"GIF8", "图片（GIF）", _TABLE),
    (b"BM\x00", "图片（BMP）", _TABLE),
    (b"{\\rtf", "RTF 文档", _TABLE),
    (b"Rar!", "压缩包（rar）", _UNPACK),
    (b"7z\xbc\xaf", "压缩包（7z）", _UNPACK),
    (b"\x1f\x8b", "压缩包（gz）", _UNPACK),
    (b"SQLite format 3", "数据库文件", _TABLE),
    (b"MZ\x90", "程序", _TABLE),
    (b"MIME-Version:", "单个文件网页（mht）", AS_XLSX),
)
#: A name in the zip's directory -> what else the zip is.
_OTHER_ZIPS = (
    ("xl/workbook.bin", "二进制工作簿（xlsb）", AS_XLSX),
    ("word/", "Word 文档（docx）", _TABLE),
    ("ppt/", "演示文稿（pptx）", _TABLE),
    ("content.xml", "ODF 文档（ods 等）", AS_XLSX),
)
#: A stream of an OLE file -> what the file is; the first that is there counts.
_STREAMS = (
    ("EncryptedPackage", "已加密（设有打开密码）", _UNLOCKED),
    ("WordDocument", "Word 文档（doc）", _TABLE),
    ("PowerPoint Document", "演示文稿（ppt）", _TABLE),
)
#: So many characters of Chinese in a line are no accident.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CHINESE = 4
#: Of so many characters one may be a NUL; a file with more is no text.
_FEW = 20
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SPREADSHEET_ML = "urn:schemas-microsoft-com:office:spreadsheet"


class Kind(StrEnum):
    """The forms that can be read."""

    CSV = "csv"
    HTML = "html"
    XML = "xml"
    XLS = "xls"
    XLSX = "xlsx"


@dataclass(frozen=True)
class Source:
    """A file that can be read: as shown in messages, its form and bytes; of text also the text and its encoding."""

    file: str
    kind: Kind
    raw: bytes
    text: str = ""
    encoding: str = ""


def sniff(path: str | Path) -> Source:
    """Return what a file is, with its content; InputError says in Chinese why it cannot be read and what to do."""
    file = shown_path(Path(path))
    raw = _bytes(Path(path), file)
    if raw.startswith(_ZIP):
        return _zip(raw, file)
    if raw.startswith(_OLE):
        return _ole(raw, file)
    if _is_bare_biff(raw):
        return Source(file, Kind.XLS, raw)
    for signature, content, expected in _SIGNATURES:
        if raw.startswith(signature):
            raise refusal(file, content, expected)
    return _decoded(raw, file)


def refusal(file: str, content: str, expected: str) -> InputError:
    """Return the error of a file that cannot be read as a whole."""
    return InputError([Problem(file, Place("文件"), content, expected, Flaw.FILE)])


def damaged(file: str) -> InputError:
    """Return the error of a file whose parts do not fit together."""
    return refusal(file, "不完整或已损坏", _WHOLE)


def encrypted(file: str) -> InputError:
    """Return the error of a file that opens with a password only."""
    return refusal(file, "已加密（设有打开密码）", _UNLOCKED)


def _bytes(path: Path, file: str) -> bytes:
    try:
        raw = file_bytes(path, MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        expected = _READABLE.get(type(error), "磁盘上可读的文件：请关闭占用它的程序，或核对权限")
        raise refusal(file, unreadable(error), expected) from None
    if len(raw) > MAX_BYTES:
        raise refusal(file, "太大", f"{MAX_BYTES // MEGABYTE} MB 以内的文件")
    if not raw:
        raise refusal(file, "空文件", _TABLE)
    return raw


# --- zip: xlsx and its kin ---


def _zip(raw: bytes, file: str) -> Source:
    if raw.count(b"PK\x01\x02") > MAX_PARTS:
        raise refusal(file, f"压缩包里的文件超过 {MAX_PARTS} 个", _TABLE)
    try:
        parts = zipfile.ZipFile(io.BytesIO(raw)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        raise damaged(file) from None
    _refuse_bombs(parts, file)
    names = [part_name(part.filename) for part in parts]
    for start, content, expected in _OTHER_ZIPS:
        if any(name.startswith(start) for name in names):
            raise refusal(file, content, expected)
    if not any(name.startswith("xl/") for name in names) and not _declares_workbook(raw, parts):
        raise refusal(file, "压缩包（zip）", _UNPACK)
    return Source(file, Kind.XLSX, raw)


def _declares_workbook(raw: bytes, parts: list[zipfile.ZipInfo]) -> bool:
    """Whether the list of contents names a workbook, wherever its parts lie."""
    lists = [part for part in parts if part_name(part.filename) == "[content_types].xml"]
    try:
        return any(b"spreadsheetml" in zipfile.ZipFile(io.BytesIO(raw)).read(part) for part in lists)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        return False


def part_name(name: str) -> str:
    r"""Return a part's name as parts are looked up: some writers use backslashes or other capitals.

    >>> part_name("xl\\SharedStrings.xml")
    'xl/sharedstrings.xml'
    """
    return name.replace("\\", "/").lstrip("/").lower()


def _refuse_bombs(parts: list[zipfile.ZipInfo], file: str) -> None:
    """Refuse by the directory alone; reading later never gives more than the directory says (zipfile stops there)."""
    if any(part.flag_bits & 1 for part in parts):
        raise encrypted(file)
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise refusal(file, "压缩方式不是 xlsx 用的", AS_XLSX)
    total = sum(part.file_size for part in parts)
    # what unpacks to less than 1 MB does no harm, and a sheet of equal cells packs well
    packed = any(part.file_size > max(MEGABYTE, MAX_RATIO * part.compress_size) for part in parts)
    if total > MAX_UNPACKED or packed:
        content = f"解压后 {total // MEGABYTE} MB，像压缩炸弹"
        raise refusal(
            file, content, f"解压后 {MAX_UNPACKED // MEGABYTE} MB 以内、压缩比 {MAX_RATIO} 以内的 xlsx：请另存为新文件"
        )


# --- OLE: xls and its kin ---


def _ole(raw: bytes, file: str) -> Source:
    from xlrd.compdoc import CompDoc

    try:
        book = CompDoc(raw, logfile=io.StringIO())
        streams = {entry.name.lower() for entry in book.dirlist if entry.parent == 0}
    except Exception:
        raise damaged(file) from None
    for stream, content, expected in _STREAMS:
        if stream.lower() in streams:
            raise refusal(file, content, expected)
    if not streams & {"workbook", "book"}:
        raise refusal(file, "旧格式文件（如 WPS 的 et、wps），里面没有工作簿", AS_XLSX)
    return Source(file, Kind.XLS, raw)


def _is_bare_biff(raw: bytes) -> bool:
    """Tell the BIFF records of Excel 2 to 4, which stand without a container, by their first record."""
    return raw[:1] == b"\x09" and raw[1:2] in (b"\x00", b"\x02", b"\x04", b"\x08") and raw[3:4] == b"\x00"


# --- text ---


def _decoded(raw: bytes, file: str) -> Source:
    if len(raw) > MAX_TEXT_BYTES:
        raise refusal(file, "太大", f"{MAX_TEXT_BYTES // MEGABYTE} MB 以内的文本表格")
    text, encoding = decoded(raw, file)
    if not text.strip():
        raise refusal(file, "空文件", _TABLE)
    return Source(file, _text_kind(text, file), raw, text, encoding)


def decoded(raw: bytes, file: str) -> tuple[str, str]:
    """Return the text of bytes and its encoding; InputError when it is no text.

    The order matters: a mark, then strict UTF-8, then strict GB18030. Most UTF-8 Chinese is GB18030 as well, of
    other characters; the other way round it does not happen.

    >>> decoded("企业名称".encode("gbk"), "a.csv")
    ('企业名称', 'GB18030')
    """
    marked = [encoding for mark, encoding in _MARKS if raw.startswith(mark)]
    for encoding in marked or ("utf-8", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError as error:
            known = _has_utf8(raw) if encoding.startswith("utf-8") else _is_nearly_text(raw, encoding)
            if known:
                line = raw.count(b"\n", 0, error.start) + 1
                content = f"{encoding.removesuffix('-sig').upper()} 文字，但第 {line} 行有坏字节"
                raise refusal(
                    file,
                    content,
                    "完整的文字：请从原系统重新导出，或改正后另存为 CSV UTF-8（从这一行起也可能是另一种编码）",
                ) from None
            continue
        if text.count("\0") * _FEW <= len(text):
            return text, encoding.upper()
    raise refusal(file, "认不出的内容（不是文字，或编码有误）", f"{_TABLE}；文字请存为 CSV UTF-8")


def _is_nearly_text(raw: bytes, encoding: str) -> bool:
    """Whether bytes are text in an encoding but for a few: no controls, and what cannot be read is rare."""
    text = raw[:MEGABYTE].decode(encoding, "replace")
    return not _CONTROLS.search(text) and text.count("\ufffd") * _FEW <= len(text)


def _has_utf8(raw: bytes) -> bool:
    """Whether a line, or all but a few bytes, is Chinese in UTF-8: as GB18030 it may be other characters unseen.

    Chinese in GB18030 makes next to no Chinese in UTF-8.
    """
    text = raw[:MEGABYTE].decode("utf-8", "replace")
    chinese = [(sum("\u4e00" <= each <= "\u9fff" for each in line), line.count("\ufffd")) for line in text.split("\n")]
    counts = tuple(map(sum, zip(*chinese, strict=True)))
    return counts[0] > 4 * counts[1] or any(good >= _CHINESE and not bad for good, bad in chinese)


def _text_kind(text: str, file: str) -> Kind:
    start = text[:4096].lstrip().lower()
    if not start.startswith("<"):
        return Kind.CSV
    if _SPREADSHEET_ML in start and "<workbook" in start.replace("<ss:", "<"):
        return Kind.XML
    if re.search(r"<table[\s>]", text, re.IGNORECASE):
        return Kind.HTML
    if start.startswith(("<!doctype", "<html")):
        raise refusal(file, "网页，里面没有表格", f"含有表格的文件：{AS_XLSX}，或重新导出")
    if start.startswith("<?xml"):
        raise refusal(file, "XML 文件", _TABLE)
    return Kind.CSV
