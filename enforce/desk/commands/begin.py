"""The beginning (新建计划): the files a new plan of a bureau needs, and one form of a plan's file from the other.

Nothing that is there is ever written over.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
from pydantic.fields import FieldInfo

from enforce.desk.plan_pages import plan_pages, table_pages
from enforce.desk.run.batch import ROOT
from enforce.inputs.parameters.entries import checked
from enforce.inputs.parameters.plan import Plan, read_plan
from enforce.inputs.parameters.plan_book import PLACES, is_book, plan_name
from enforce.inputs.parameters.plan_checks import disagreements, shared_tables
from enforce.inputs.parameters.plan_sheets import FOLDERS
from enforce.inputs.parameters.yaml_file import typed_yaml
from enforce.papers.books.entry_book import EntryPage, entry_book_bytes
from enforce.words.divisions import division
from enforce.words.files import output_errors, write_atomic
from enforce.words.problems import Flaw, Place, Problem, refuse
from enforce.words.texts import beside, shown, shown_path

Lines = list[str]
BOOK, TABLES = "年度计划.xlsx", "各表.xlsx"
#: The reserve that a new plan begins with; nobody prescribes it.
RESERVE = 0.1
_BUREAU = re.compile(r"(.+?)(?:应急管理|应急|安全生产监督管理|安监).*")
_AREA = re.compile(r"(.+?)(自治县|自治旗|县|区|市|旗)")
_HELP = (
    "年度执法计划工作簿：怎么填",
    "1. 基本信息：红色的格必填，其余可以不填，不填就按说明里的数。",
    "2. 科队人日：每个科队一行；其他执法、非执法工作日各写一个合计，或把细目逐项写全。",
    "3. 检查事项、执法人员、企业台账、检查记录：一行一条，带 * 的列必填；检查记录可以没有行。",
    "4. 其余各表用不着的空着。重点时段没有就空着。",
    "5. 有下拉的格从下拉里选；标题右上角有红点的，鼠标放上去看写法。灰色的“示例”行不读入，可以删。",
    "6. 【】里的段名、列名、项目名不要改；工作表可以换位置，不要复制。",
    "7. 存盘、关闭，然后运行（Windows 把 / 写成 \\）：",
)


def write_new_plan(
    bureau: str, year: int, *, teams: Sequence[str] = (), name: str = "", district: str = "", yaml: bool = False
) -> Lines:
    """Write what a new plan needs: one workbook, or with `yaml` a file of choices and a workbook of tables.

    Without a name one is made of the bureau's place in pinyin and the year. InputError where what is given cannot be
    that of a plan, or a file is there already.
    """
    name = name or ascii_name(bureau, year)
    home = Path() if Path("params/rules").is_dir() else ROOT
    book, file = home / "data" / name / BOOK, home / "params" / f"{name}.yaml"
    raw = _first_choices(bureau, year, teams, name, district)
    refuse(_wrong_options(raw, file if yaml else book))
    refuse(files_there(book, file, book.with_name(TABLES)))
    target = file if yaml else book
    paths = {"tables": f"../data/{name}", "calendar": "../data/calendar"} if yaml else PLACES
    known = _blank(raw) if yaml else raw
    files = write_plan_files({**known, **paths}, target, book.with_name(TABLES), {})
    written = "、".join(map(shown_path, files))
    return [f"计划简称：{name}", f"已写出：{written}", f"填好以后：enforce run {shown_path(target)}"]


def write_plan_files(raw: dict, file: Path, tables_file: Path, tables: Mapping[str, pd.DataFrame]) -> list[Path]:
    """Write a plan's choices and tables, as far as they are known: one workbook, or YAML and `tables_file`; return
    the files. `tables` are tables of ours by name; those that are not among them have no row.
    """
    year, title = raw["year"], f"{raw['bureau']}{raw['year']}年度"
    if is_book(file):
        _write_new(file, entry_book_bytes([_help(file), *plan_pages(raw, year, tables)], f"{title}计划", year))
        return [file]
    _write_new(tables_file, entry_book_bytes([_help(file), *table_pages(raw, year, tables)], f"{title}各表", year))
    _write_new(file, yaml_form(raw, f"{raw['bureau']} {year} 年度执法计划").encode())
    return [file, tables_file]


def ascii_name(bureau: str, year: int) -> str:
    """Return a short name of a bureau's plan: its place in pinyin, and the year.

    >>> ascii_name("云溪县应急管理局", 2026), ascii_name("上海市浦东新区应急管理局", 2025)
    ('yunxi-2026', 'pudongxin-2025')
    """
    from pypinyin import lazy_pinyin

    place = division(_place(bureau))
    last = (place.path or (bureau,))[-1]
    short = _AREA.fullmatch(last)
    letters = "".join(lazy_pinyin(short[1] if short and len(short[1]) > 1 else last))
    plain = re.sub("[^a-z0-9]", "", letters.replace("ü", "v").lower())[:50]
    return f"{plain or 'plan'}-{year}"


def _place(bureau: str) -> str:
    """Return the place that the name of a bureau begins with."""
    match = _BUREAU.fullmatch(bureau)
    return match[1] if match else bureau


def _first_choices(bureau: str, year: int, teams: Sequence[str], name: str, district: str) -> dict:
    """Return the choices that are known of a new plan; what its district is called decides the words of its forms."""
    place = district or (_place(bureau) if division(_place(bureau)).province else "")
    area = _AREA.fullmatch(division(place or _place(bureau)).path[-1])
    raw = {"name": name, "year": year, **({"district": place} if place else {}), "bureau": bureau}
    raw |= {"reserve_share": RESERVE, "teams": [_given_team(team) for team in teams]}
    words = {"area": area[2][-1], "street": "乡镇"} if area and area[2] != "区" else {}
    return raw | ({"words": words} if words else {})


def _given_team(text: str) -> dict:
    """Return a team as it is given: its name, and behind = its headcount."""
    name, equals, count = text.replace("＝", "=").partition("=")
    number = int(count) if count.isascii() and count.isdecimal() else count
    return {"team": name.strip()} | ({"headcount": number} if equals else {})


def _wrong_options(raw: dict, path: Path) -> list[Problem]:
    """Return what is wrong with what was given; what is still to be filled in is no fault."""
    problems = checked(Plan, raw, "命令行")[1]
    faults = [Problem("命令行", Place(where), value, form) for where, value, form in disagreements(raw, path)]
    given = {*raw, *(f"teams[{n}].{key}" for n, team in enumerate(raw["teams"]) for key in team)}
    wrong = [one for one in (*problems, *faults) if one.place.entry in given and one.kind is not Flaw.MISSING]
    return [one for one in wrong if one.place.entry != "teams"]


def files_there(*paths: Path, option: str = "--name") -> list[Problem]:
    """Return the files that are there already."""
    expected = f"还没有的文件（已有的不覆盖；换一个 {option}，或先移走）"
    return [
        Problem("命令行", Place(option), shown_path(path), expected, Flaw.REPEATED) for path in paths if path.exists()
    ]


def _write_new(path: Path, content: bytes) -> None:
    with output_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, content, new=True)


def _help(path: Path) -> EntryPage:
    return EntryPage("说明", lines=(*_HELP, f"    enforce run {shown_path(path)}"))


def _blank(raw: dict) -> dict:
    """Return choices with an empty place for what is still to be written."""
    days = {"headcount": None, "other_enforcement_days": None, "non_enforcement_days": None}
    teams = [{**days, **team} for team in raw["teams"] or [{"team": ""}]]
    return {"district": "", **raw, "teams": teams}


def yaml_form(raw: dict, heading: str) -> str:
    """Return choices as the text of a YAML file, each behind a line of what it is."""
    fields: dict[str, FieldInfo] = Plan.model_fields
    parts = [f"# {heading}\n# 写法见 params/README.md\n"]
    for key in sorted(raw, key=list(fields).index):
        parts.append(f"\n# {fields[key].description}\n{typed_yaml({key: raw[key]})}")
    return "".join(parts)


# --- one form from the other ---


def write_other_form(file: Path, out: Path | None = None) -> Lines:
    """Write the choices of a YAML file as a workbook, or those of a workbook as YAML; the tables stay where they are.

    Read again they are the same choices. InputError where the plan cannot be read, or the file is there already.
    """
    plan = read_plan(file)
    params = plan.rules_folder.parent
    usual = params / f"{plan.name}.yaml" if is_book(file) else params.parent / "data" / plan.name / BOOK
    out = Path(out or usual)
    refuse(_mistaken(plan, file, out))
    raw = {**plan.model_dump(exclude_unset=True), **_moved_folders(plan, out)}
    if is_book(out):
        pages = [_help(out), *plan_pages(raw, plan.year)]
        _write_new(out, entry_book_bytes(pages, f"{plan.bureau}{plan.year}年度计划", plan.year))
    else:
        _write_new(out, yaml_form(raw, f"{plan.bureau} {plan.year} 年度执法计划").encode())
    return [f"已写出：{shown_path(out)}（表仍在 {shown_path(plan.tables_folder)}）"]


def _mistaken(plan: Plan, file: Path, out: Path) -> list[Problem]:
    """Return why a file cannot be the other form of a plan: its ending, its name, or that it is there."""
    ending = (".yaml", ".yml") if is_book(file) else (".xlsx",)
    if out.suffix.lower() not in ending:
        return [Problem("命令行", Place("--out"), out.name, f"以 {' 或 '.join(ending)} 结尾的文件名")]
    if plan_name(out) != plan.name:
        where = f"文件夹 {plan.name}/ 里的文件" if is_book(out) else f"{plan.name}{out.suffix}"
        return [Problem("命令行", Place("--out"), shown(out.name), f"{where}（与计划简称一致）", Flaw.CONFLICT)]
    if out.parent.is_dir() and (twice := list(shared_tables(_moved_folders(plan, out), out))):
        return [Problem("命令行", Place("--out"), shown_path(out), form, Flaw.CONFLICT) for *_, form in twice]
    return files_there(out, option="--out")


def _moved_folders(plan: Plan, out: Path) -> dict[str, str]:
    """Return where the plan's folders lie as seen from another file."""
    named = {name: getattr(plan, name) for name in FOLDERS}
    here = out.absolute().parent
    return {
        name: Path(os.path.relpath(beside(plan.path.absolute(), value), here)).as_posix()
        for name, value in named.items()
        if value
    }
