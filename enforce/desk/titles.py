"""The title (题头) of a book: its bureau, year, version and state, its disclaimer; and how to make it anew.

All of it is computed from the plan that runs: no notebook says a word of any plan.
"""

from __future__ import annotations

from enforce.desk.run.batch import GRID, ROOT, relative, report_place
from enforce.desk.standing import Standing
from enforce.desk.summary import Summary
from enforce.desk.sweep import Sweep
from enforce.desk.year import Year
from enforce.inputs.parameters.under_scenario import mark
from enforce.inputs.versions import Version
from enforce.papers.screen.heading import Heading


def heading(book: Year | Standing | Summary | Sweep) -> Heading:
    """Return the first lines of a book: of a year, of its plan as it stands on a day, of its summary,
    of many what-ifs.

    >>> from enforce.desk.year import open_year
    >>> year = open_year("params/putuo-2024.yaml")
    >>> heading(year).title == f"{year.plan.bureau} 2024年度执法计划（第 1 版）"
    True
    """
    year = book if isinstance(book, Year) else book.year
    plan, scenario = year.plan, year.scenario
    version = book.approved_base if isinstance(book, Standing) else year.version
    return Heading(
        f"{plan.bureau} {book.title}（{mark(scenario) if scenario else _short_state(book, version)}）",
        f"{_state_words(book, year)}　{_version_label(book)}：{version.text if version else '尚未定版'}",
        plan.disclaimer,
    )


def command(book: Year | Standing | Summary | Sweep) -> Heading:
    """Return how to make a book anew (怎样再出一次): what it was made from, and the command."""
    year = book if isinstance(book, Year) else book.year
    plan, saved = year.plan, year.scenario.name if year.scenario else ""
    beside = GRID if isinstance(book, Sweep) else saved
    tables, target = relative(plan.tables_folder.resolve(), ROOT), report_place(plan.path, beside).name
    return Heading(
        source=f"由 {_plan_path(year)} 和 {tables}/ 里的表算出；改了数，在项目文件夹里再执行下面一行"
        f"（先执行 source .venv/bin/activate；Windows 为 .venv\\Scripts\\activate），写入 reports/{target}/：",
        command=f"enforce {_command(book)}{f' --scenario {saved}' if saved else ''}",
    )


def _version_label(book: Year | Standing | Summary | Sweep) -> str:
    """What a version is to a book: the one it is of, or the one a re-plan departs from."""
    return "调整前" if isinstance(book, Standing) and book.proposal else "版本"


def _plan_path(year: Year) -> str:
    return relative(year.plan.path.resolve(), ROOT)


def _short_state(book: Year | Standing | Summary | Sweep, version: Version | None) -> str:
    """What stands behind the title: the state until approval, then the version."""
    return book.state_mark or (f"第 {version.number} 版" if version else "尚未定版")


def _state_words(book: Year | Standing | Summary | Sweep, year: Year) -> str:
    """The state with its day and number, and what else holds for every number of the book."""
    step = year.plan.step(year.state)
    approved = (year.state.label, step.date if step else year.plan.approval_day, year.number)
    state = book.state_mark or ("" if year.scenario else " ".join(filter(None, approved)))
    return "；".join(filter(None, (state, year.under_mark)))


def _command(book: Year | Standing | Summary | Sweep) -> str:
    """The command that makes a book, without the program's name."""
    match book:
        case Standing(proposal=True):
            return f"replan {_plan_path(book.year)} --as-of {book.as_of}"
        case Standing():
            return f"run {_plan_path(book.year)} --month {book.next_month}"
        case Summary():
            return f"run {_plan_path(book.year)}"
        case Sweep():
            return f"sweep {_plan_path(book.year)} {book.options}"
    return f"run {_plan_path(book)}"
