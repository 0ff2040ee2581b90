"""The sheets (各表) of a plan's workbook that hold its choices: what stands where, out of the plan's own model.

A sheet has sections, each under its title in 【】: a form, one row per entry (项目、填写), or a table, one row per
entry of a list. Headings, units, closed lists and what is compulsory come from the model that checks the same in YAML.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from enforce.inputs.parameters.entries import Entry, date_or_none
from enforce.words.texts import real_date

#: Sheet -> the entries of the plan whose sections stand on it; '' are the single entries of the plan itself.
_SHEETS = {
    "基本信息": ("", "move_costs", "alerts", "draw_weights", "folders"),
    "科队人日": ("teams", "items_follow"),
    "重点时段": ("key_periods",),
    "公布数": (
        *("printed", "printed.groups", "printed.items", "printed.account", "printed.products", "printed.sums"),
        *("printed.differences", "printed.shares"),
    ),
    "公文与报送": ("approval", "bases", "filing", "letters", "licensing"),
    "本区用语": ("words", "words.kinds"),
}
#: Entries that say where files lie, relative to the plan's own file.
FOLDERS = ("tables", "calendar", "rules", "contact", "last_year", "templates")
_WHERE = "文件位置"


class ChoiceLeaf(NamedTuple):
    """One thing to fill in: its path below the section, heading, kind, words of a closed list, what it takes.

    `kind` is text, date, whole, number or share; `many` marks a list of them in one cell. `parts` are what the entries
    of a list in one cell are made of, name=number; `keyed` marks those that make a dict. `optional` is what need not be
    filled in; one of a `choice` is either this leaf or those below it.
    """

    path: tuple[str, ...]
    heading: str
    kind: str
    manual: str = ""
    words: Mapping[str, str] = MappingProxyType({})
    many: bool = False
    parts: tuple[ChoiceLeaf, ...] = ()
    keyed: bool = False
    optional: bool = False
    choice: bool = False
    default: object = None


class Section(NamedTuple):
    """One section of a sheet: where its entries stand in the plan, its title, and the things to fill in."""

    sheet: str
    entry: str
    title: str
    listed: bool
    leaves: tuple[ChoiceLeaf, ...]

    def path(self, leaf: ChoiceLeaf, row: int | None = None) -> str:
        """Return the path of a leaf in the plan, in the given row of a list."""
        at = f"{self.entry}[{row}]" if row is not None else self.entry
        return ".".join(filter(None, (at, *leaf.path)))


class _Shape(NamedTuple):
    """What an annotation stands for: entry, list, dict, either or plain, what is inside, and what checks it."""

    kind: str
    inner: tuple[Any, ...]
    checks: tuple[object, ...] = ()


@cache
def sections(plan: type[Entry]) -> tuple[Section, ...]:
    """Return the sections of all sheets, in their order; every entry of a plan's model stands in one of them.

    >>> from enforce.inputs.parameters.plan import Plan
    >>> [section.title for section in sections(Plan) if section.sheet == "科队人日"]
    ['科队', '人员变动']
    """
    return tuple(_plan_section(plan, sheet, entry) for sheet, entries in _SHEETS.items() for entry in entries)


def _plan_section(model: type[Entry], sheet: str, entry: str) -> Section:
    if entry in ("", "folders"):
        leaves = [leaf for leaf in _single(model) if (leaf.path[0] in FOLDERS) == bool(entry)]
        return Section(sheet, "", _WHERE if entry else sheet, False, tuple(leaves))
    for step in entry.split("."):
        field = model.model_fields[step]
        shape = _shape(field.annotation, field.metadata)
        inner = _shape(shape.inner[0]) if shape.kind == "list" else shape
        model = inner.inner[0]
    listed = shape.kind == "list"
    leaves = list(_leaves(model)) if listed else list(_single(model))
    if inner.kind == "either":
        plain = _leaf((), FieldInfo(annotation=inner.inner[1], title=f"{field.title}编号", description=""))
        leaves = [plain._replace(optional=True, choice=True), *(leaf._replace(optional=True) for leaf in leaves)]
    return Section(sheet, entry, field.title, listed, tuple(leaves))


def _single(model: type[Entry]) -> Iterator[ChoiceLeaf]:
    """Yield the single entries of a model: those that have a section of their own are left out."""
    for name, field in model.model_fields.items():
        inner = _shape(field.annotation, field.metadata)
        inner = _shape(inner.inner[0]) if inner.kind == "list" else inner
        if inner.kind not in ("entry", "either"):
            yield _leaf((name,), field)


def _leaves(model: type[Entry]) -> Iterator[ChoiceLeaf]:
    """Yield what a row of a list holds: an entry that may be one number or items is a column each."""
    for name, field in model.model_fields.items():
        shape = _shape(field.annotation, field.metadata)
        if shape.kind != "either":
            yield _leaf((name,), field)
            continue
        plain = FieldInfo(annotation=shape.inner[1], title=field.title, description=field.description)
        yield _leaf((name,), plain)._replace(optional=True, choice=True)
        for leaf in _leaves(shape.inner[0]):
            yield leaf._replace(path=(name, *leaf.path), optional=True)


def _leaf(path: tuple[str, ...], field: FieldInfo) -> ChoiceLeaf:
    """Return one thing to fill in, as the model describes it."""
    shape = _shape(field.annotation, tuple(field.metadata))
    optional, default = not field.is_required(), None if field.is_required() else field.default
    leaf = ChoiceLeaf(path, field.title or "", "text", field.description or "", optional=optional, default=default)
    if shape.kind == "plain":
        return leaf._replace(kind=_leaf_kind(shape), words=_closed_words(shape))
    if shape.kind == "dict":
        pair = zip(("等级", "权重"), shape.inner, strict=True)
        parts = tuple(ChoiceLeaf((name,), name, _leaf_kind(_shape(one))) for name, one in pair)
        return leaf._replace(parts=parts, keyed=True)
    inner = _shape(shape.inner[0], shape.checks)
    if inner.kind == "entry":
        return leaf._replace(parts=tuple(_leaf((name,), one) for name, one in inner.inner[0].model_fields.items()))
    return leaf._replace(kind=_leaf_kind(inner), many=True)


def _shape(annotation: Any, checks: tuple[object, ...] | list[object] = ()) -> _Shape:
    """Return what an annotation stands for, whatever it is wrapped in."""
    checks = tuple(part for one in checks for part in (one.metadata if isinstance(one, FieldInfo) else [one]))
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        return _shape(inner, (*checks, *more))
    arguments = get_args(annotation)
    if get_origin(annotation) in (Union, UnionType):
        inner = [one for one in arguments if one is not NoneType]
        return _shape(inner[0], checks) if len(inner) == 1 else _Shape("either", (_bare(inner[0]), inner[1]), checks)
    if get_origin(annotation) in (tuple, dict):
        return _Shape("list" if get_origin(annotation) is tuple else "dict", arguments, checks)
    if isinstance(annotation, type) and issubclass(annotation, Entry):
        return _Shape("entry", (annotation,), checks)
    return _Shape("plain", (annotation,), checks)


def _bare(annotation: Any) -> Any:
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _leaf_kind(shape: _Shape) -> str:
    """Return how a cell is read and written."""
    (kind,) = shape.inner
    if kind is str:
        dated = any(check in (real_date, date_or_none) for check in _functions(shape))
        return "date" if dated else "text"
    if kind is int:
        return "whole"
    return "share" if any(getattr(check, "le", None) == 1 for check in shape.checks) else "number"


def _closed_words(shape: _Shape) -> Mapping[str, str]:
    """Return the words of a closed list with what they stand for; none where the list is not closed."""
    return next((check.words for check in _functions(shape) if hasattr(check, "words")), {})


def _functions(shape: _Shape) -> list[Any]:
    """Return the checks of a text, as they were given to `form`."""
    functions = (getattr(one, "func", None) for one in shape.checks)
    return [function.check for function in functions if hasattr(function, "check")]
