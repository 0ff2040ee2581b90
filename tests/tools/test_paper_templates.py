"""The Word templates are made from their texts, byte for byte."""

import pytest

from tools.paper_templates import FONTS, TEMPLATES, TEXTS, template_bytes

NAMES = sorted(text.stem for text in TEXTS.glob("*.txt"))


@pytest.mark.parametrize("name", NAMES)
def test_a_template_is_its_text_byte_for_byte(name):
    text = (TEXTS / f"{name}.txt").read_text(encoding="utf-8")
    assert (TEMPLATES / f"{name}.docx").read_bytes() == template_bytes(text), "python -m tools.paper_templates 重做"


def test_no_template_is_without_a_text():
    assert sorted(path.stem for path in TEMPLATES.glob("*.docx")) == NAMES


def test_every_font_has_a_stand_in():
    assert {"方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"} == set(FONTS)
