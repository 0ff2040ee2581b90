"""The filing pack: what goes in comes out, and whatever is changed since is named; what is no pack is refused."""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from enforce.inputs.pack import FIGURES, LIST, filed_columns, filed_table, part_of_paper, read_pack
from enforce.words.problems import InputError
from tests.packs import small_parts, small_tables, write_small
from tests.work import trials


@pytest.fixture(scope="module")
def pack(tmp_path_factory) -> Path:
    return write_small(tmp_path_factory.mktemp("pack") / "甲.zip")


def refused(path: Path) -> str:
    with pytest.raises(InputError) as error:
        read_pack(path)
    assert all(problem.file == path.name for problem in error.value.problems)
    return "\n".join(map(str, error.value.problems))


def is_seen(changed: Path) -> bool:
    """Whether a pack is refused, or known for another wrapping."""
    try:
        return not read_pack(changed).untouched
    except InputError as error:
        return {problem.file for problem in error.problems} == {changed.name}


def test_what_goes_in_comes_out(pack):
    read, tables = read_pack(pack), small_tables()
    assert (read.plan, read.year, read.untouched) == ("jia-2025", 2025, True)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(read.tables[name], table[list(filed_columns()[name])], check_dtype=False)
    assert sorted(read.papers) == [f"公文/{name}.docx" for name in sorted(filed_columns()["papers"])]


def test_the_same_plan_gives_the_same_bytes_whatever_the_order_of_its_parts(pack, tmp_path):
    parts = dict(reversed(zip_parts(pack).items()))
    parts.pop(LIST)
    assert write_small(tmp_path / "乙.zip", parts).read_bytes() == pack.read_bytes()


@trials(200, HealthCheck.function_scoped_fixture)
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_one_bit_changed_anywhere_is_seen(pack, tmp_path, place, bit):
    raw = bytearray(pack.read_bytes())
    raw[int(place * len(raw))] ^= 1 << bit
    changed = tmp_path / "改.zip"
    changed.write_bytes(raw)
    assert is_seen(changed)


@pytest.mark.slow
def test_every_byte_of_the_ends_and_of_the_list_changed_is_seen(pack, tmp_path):
    raw, changed = pack.read_bytes(), tmp_path / "改.zip"
    start = raw.index(LIST.encode())
    for place in (*range(40), *range(start, start + 400), *range(len(raw) - 400, len(raw))):
        changed.write_bytes(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :])
        assert is_seen(changed), place


def zip_parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def zipped(path: Path, parts: list[tuple[str, bytes]], how: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", how) as package:
        for name, content in parts:
            package.writestr(name, content)
    return path


def test_a_pack_zipped_again_holds_the_same_but_is_not_untouched(pack, tmp_path):
    again = read_pack(zipped(tmp_path / "再压.zip", list(zip_parts(pack).items())))
    assert (again.digest, again.untouched) == (read_pack(pack).digest, False)


def test_a_file_changed_inside_is_named(pack, tmp_path):
    parts = zip_parts(pack)
    parts["公文/附件1.docx"] += b" "
    assert "公文/附件1.docx" in refused(zipped(tmp_path / "改.zip", list(parts.items())))


def test_a_file_too_many_or_too_few_is_named(pack, tmp_path):
    parts = zip_parts(pack)
    text = refused(zipped(tmp_path / "多.zip", [*parts.items(), ("表/执法人员.csv", b"x"), ("../../up.txt", b"x")]))
    assert "表/执法人员.csv" in text
    assert "../../up.txt" in text
    del parts["表/检查事项.csv"], parts["公文/附件2.docx"]
    text = refused(zipped(tmp_path / "少.zip", list(parts.items())))
    assert "表/检查事项.csv" in text
    assert "公文/附件2.docx" in text


def test_a_column_that_may_not_leave_the_bureau_is_named_even_where_the_list_of_digests_agrees(tmp_path):
    parts = small_parts(small_tables())
    lines = parts["表/点名和名单单位.csv"].decode("utf-8-sig").splitlines()
    wide = "\r\n".join(f"{line},{cell}" for line, cell in zip(lines, ("信用等级", "A", "B"), strict=True))
    text = refused(write_small(tmp_path / "宽.zip", parts | {"表/点名和名单单位.csv": wide.encode("utf-8-sig")}))
    assert "表/点名和名单单位.csv" in text
    assert "信用等级" in text


@pytest.mark.parametrize(
    ("table", "column", "value", "column_text"),
    [
        ("months", "month", 13, "月"),
        ("months", "visits", -1, "家次"),
        ("units", "name", "某店 13800138000", "名称"),
        ("capacity", "capacity_days", 0.3, "可安排(人日)"),
    ],
)
def test_a_cell_that_cannot_be_is_named_with_its_row(tmp_path, table, column, value, column_text):
    tables = small_tables()
    parts = small_parts(tables)
    tables[table][column] = tables[table][column].astype(object)
    tables[table].loc[1, column] = value
    part = next(name for name in parts if name.endswith(f"{dict(TITLES)[table]}.csv"))
    rows = [
        [label_of(name) for name in filed_columns()[table]],
        *tables[table][list(filed_columns()[table])].values.tolist(),
    ]
    written = "\r\n".join(",".join("是" if c is True else "否" if c is False else str(c) for c in row) for row in rows)
    text = refused(write_small(tmp_path / "格.zip", parts | {part: written.encode("utf-8-sig")}))
    assert f"第 3 行「{column_text}」" in text
    assert "13800138000" not in text


TITLES = {"months": "各月家次", "units": "点名和名单单位", "capacity": "各月可安排"}.items()


def label_of(column: str) -> str:
    from enforce.words.terms import label

    return label(column)


def test_a_personal_number_does_not_go_into_a_pack():
    units = small_tables()["units"]
    units.loc[0, "name"] = "某店 13800138000"
    with pytest.raises(InputError, match="个人号码"):
        filed_table("units", units)


def test_only_the_papers_that_are_listed_may_go():
    assert part_of_paper("附件1-安排表.docx") == "公文/附件1-安排表.docx"
    assert part_of_paper("自检报告.docx") == ""


# --- what is no pack ----------------------------------------------------------------------------------------------


def bomb(path: Path) -> Path:
    return zipped(path, [("表/检查事项.csv", b"0" * (210 * 2**20))])


def lying(path: Path) -> Path:
    """A zip whose directory says that a part of ten megabytes has ten bytes."""
    zipped(path, [("表/检查事项.csv", b"0" * 10_000_000)])
    raw = path.read_bytes()
    path.write_bytes(raw.replace(struct.pack("<L", 10_000_000), struct.pack("<L", 10)))
    return path


def locked(path: Path) -> Path:
    raw = bytearray(zipped(path, [(LIST, b"{}")]).read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    raw[6] |= 1
    path.write_bytes(raw)
    return path


def overlapping(path: Path) -> Path:
    """A directory that names one part a thousand times."""
    raw = zipped(path, [("a", zlib.compress(b"0" * 1000))]).read_bytes()
    start, end = raw.index(b"PK\x01\x02"), raw.index(b"PK\x05\x06")
    entry = raw[start:end]
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1000, 1000, 1000 * len(entry), start, 0)
    path.write_bytes(raw[:start] + entry * 1000 + tail)
    return path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("空.zip", lambda path: path.write_bytes(b"")),
        ("文.zip", lambda path: path.write_text("不是包", encoding="utf-8")),
        ("rar.rar", lambda path: path.write_bytes(b"Rar!\x1a\x07\x00" + b"0" * 100)),
        ("半.zip", lambda path: path.write_bytes(write_small(path).read_bytes()[:5000])),
        ("炸.zip", bomb),
        ("谎.zip", lying),
        ("锁.zip", locked),
        ("叠.zip", overlapping),
        ("两.zip", lambda path: zipped(path, [(LIST, b"{}"), (LIST, b"{}")])),
        ("别.zip", lambda path: zipped(path, [("a.txt", b"x")])),
        ("无.zip", lambda path: zipped(path, [(FIGURES, b"{}")])),
        ("法.zip", lambda path: zipped(path, [(LIST, b"{}")], zipfile.ZIP_BZIP2)),
        ("深.zip", lambda path: zipped(path, [(LIST, b"[" * 100_000)])),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_what_is_no_pack_is_refused_by_name(tmp_path, name, make):
    make(tmp_path / name)
    assert refused(tmp_path / name)


def test_a_pipe_is_no_pack_and_nobody_waits_for_it(tmp_path):
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes here")
    os.mkfifo(tmp_path / "管.zip")
    assert refused(tmp_path / "管.zip")


def test_tables_that_are_no_text_are_named(tmp_path):
    parts = small_parts(small_tables()) | {"表/检查事项.csv": b"\xff\xfe\x00", FIGURES: b"[]"}
    assert "表/检查事项.csv" in refused(write_small(tmp_path / "乱.zip", parts))


def test_the_bytes_of_a_pack_do_not_come_from_the_packing_of_this_machine(pack):
    with zipfile.ZipFile(io.BytesIO(pack.read_bytes())) as package:
        kinds = {(one.compress_type, one.date_time[0], one.create_system) for one in package.infolist()}
    assert kinds == {(zipfile.ZIP_STORED, 1980, 3)}
