"""The agreement (相符) of a plan's choices with one another and with the folders they name.

The checks read the raw entries, so that they also speak when another entry is of the wrong type.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path, PurePosixPath, PureWindowsPath

from enforce.inputs.parameters.cap_tables import cap_ids, listed_caps
from enforce.inputs.parameters.entries import Fault, entry_path, repeated_names
from enforce.inputs.parameters.legal_bases import basis_ids, listed_basis
from enforce.inputs.parameters.plan_book import ENDINGS, NEEDED, PLACES, is_book, is_plan_book, plan_name
from enforce.inputs.parameters.yaml_file import parse_yaml, yaml_text
from enforce.sheets.grids import read_grids
from enforce.words.divisions import division
from enforce.words.problems import InputError
from enforce.words.terms import ALL_TEAMS, PlanState
from enforce.words.texts import HIDDEN, beside, nearest, shown, shown_path
from enforce.words.vocabulary import vocabulary


def _texts(raw: dict, *steps: str, at: tuple = ()) -> Iterator[tuple[str, str]]:
    """Yield place and text of a field in a list of entries, passing over what is not of that form.

    >>> list(_texts({"teams": [{"team": "危化科"}, 5]}, "teams", "team"))
    [('teams[0].team', '危化科')]
    """
    for place, entry in _entries(raw, *steps[:-1], at=at):
        value = entry.get(steps[-1])
        if isinstance(value, str):
            yield entry_path((*place, steps[-1])), value


def _entries(raw: dict, *steps: str, at: tuple = ()) -> Iterator[tuple[tuple, dict]]:
    """Yield place and content of the entries in a list of a list, passing over what is not of that form."""
    if not steps:
        yield at, raw
        return
    rows = raw.get(steps[0])
    for number, entry in enumerate(rows if isinstance(rows, list) else []):
        if isinstance(entry, dict):
            yield from _entries(entry, *steps[1:], at=(*at, steps[0], number))


def _words_of(raw: dict, name: str, at: str = "") -> list[tuple[str, str]]:
    """Return place and text of the texts in a list, passing over what is not of that form."""
    words = raw.get(name)
    numbered = enumerate(words if isinstance(words, list) else [])
    return [(f"{at}{name}[{number}]", word) for number, word in numbered if isinstance(word, str)]


def _teams(raw: dict, path: Path) -> Iterator[Fault]:
    """Teams and sections stand once; no section is a team, and none has the name of the total."""
    named, sections = list(_texts(raw, "teams", "team")), _words_of(raw, "sections")
    yield from repeated_names(named, "不重复的科队名称")
    yield from ((where, team, f"「{ALL_TEAMS}」以外的科队名称") for where, team in named if team == ALL_TEAMS)
    yield from repeated_names(sections, "不重复的科室名称")
    teams = {ALL_TEAMS, *(team for _, team in named)}
    for where, name in sections:
        if name in teams:
            yield where, shown(name), "科队清单里没有的科室（参加执法的科队只写在科队清单）"


def _periods(raw: dict, path: Path) -> Iterator[Fault]:
    """Key periods have a name of their own, lie inside the year and do not end before they begin."""
    yield from repeated_names(_texts(raw, "key_periods", "name"), "不重复的时段名称")
    year = raw.get("year")
    for field in ("from_date", "to_date"):
        for where, day in _texts(raw, "key_periods", field):
            if isinstance(year, int) and day[:4] != str(year):
                yield where, shown(day), f"计划年度 {year} 年内的日期"
    for place, period in _entries(raw, "key_periods"):
        first, last = period.get("from_date"), period.get("to_date")
        if isinstance(first, str) and isinstance(last, str) and last < first:
            yield entry_path((*place, "to_date")), shown(last), f"不早于起始日期 {shown(first)} 的日期"


def _reserved(raw: dict, path: Path) -> Iterator[Fault]:
    """Days are reserved for known teams, once a period."""
    teams = {team for _, team in _texts(raw, "teams", "team")}
    for where, team in _texts(raw, "key_periods", "reserved_days", "team"):
        if team not in teams:
            yield where, shown(team), f"科队清单里有的科队（{'、'.join(sorted(teams))}）"
    for place, period in _entries(raw, "key_periods"):
        yield from repeated_names(_texts(period, "reserved_days", "team", at=place), "每个时段每个科队只写一次")


def _printed_figures(raw: dict, path: Path) -> Iterator[Fault]:
    """Each printed group, line and row of the account stands once, of teams of the plan."""
    printed = raw.get("printed")
    if not isinstance(printed, dict):
        return
    at = ("printed",)
    yield from repeated_names(_texts(printed, "groups", "group", at=at), "不重复的类别名称")
    yield from repeated_names(_texts(printed, "items", "item", at=at), "不重复的事项")
    rows = [
        (entry_path((*place, "line")), f"{entry.get('team', ALL_TEAMS)} {entry.get('line')}")
        for place, entry in _entries(printed, "account", at=at)
    ]
    yield from repeated_names(rows, "每个科队每个项目只写一次")
    teams = [*dict.fromkeys(team for _, team in _texts(raw, "teams", "team")), ALL_TEAMS]
    for where, team in (*_texts(printed, "account", "team", at=at), *_texts(printed, "products", "team", at=at)):
        if team and team not in teams:
            yield where, shown(team), f"科队清单里有的科队或「{ALL_TEAMS}」{nearest(team, teams)}"


def _approved(raw: dict, path: Path) -> Iterator[Fault]:
    """A plan is approved, and its letters are dated, in its year or the one before or after it."""
    year = raw.get("year")
    lists = (("approval", "date"), ("filing", "by"), ("filing", "done_on"), ("letters", "date"))
    dated = [("approved_on", raw.get("approved_on")), *(text for steps in lists for text in _texts(raw, *steps))]
    for where, day in dated:
        if isinstance(year, int) and isinstance(day, str) and day[:4].isdecimal() and abs(int(day[:4]) - year) > 1:
            yield where, shown(day), f"{year} 年或其前后一年的日期"


def _states(raw: dict, path: Path) -> Iterator[Fault]:
    """A plan comes to a state once, not before the state that goes before it, and is filed only once approved."""
    order = {word: state for state in PlanState for word in (state.value, state.label)}
    named = [(where, order[word]) for where, word in _texts(raw, "approval", "state") if word in order]
    yield from repeated_names(((where, state.label) for where, state in named), "一个状态一行")
    dates = dict(_texts(raw, "approval", "date"))
    place = {state: where.removesuffix("state") + "date" for where, state in named}
    steps = [place[state] for state in PlanState if place.get(state) in dates]
    for earlier, later in pairwise(steps):
        if dates[later] < dates[earlier]:
            yield later, shown(dates[later]), f"不早于前一个状态的日期 {shown(dates[earlier])}"
    if PlanState.FILED in place and PlanState.APPROVED not in place and not raw.get("approved_on"):
        yield place[PlanState.FILED], PlanState.FILED.label, f"先有「{PlanState.APPROVED.label}」一行"


def _called(raw: dict, path: Path) -> Iterator[Fault]:
    """A plan is called like its file: one that was copied does not go on under the name of another bureau's."""
    name, file = raw.get("name"), plan_name(path)
    if isinstance(name, str) and name != file:
        there = f"文件夹「{file}」" if is_book(path) else f"文件名「{path.name}」"
        yield "name", shown(name), f"与{there}一致（照别的计划改的，计划简称和表所在的文件夹都要改）"


def shared_tables(raw: dict, path: Path) -> Iterator[Fault]:
    """No two plans of a folder read and write the same tables."""
    tables, here = raw.get("tables"), path.absolute()
    if not isinstance(tables, str) or HIDDEN.search(tables):
        return
    folder, endings = beside(here, tables).resolve(), ENDINGS if is_book(path) else (".yaml", ".yml")
    for other in sorted(here.parent.iterdir()):
        if other.suffix.lower() in endings and other.name != path.name and not other.name.startswith(("~$", ".")):
            theirs = _tables_of(other)
            if isinstance(theirs, str) and beside(other, theirs).resolve() == folder:
                yield (
                    "tables",
                    shown(tables),
                    f"本计划自己的文件夹（另一份计划 {other.name} 在用；是备份、副本的，移到别的文件夹）",
                )
                return


def _tables_of(path: Path) -> object:
    """Return the folder of tables that another file names as a plan; None where it is no plan."""
    with suppress(InputError):
        if is_book(path):
            return PLACES["tables"] if is_plan_book(read_grids(path, NEEDED[0])) else None
        return parse_yaml(yaml_text(path), path.name).get("tables")
    return None


#: Entry that names what lies beside the plan -> what that is, and whether it must be there.
_BESIDE = {
    "tables": ("文件夹", Path.is_dir),
    "calendar": ("文件夹", Path.is_dir),
    "rules": ("文件夹", Path.is_dir),
    "contact": ("文件", Path.is_file),
    "last_year": ("文件夹或表", lambda place: place.is_file() or place.is_dir()),
    "templates": ("文件夹", None),
}


def _files_beside(raw: dict, path: Path) -> Iterator[Fault]:
    """Folders and files are written relative to the file, and those that must exist do."""
    for key, (what, is_there) in _BESIDE.items():
        value = raw.get(key, "rules" if key == "rules" else None)
        if not isinstance(value, str) or not value.strip() or HIDDEN.search(value):
            continue
        if _machine_path(value):
            yield key, shown(value), f"相对本文件的{what}（用 / 分隔，不写盘符或绝对路径）"
        elif is_there and not is_there(beside(path, value)):
            yield key, shown(value), f"已有的{what}（找的是 {shown_path(beside(path, value))}）"


def _citations(raw: dict, path: Path) -> Iterator[Fault]:
    """A basis stands once in a list and in the list of bases, a letter once by paper, addressee and date."""
    lists = [_words_of(raw, "bases")]
    lists += [_words_of(letter, "bases", f"letters[{place[-1]}].") for place, letter in _entries(raw, "letters")]
    for codes in lists:
        yield from repeated_names(codes, "不重复的依据编号")
    yield from repeated_names(_texts(raw, "bases", "title"), "不重复的文件名称")
    letters = ((f"letters[{at[-1]}]", letter) for at, letter in _entries(raw, "letters"))
    keys = ((where, "、".join(f"{one.get(key) or ''}" for key in ("paper", "to", "date"))) for where, one in letters)
    yield from repeated_names(keys, "同一种公文，主送、日期都相同的只写一次")
    folder = raw.get("rules", "rules")
    known = (
        basis_ids(beside(path, folder))
        if any(lists) and isinstance(folder, str) and not HIDDEN.search(folder)
        else None
    )
    for where, code in (cite for codes in lists for cite in codes):
        if known is not None and code not in known:
            yield where, shown(code), f"{listed_basis(code, known)}；清单里没有的文件写文件全称、文号"


def _caps(raw: dict, path: Path) -> Iterator[Fault]:
    """The table of caps is one of the folder of rules."""
    code, folder = raw.get("cap_table"), raw.get("rules", "rules")
    if isinstance(code, str) and isinstance(folder, str) and not HIDDEN.search(folder):
        known = cap_ids(beside(path, folder))
        if known is not None and code not in known:
            yield "cap_table", shown(code), listed_caps(code, known)


def _machine_path(text: str) -> bool:
    """Whether a path means something on one machine only."""
    windows = PureWindowsPath(text)
    return bool(PurePosixPath(text).is_absolute() or windows.drive or windows.root or text[0] == "~" or "\\" in text)


def _local_calendar(raw: dict, path: Path) -> Iterator[Fault]:
    """The local calendar is a file in the calendar folder."""
    value, folder = raw.get("local_calendar"), raw.get("calendar")
    if isinstance(value, str) and value and isinstance(folder, str) and not HIDDEN.search(value + folder):
        if re.search(r'[/\\:*?"<>|]', value) or value.startswith("."):
            yield "local_calendar", shown(value), "日历文件夹里的文件名，不带路径"
        elif not _machine_path(folder or "/") and not beside(path, f"{folder}/{value}").is_file():
            yield "local_calendar", shown(value), f"日历文件夹 {shown(folder)} 里已有的文件"


def _division(raw: dict, path: Path) -> Iterator[Fault]:
    """Province and city agree with the district where that names them too."""
    text = raw.get("district")
    place = division(text) if isinstance(text, str) else division("")
    province, city = raw.get("province"), raw.get("city")
    if isinstance(province, str) and place.province not in ("", province):
        yield "province", shown(province), f"与行政区一致（{place.province}）"
    if isinstance(city, str) and place.city and place.district and city != place.city:
        yield "city", shown(city), f"与行政区一致（{place.city}）"


def _vocabulary(raw: dict, path: Path) -> Iterator[Fault]:
    """The bureau's words stand once in a list, and our level is one of the levels."""
    words = raw.get("words")
    if not isinstance(words, dict):
        return
    for name in ("levels", "hazards"):
        yield from repeated_names(_words_of(words, name, "words."), "清单里不重复的词")
    yield from repeated_names(_texts(words, "kinds", "kind", at=("words",)), "清单里不重复的叫法")
    levels = [word for _, word in _words_of(words, "levels")]
    named = {name: words[name] for name in ("area", "street", "our_level") if isinstance(words.get(name), str)}
    usual = vocabulary(levels=levels, **named)
    if usual.our_level not in usual.levels:
        expected = f"执法层级里的一个（{'、'.join(map(shown, usual.levels))}）{nearest(usual.our_level, usual.levels)}"
        yield "words.our_level", shown(usual.our_level), expected


_CHECKS = (
    _division,
    _vocabulary,
    _teams,
    _periods,
    _reserved,
    _printed_figures,
    _approved,
    _states,
    _called,
    shared_tables,
    _files_beside,
    _citations,
    _caps,
    _local_calendar,
)


def disagreements(raw: dict, path: Path) -> list[Fault]:
    """Return every entry of a plan that disagrees with another, or with the folders beside its file.

    >>> teams = {"teams": [{"team": "危化科"}, {"team": "危化科"}], "rules": "../params/rules"}
    >>> disagreements(teams, Path("params/a.yaml"))
    [('teams[1].team', '危化科', '不重复的科队名称')]
    """
    return [fault for check in _CHECKS for fault in check(raw, path)]
