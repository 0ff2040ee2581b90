"""The manifest (清单): what a report holds, read again before the report is published."""

from __future__ import annotations

import json
from pathlib import Path

from enforce.papers.report.folder import MANIFEST, check_entries, listing
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
    """Whether a folder is a report that an earlier run made."""
    try:
        return bool(read_manifest(folder))
    except OutputError:
        return False


def output_digests(report: Path) -> dict[str, str]:
    """Return the digests of what the last run wrote or carried over, by name; {} if there is no report."""
    content = read_manifest(report) if is_report(report) else {}
    entries = [*content.get("carried", ()), *content.get("outputs", ())]
    return {entry["file"]: entry["sha256"] for entry in entries}


def check_report(report: Path) -> None:
    """Read every file again and compare it with the manifest: digests, and that no file is unlisted.

    OutputError names the files that differ. That a workbook opens and holds its tables was checked cell by cell when
    it was written.
    """
    content = read_manifest(report)
    entries = [*content["outputs"], *content["carried"]]
    check_entries(report, entries)
    unlisted = set(listing(report)) - {entry["file"] for entry in entries} - {MANIFEST}
    if unlisted:
        raise OutputError(f"报告里有清单以外的文件：{'、'.join(sorted(unlisted))}。")
