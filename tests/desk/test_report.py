"""The report of the demo plan: the same bytes on every run, and the figures of the published plan in its files."""

import hashlib
import json
import os
import subprocess
import sys

import pytest
from openpyxl import load_workbook

from enforce.papers.report.folder import listing


def digests(folder):
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in listing(folder)}


def cells(path, sheet):
    return [list(row) for row in load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True)]


@pytest.fixture(scope="module")
def again(clone, report, tmp_path_factory):
    """The same month run again in another time zone, where names of files are ASCII, with another order of hashes."""
    out = tmp_path_factory.mktemp("again") / "putuo-2024"
    odd = {"PYTHONHASHSEED": "77", "TZ": "Pacific/Kiritimati", "PYTHONPATH": str(clone)}
    odd |= {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "enforce", "run", "params/putuo-2024.yaml", "--month", "4", "--out", str(out)],
        cwd=clone,
        env={**os.environ, **odd},
        capture_output=True,
        timeout=3600,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode("utf-8")
    return out


def test_r21_r23_the_same_inputs_give_the_same_bytes(report, again):
    first, second = digests(report), digests(again)
    notebooks = {name for name in second if name.endswith((".ipynb", ".html"))} | {"manifest.json"}
    assert {name: first[name] for name in second if name not in notebooks} == {
        name: found for name, found in second.items() if name not in notebooks
    }
    for name in notebooks - {"manifest.json"}:  # they name the way from their folder to the plan
        one, two = ((folder / name).read_text(encoding="utf-8") for folder in (report, again))
        lines = [(a, b) for a, b in zip(one.splitlines(), two.splitlines(), strict=True) if a != b]
        assert all("plan" in a for a, _ in lines), name


def test_the_manifest_holds_every_file_with_its_digest(report):
    manifest = json.loads((report / "manifest.json").read_text(encoding="utf-8"))
    listed = {entry["file"]: entry["sha256"] for entry in manifest["outputs"] + manifest["carried"]}
    found = digests(report)
    del found["manifest.json"]
    assert listed == found
    assert {"params/putuo-2024.yaml", "data/putuo-2024/tasks.csv", "data/calendar/2024.csv"} <= {
        entry["file"] for entry in manifest["inputs"]
    }


def test_annex_1_holds_261_visits_178_key_and_83_general(report):
    rows = cells(report / "附件1-执法计划安排表.xlsx", "执法计划安排表")
    sums = {row[1]: row[-1] for row in rows if row[1] in ("重点检查小计", "一般检查小计", "合计")}
    assert sums == {"重点检查小计": 178, "一般检查小计": 83, "合计": 261}


def test_annex_3_balances(report):
    rows = cells(
        report / "附件3-执法工作量核算.xlsx", load_workbook(report / "附件3-执法工作量核算.xlsx").sheetnames[0]
    )
    total = {(row[0], row[1]): row[5] for row in rows if row[0]}
    left = total["总法定工作日", None] - total["其他执法工作日", "小计"] - total["非执法工作日", "小计"]
    assert left == total["监督检查工作日", None]


def test_the_comparison_holds_what_was_done(report):
    rows = cells(report / "计划执行对比.xlsx", "按事项")
    totals = ("重点检查小计", "一般检查小计", "合计")
    done = {row[1]: tuple(row[4:7]) for row in rows if row[1] in totals}
    assert done == dict(zip(totals, [("落后", 178, 175), ("落后", 83, 79), ("落后", 261, 254)], strict=True))
