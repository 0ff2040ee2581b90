"""Reading back (读回): a report folder is opened again before it is published, and when anyone doubts it."""

from __future__ import annotations

import json
from pathlib import Path

from enforce.papers.report.folder import MANIFEST, listing, verify
from enforce.words.files import OutputError


def read_manifest(report: Path) -> dict[str, object]:
    """Return the manifest of a report; OutputError if it is missing, broken or that of something else."""
    try:
        content = json.loads((report / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise OutputError(f"{report.name}/{MANIFEST} 读不出来。") from error
    if not isinstance(content, dict) or not {"outputs", "carried"} <= content.keys():
        raise OutputError(f"{report.name}/{MANIFEST} 不是报告的清单。")
    return content


def is_report(folder: Path) -> bool:
    """Tell whether a folder is a report that an earlier run made."""
    try:
        return bool(read_manifest(folder))
    except OutputError:
        return False


def published(report: Path) -> dict[str, str]:
    """Return the digests of what the last run wrote, by name; {} if there is no report."""
    if not is_report(report):
        return {}
    return {found["file"]: found["sha256"] for found in read_manifest(report)["outputs"]}


def read_back(report: Path) -> None:
    """Read every file again: digests, that workbooks and notebooks open, that no file is unlisted.

    OutputError tells what differs.
    """
    content = read_manifest(report)
    entries = [*content["outputs"], *content["carried"]]
    verify(report, entries)
    unlisted = set(listing(report)) - {found["file"] for found in entries} - {MANIFEST}
    if unlisted:
        raise OutputError(f"报告里有清单以外的文件：{'、'.join(sorted(unlisted))}。")
    for found in content["outputs"]:
        _open(report / found["file"])


def _open(path: Path) -> None:
    try:
        if path.suffix == ".xlsx":
            _open_workbook(path)
        elif path.suffix == ".ipynb":
            _open_notebook(path)
    except Exception as error:  # every reader raises its own kinds
        raise OutputError(f"写出的 {path.name} 打不开：{type(error).__name__}。") from error


def _open_workbook(path: Path) -> None:
    import zipfile

    import openpyxl

    with zipfile.ZipFile(path) as archive:
        if archive.testzip():
            raise zipfile.BadZipFile
    openpyxl.load_workbook(path, read_only=True).close()


def _open_notebook(path: Path) -> None:
    import nbformat

    nbformat.validate(nbformat.read(path, as_version=4))
