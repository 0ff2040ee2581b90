"""The house: walls, doors, and what no room may contain."""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from enforce.desk.days import rule_of_item
from enforce.inputs.parameters.rules import read_rules
from enforce.inputs.parameters.yaml_file import read_yaml
from enforce.words.terms import ITEM_NAMES, LABELS, label
from tools.picture import picture

try:
    import tomllib
except ImportError:  # pragma: no cover
    pytest.skip("needs Python 3.11", allow_module_level=True)

ROOT = Path(__file__).parents[1]
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "enforce").rglob("*.py"))
}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}

#: wing -> what it may import besides itself
WALLS = {
    "words": set(),
    "planning": {"words"},
    "sheets": {"words"},
    "inputs": {"words", "sheets"},
    "papers": {"words"},
    "desk": {"words", "sheets", "planning", "inputs", "papers"},
    "__main__": {"words", "planning", "inputs", "papers", "desk"},
}


@cache
def _nodes(tree: ast.Module) -> list[ast.AST]:
    return list(ast.walk(tree))


def nodes(module: str) -> list[ast.AST]:
    """Every node of a module."""
    return _nodes(TREES[module])


def offences(check: Callable[[str], list], modules: Iterable[str] = MODULES) -> dict[str, list]:
    """Module -> what the check has against it, of those alone that it has something against."""
    return {module: bad for module in modules if (bad := check(module))}


def wing(module: str) -> str:
    """The wing of a module: enforce.planning.checks.case -> planning; '' for the package itself."""
    return module.partition(".")[2].partition(".")[0]


def imported(module: str) -> Iterator[tuple[int, str]]:
    """Every module of this project that a module imports, anywhere in it, with the line."""
    for node in nodes(module):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names if name.name.split(".")[0] == "enforce")
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = module if MODULES[module].name == "__init__.py" else module.rpartition(".")[0]
                base = ".".join([*package.split(".")[: len(package.split(".")) - node.level + 1], base]).rstrip(".")
            if base.split(".")[0] == "enforce":
                yield from ((node.lineno, f"{base}.{name.name}" if base == "enforce" else base) for name in node.names)


def broken_walls(module: str) -> list[str]:
    """Which walls a module breaks: the line, what it imports, and what it may."""
    room = wing(module)
    allowed = WALLS.get(room, set()) | {room}
    return [
        f"{module} 第 {line} 行导入 {other}：{room} 只可以导入 {'、'.join(sorted(allowed))}"
        for line, other in imported(module)
        if wing(other) not in allowed
    ]


def test_no_module_breaks_a_wall():
    assert offences(broken_walls, filter(wing, MODULES)) == {}


def test_a_broken_wall_is_named_with_module_line_and_wall(monkeypatch):
    bad = ast.parse("import os\nfrom enforce.desk.year import Year\nfrom ..inputs import plan\nfrom . import level\n")
    monkeypatch.setitem(TREES, "enforce.planning.visits", bad)
    broken = broken_walls("enforce.planning.visits")
    assert [text.partition("：")[0] for text in broken] == [
        "enforce.planning.visits 第 2 行导入 enforce.desk.year",
        "enforce.planning.visits 第 3 行导入 enforce.inputs",
    ]


def needs(module: str) -> Iterator[str]:
    """The modules a module imports anywhere in it: at the top, for types alone, inside a function."""
    for node in nodes(module):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            names = (f"{node.module}.{name.name}" for name in node.names)
            yield from (name if name in MODULES else str(node.module) for name in names)


def circle() -> list[str]:
    """One circle of modules that import each other, in order; empty where there is none."""
    try:
        TopologicalSorter({module: {*needs(module)} & {*MODULES} for module in MODULES}).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def test_no_modules_import_each_other_in_a_circle():
    assert circle() == []


@pytest.mark.parametrize(
    "text",
    [
        "from enforce.desk.standing import Standing",
        "if TYPE_CHECKING:\n    from enforce.desk.standing import Standing",
        "def open_year():\n    from enforce.desk import standing",
    ],
)
def test_a_circle_is_seen_wherever_the_import_stands(monkeypatch, text):
    monkeypatch.setitem(TREES, "enforce.desk.year", ast.parse(text))
    assert {"enforce.desk.year", "enforce.desk.standing"} <= set(circle())


def test_every_wing_is_known():
    assert {wing(module) for module in MODULES} - {""} <= set(WALLS)


def test_nothing_imports_the_command_line():
    assert [module for module in MODULES for _, other in imported(module) if wing(other) == "__main__"] == []


# --- what the library may not do ------------------------------------------------------------------------------------

FORBIDDEN = {
    "datetime.datetime.now": "时钟",
    "datetime.datetime.today": "时钟",
    "datetime.datetime.utcnow": "时钟",
    "datetime.date.today": "时钟",
    "time.time": "时钟",
    "time.localtime": "时钟",
    "pandas.Timestamp.now": "时钟",
    "pandas.Timestamp.today": "时钟",
    "os.environ": "环境变量",
    "os.getenv": "环境变量",
    "locale": "区域设置",
    "random": "随机数",
    "numpy.random": "随机数",
    "secrets": "随机数",
    "uuid.uuid1": "随机数",
    "uuid.uuid4": "随机数",
    "pickle": "不可信的数据",
    "marshal": "不可信的数据",
    "shelve": "不可信的数据",
    "eval": "执行文本",
    "exec": "执行文本",
    "yaml.load": "执行文本",
    "os.system": "外壳",
    "os.popen": "外壳",
}
#: (module, what): why it may
ALLOWED = {
    ("enforce.desk.run.batch", "datetime.datetime.now"): "运行开始时间，只写进锁",
    ("enforce.desk.commands.record", "datetime.datetime.now"): "登记时间，只写进台账",
    ("enforce.papers.documents.pdf", "os.environ"): "原样交给 LibreOffice，只添字体",
    ("enforce.desk.explorer.door", "os.environ"): "告诉 Voila 模板在哪里",
    ("enforce.desk.parcel", "os.environ"): "交接包在哪里，及其摘要",
    ("enforce.desk.parcel", "pickle"): "只打开摘要与启动它的运行所给的一致的",
    ("enforce.desk.parcel", "pickle.dumps"): "同上",
    ("enforce.desk.parcel", "pickle.loads"): "同上",
    ("enforce.desk.run.notebook", "os.environ"): "告诉内核缓存放在哪里，运行后复原",
    ("enforce.__main__", "os.environ"): "系统的文件名用不了汉字时，改用 UTF-8 重新开始",
}


def used(module: str) -> Iterator[tuple[int, str]]:
    """Every dotted name a module uses, with its imports followed: `from datetime import date; date.today`."""
    homes: dict[str, str] = {}
    for node in nodes(module):
        if isinstance(node, ast.Import):
            for name in node.names:
                homes[name.asname or name.name.split(".")[0]] = name.name if name.asname else name.name.split(".")[0]
                yield node.lineno, name.name
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for name in node.names:
                homes[name.asname or name.name] = f"{node.module}.{name.name}"
                yield node.lineno, f"{node.module}.{name.name}"
    for node in nodes(module):
        if isinstance(node, ast.Name | ast.Attribute) and (dotted := _dotted(node)):
            first, _, further = dotted.partition(".")
            yield node.lineno, ".".join(filter(None, (homes.get(first, first), further)))


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (base := _dotted(node.value)):
        return f"{base}.{node.attr}"
    return ""


def forbidden(module: str) -> list[str]:
    """What a module does that it may not."""
    uses = {
        (line, name, what)
        for line, name in used(module)
        for what in FORBIDDEN
        if (name == what or name.startswith(f"{what}.")) and (module, what) not in ALLOWED
    }
    return [f"{module} 第 {line} 行用了 {name}（{FORBIDDEN[what]}）" for line, name, what in sorted(uses)]


def test_no_module_reads_the_clock_the_machine_or_chance_or_runs_text():
    assert offences(forbidden) == {}


def shells(module: str) -> list[int]:
    """Lines that may give a command to a shell."""
    return [
        node.value.lineno
        for node in nodes(module)
        if isinstance(node, ast.keyword)
        and node.arg == "shell"
        and not (isinstance(node.value, ast.Constant) and node.value.value is False)
    ]


def test_no_command_goes_through_a_shell():
    assert offences(shells) == {}


@pytest.mark.parametrize(
    "text",
    [
        "from datetime import date\nx = date.today()",
        "import datetime as dt\nx = dt.datetime.now()",
        "from time import time",
        "import os\nx = os.environ['HOME']",
        "import numpy as np\nx = np.random.rand()",
        "from random import choice",
        "x = eval('1')",
        "import pickle",
    ],
)
def test_what_is_forbidden_is_seen_under_any_name(monkeypatch, text):
    monkeypatch.setitem(TREES, "enforce.planning.visits", ast.parse(text))
    assert forbidden("enforce.planning.visits")


def test_every_exception_is_still_needed():
    assert [(module, what) for module, what in ALLOWED if what not in {name for _, name in used(module)}] == []


def opened_bare(module: str) -> list[int]:
    """Lines that read or write a text without saying in which encoding."""
    return [
        node.lineno
        for node in nodes(module)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"read_text", "write_text"}
        and not any(word.arg == "encoding" for word in node.keywords)
    ]


def test_text_files_are_opened_as_utf_8():
    assert offences(opened_bare) == {}


# --- rules ----------------------------------------------------------------------------------------------------------

RULES = set(read_rules(ROOT / "params/rules").rules)


def words(module: str) -> set[str]:
    """Every string in a module."""
    return {node.value for node in nodes(module) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def asked_for(module: str) -> set[str]:
    """Rule names a module looks up: case.rules["..."], rules.value("...", on)."""
    rules = set()
    for node in nodes(module):
        key = None
        if isinstance(node, ast.Subscript) and _dotted(node.value).endswith(".rules"):
            key = node.slice
        elif isinstance(node, ast.Call) and _dotted(node.func).endswith("rules.value") and node.args:
            key = node.args[0]
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            rules.add(key.value)
    return rules


#: One rule an item of the account, asked for by the item's key.
ITEM_RULES = {rule_of_item(item) for item in ITEM_NAMES}


def test_every_item_of_the_account_has_its_rule():
    assert {rule for rule in RULES if rule.startswith("follows_")} == ITEM_RULES


def test_every_rule_is_used_in_the_code():
    used_words = set().union(*map(words, MODULES))
    assert RULES - ITEM_RULES - used_words == set(), "params/rules 里的这些规则没有一处代码使用"


def test_every_rule_the_code_asks_for_exists():
    asked = {rule: module for module in MODULES for rule in asked_for(module)}
    assert asked
    assert {rule: module for rule, module in asked.items() if rule not in RULES} == {}


# --- size -------------------------------------------------------------------------------------------------------


def functions(module: str) -> Iterator[ast.FunctionDef]:
    yield from (node for node in nodes(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def body_lines(function: ast.FunctionDef) -> int:
    """Lines of a body without its docstring."""
    body = function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def long_bodies(module: str) -> list[tuple[str, int]]:
    """Functions of more than forty lines, with how many they have."""
    return [(node.name, body_lines(node)) for node in functions(module) if body_lines(node) > 40]


def test_no_body_is_longer_than_forty_lines():
    assert offences(long_bodies) == {}


#: wing -> lines of code it may have (blank, comment and docstring not counted): growth is a decision
BUDGET = {"words": 1110, "sheets": 3118, "inputs": 8738, "planning": 8602, "papers": 3136, "desk": 9567}
#: all wings together: what stood when they were laid out, and what was added since, each in its own commit
ADDED = {
    "people who leave or join": 300,
    "printed figures": 310,
    "states and late approval": 560,
    "own words, scopes of rules": 350,
    "records, penalties, mid-year": 510,
    "loads of all teams together": 395,
    "the first lines of a book": 115,
    "what a scenario is compared with": 30,
    "where the search begins": 45,
    "which plan the answers are of": 17,
    "papers: what is put in, legal bases": 500,
    "files for other systems": 213,
    "papers: templates, filling, reading again": 1200,
    "what a month of tied teams must have": 36,
    "a second solver for tied teams": 120,
    "draws that anyone can repeat": 515,
    "yearly caps, burden of firms": 810,
    "names for every line, months by name": 870,
    "draws in the chain, officers drawn, removals, hold-outs": 560,
    "visits of several lines as one entry": 145,
    "parts of fields in loops without rows": 27,
    "draws and months, closed units in other draws": 65,
    "fonts of proofs, findings on one page": 22,
    "clauses, shares and days of other people's texts": 288,
    "removals out of denominators, lists withdrawn": 52,
    "records: later columns, work off the spot, other work": 166,
    "the reader once more: what a cell says, kills once more": 947,
    "an audit of anybody's plan: files, prose, tables, claims, checks": 3121,
    "cover, answers first, charts that say their message": 265,
    "books fitted to paper, several tables on a page": 270,
    "a page for any plan, behind a door": 129,
    "a run's year handed to its notebooks, files of a cover in their order": 36,
    "check characters without a call each": 9,
    "parameter files without faults, by the reader in C": 24,
    "progress, outcome, nearest names, what to do next": 219,
    "a plan in a workbook, new plans, tables by content, places of faults": 1115,
    "progress at any day: rates, denominators, days, last year": 790,
    "the ledger of promises": 890,
    "what streets plan and do": 304,
    "other work beside the account": 65,
    "the year looked back on, and the next: variance, papers, next year's plan": 745,
    "the year closed: reasons of re-plans, classes and hours of visits, licensing, tables behind the comparison": 83,
    "many what-ifs of one plan at once": 312,
    "visits on days with pairs of officers": 985,
    "caps, partners in the pair, days ordered and changes of a schedule": 335,
    "a month given out: arrangements, papers, what comes back": 1496,
    "tables over several sheets, a column read at once": 179,
    "many plans in one command, and a roll-up of them": 281,
    "a pack for the superior, and the packs of many received": 560,
    "plans on a cluster": 92,
    "points told one by one, opened unsaved, their days shared": 59,
    "big tables read with one look at most of their cells": 15,
    "pages compiled once, only papers that lie there read again": 10,
    "a plan proved the only one by one row of its steps": 6,
    "key units that name no line": 15,
    "the manual of entries and the measures of promises as tables, doubles of readers, books and charts away": -351,
    "annexes of a pack beside its tables, cell by cell; what a reader of a paper does not see": 137,
    "one engine of many small jobs, for sweeps and many districts": 19,
    "weeks of streets settled and proved before their days, a large month week by week": 215,
    "lines with a day ordered or a last day, officers whose times overlap": 22,
    "raised figures, months as shown, sums in titles and in words, pages that break off": 76,
    "what a year under way showed": 75,
    "audit: means, remainders, periods, shares in turn, lists behind their whole": 221,
}
TOTAL = 12_800 + sum(ADDED.values())


def code_lines(module: str) -> int:
    """Lines of a module that are neither blank nor comment nor docstring."""
    described = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docs = {
        line
        for node in nodes(module)
        if isinstance(node, described) and ast.get_docstring(node, clean=False) is not None
        for line in range(node.body[0].lineno, node.body[0].end_lineno + 1)
    }
    lines = MODULES[module].read_text(encoding="utf-8").splitlines()
    return sum(
        1 for n, line in enumerate(lines, 1) if line.strip() and not line.strip().startswith("#") and n not in docs
    )


@pytest.mark.parametrize("name", BUDGET)
def test_no_wing_has_more_lines_of_code_than_its_budget(name):
    assert sum(code_lines(module) for module in MODULES if wing(module) == name) <= BUDGET[name]


def test_the_library_has_no_more_lines_of_code_than_its_budget():
    assert sum(map(code_lines, MODULES)) <= TOTAL


def test_the_median_body_is_short():
    lengths = sorted(body_lines(node) for module in MODULES for node in functions(module))
    assert lengths[len(lengths) // 2] <= 8


# --- names ----------------------------------------------------------------------------------------------------------

BANNED = frozenset({"found", "told", "said", "held", "kept", "mine", "own", "rest"})
#: (module, name): a field of a row, which keeps its word
FIELDS = {("enforce.words.problems", "found")}
#: Words that are no -ed and no noun of the trade either.
PARTICIPLES = re.compile(
    r".*(?<!ne)(?<!se)(?<!fe)ed|(?:un)?(?:told|said|held|kept|found|shown|drawn|written|made|done|given|taken)"
)
#: Verbs that name what a function does; those that CONTRIBUTING.md lists may begin the name of a public function.
#: A load is a noun of the trade and none of them.
VERBS = frozenset(
    re.findall(
        r"\w+",
        """
        accept account add allocate append apply approve build calculate carry change check choose clean collect commit
        compare compute convert create discard do draw execute explain explore export fetch fill find finish fix
        follow gather generate get hand handle hold join keep look make merge minimise move open parse pick
        print process publish put raise read record recover refuse remove render replace replan run save scan
        seed select send set settle show sniff solve sort split store take tell turn update verify walk withdraw
        write
        """,
    )
)


def bound(module: str) -> Iterator[tuple[int, str]]:
    """Every name a module gives to something: variables, parameters, functions, classes, aliases."""
    for node in nodes(module):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield node.lineno, name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.alias(asname=str(name)) | ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                yield node.lineno, name


def banned(module: str) -> list[str]:
    """The names of a module that say nothing of what they are, its own among them."""
    names = [(0, stem(module)), *bound(module)]
    return [
        f"{module} 第 {line} 行：{name}"
        for line, name in names
        if name.strip("_") in BANNED and (module, name) not in FIELDS
    ]


def stem(module: str) -> str:
    return module.rpartition(".")[2]


def test_no_name_is_a_word_without_a_noun():
    assert offences(banned) == {}


@pytest.mark.parametrize(
    "text",
    [
        *("found = 1", "def f(told): ...", "def _said(): ...", "import os as kept", "for mine in (): ...", "x.own = 1"),
        *("f = lambda rest: 1", "with open('a') as held: ...", "[held for held in ()]", "if (found := 1): ..."),
    ],
)
def test_a_banned_name_is_seen_wherever_it_is_given(monkeypatch, text):
    monkeypatch.setitem(TREES, "enforce.planning.visits", ast.parse(text))
    assert banned("enforce.planning.visits")


def test_a_key_a_column_and_a_word_within_a_name_are_no_banned_names(monkeypatch):
    monkeypatch.setitem(TREES, "enforce.planning.visits", ast.parse("f(found=row['told'], rest_days=row.said)"))
    assert banned("enforce.planning.visits") == []


def test_no_module_is_named_by_a_participle():
    assert [module for module in MODULES if PARTICIPLES.fullmatch(stem(module))] == []


def test_no_two_modules_share_a_stem():
    homes = defaultdict(list)
    for module, path in MODULES.items():
        if path.name != "__init__.py":
            homes[stem(module)].append(module)
    assert [modules for modules in homes.values() if len(modules) > 1] == []


def at_the_top(module: str) -> set[str]:
    """The functions and classes at the top of a module."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return {node.name for node in TREES[module].body if isinstance(node, kinds)}


def test_few_names_stand_in_two_modules():
    homes = defaultdict(list)
    for module in MODULES:
        for name in at_the_top(module):
            homes[name].append(module)
    assert len([name for name, modules in homes.items() if len(modules) > 1]) <= 40


def listed_verbs() -> set[str]:
    """The verbs of CONTRIBUTING.md: the first column of their table."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = re.search(r"\| verb \|.*\n\|[-|]+\n((?:\|.*\n)+)", text)[1]
    return {verb for line in table.splitlines() for verb in re.findall(r"`(\w+)`", line.split("|")[1])}


def test_the_verbs_of_the_trade_are_listed():
    assert (
        {"read", "check", "account", "allocate", "explain", "change", "show", "write", "draw"}
        <= listed_verbs()
        <= VERBS
    )


def test_a_public_function_that_does_something_begins_with_a_listed_verb():
    begun = {
        (module, name): name.partition("_")[0] for module in MODULES for name in at_the_top(module) if name[0].islower()
    }
    assert {place: verb for place, verb in begun.items() if verb in VERBS - listed_verbs()} == {}


# --- words ----------------------------------------------------------------------------------------------------------


def undescribed(node: ast.AST, place: str, public: bool = True) -> Iterator[str]:
    """Public modules, classes and functions without a docstring."""
    if public and ast.get_docstring(node, clean=False) is None:
        yield place
    for child in getattr(node, "body", ()):
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            inner = isinstance(node, ast.Module | ast.ClassDef)
            overrides = isinstance(node, ast.ClassDef) and node.bases and isinstance(child, ast.FunctionDef)
            seen = public and inner and not child.name.startswith("_") and not (overrides and _inherited(node, child))
            yield from undescribed(child, f"{place}.{child.name}", seen)


def _inherited(cls: ast.ClassDef, method: ast.FunctionDef) -> bool:
    """Whether a method replaces one of a class that is not ours, which has described it already."""
    bases = {_dotted(base).rpartition(".")[2] for base in cls.bases}
    return bool(bases - {"Term", "Entry", "NamedTuple", "Protocol"}) and method.name != "__init__"


def test_every_public_name_says_what_it_is():
    assert offences(lambda module: list(undescribed(TREES[module], module))) == {}


def test_no_column_is_without_words():
    assert [column for column, text in LABELS.items() if not text.strip() or not column.isidentifier()] == []
    assert label("no_such_column") == "no_such_column"


def test_no_module_ends_a_docstring_without_a_full_stop():
    bare = [name for name, tree in TREES.items() if not ast.get_docstring(tree).split("\n")[0].rstrip().endswith(".")]
    assert bare == []


# --- papers for a stranger ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BUDGET)
def test_every_wing_says_in_ten_lines_what_it_is(name):
    lines = (ROOT / "enforce" / name / "README.md").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith(f"# {name}/")
    assert len(lines) <= 12


@pytest.mark.parametrize(
    "paper", ["ARCHITECTURE.md", "CONTRIBUTING.md", *(f"enforce/{name}/README.md" for name in BUDGET)]
)
def test_every_path_in_a_paper_exists(paper):
    text = (ROOT / paper).read_text(encoding="utf-8")
    paths = re.findall(r"`([a-z_]+(?:/[A-Za-z_\d]+)*(?:/|\.(?:py|md|yaml|csv|toml|sh|svg)))`", text)
    homes = [ROOT / paper, ROOT / "x", ROOT / "enforce/x", ROOT / "tests/x"]
    assert [path for path in paths if not any((home.parent / path).exists() for home in homes)] == []


def test_the_picture_of_the_wings_is_current():
    assert (ROOT / "ARCHITECTURE.svg").read_text(encoding="utf-8") == picture(), "python -m tools.picture 重画"


# --- pins -----------------------------------------------------------------------------------------------------------

#: distribution -> why it is asked for though nothing imports it
STARTED = {
    "jupyterlab": "make lab",
    "jupyterlab-language-pack-zh-cn": "make lab",
    "jsonschema": "before 4.25 it is loaded in no time",
}
COMMANDS = {"nbval", "pytest-cov", "pytest-xdist", "ruff", "mypy", "flit-core", "mutmut"}
HOUSE = {"enforce", "tests", "data", "tools"}


def foreign(paths: Iterable[Path]) -> set[str]:
    """The distributions that files import directly, by their canonical names."""
    homes = metadata.packages_distributions()
    names = {
        name.partition(".")[0]
        for path in paths
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _imports(node)
    }
    return {canonical(homes.get(name, [name])[0]) for name in names - HOUSE - sys.stdlib_module_names}


def _imports(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [name.name for name in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and not node.level else []


def declared(requirements: list[str]) -> set[str]:
    return {canonical(Requirement(text).name) for text in requirements}


def test_the_library_imports_what_it_declares_and_declares_what_it_imports():
    imports, asked = foreign(MODULES.values()), declared(PROJECT["project"]["dependencies"])
    extras = declared(PROJECT["project"]["optional-dependencies"]["dask"])
    assert imports - asked - extras == set()
    assert asked - imports == set(STARTED)


def test_tests_and_tools_import_what_is_declared():
    files = [path for folder in ("tests", "tools", "data") for path in (ROOT / folder).rglob("*.py")]
    asked = declared([*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]])
    assert foreign(files) - asked - COMMANDS == set()
    assert declared(PROJECT["dependency-groups"]["dev"]) - foreign(files) <= COMMANDS


def test_no_module_is_put_in_the_place_of_another():
    replaced = {(module, line) for module in MODULES for line, name in used(module) if name.startswith("sys.modules")}
    assert replaced == set()


LOCKS = [ROOT / "requirements.lock", ROOT / "requirements-nohash.lock"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
BASE_PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def pins(path: Path) -> list[Requirement]:
    """The pins of a lock file, hashes left out."""
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = (line.split(" --hash")[0].strip() for line in text.splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_pin_is_exact(lock):
    locked = pins(lock)
    assert len(locked) > 50
    assert [str(pin) for pin in locked if not re.fullmatch(r"==[^*,]+", str(pin.specifier))] == []


def test_the_two_lock_files_hold_the_same_pins():
    one, other = ({str(pin) for pin in pins(lock)} for lock in LOCKS)
    assert one == other


def test_an_extra_that_a_package_asks_for_stands_with_the_pin():
    """Without it pip, as old as Python 3.11 brings it, takes a newer release for the extra and finds it unpinned."""
    extras = {canonical(pin.name): pin.extras for pin in pins(LOCKS[0])}
    asked = [
        (name, need)
        for name in extras
        if installed(name)
        for need in map(Requirement, metadata.requires(name) or [])
        if need.extras and (need.marker is None or need.marker.evaluate({"extra": ""}))
    ]
    assert ("pytest-cov", "coverage") in [(name, need.name) for name, need in asked]
    assert [(name, str(need)) for name, need in asked if not need.extras <= extras[canonical(need.name)]] == []


def installed(name: str) -> bool:
    """Whether a pinned package is installed here: some are for other systems."""
    return any(True for _ in metadata.distributions(name=name))


def test_every_pin_of_the_hashed_lock_has_a_hash():
    text = LOCKS[0].read_text(encoding="utf-8").replace("\\\n", " ")
    bare = [
        line for line in text.splitlines() if "==" in line and not line.startswith("#") and "--hash=sha256:" not in line
    ]
    assert bare == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_no_lock_file_names_a_host_or_an_index(lock):
    text = lock.read_text(encoding="utf-8")
    assert re.findall(r"https?://|--(?:extra-)?index-url|--find-links|--trusted-host|file:", text) == []
    assert re.findall(r"\b[\w-]+\.(?:com|org|cn|net|io|local|internal)\b", text) == []


def wanted() -> list[Requirement]:
    texts = [
        *PROJECT["project"]["dependencies"],
        *PROJECT["dependency-groups"]["dev"],
        *PROJECT["build-system"]["requires"],
    ]
    return [Requirement(text) for text in texts]


@pytest.mark.parametrize("python", BASE_PYTHONS)
def test_every_requirement_is_met_by_a_pin_on_every_python(python):
    here = {"python_version": python, "python_full_version": f"{python}.0"}
    pinned = defaultdict(list)
    for pin in pins(LOCKS[1]):
        if pin.marker is None or pin.marker.evaluate(here):
            pinned[canonical(pin.name)].append(Version(next(iter(pin.specifier)).version))
    for requirement in wanted():
        versions = pinned[canonical(requirement.name)]
        assert len(versions) == 1, f"{requirement.name} 在 Python {python} 上有 {len(versions)} 个固定版本"
        assert requirement.specifier.contains(versions[0], prereleases=True), str(requirement)


def test_the_conda_environment_has_a_python_the_project_allows_and_the_same_pins():
    environment = read_yaml(ROOT / "environment.yml")
    python = next(
        entry for entry in environment["dependencies"] if isinstance(entry, str) and entry.startswith("python=")
    )
    assert SpecifierSet(PROJECT["project"]["requires-python"]).contains(Version(python.partition("=")[2].strip("=")))
    assert {"pip": [f"-r {LOCKS[1].name}"]} in environment["dependencies"]
    assert environment["name"] == PROJECT["project"]["name"]


# --- prose is never data --------------------------------------------------------------------------------------------

_HAN = re.compile("[\u4e00-\u9fff]")
_READING = {"startswith", "endswith", "removeprefix", "removesuffix", "partition", "rpartition", "split", "rsplit",
            "fullmatch", "search", "match"}  # fmt: skip


def is_chinese(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(_HAN.search(node.value))


def sentences_read(tree: ast.AST) -> Iterator[int]:
    """Lines where a text is asked for Chinese words, or the sentence of a problem is taken apart."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and any(isinstance(op, ast.In | ast.NotIn) for op in node.ops):
            looked_into = node.comparators[0]
            listed = isinstance(looked_into, ast.Tuple | ast.List | ast.Set | ast.Dict | ast.Constant)
            if is_chinese(node.left) and not listed:
                yield node.lineno
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _READING:
            of_problem = isinstance(node.func.value, ast.Attribute) and node.func.value.attr in ("where", "expected")
            if of_problem or any(map(is_chinese, node.args)):
                yield node.lineno


#: What reads the cells of people, and Chinese numbers in them, does so by Chinese words.
_READERS = ("enforce.sheets", "enforce.inputs.tables", "enforce.inputs.calendar", "enforce.inputs.documents")
#: Cuts a sentence behind a whole figure where a tile has no more room.
_SHORTENED = "enforce.desk.explorer.sentences"


def test_nothing_reads_a_chinese_sentence_to_decide():
    others = [name for name in MODULES if not name.startswith((*_READERS, _SHORTENED))]
    assert offences(lambda module: list(sentences_read(TREES[module])), others) == {}


@pytest.mark.parametrize(
    "line", ['"不代填" in note', 'why.startswith("表头")', 're.search("第 .+ 行", text)',
             'problem.where.partition("x")'],
)  # fmt: skip
def test_a_sentence_that_is_read_is_noticed(line):
    assert len(list(sentences_read(ast.parse(line)))) == 1
