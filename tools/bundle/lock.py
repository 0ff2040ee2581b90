"""The lock for another computer: what it asks for there, and whether the wheels brought are all of it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from hashlib import sha256

from packaging.requirements import Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import canonicalize_name, parse_wheel_filename

#: Oldest glibc that the wheels are for: that of 2018, as the README says.
GLIBC = 28
#: Name -> what a planner calls the computer, and the markers that tell it from others.
PLATFORMS = {
    "win_amd64": ("64 位 Windows", {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows"}, "AMD64"),
    "linux_x86_64": ("64 位 Linux（x86-64）", {}, "x86_64"),
    "linux_aarch64": ("64 位 Linux（ARM，如飞腾、鲲鹏）", {}, "aarch64"),
}
_LINUX = {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux"}
_CPYTHON = {"implementation_name": "cpython", "platform_python_implementation": "CPython", "extra": ""}
_UNKNOWN = {"platform_release": "", "platform_version": ""}


@dataclass(frozen=True)
class Target:
    """The computer a bundle is for: its platform and its Python, 3.13 and in full."""

    platform: str
    python: str
    full: str

    @classmethod
    def of(cls, platform: str, python: str) -> Target:
        """Return a target; the last number of its Python, where it is not given, is this one's or the newest."""
        parts = python.split(".")
        here = [str(part) for part in sys.version_info[:3]]
        last = parts[2] if len(parts) > 2 else here[2] if parts == here[:2] else "99"
        return cls(platform, ".".join(parts[:2]), ".".join([*parts[:2], last]))

    @property
    def words(self) -> str:
        """What a planner calls the computer."""
        return PLATFORMS[self.platform][0]

    @property
    def installer(self) -> str:
        """The installer to bring where Python is missing."""
        if self.platform == "win_amd64":
            return f"python-{self.python}.x-amd64.exe（Windows installer 64-bit）"
        return f"python{self.python} 和 python{self.python}-venv（从系统的安装盘或软件源）"

    @property
    def environment(self) -> dict[str, str]:
        """The markers of that computer, by PEP 508."""
        _, system, machine = PLATFORMS[self.platform]
        python = {"python_version": self.python, "python_full_version": self.full, "implementation_version": self.full}
        return {**_CPYTHON, **_UNKNOWN, **_LINUX, **system, "platform_machine": machine, **python}

    @property
    def tags(self) -> list[str]:
        """The platform tags of wheels that run there, best first."""
        if self.platform == "win_amd64":
            return ["win_amd64"]
        machine = PLATFORMS[self.platform][2]
        old = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}
        names = [(f"manylinux_2_{n}", old.get(n)) for n in range(GLIBC, 4 if machine == "x86_64" else 16, -1)]
        return [f"{name}_{machine}" for pair in names for name in pair if name] + [f"linux_{machine}"]

    @property
    def fitting(self) -> set[Tag]:
        """Every tag of a wheel that runs there."""
        version = tuple(map(int, self.python.split(".")))
        interpreter = f"cp{version[0]}{version[1]}"
        kept = [f"cp{version[0]}{version[1]}"]
        return {
            *cpython_tags(version, kept, self.tags),
            *compatible_tags(version, interpreter, self.tags),
        }


def entries(lock: str) -> list[tuple[Requirement, list[str]]]:
    """Return the requirements of a lock with their hashes."""
    lines = [line.strip().removesuffix("\\").strip() for line in lock.splitlines() if not line.startswith("#")]
    asked: list[tuple[Requirement, list[str]]] = []
    for line in filter(None, lines):
        if line.startswith("--hash="):
            asked[-1][1].append(line.removeprefix("--hash="))
        else:
            asked.append((Requirement(line), []))
    return asked


def requirements(lock: str, target: Target) -> str:
    """Return the part of the lock that a computer asks for, without markers, its hashes below each."""
    asked = [
        (one, hashes) for one, hashes in entries(lock) if not one.marker or one.marker.evaluate(target.environment)
    ]
    lines = [
        " \\\n    ".join([f"{one.name}{one.specifier}", *(f"--hash={each}" for each in hashes)])
        for one, hashes in asked
    ]
    return "\n".join(lines) + "\n"


def faults(lock: str, wheels, target: Target) -> list[str]:
    """Return what a folder of wheels lacks or has too much of, against the lock of its computer: a sentence each."""
    brought = {}
    for path in sorted(wheels.glob("*.whl")):
        name, version, _, tags = parse_wheel_filename(path.name)
        brought.setdefault((name, str(version)), []).append((path, tags))
    sentences = []
    for one, hashes in entries(lock):
        pin = canonicalize_name(one.name), str(one.specifier).removeprefix("==")
        files = brought.pop(pin, [])
        if len(files) != 1:
            sentences.append(f"{one}：应有 1 个安装文件，有 {len(files)} 个")
            continue
        ((path, tags),) = files
        if not tags & target.fitting:
            sentences.append(f"{path.name}：不能装在{target.words}、Python {target.python} 上")
        if f"sha256:{sha256(path.read_bytes()).hexdigest()}" not in hashes:
            sentences.append(f"{path.name}：内容与锁定的摘要不同")
    return [*sentences, *(f"{path.name}：锁定文件里没有" for files in brought.values() for path, _ in files)]
