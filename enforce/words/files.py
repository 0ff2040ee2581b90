"""One file (文件): written whole or not at all, known by its digest, named so that every system takes it.

A failure of the disk becomes an OutputError, whose Chinese text says what to do.
"""

from __future__ import annotations

import csv
import errno
import hashlib
import json
import os
import re
import shutil
import socket
import threading
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from enforce.words.problems import PlannersError

NAME_LENGTH = 60

_DISK_REASONS = {
    errno.ENOSPC: "磁盘已满",
    getattr(errno, "EDQUOT", -1): "磁盘配额已用完",
    errno.EROFS: "磁盘只读",
    errno.ENAMETOOLONG: "文件名太长",
    errno.ENOENT: "文件或文件夹不存在",
    errno.EEXIST: "已有同名的文件",
}
_UNREADABLE = {errno.ENOENT: "，没有这个文件", errno.EISDIR: "，是文件夹", errno.ESPIPE: "，是管道或设备"}
_IN_USE = "没有写入权限，或文件正在 Excel、WPS 中打开；请关闭后再运行"
_ILLEGAL = frozenset('<>:"/\\|?*{}')
_UNPRINTED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_RESERVED = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9¹²³])(\.|$)", re.IGNORECASE)


class OutputError(PlannersError):
    """A file cannot be written, or is not what was written; the text says in Chinese what to do."""


class NameTaken(OutputError):
    """A file that must be new has the name of another; nothing was written."""


def disk_reason(error: OSError) -> str:
    """Return why the system refused a call, in Chinese, with its code.

    >>> disk_reason(OSError(28, "No space left on device"))
    '磁盘已满（系统代码 28）'
    """
    reason = _IN_USE if isinstance(error, PermissionError) else _DISK_REASONS.get(error.errno, "读写出错")
    return f"{reason}（系统代码 {error.errno}）"


@contextmanager
def output_errors(path: Path) -> Iterator[None]:
    """Raise an OSError on the way to `path` as an OutputError: NameTaken where the name must be new."""
    try:
        yield
    except OSError as error:
        kind = NameTaken if isinstance(error, FileExistsError) else OutputError
        raise kind(f"写不出 {Path(path).name}：{disk_reason(error)}。") from error
    except UnicodeEncodeError as error:
        way = "请先设环境变量 PYTHONUTF8=1 再运行"
        raise OutputError(f"写不出 {Path(path).name}：系统的文件名用不了汉字（{error.encoding}）；{way}。") from error


def write_atomic(path: Path, data: bytes, *, new: bool = False) -> Path:
    """Write a file that holds its old bytes or all of `data`, never a part; return its path.

    A `new` file never replaces another: NameTaken where there is one, and for all but the first of several writers.
    OutputError if the file cannot be written.
    """
    path = Path(path)
    temp = path.with_name(f"{draft_prefix()}{threading.get_ident()}.tmp")
    clean_drafts(path.parent)
    with output_errors(path):
        try:
            with open(temp, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if new:
                name_new(temp, path)
            else:
                os.replace(temp, path)
        finally:
            with suppress(OSError):
                os.unlink(temp)
        sync_folder(path.parent)
    return path


def draft_prefix() -> str:
    """Return how the names of files begin that this process has not finished: its computer and its number."""
    return f".{hashlib.sha256(socket.gethostname().encode()).hexdigest()[:8]}-{os.getpid()}-"


def clean_drafts(folder: Path) -> None:
    """Take away the unfinished files of processes of this computer that are gone; Windows names none that is."""
    with suppress(OSError, ValueError):
        for draft in folder.glob(f"{draft_prefix().rpartition(str(os.getpid()))[0]}*"):
            if os.name == "posix" and _is_gone(int(draft.name.split("-")[1])):
                shutil.rmtree(draft) if draft.is_dir() else draft.unlink()


def _is_gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def name_new(temp: Path, path: Path) -> None:
    """Give a finished file its name unless the name is taken (FileExistsError); `temp` may remain beside it."""
    try:
        os.link(temp, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links: one process at a time looks whether the name is free, and takes it
        from filelock import FileLock

        lock = path.with_name(".name.lock")
        with FileLock(lock):
            if os.path.lexists(path):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
            os.replace(temp, path)
            with suppress(OSError):  # who waits for a lock that was taken away makes another; Windows takes it itself
                lock.unlink()


def sync_folder(folder: Path) -> None:
    """Put a folder's entries on the disk where a folder can be opened; Windows opens none and needs no such call."""
    with suppress(PermissionError):
        sync_path(folder, os.O_RDONLY)


def sync_path(path: Path, flags: int) -> None:
    """Put a file or a folder on the disk, opened with the system's `flags`."""
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, 64 hexadecimal digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def file_bytes(path: Path, most: int = -1) -> bytes:
    """Return the bytes of a file, `most` of them where given; OSError of a pipe or a device too, which may never end.

    ValueError of a name that the system cannot take.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if path.exists() and not path.is_file():
        raise OSError(errno.ESPIPE, os.strerror(errno.ESPIPE), str(path))
    with path.open("rb") as file:
        return file.read(most)


def unreadable(error: OSError | ValueError) -> str:
    """Return in Chinese why a file gives no bytes.

    >>> unreadable(FileNotFoundError(2, "No such file or directory"))
    '打不开，没有这个文件'
    """
    return f"打不开{_UNREADABLE.get(getattr(error, 'errno', None), '')}"


def read_json(path: Path) -> object:
    """Return what a JSON file holds; None where it cannot be read, is no JSON or has half a character in a text."""
    try:
        content = json.loads(file_bytes(path).decode())
        json.dumps(content, ensure_ascii=False).encode()
    except (OSError, ValueError, RecursionError):
        return None
    return content


def json_rows(content: Mapping[str, object], spread: Collection[str]) -> str:
    """Return content as JSON text, the lists to be spread with a line for each row.

    >>> print(json_rows({"a": 1, "b": [{"c": "县"}]}, ["b"]), end="")
    {
     "a": 1,
     "b": [
      {"c": "县"}
     ]
    }
    """
    lines = []
    for name, value in content.items():
        text = json.dumps(value, ensure_ascii=False)
        if name in spread and value:
            text = "[\n  " + ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in value) + "\n ]"
        lines.append(f' "{name}": {text}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def csv_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a csv file of the library's own, each by the names in its first line."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def safe_name(text: str, suffix: str = "") -> str:
    """Return a file name made of `text`, legal on Windows, at most 60 characters with its suffix.

    What a file name cannot hold becomes '_', and a changed name ends in six digits of the text's digest: two
    texts never share a file. Slashes and dots cannot lead out of the folder.

    >>> safe_name("2024年5月检查安排", ".xlsx")
    '2024年5月检查安排.xlsx'
    >>> safe_name("../重点/一般", ".xlsx")
    '重点_一般-d3c1c9.xlsx'
    """
    wanted = unicodedata.normalize("NFC", text)
    name = "".join(character if _is_legal(character) else "_" for character in wanted)
    name = re.sub(r"\.{2,}", "_", name).strip(" ._" if name != wanted else " .")
    name = f"文件{name}" if not name or _RESERVED.match(name) else name
    room = NAME_LENGTH - len(suffix)
    if name == wanted and len(name) <= room:
        return name + suffix
    mark = hashlib.sha256(wanted.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{name[: room - 7].rstrip(' .')}-{mark}{suffix}"


def _is_legal(character: str) -> bool:
    return character not in _ILLEGAL and unicodedata.category(character) not in _UNPRINTED
