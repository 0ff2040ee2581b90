"""A value is traced by marks that no reader sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.papers.documents.leaves import FieldNames, Leaf, leaves, pieces, unmarked


@given(st.lists(st.tuples(st.text("甲乙1，", max_size=4), st.text("丙2。", min_size=1, max_size=4)), max_size=5))
def test_marks_part_a_text_and_come_off_again(parts):
    fields = FieldNames()
    text = "".join(words + fields.marked(f"字段{n}", value) for n, (words, value) in enumerate(parts))
    plain = "".join(words + value for words, value in parts)
    assert unmarked(text) == plain
    assert "".join(piece.text for piece in pieces(text, fields.names)) == plain
    assert [piece.text for piece in pieces(text, fields.names) if piece.name] == [value for _, value in parts]


@pytest.mark.parametrize("value", [0, "", None, 5, "甲"])
def test_a_leaf_is_compared_as_its_value(value):
    assert bool(Leaf("甲", value)) == bool(value)
    assert Leaf("甲", value) == value


def test_values_are_named_from_the_root():
    tree = leaves({"层次": [{"家次": 1}, {"家次": 2}]})
    assert [layer["家次"].name for layer in tree["层次"]] == ["层次[1].家次", "层次[2].家次"]
