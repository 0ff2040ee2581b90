"""The filing pack (报送包): one plan as it goes to the superior, in one zip: papers, tables, figures, digests.

Its bytes follow from its contents alone, so that one byte that is changed anywhere is seen: in a file by its digest, in
the list of digests by its own, in the wrapping by wrapping the contents anew. What may stand in it, column by column,
is listed in params/rules/filing.csv; nothing else goes in, and nothing else is taken out.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
from pydantic import Field

from enforce.inputs.parameters.entries import Entry, Line, checked
from enforce.inputs.versions import Digest
from enforce.sheets.codes import credit_code
from enforce.sheets.columns import half_days, identifier, impersonal, integer, yes_no
from enforce.sheets.grids.sniff import MAX_BYTES, MAX_UNPACKED, MEGABYTE, refusal
from enforce.words.files import csv_rows, file_bytes, unreadable
from enforce.words.personal import personal
from enforce.words.problems import Flaw, InputError, Place, Problem, flaw_of, refuse
from enforce.words.terms import ACCOUNT_LINES, ITEM_NAMES, Follows, Kind, Selection, Tier, label
from enforce.words.texts import one_line, shown

LIST, FIGURES = "清单.json", "数字.json"
LISTED = Path(__file__).resolve().parents[2] / "params" / "rules" / "filing.csv"
_WHOLE = "报送包（enforce pack 写出的 zip），原样交来"
_DATED, _MOST_PARTS = (1980, 1, 1, 0, 0, 0), 100
_DAMAGED = (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, EOFError, OSError, RuntimeError)
_text = impersonal(one_line)
#: Kind of a column -> what its codes are called in a pack.
_WORDS = {
    **{
        kind: {one.value: one.label for one in words}
        for kind, words in {"tier": Tier, "kind": Kind, "selection": Selection, "follows": Follows}.items()
    },
    "line": ACCOUNT_LINES,
    "item": ITEM_NAMES,
}


def _code_of(words: Mapping[str, str], text: str) -> str:
    """Return the code of a word; ValueError names the words there are."""
    if text not in words.values():
        raise ValueError(f"{'、'.join(words.values())} 之一")
    return next(code for code, word in words.items() if word == text)


def balance(text: str) -> float:
    """Return officer-days of the account as a pack has them, below zero where a team is short.

    >>> balance("-35.1"), balance("512")
    (-35.1, 512.0)
    """
    if not re.fullmatch(r"-?[0-9]{1,7}(\.[0-9]{1,6})?", text):
        raise ValueError("人日数，如 512、-35.1")
    return float(text)


#: Kind of a column -> what reads its cells; those of `_BLANK` may be empty.
_READERS = {
    "text": _text,
    "id": identifier,
    "code": credit_code,
    "count": integer(0),
    "month": integer(1, 12),
    "days": half_days(0, 0.25),
    "yes_no": yes_no,
    "balance": balance,
    **{kind: partial(_code_of, words) for kind, words in _WORDS.items()},
}
_BLANK = frozenset({"text", "kind", "selection", "item", "follows"})


class Contents(Entry):
    """The list of a pack: whose plan, by which version of the program, the digest of every file, and its own."""

    form: Annotated[int, Field(ge=2, le=2)]
    program: Line
    plan: Line
    year: int
    files: dict[str, Digest]
    digest: Digest


@dataclass(frozen=True, eq=False)
class Pack:
    """A pack as it was filed: whose, its tables by name, its figures, its papers; whether every byte is as written."""

    file: str
    plan: str
    year: int
    program: str
    digest: str
    tables: Mapping[str, pd.DataFrame]
    figures: Mapping[str, Any]
    papers: Mapping[str, bytes]
    untouched: bool


@cache
def filed_columns() -> dict[str, dict[str, str]]:
    """Return what may leave the bureau (可报送的列): table -> column -> kind of its cells; of papers, their names.

    >>> ",".join(filed_columns()), ",".join(filed_columns()["months"])
    ('plan,lines,effort,months,capacity,account,key_list,units,papers', 'task_id,month,visits')
    """
    columns: dict[str, dict[str, str]] = {}
    for row in csv_rows(LISTED):
        columns.setdefault(row["table"], {})[row["column"]] = row["kind"]
    return columns


def part_of_table(table: str) -> str:
    """Return the name of a table's file in a pack."""
    return f"表/{next(row['title'] for row in csv_rows(LISTED) if row['table'] == table)}.csv"


def part_of_paper(name: str) -> str:
    """Return the name of a paper in a pack; '' where it may not leave the bureau."""
    return f"公文/{name}" if name.startswith(tuple(filed_columns()["papers"])) else ""


def filed_table(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of a table that may leave the bureau, under their Chinese headings, every cell a text.

    InputError where a text holds a number of a person.
    """
    columns = filed_columns()[table]
    cells = {label(name): [_filed_text(kind, value) for value in rows[name]] for name, kind in columns.items()}
    refuse(
        Problem(part_of_table(table), Place(row=n, column=name), number, "不含个人号码的文字", Flaw.PERSONAL)
        for name, texts in cells.items()
        for n, text in enumerate(texts, 2)
        if (number := personal(text))
    )
    return pd.DataFrame(cells)


def _filed_text(kind: str, value: object) -> str:
    if kind == "yes_no":
        return "是" if value else "否"
    if kind in _WORDS:
        return _WORDS[kind][value] if value else ""
    return f"{value:.12g}" if kind in ("days", "count", "month", "balance") else str(value)


# --- one zip ----------------------------------------------------------------------------------------------------


def json_bytes(content: object) -> bytes:
    """Return JSON whose bytes follow from what it says."""
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def pack_bytes(plan: str, year: int, program: str, parts: Mapping[str, bytes]) -> bytes:
    """Return the zip of a plan's parts with the list of their digests; the same parts give the same bytes."""
    files = {name: sha256(content).hexdigest() for name, content in parts.items()}
    head = {"form": 2, "program": program, "plan": plan, "year": year, "files": files}
    listed = json_bytes({**head, "digest": sha256(json_bytes(head)).hexdigest()})
    return _wrapped({LIST: listed, **parts})


def _wrapped(parts: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as package:
        for name in sorted(parts):
            entry = zipfile.ZipInfo(name, _DATED)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            package.writestr(entry, parts[name])
    return packed.getvalue()


def read_pack(path: Path) -> Pack:
    """Read a pack; InputError says why a file is none, or which of its files was changed since it was written.

    Nothing is unpacked onto the disk, and nothing larger than the directory of the zip may say is read.
    """
    file = path.name
    try:
        raw = file_bytes(path, MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise refusal(file, unreadable(error), _WHOLE) from None
    parts = _zip_parts(raw, file)
    content = _listed_contents(parts, file)
    refuse(_altered_parts(parts, content, file))
    tables, problems = {}, []
    for table in filed_columns().keys() - {"papers"}:
        tables[table], wrong = _read_table(table, parts[part_of_table(table)], file)
        problems += wrong
    refuse(problems)
    figures = _read_figures(parts[FIGURES], file)
    papers = {name: part for name, part in parts.items() if part_of_paper(Path(name).name) == name}
    whole = _wrapped(parts) == raw
    return Pack(file, content.plan, content.year, content.program, content.digest, tables, figures, papers, whole)


def _zip_parts(raw: bytes, file: str) -> dict[str, bytes]:
    """Return the files of a zip by name; bombs, locked ones and names that lead elsewhere are refused."""
    if len(raw) > MAX_BYTES:
        raise refusal(file, f"超过 {MAX_BYTES // MEGABYTE} MB", _WHOLE)
    if not raw.startswith(b"PK"):
        raise refusal(file, "不是 zip 文件", _WHOLE)
    if raw.count(b"PK\x01\x02") > 100 * _MOST_PARTS:
        raise refusal(file, "里面的文件太多，像压缩炸弹", _WHOLE)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            entries = package.infolist()
            if not any(entry.filename == LIST for entry in entries):
                raise refusal(file, f"没有{LIST}，不是报送包", _WHOLE)
            refuse(_odd_entries(entries, file))
            return {entry.filename: package.read(entry) for entry in entries}
    except InputError:
        raise
    except _DAMAGED:
        raise refusal(file, "zip 不完整、已损坏，或里面有字节被改动", _WHOLE) from None


def _odd_entries(entries: list[zipfile.ZipInfo], file: str) -> Iterator[Problem]:
    """Yield what of a zip's directory no pack has."""
    known = {LIST, FIGURES, *(part_of_table(table) for table in filed_columns().keys() - {"papers"})}
    total, names = sum(entry.file_size for entry in entries), [entry.filename for entry in entries]
    if total > MAX_UNPACKED or len(entries) > _MOST_PARTS:
        content = f"{len(entries)} 个文件，解压后 {total // MEGABYTE} MB，像压缩炸弹"
        yield Problem(file, Place("文件"), content, _WHOLE, Flaw.SIZE)
    if any(entry.flag_bits & 1 for entry in entries):
        yield Problem(file, Place("文件"), "已加密", "不加密的报送包", Flaw.FILE)
    for entry in entries[:_MOST_PARTS]:
        name = entry.filename
        if names.count(name) > 1:
            yield Problem(file, Place(shown(name)), "同名的有两个", _WHOLE, Flaw.REPEATED)
        if name not in known and part_of_paper(name.rpartition("/")[2]) != name:
            yield Problem(file, Place(shown(name)), "清单以外的文件", f"没有这个文件；{_WHOLE}", Flaw.UNKNOWN)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            yield Problem(file, Place(shown(name)), "不认识的压缩方式", _WHOLE, Flaw.FILE)


def _listed_contents(parts: Mapping[str, bytes], file: str) -> Contents:
    """Return the list of a pack; InputError where there is none, or it was changed."""
    raw = _json(parts.get(LIST, b""))
    if not isinstance(raw, dict):
        raise refusal(file, f"没有{LIST}，或读不出来", _WHOLE)
    content, problems = checked(Contents, raw, file)
    refuse(problems)
    head = content.model_dump(exclude={"digest"})
    if sha256(json_bytes(head)).hexdigest() != content.digest or json_bytes(raw) != parts[LIST]:
        refuse([Problem(file, Place(LIST), "与它的摘要不符", "写出以后没有改动过", Flaw.CHANGED)])
    return content


def _altered_parts(parts: Mapping[str, bytes], content: Contents, file: str) -> Iterator[Problem]:
    """Yield every file that is not as it was listed, is not listed, or should be there and is not."""
    needed = {FIGURES, *(part_of_table(table) for table in filed_columns().keys() - {"papers"})}
    for name in sorted({*parts, *content.files, *needed} - {LIST}):
        if name not in parts:
            yield Problem(file, Place(shown(name)), "（没有）", _WHOLE, Flaw.MISSING)
        elif content.files.get(name) != sha256(parts[name]).hexdigest():
            yield Problem(file, Place(shown(name)), "与清单的摘要不符", "写出以后没有改动过", Flaw.CHANGED)
    for paper in filed_columns()["papers"]:
        if not any(name.startswith(part_of_paper(paper)) for name in parts):
            yield Problem(file, Place(part_of_paper(paper)), "（没有）", "包里有这份公文", Flaw.MISSING)


def _json(content: bytes) -> object:
    """Return what JSON says; None where it is none, or has half a character in a text."""
    try:
        raw = json.loads(content.decode())
        json_bytes(raw)
    except (ValueError, RecursionError):
        return None
    return raw


def _read_figures(content: bytes, file: str) -> dict[str, Any]:
    figures = _json(content)
    if not isinstance(figures, dict):
        raise refusal(file, f"{FIGURES} 读不出来", _WHOLE)
    return figures


def _read_table(table: str, content: bytes, file: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Return a table of a pack under our names, and the problems of its cells."""
    columns, part = filed_columns()[table], part_of_table(table)
    try:
        head, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    except (ValueError, csv.Error):
        return pd.DataFrame(), [Problem(file, Place(part), "读不出来", _WHOLE, Flaw.FILE)]
    expected = [label(name) for name in columns]
    if head != expected or any(len(row) != len(head) for row in rows):
        wrong = Problem(file, Place(part), "、".join(map(shown, head)), f"列依次为 {'、'.join(expected)}", Flaw.UNKNOWN)
        return pd.DataFrame(), [wrong]
    problems: list[Problem] = []
    values: dict[str, list] = {name: [] for name in columns}
    for n, row in enumerate(rows, 2):
        for (name, kind), text in zip(columns.items(), row, strict=True):
            try:
                values[name].append(text if not text and kind in _BLANK else _READERS[kind](text))
            except ValueError as error:
                place = Place(sheet=part, row=n, column=label(name))
                problems.append(Problem(file, place, shown(text), str(error), flaw_of(error)))
    return pd.DataFrame(values if not problems else {}, columns=list(columns)), problems
