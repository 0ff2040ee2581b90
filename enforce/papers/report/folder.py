"""A report folder (报告): made in a hidden folder beside its place, checked, and changed for the last one in one step.

At any moment there is the whole old report or the whole new one.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from enforce.words.files import OutputError, digest, output_errors, sync_folder, sync_path, write_atomic

MANIFEST = "manifest.json"
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


def listing(folder: Path) -> list[str]:
    """Return the files of a folder, sorted names with '/', hidden and Office lock files left out."""
    names = (path.relative_to(folder) for path in Path(folder).rglob("*") if path.is_file())
    return sorted(name.as_posix() for name in names if not any(part.startswith((".", "~$")) for part in name.parts))


def write_json(path: Path, content: object) -> Path:
    """Write JSON that people can read: UTF-8, two spaces, no clock, keys in the order given."""
    return write_atomic(path, (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode("utf-8"))


# --- receipts ---


def receipt_path(folder: Path, notebook: str) -> Path:
    """Return where a notebook leaves its receipt."""
    return Path(folder) / f"{notebook}.receipt.json"


def write_receipt(
    folder: Path, notebook: str, files: Iterable[Path | str], plan: Path, answers: Iterable[str] = ()
) -> Path:
    """Leave the receipt (回执) of a notebook that came to its end: its files with their digests, its answers in words.

    The batch takes a notebook without a receipt for unfinished, so this is the last thing a notebook does.
    `files` are names in `folder` or paths inside it, perhaps none. OutputError if one is not there.
    """
    names = sorted({_inside(Path(folder), file) for file in files})
    content = {
        "notebook": notebook,
        "plan_sha256": digest(plan),
        "files": [file_entry(Path(folder), name) for name in names],
        "answers": list(answers),
    }
    return write_json(receipt_path(folder, notebook), content)


def file_entry(folder: Path, name: str) -> dict[str, object]:
    """Return the entry of a file in a receipt or a manifest: file, sha256, bytes."""
    path = Path(folder) / name
    return {"file": name, "sha256": digest(path), "bytes": path.stat().st_size}


def _inside(folder: Path, file: Path | str) -> str:
    root = folder.resolve()
    path = Path(file).resolve() if Path(file).exists() else (root / file).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        raise OutputError(f"回执里的文件 {Path(file).name} 不在输出文件夹里。")
    return path.relative_to(root).as_posix()


def read_receipt(folder: Path, notebook: str, plan: Path) -> list[str]:
    """Return the files a notebook made, each compared with its receipt; OutputError if one differs."""
    path = receipt_path(folder, notebook)
    if not path.is_file():
        raise OutputError(f"笔记本 {notebook} 没有留下回执，说明没有运行到最后一格。")
    content = json.loads(path.read_text(encoding="utf-8"))
    if (content["notebook"], content["plan_sha256"]) != (notebook, digest(plan)):
        raise OutputError(f"笔记本 {notebook} 的回执与本次运行的计划文件不符。")
    check_entries(folder, content["files"])
    return [entry["file"] for entry in content["files"]]


def read_answers(folder: Path, notebook: str) -> list[str]:
    """Return what the receipt of a notebook answers a director."""
    return json.loads(receipt_path(folder, notebook).read_text(encoding="utf-8"))["answers"]


def check_entries(folder: Path, entries: Iterable[Mapping[str, object]]) -> None:
    """Read files back and compare them with their entries; OutputError names every one that differs."""
    changed = [str(entry["file"]) for entry in entries if not _is_unchanged(Path(folder), entry)]
    if changed:
        raise OutputError(f"写出后读回不一致或缺失：{'、'.join(changed)}。")


def _is_unchanged(folder: Path, entry: Mapping[str, object]) -> bool:
    name = str(entry["file"])
    return (folder / name).is_file() and file_entry(folder, name) == dict(entry)


# --- a report folder ---


def neighbour(target: Path, kind: str) -> Path:
    """Return the hidden neighbour of a report: 'new' while it is made, 'old' while it is changed, 'lock'."""
    return target.with_name(f".{target.name}.{kind}")


def stage(target: Path) -> Path:
    """Return an empty folder for the next report, after clearing up what an interrupted run left."""
    recover(target)
    with output_errors(target):
        os.makedirs(neighbour(target, "new"))
    return neighbour(target, "new")


def recover(target: Path) -> None:
    """Bring back the last report if a run was stopped between two moves, and remove unfinished folders."""
    with output_errors(target):
        if neighbour(target, "old").is_dir() and not target.exists():
            os.rename(neighbour(target, "old"), target)
        for kind in ("new", "old", "gone"):
            if neighbour(target, kind).exists():
                shutil.rmtree(neighbour(target, kind))


def publish(staged: Path, target: Path) -> None:
    """Put the finished folder in the report's place, on the disk and in one step; then remove the old report.

    OutputError leaves the old report where it was, or the new one complete. A removal that fails is left to
    `recover`.
    """
    with output_errors(target):
        sync_tree(staged)
        if not os.path.lexists(target):
            os.rename(staged, target)
        elif not _exchange(staged, target):
            _swap_by_moves(staged, target)
        sync_folder(target.parent)
    discard(staged)
    discard(neighbour(target, "gone"))


def discard(folder: Path) -> None:
    """Remove a folder as far as it can be removed; the next `recover` takes the rest."""
    with suppress(OSError):  # rmtree's own ignore_errors lets a failing close through
        shutil.rmtree(folder, ignore_errors=True)


def sync_tree(folder: Path) -> None:
    """Put every file and folder of a tree on the disk."""
    flags = os.O_RDWR if os.name == "nt" else os.O_RDONLY
    for path, _, names in os.walk(folder):
        for name in names:
            sync_path(Path(path) / name, flags)
        sync_folder(Path(path))


def _exchange(staged: Path, target: Path) -> bool:
    """Change two folders for one another in one system call; False where the system has none."""
    call = getattr(ctypes.CDLL(None), "renameat2", None) if os.name == "posix" else None
    if call is None:
        return False
    return call(_AT_FDCWD, os.fsencode(staged), _AT_FDCWD, os.fsencode(target), _RENAME_EXCHANGE) == 0


def _swap_by_moves(staged: Path, target: Path) -> None:
    old = neighbour(target, "old")
    try:
        os.rename(target, old)
        os.rename(staged, target)
    except BaseException:
        if old.exists() and not target.exists():
            os.rename(old, target)
        raise
    # 'old' means that it may be needed again; from here on it must never come back
    os.rename(old, neighbour(target, "gone"))


def carry_over(report: Path, staged: Path, published: Mapping[str, str]) -> list[str]:
    """Copy into the new report the files of the last one that this run does not make; return their names.

    `published` gives the digests of what the last run wrote: a file changed by hand since, or of another's making, gets
    a new name, so that it stands beside the new one.
    """
    names = []
    for name in listing(report) if report.is_dir() else []:
        copy = _name_of_copy(report, staged, name, published)
        if copy and not (staged / copy).exists():
            with output_errors(staged / copy):
                os.makedirs((staged / copy).parent, exist_ok=True)
                shutil.copyfile(report / name, staged / copy)
            names.append(copy)
    return sorted(names)


def _name_of_copy(report: Path, staged: Path, name: str, published: Mapping[str, str]) -> str:
    """Return the name under which a file of the last report goes on; '' where it does not."""
    content = digest(report / name)
    if name == MANIFEST or name.endswith(".receipt.json"):
        return ""
    if not (staged / name).exists():
        return name
    if content in (published.get(name), digest(staged / name)):
        return ""
    path = Path(name)
    return path.with_name(f"{path.stem}-手工改动-{content[:6]}{path.suffix}").as_posix()
