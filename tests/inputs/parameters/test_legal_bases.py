"""The legal bases: the file of the project reads, every fault of one is told with its file, entry and form."""

from __future__ import annotations

import pytest

from enforce.inputs.parameters.legal_bases import basis_ids, read_bases
from enforce.inputs.parameters.rules import read_rules
from enforce.words.problems import InputError

BASIS = """B01:
  title: 某办法
  number: 某令第1号
  kind: rule
  in_force_from: "2022-12-01"
  in_force_to: "2026-01-01"
  status: read
  dates: read
  source: {title: 某页, link: "https://example.org/a"}
"""


@pytest.fixture
def read(tmp_path):
    """Return a reader of the basis above with some of its text replaced."""

    def read_changed(old="", new=""):
        assert old in BASIS
        (tmp_path / "bases.yaml").write_text(BASIS.replace(old, new, 1) if old else BASIS, encoding="utf-8")
        return read_bases(tmp_path).entries

    return read_changed


def test_the_bases_of_the_project_read_and_are_no_rules():
    entries = read_bases("params/rules").entries
    assert [*entries] == [f"B{n:02}" for n in range(1, 38)]
    assert entries["B10"].successor == "B06"
    assert entries["B06"].in_force_from == "2022-12-01"
    assert not {*entries} & {*read_rules("params/rules").rules}


def test_what_is_not_said_is_empty(read):
    basis = read()["B01"]
    assert (basis.scope, basis.covers_to, basis.successor, basis.note) == ("全国", None, None, "")


@pytest.mark.parametrize(
    ("old", "new", "where", "expected"),
    [
        ('  in_force_from: "2022-12-01"\n', "", "B01.in_force_from", "dates 写 assumed"),
        ("2022-12-01", "2022-13-01", "B01.in_force_from", "真实存在的日期"),
        ("2026-01-01", "2022-12-01", "B01.in_force_to", "晚于施行日期"),
        ("B01:", "b-1:", "b-1", "依据编号"),
        ("kind: rule", "kind: statute", "B01.kind", "law（法律）"),
        ("status: read", "status: sure", "B01.status", "assumed（假定）"),
        ("  status: read", "  successor: B02\n  status: read", "B01.successor", "依据清单里有的编号"),
        ("  status: read", "  successor: B01\n  status: read", "B01.successor", "另一份文件"),
        ("  status: read", "  scope: 上海\n  status: read", "B01.scope", "从省级写起的地名"),
        ("  title: 某办法\n", "", "B01.title", "全称"),
        ("  title:", "  titel:", "B01.titel", "是否想写「title」"),
    ],
)
def test_a_fault_is_told_with_its_entry(read, old, new, where, expected):
    with pytest.raises(InputError) as caught:
        read(old, new)
    problem = next(problem for problem in caught.value.problems if problem.place.entry == where)
    assert problem.file.endswith("bases.yaml")
    assert expected in problem.expected


def test_a_basis_without_a_day_is_one_whose_days_are_assumed(read):
    assert (
        read(
            '  in_force_from: "2022-12-01"\n  in_force_to: "2026-01-01"\n  status: read\n  dates: read',
            "  status: quoted\n  dates: assumed",
        )["B01"].in_force_from
        is None
    )


def test_a_bureau_may_add_a_file_of_its_own_with_other_ids(read, tmp_path):
    read()
    (tmp_path / "bases-local.yaml").write_text(BASIS.replace("B01", "L1"), encoding="utf-8")
    assert basis_ids(tmp_path) == ("L1", "B01")
    (tmp_path / "bases-local.yaml").write_text(BASIS, encoding="utf-8")
    with pytest.raises(InputError, match="不重复的编号"):
        read_bases(tmp_path)
    assert basis_ids(tmp_path) is None


def test_a_folder_without_a_file_of_bases_has_none(tmp_path):
    assert read_bases(tmp_path).entries == {}
