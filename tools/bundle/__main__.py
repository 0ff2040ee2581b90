"""`python -m tools.bundle` writes dist/执法计划工作簿-<version>-<platform>.zip: the project, its wheels, a start file.

One platform and one Python at a time. The lock's markers are evaluated for the computer the bundle is for, not for this
one, and every wheel is compared with the lock: its hash, and that it fits that computer.
"""

import argparse
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path

from tools.bundle.lock import PLATFORMS, Target, faults, requirements

ROOT = Path(__file__).resolve().parents[2]
HOME = Path(__file__).resolve().parent
TOP = "执法计划工作簿"
#: Name in the bundle -> the text it is made from, its encoding, its line ends.
STARTS = {"开始.bat": ("start.bat", "gbk", "\r\n"), "开始.sh": ("start.sh", "utf-8", "\n")}
PAGE = {"怎样带进去.txt": ("carry.txt", "gbk", "\r\n")}
MOMENT = (2024, 1, 1, 0, 0, 0)  # every file has one time: the same bundle twice has the same bytes


def main(arguments=None):
    """Write one bundle; return its path."""
    parser = argparse.ArgumentParser(prog="python -m tools.bundle", description="写出离线安装包")
    parser.add_argument("--platform", choices=PLATFORMS, default="win_amd64", help="装到哪种电脑")
    parser.add_argument("--python", default="3.13", help="那台电脑上的 Python，如 3.13")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="写到哪个文件夹")
    options = parser.parse_args(arguments)
    target = Target.of(options.platform, options.python)
    with tempfile.TemporaryDirectory() as folder:
        wheels = Path(folder)
        lock = wheels / "requirements.txt"
        lock.write_text(
            requirements((ROOT / "requirements.lock").read_text(encoding="utf-8"), target), encoding="utf-8"
        )
        subprocess.run(command(target, lock, wheels), check=True)
        if problems := faults(lock.read_text(encoding="utf-8"), wheels, target):
            raise SystemExit("\n".join(["离线安装包不完整，没有写出：", *problems]))
        path = options.out / f"{TOP}-{version()}-{target.platform}.zip"
        options.out.mkdir(parents=True, exist_ok=True)
        write(path, {**project(), **starts(target), **{f"wheels/{file.name}": file for file in wheels.iterdir()}})
    print(f"已写出 {path.name}（{path.stat().st_size // 2**20} MB，{target.words}，Python {target.python}）")
    return path


def command(target, lock, wheels):
    """Return pip's command that brings the wheels of one platform."""
    places = [word for tag in target.tags for word in ("--platform", tag)]
    kinds = ["--only-binary=:all:", "--implementation=cp", f"--python-version={target.full}", *places]
    quiet = ["--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
    return [sys.executable, "-m", "pip", "download", *quiet, *kinds, "--dest", str(wheels), "-r", str(lock)]


def version():
    """Return the version of the project."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def project():
    """Return what a clone holds: name in the bundle -> file."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    names = filter(None, listed.stdout.decode("utf-8").split("\0"))
    return {name: ROOT / name for name in names if (ROOT / name).is_file() and not name.startswith("tests/")}


def starts(target):
    """Return the start files and the page how to carry it in: name in the bundle -> bytes."""
    return {
        name: text(source, target).replace("\n", ends).encode(encoding)
        for name, (source, encoding, ends) in {**STARTS, **PAGE}.items()
    }


def text(source, target):
    """Return a text of this folder with the Python, the installer and the computer it is for."""
    content = (HOME / source).read_text(encoding="utf-8")
    minor = int(target.python.partition(".")[2])
    names = {"PYTHON": target.python, "MINOR": str(minor), "INSTALLER": target.installer, "COMPUTER": target.words}
    for name, value in names.items():
        content = content.replace(f"@{name}@", value)
    return content


def write(path, content):
    """Write a zip whole or not at all: the name in it -> a file or bytes."""
    unfinished = path.with_name(f".{path.name}.new")
    with zipfile.ZipFile(unfinished, "w") as archive:
        for name, source in sorted(content.items()):
            entry = zipfile.ZipInfo(f"{TOP}/{name}", MOMENT)
            entry.external_attr = (0o100755 if name.endswith(".sh") else 0o100644) << 16
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".whl") else zipfile.ZIP_DEFLATED
            archive.writestr(entry, source if isinstance(source, bytes) else source.read_bytes())
    unfinished.replace(path)


if __name__ == "__main__":
    main()
