"""The entries of parameter files and their manual."""

from importlib import import_module
from pathlib import Path

from enforce.inputs.parameters import entries
from enforce.words.files import csv_rows

INPUTS = Path(entries.__file__).parents[1]


def _models(model):
    for one in model.__subclasses__():
        yield one
        yield from _models(one)


def test_the_manual_speaks_once_of_every_entry_it_has_and_of_no_other():
    for path in INPUTS.rglob("*.py"):
        import_module(".".join(path.relative_to(INPUTS.parents[1]).with_suffix("").parts).removesuffix(".__init__"))
    names = [model.__name__ for model in _models(entries.Entry) if model.__module__.startswith("enforce.")]
    known = {(model.__name__, name) for model in _models(entries.Entry) for name in model.model_fields}
    rows = [(row["model"], row["entry"]) for row in csv_rows(INPUTS / "parameters/manual.csv")]
    assert len(names) == len(set(names))
    assert len(rows) == len(set(rows))
    assert set(rows) <= known


def test_every_entry_of_a_file_is_described():
    models = [model for model in _models(entries.Entry) if model.__module__.startswith("enforce.")]
    bare = {f"{one.__name__}.{name}" for one in models for name, field in one.model_fields.items()
            if not field.description}  # fmt: skip
    assert bare == set()
