"""The contact: read from its own file, the only one that may hold a number of a person."""

from __future__ import annotations

import pytest

from enforce.inputs.parameters.contact import read_contact
from enforce.inputs.parameters.plan import read_plan
from enforce.words.problems import InputError

PLAN = read_plan("params/putuo-2024.yaml")


@pytest.fixture
def contact(tmp_path):
    """Return a reader of a contact's file beside a plan."""

    def read(text):
        (tmp_path / "contact.yaml").write_text(text, encoding="utf-8")
        plan = PLAN.model_copy(update={"contact": "contact.yaml"})
        plan._path = tmp_path / "plan.yaml"
        return read_contact(plan)

    return read


def test_a_plan_that_names_none_has_none():
    assert read_contact(PLAN) is None


def test_name_and_telephone_are_read(contact):
    read = contact('name: 李某\nphone: "13800138000"\n')
    assert (read.name, read.phone) == ("李某", "13800138000")


@pytest.mark.parametrize(
    ("text", "where"),
    [("name: 李某\n", "phone"), ('name: ""\nphone: "1"\n', "name"), ("name: 李某\nphone: 1\n", "phone")],
)
def test_what_is_missing_or_no_text_is_told(contact, text, where):
    with pytest.raises(InputError) as caught:
        contact(text)
    assert [problem.place.entry for problem in caught.value.problems] == [where]
