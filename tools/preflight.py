"""Say what is missing before anything is installed (安装前检查). Runs on any Python 3, also one that is too old."""

import importlib.util
import platform
import shutil
import sys


def missing():
    """Return what stands in the way, one sentence each."""
    sentences = []
    if sys.version_info < (3, 11):
        sentences.append(
            "Python 版本是 {}，需要 3.11 或更新。装好后用 make PYTHON=python3.11 指定。".format(
                platform.python_version()
            )
        )
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            sentences.append("这个 Python 没有 {} 模块。Debian、统信、麒麟上请安装 python3-venv。".format(module))
    if shutil.which("git") is None:
        sentences.append("没有找到 git。")
    library, version = platform.libc_ver()
    if library == "glibc" and tuple(int(part) for part in version.split(".")[:2]) < (2, 28):
        sentences.append("系统的 glibc 是 {}，需要 2.28 或更新（2018 年以后的发行版）。".format(version))
    return sentences


def main():
    """Print what is missing and return 1; return 0 when nothing is."""
    sentences = missing()
    for sentence in sentences:
        print("缺少条件：" + sentence, file=sys.stderr)
    return 1 if sentences else 0


if __name__ == "__main__":
    sys.exit(main())
