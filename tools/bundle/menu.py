"""The menu of the start file (菜单): a number and return, in Chinese; everything it does is a command of `enforce`."""

import subprocess
import sys
import webbrowser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEMO = "params/putuo-2024.yaml"


def ask(question, default=""):
    """Return what is typed, without the quotes of a file that was dragged here."""
    try:
        return input(question).strip().strip("\"'") or default
    except EOFError:
        return default


def enforce(*words):
    """Run a command, show what it says, return whether it went well."""
    return subprocess.run([sys.executable, "-m", "enforce", *words], cwd=ROOT, check=False).returncode == 0


def plan():
    """Return the plan that is chosen by its number, or by its path."""
    files = sorted([*ROOT.glob("params/*.yaml"), *ROOT.glob("data/*/*年度计划.xlsx")])
    names = [file.relative_to(ROOT).as_posix() for file in files]
    print("\n".join(f"  {n} {name}" for n, name in enumerate(names, 1)))
    typed = ask("计划文件（序号，或把文件拖到这里；直接按回车为第 1 个）：", "1")
    return names[int(typed) - 1] if typed.isdecimal() and 1 <= int(typed) <= len(names) else typed


def report():
    """Make a report and open its first page."""
    chosen = plan()
    if enforce("run", chosen):
        folder = ROOT / "reports" / (Path(chosen).stem if chosen.endswith(".yaml") else Path(chosen).parent.name)
        page = next((folder / name for name in ("index.html", "annual_plan.html") if (folder / name).exists()), folder)
        webbrowser.open(page.as_uri())


def explore():
    """Open the page of what-ifs."""
    enforce("explore", plan())


def lab():
    """Open JupyterLab."""
    words = ["-m", "jupyterlab", "--config=tools/lab/jupyter_lab_config.py"]
    subprocess.run([sys.executable, *words], cwd=ROOT, check=False)


def check():
    """Check a file."""
    file = ask("要检查的文件（可以拖到这里）：")
    if file:
        enforce("check", file)


def new():
    """Begin a new plan."""
    bureau, year = ask("单位名称，如 云溪县应急管理局："), ask("年度，如 2026：")
    if bureau and year:
        enforce("new", bureau, "--year", year)


ITEMS = {
    "1": ("出报告", report),
    "2": ("情景推演", explore),
    "3": ("JupyterLab", lab),
    "4": ("检查文件", check),
    "5": ("新建计划", new),
}


def main():
    """Ask until 0 is chosen, or nothing can be asked."""
    while True:
        print("\n执法计划工作簿")
        print("\n".join(f"  {key} {name}" for key, (name, _) in ITEMS.items()) + "\n  0 退出")
        chosen = ask("请输入序号，按回车：", "0")
        if chosen == "0":
            return
        if chosen in ITEMS:
            try:
                ITEMS[chosen][1]()
            except KeyboardInterrupt:  # of the page that was served
                print("已停止。")


if __name__ == "__main__":
    main()
