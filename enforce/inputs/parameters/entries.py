"""The entry (条目): parameter files as models, and every failure of a file as a problem in Chinese.

The manual (manual.csv) has the Chinese title and description of every entry by its model: what params/README.md
explains and what a message repeats.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    ValidationError,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from enforce.sheets.columns import impersonal
from enforce.words.files import csv_rows, read_json
from enforce.words.personal import CARD, MOBILE
from enforce.words.problems import Flaw, Place, Problem
from enforce.words.terms import Term
from enforce.words.texts import nearest, one_line, real_date, shown, shown_path

_KEY = re.compile(r"[a-z][a-z0-9_]*")
#: Steps of a place that name no entry: the key itself, and which of two forms of an entry was meant.
ITEMS_FORM, NUMBER_FORM = "[items]", "[number]"
_INNER = ("[key]", ITEMS_FORM, NUMBER_FORM)
_STEP = re.compile(r"\[([0-9]+)\]|([^.\[\]]+)")
#: The largest number a plan's text prints, and its decimals.
MOST_PRINTED, DECIMALS = 1_000_000_000, 6


_MANUAL = {(row["model"], row["entry"]): row for row in csv_rows(Path(__file__).with_name("manual.csv"))}


class Entry(BaseModel):
    """Some keys that belong together: closed, typed strictly, unchangeable."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)

    @classmethod
    def __pydantic_init_subclass__(cls, **options: object) -> None:
        """Give every entry its title and description of the manual."""
        for name, field in cls.model_fields.items():
            row = _MANUAL.get((cls.__name__, name))
            if row:
                field.title, field.description = row["title"], row["manual"]


E = TypeVar("E", bound=Entry)
#: Where an entry stands, what is there and what is expected: a Problem without its file.
Fault = tuple[str, str, str]


def form(check: Callable[[str], str]) -> AfterValidator:
    """Turn a check that raises ValueError(expected form) into a validator whose message is that form."""

    def validated(value: str) -> str:
        try:
            return check(value)
        except ValueError as error:
            raise PydanticCustomError("form", "{expected}", {"expected": str(error)}) from None

    validated.check = check  # a sheet offers the words of a closed list, and reads a date in every writing
    return AfterValidator(validated)


def several(item: object, most: int = 100, *, least: int | None = None, default: object = ()) -> object:
    """Make the type of a list of a file; it must be written where `default` is an ellipsis."""
    return Annotated[tuple[item, ...], Field(strict=False, min_length=least, max_length=most, default=default)]


def word_of(kind: type[Term], labels: bool = False) -> AfterValidator:
    """Make the validator of a word of a closed list, by its identifier or, where `labels` may stand, by its label."""
    known = {word.value: word.value for word in kind} | ({word.label: word.value for word in kind} if labels else {})

    def identifier(text: str) -> str:
        if text in known:
            return known[text]
        raise ValueError("、".join(f"{word.value}（{word.label}）" for word in kind) + " 之一")

    identifier.words = {word.label if labels else word.value: word.value for word in kind}
    return form(identifier)


def form_of(value: object) -> str:
    """Return which of two forms an entry has: keys of its own, or one plain value."""
    return ITEMS_FORM if isinstance(value, dict | Entry) else NUMBER_FORM


def either(items: type[Entry], plain: object) -> object:
    """Make the type of an entry that is given by its keys, or as one plain value."""
    return Annotated[Annotated[items, Tag(ITEMS_FORM)] | Annotated[plain, Tag(NUMBER_FORM)], Discriminator(form_of)]


def filled_in(text: str) -> str:
    """Return a text of one line that is not empty; ValueError tells the form expected."""
    if not text.strip():
        raise ValueError("不为空的文字")
    return one_line(text)


def one_name(text: str) -> str:
    """Return one name; ValueError where commas make it several."""
    if re.search("[,，、;；]", text):
        raise ValueError("一个名称（几个的分开写成清单，用半角逗号隔开）")
    return text


def date_or_none(text: str) -> str:
    """Return an ISO date that exists, or ''; ValueError tells the form expected."""
    return real_date(text) if text else ""


#: These texts stand on every output; an office may name its telephone there, no person a number.
Line = Annotated[str, form(impersonal(one_line, CARD, MOBILE))]
Text = Annotated[str, form(impersonal(filled_in, CARD, MOBILE))]
IsoDate = Annotated[str, form(real_date)]
#: The name of one section, of which a list may be made.
Name = Annotated[Text, form(one_name)]
#: A date that may be left empty, '' then.
MaybeDate = Annotated[str, BeforeValidator(lambda value: "" if value is None else value), form(date_or_none)]
#: What stands on a paper that leaves the house: no number of a person, and no telephone of an office either.
Anonymous = Annotated[str, form(impersonal(one_line))]


def exact(value: object) -> Decimal:
    """Return a number as it is written, exactly; a failure tells the form expected.

    >>> exact(6.1) + exact(53.2)
    Decimal('59.3')
    """
    if isinstance(value, Decimal):
        return value
    number = Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else None
    if (
        number is None
        or not number.is_finite()
        or abs(number) > MOST_PRINTED
        or -int(number.as_tuple().exponent) > DECIMALS
    ):
        expected = f"数字，{MOST_PRINTED} 以内，至多 {DECIMALS} 位小数"
        raise PydanticCustomError("form", "{expected}", {"expected": expected})
    return number


Share = Annotated[float, Field(ge=0, le=1)]
Number = Annotated[Decimal, PlainValidator(exact)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Days = Annotated[float, Field(ge=0, le=1_000_000, multiple_of=0.5)]

#: Kind of failure -> the form expected; {ge} and the like are filled in from the failure itself.
_EXPECTED = {
    "int_type": "整数",
    "int_from_float": "整数",
    "float_type": "数字",
    "string_type": "文字（像数字的文字请加引号）",
    "bool_type": "true 或 false",
    "greater_than_equal": "{ge:.12g} 以上的数",
    "less_than_equal": "{le:.12g} 以下的数",
    "multiple_of": "{multiple_of:.12g} 的倍数",
    "finite_number": "有限的数",
    "tuple_type": "清单（每项一行，以 - 开头）",
    "too_short": "至少 {min_length} 项的清单",
    "too_long": "至多 {max_length} 项的清单",
    "dict_type": "缩进的「键: 值」",
    "model_type": "缩进的「键: 值」",
    "form": "{expected}",
}


def checked(model: type[E], raw: dict, file: str, at: str = "") -> tuple[E | None, list[Problem]]:
    """Return the raw entries as a model, or None with every problem; `at` is the place the entries stand."""
    try:
        return model.model_validate(raw), []
    except ValidationError as error:
        details = _deepest(error.errors(include_url=False))
        return None, [_problem(detail, model, file, at) for detail in details]


def checked_file(model: type[E], path: Path, what: str, form: str) -> tuple[E | None, list[Problem]]:
    """Return a JSON file as a model, or None with every problem; `what` it is, and the `form` expected."""
    raw, file = read_json(path), shown_path(path)
    if not isinstance(raw, dict):
        return None, [Problem(file, Place(what), "读不出来", f"{form}，没有改动过", Flaw.FILE)]
    return checked(model, raw, file)


def checked_entries(
    model: type[E],
    raw: dict,
    file: str,
    name: Callable[[str], object],
    faults: Callable[[str, E], Iterable[Fault]],
) -> tuple[dict[str, E], list[Problem]]:
    """Return the sound entries of a file by name, and the problems of the others.

    `name` refuses what can be no name by a ValueError, `faults` tells what does not go together in one entry.
    """
    entries, problems = {}, []
    for key, content in raw.items():
        try:
            name(key)
        except ValueError as error:
            problems.append(Problem(file, Place(shown(key)), "", str(error)))
            continue
        if not isinstance(content, dict):
            problems.append(Problem(file, Place(key), shown(content), "缩进的「键: 值」"))
            continue
        entry, more = checked(model, content, file, at=f"{key}.")
        problems += more or conflicts(file, faults(key, entry), at=f"{key}.")
        entries |= {key: entry} if entry else {}
    return entries, problems


def _deepest(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """Leave out a list that is called too short because its entries are wrong: those are told."""
    deep = {place[:n] for place in (detail["loc"] for detail in details) for n in range(len(place))}
    return [detail for detail in details if detail["type"] != "too_short" or detail["loc"] not in deep]


def _problem(detail: ErrorDetails, model: type[Entry], file: str, at: str) -> Problem:
    """Return one failure as a problem."""
    kind, place = detail["type"], detail["loc"]
    value = "（没有写）" if kind == "missing" else _quoted(detail["input"])
    flaw = {"missing": Flaw.MISSING, "extra_forbidden": Flaw.UNKNOWN}.get(kind, Flaw.VALUE)
    return Problem(file, Place(at + entry_path(place)), value, _expected(detail, model), flaw)


def _quoted(value: object) -> str:
    """Show text in quotes, so that "5" is not taken for 5."""
    return f'"{shown(value)}"' if isinstance(value, str) else shown(value)


def entry_path(place: tuple[int | str, ...]) -> str:
    """Write the place of an entry as a planner finds it.

    >>> entry_path(("teams", 0, "headcount"))
    'teams[0].headcount'
    """
    steps = (f"[{step}]" if isinstance(step, int) else f".{shown(step)}" for step in place if step not in _INNER)
    return "".join(steps).removeprefix(".")


def entry_steps(entry: str) -> list[int | str]:
    """Return the steps of a place, keys and numbers in a list.

    >>> entry_steps("teams[0].headcount")
    ['teams', 0, 'headcount']
    """
    return [int(number) if number else key for number, key in _STEP.findall(entry)]


def entry_term(model: type[Entry] | None, raw: object, entry: str) -> str:
    """Return the place of an entry in a planner's words: the terms of its model, and what the entries of a list name.

    >>> entry_term(None, {}, "teams[0].headcount")
    'teams第 1 项headcount'
    """
    text = ""
    for step in entry_steps(entry):
        if isinstance(step, int):
            raw = raw[step] if isinstance(raw, list) and step < len(raw) else None
            name = raw.get(next(iter(model.model_fields), "")) if model and isinstance(raw, dict) else None
            text += f"「{shown(name)}」" if isinstance(name, str) and name else f"第 {step + 1} 项"
        else:
            field = model.model_fields.get(step) if model else None
            word = (field.title if field else "") or step
            text += " " * bool(text and text[-1] not in "」项") + word.partition("（")[0]
            model = next(_models(field.annotation), None) if field else None
            raw = raw.get(step) if isinstance(raw, dict) else None
    return text


def _expected(detail: ErrorDetails, model: type[Entry]) -> str:
    """Tell the form expected, with the manual's words for the field."""
    kind, place = detail["type"], detail["loc"]
    if kind == "extra_forbidden":
        return _unknown(str(place[-1]), _model_at(model, place[:-1]))
    manual = _manual(model, place)
    if kind == "missing":
        return f"有这一项：{manual}"
    known = _EXPECTED.get(kind, "符合说明的值").format(**detail.get("ctx", {}))
    return f"{known}；{manual}" if manual else known


def _unknown(key: str, model: type[Entry] | None) -> str:
    """Tell what to do with a key the form does not have."""
    known = list(model.model_fields) if model else []
    if "：" in key:
        return f"键后面用半角的冒号和一个空格（{key.partition('：')[0]}: 值），这里是全角的「：」"
    if not _KEY.fullmatch(key):
        return "说明里有的键（键只用小写字母、数字和下划线，字母开头）"
    return "说明里有的键" + (nearest(key, known) or f"（{'、'.join(known)}）")


def _model_at(model: type[Entry], place: tuple[int | str, ...]) -> type[Entry] | None:
    """Return the model of the entries at a place; None where there is none."""
    for step in place:
        if isinstance(step, str) and step not in _INNER:
            field = model.model_fields.get(step)
            model = next(_models(field.annotation), None) if field else None
        if model is None:
            return None
    return model


def _models(annotation: Any) -> Any:
    """Yield the models inside an annotation such as tuple[Team, ...]."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _manual(model: type[Entry], place: tuple[int | str, ...]) -> str:
    """Return the description of the field at a place, or of the nearest field above it."""
    names = [depth for depth, step in enumerate(place) if isinstance(step, str) and step not in _INNER]
    for depth in reversed(names):
        holder = _model_at(model, place[:depth])
        field = holder.model_fields.get(place[depth]) if holder else None
        if field and field.description:
            return field.description
    return ""


def repeated_names(named: Iterable[tuple[str, str]], expected: str) -> Iterator[Fault]:
    """Yield every later use of a name, given with its place."""
    seen = set()
    for where, name in named:
        if name in seen:
            yield where, shown(name), expected
        seen.add(name)


def conflicts(file: str, faults: Iterable[Fault], at: str = "") -> list[Problem]:
    """Return faults of entries that disagree with others as problems; `at` is the place the entries stand."""
    return [Problem(file, Place(at + where), value, expected, Flaw.CONFLICT) for where, value, expected in faults]
