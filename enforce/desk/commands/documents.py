"""The papers of a plan (公文) from the command line: made, proof-read, or compared with the plan as it is now."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from enforce.desk.paperwork import dossier
from enforce.desk.paperwork.proofreading import proofread
from enforce.desk.run import batch, handover
from enforce.desk.standing import Standing, month, replan
from enforce.desk.year import Year, open_year
from enforce.papers.documents.fill import Filled
from enforce.papers.documents.pdf import NO_OFFICE, proofs
from enforce.words.files import output_errors, write_atomic
from enforce.words.problems import Flaw, InputError, Place, Problem
from enforce.words.texts import nearest


def documents(
    plan: Path, *, only: Sequence[str] = (), out: Path | None = None, pdf: bool = False,
    arranged: int | None = None, as_of: str = "",
) -> list[str]:  # fmt: skip
    """Write the papers of a plan into a folder, all of them or those named; return what is to be told.

    `arranged` is the month of the monthly papers, `as_of` the day of a change order. InputError where a paper that was
    named cannot be made; nothing is written before every paper is made.
    """
    year = open_year(plan)
    made, typed = _made(year, arranged, as_of, only)
    target = out or batch.ROOT / "reports" / plan.stem / handover.FOLDER
    files = {name: document.content for name, document in made.items()}
    extra = proofs(files) if pdf else {}
    with output_errors(target):
        target.mkdir(parents=True, exist_ok=True)
    for name, content in {**files, **extra}.items():
        write_atomic(target / name, content)
    notes = [NO_OFFICE] if pdf and files and not extra else []
    if not year.plan.filing and not only:
        notes.append("方案没有写 filing（报送单位），没有出备案报告。")
    return [f"已写出 {len(files) + len(extra)} 份：{'、'.join([*files, *extra])}", *notes, *typed]


def verify(plan: Path, folder: Path, *, arranged: int | None = None, as_of: str = "") -> tuple[list[str], bool]:
    """Compare the papers and workbooks in a folder with the plan worked out anew; return the differences, and whether
    every figure agrees."""
    if not folder.is_dir():
        raise InputError([Problem(folder.name, Place(), "", "有公文的文件夹", Flaw.FILE)])
    year = open_year(plan)
    made, _ = _made(year, arranged, as_of, ())
    with tempfile.TemporaryDirectory() as place:
        books = {path.name: path for path in _books(year, arranged, as_of, Path(place))}
        differences = list(proofread(folder, made, books))
    wrong = [one for one in differences if one.figure]
    others = [one for one in differences if not one.figure]
    answer = f"有 {len(wrong)} 处与方案不一致：" if wrong else "数字与方案逐处一致。"
    return [answer, *map(str, wrong), *map(str, others)], not wrong


def _made(year: Year, arranged: int | None, as_of: str, only: Sequence[str]) -> tuple[dict[str, Filled], Sequence[str]]:
    """Return the papers filled, by name of file, and the figures that templates type themselves."""
    sets = [
        (year, dossier.annual_papers(year)),
        *((plan, papers(plan)) for plan, papers in _standing(year, arranged, as_of)),
    ]
    names = [paper.name for _, papers in sets for paper in papers]
    _check_names(names, only)
    results = [dossier.made(book, [one for one in papers if _asked(one.name, only)]) for book, papers in sets]
    return (
        {name: filled for result in results for name, filled in result.documents.items()},
        [note for result in results for note in result.typed],
    )


def _standing(year: Year, arranged: int | None, as_of: str) -> list[tuple[Standing, object]]:
    arranged = arranged or batch.month_of(year)
    plans: list[tuple[Standing, object]] = [(month(year, arranged), dossier.month_papers)]
    return [*plans, *([(replan(year, as_of), dossier.change_papers)] if as_of else [])]


def _books(year: Year, arranged: int | None, as_of: str, place: Path) -> list[Path]:
    """Write the workbooks of the plan anew, and return them."""
    handover.annual_files(year, str(place))
    for plan, papers in _standing(year, arranged, as_of):
        (handover.replan_files if papers == dossier.change_papers else handover.monthly_files)(plan, str(place))
    return sorted(place.glob("*.xlsx"))


def _asked(name: str, only: Sequence[str]) -> bool:
    return not only or any(name == word or name.startswith((f"{word}-", word)) for word in only)


def _check_names(names: Sequence[str], only: Sequence[str]) -> None:
    """Refuse a paper that the plan does not have; a word names every paper that begins with it."""
    unknown = [word for word in only if not any(_asked(name, [word]) for name in names)]
    expected = f"{'、'.join(names)} 之一或其开头"
    if unknown:
        raise InputError(
            [Problem("--only", Place(), word, f"{expected}{nearest(word, names)}", Flaw.UNKNOWN) for word in unknown]
        )
