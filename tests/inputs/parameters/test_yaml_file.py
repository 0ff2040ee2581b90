"""Parameter files: what strict YAML accepts, and what is refused with its line."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.inputs.parameters import yaml_file
from enforce.inputs.parameters.yaml_file import parse_yaml, read_yaml
from enforce.words.problems import InputError
from tests.work import calls, trials

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted([*ROOT.glob("params/**/*.yaml"), *ROOT.glob("data/*/*.yaml")])


def refused(text):
    with pytest.raises(InputError) as caught:
        parse_yaml(text, "a.yaml")
    assert all(p.file == "a.yaml" and p.where and p.expected for p in caught.value.problems)
    return caught.value.problems


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("5", 5),
        ("-5", -5),
        ("0.10", 0.1),
        ("true", True),
        ("null", None),
        ("", None),
        ("2024-03-13", "2024-03-13"),
        ('"0405"', "0405"),
        ("'no'", "no"),
        ("83家次", "83家次"),
        ("２６１", "２６１"),
        ("[1, 2]", [1, 2]),
    ],
)
def test_plain_words_have_one_meaning(word, value):
    found = parse_yaml(f"key: {word}", "a.yaml")["key"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "word",
    "0405 010 00.5 2_61 2:58 09:30 yes No ON off .nan NaN -.inf inf 1e5 0x1F 0o17 91310107000000001".split(),  # noqa: SIM905
)
def test_words_that_readers_misread_are_refused_by_name_with_their_line(word):
    (problem,) = refused(f"first: 1\nvisits: {word}\n")
    assert problem.where == "第 2 行"
    assert problem.found[:6] == word[:6]


def test_a_misread_word_is_refused_as_a_key_too():
    assert [p.where for p in refused("no: 1\nmonths:\n  0405: 2\n")] == ["第 1 行", "第 3 行"]


@pytest.mark.parametrize(
    "text",
    [
        'k: !!python/object/apply:os.system ["echo hi"]',
        "k: !!binary aGVsbG8=",
        "k: !!pairs [a: 1]",
        "k: !!omap [a: 1]",
        "k: !!set {a, b}",
        "k: !!timestamp 2024-01-01",
        "k: !own x",
        "k: &anchor 1",
        "a: {<<: {b: 1}}",
        "%YAML 1.1\n---\nk: 1",
    ],
)
def test_what_lets_a_file_do_things_is_refused(text):
    assert any("普通写法" in p.expected or "合并键" in p.expected or "指令" in p.expected for p in refused(text))


def test_an_alias_bomb_is_refused_at_once():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    text, problems = "\n".join(lines), []
    assert calls(lambda: problems.extend(refused(text))) < 100 * len(text)
    assert {"不带锚点（&）的普通写法", "不带引用（*）的普通写法，相同内容请写全"} <= {p.expected for p in problems}


@pytest.mark.slow
@pytest.mark.parametrize("text", ["9" * 20_000, "1_" * 10_000, "1:" * 10_000 + "1", "[" * 20_000, "*x " * 7_000])
def test_a_file_made_to_take_long_is_refused_at_once(text):
    problems = []
    assert calls(lambda: problems.extend(refused(f"a: {text}"))) < 200 * len(text)
    assert len(problems) <= 21


def test_a_merge_key_is_refused():
    assert "合并键" in refused("a: 1\n<<: {b: 2}\n")[0].expected


def test_a_key_written_twice_is_refused_with_both_lines():
    (problem,) = refused("year: 2024\nname: x\nyear: 2025\n")
    assert str(problem) == "第 3 行 = year：应为 只写一次的键（第 1 行已有）"


@pytest.mark.parametrize("key", ["1", "null", "~", "true", "1.5", "[1, 2]", "{a: 1}"])
def test_a_key_that_is_no_text_is_refused_with_its_line(key):
    assert any(p.where == "第 2 行" for p in refused(f"a: 1\n? {key}\n: 20\n"))


@pytest.mark.parametrize("text", ["", "\n\n", "# only a remark\n", "---\n", "{}", "- 1\n- 2\n", "just words"])
def test_a_file_without_entries_is_refused(text):
    assert refused(text)[0].where == "全文"


@pytest.mark.parametrize("text", ["a: 1\n---\nb: 2\n", "a: 1\n...\n---\nb: 2\n"])
def test_several_documents_are_refused(text):
    assert "---" in refused(text)[0].expected


@pytest.mark.parametrize("text", ["a: [1, 2\nb: 3", "a:\n\t- 1", 'a: "x', "a: b: c", "a: 1\n b: 2"])
def test_broken_yaml_is_refused_with_a_line(text):
    assert refused(text)[0].where.startswith("第 ")


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b"])
def test_control_characters_are_refused_by_code_point(character):
    assert f"U+{ord(character):04X}" in refused(f"a: x{character}y")[0].found


def test_deep_nesting_is_refused_before_it_is_built():
    assert "层" in refused("a: " + "[" * 5000)[0].expected


def test_all_reasons_are_told_at_once_in_order_of_line():
    problems = refused("a: 0405\nb: no\na: 1\nc: .nan\n")
    assert [p.where for p in problems] == ["第 1 行", "第 2 行", "第 3 行", "第 4 行"]


@pytest.mark.parametrize("text", ['x"; import os', "a\\", '\\"; y', "line\n!ls", "%run x", "'''", "{{ 1 }}"])
def test_text_that_looks_like_code_is_plain_text(text):
    quoted = "'" + text.replace("'", "''").replace("\n", "\n\n  ") + "'"
    assert parse_yaml(f"k: {quoted}", "a.yaml") == {"k": text}


def test_a_byte_order_mark_is_accepted(tmp_path):
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbfyear: 2024\n")
    assert read_yaml(tmp_path / "a.yaml") == {"year": 2024}


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("名: 甲\n".encode("gbk"), "GBK 编码"),
        (b"a: \xff\xff\n", "不是 UTF-8 编码"),
        (b"a: 1 #" + b"x" * 65536, "65542 字节"),
        (None, "打不开，没有这个文件"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path, raw, found):
    if raw is not None:
        (tmp_path / "a.yaml").write_bytes(raw)
    with pytest.raises(InputError) as caught:
        read_yaml(tmp_path / "a.yaml")
    assert caught.value.problems[0].found == found
    assert str(tmp_path) not in str(caught.value)


def test_a_long_number_is_masked_in_the_message():
    (problem,) = refused("code: 110105194912310021")
    assert problem.found == "110105********0021"


YAML_ISH = st.lists(
    st.sampled_from(
        [
            *["a", "b", ": ", "- ", "\n", "\n  ", "[", "]", "{", "}", ", ", "? ", "| ", "> ", "&x ", "*x", "!!str "],
            *[
                "<<",
                '"',
                "'",
                "#",
                "---\n",
                "...\n",
                "%YAML 1.1\n",
                "0405",
                "2:58",
                "no",
                ".nan",
                "\t",
                "\\",
                "\r",
                "`",
            ],
            *["2024-01-01", "1.5", "9" * 20, "\u2028", "\ufeff", "é", "汉", "@", "\x85", "\x00"],
        ]
    ),
    max_size=40,
).map("".join)


@trials(400)
@given(st.one_of(YAML_ISH, st.text(alphabet=string.printable + "汉：", max_size=60)))
def test_any_text_is_read_or_refused_and_nothing_else(text):
    try:
        assert parse_yaml(text, "a.yaml")
    except InputError as error:
        assert error.problems  # noqa: PT017


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("name: a\nyear 2024\nbureau: b\n", 2, "半角的冒号"),
        ("name: a\nyear\n\n# 备注\nbureau: b\n", 2, "半角的冒号"),
        ("name: a\nyear:2024\nbureau: b\n", 2, "冒号后面空一格"),
        ("name: a\nyear：2024\n", 2, "全角的「：」"),
        ("name: a\nteams:\n  - team：执法大队\n    headcount: 3\n", 3, "全角的「：」"),
        ("name: a\nteams: [{team：执法大队, headcount: 3}]\n", 2, "全角的「：」"),
        ("name: a\nteams:\n\t- team: b\n", 3, "不用 Tab"),
        ("name: a\nyear: [2024\nbureau: b\n", 2, "成对"),
        ('name: a\nbureau: "b\nyear: 2024\n', 2, "成对"),
    ],
)
def test_a_slip_of_the_hand_is_told_with_its_line_and_what_to_write(text, line, expected):
    (problem,) = refused(text)
    assert problem.place.line == line
    assert expected in problem.expected


def test_every_colon_of_full_width_is_told_at_once():
    assert [p.place.line for p in refused("name：a\nyear: 2024\nbureau：b\n\tteams: c\n")] == [1, 3, 4]


@pytest.mark.parametrize(("codec", "name"), [("gbk", "GBK 编码"), ("utf-16", "UTF-16 编码")])
def test_a_file_of_another_encoding_is_called_by_it(tmp_path, codec, name):
    (tmp_path / "a.yaml").write_bytes("bureau: 云溪县\n".encode(codec))
    with pytest.raises(InputError) as caught:
        read_yaml(tmp_path / "a.yaml")
    assert caught.value.problems[0].found == name


@pytest.mark.parametrize("space", ["\u00a0", "\u3000", "\u2003"])
def test_a_line_indented_by_what_only_looks_like_spaces_is_named(space):
    with pytest.raises(InputError) as caught:
        parse_yaml(f"printed:\n  total: 261\n{space}{space}key: 178\n  general: 83\n", "a.yaml")
    assert [problem.place.line for problem in caught.value.problems] == [3]


PLAIN = st.text(
    st.sampled_from("ab1.0-: #,[]{}\"'|>?@`~甲：\\\n\r\t&*!%=<") | st.characters(codec="utf-8"), max_size=24
)


@st.composite
def nearly_a_plan(draw):
    """A real parameter file with a few characters of it changed."""
    lines = draw(st.sampled_from(FILES)).read_text(encoding="utf-8").splitlines(keepends=True)
    start = draw(st.integers(0, len(lines) - 1))
    text = "".join(lines[start : start + draw(st.integers(1, 30))])
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(text)))
        text = text[:place] + draw(PLAIN) + text[place + draw(st.integers(0, 4)) :]
    return text


def outcome(text):
    try:
        entries, problems = yaml_file._strict_entries.__wrapped__(text, "a.yaml")
    except InputError as error:
        return str(error)
    return repr(entries), repr(entries.places), problems


@trials(400)
@given(nearly_a_plan())
def test_the_reader_in_c_says_nothing_that_the_strict_one_does_not(text):
    quick = outcome(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_file, "_clean_node", lambda text: None)
        assert outcome(text) == quick


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_files_without_faults_are_read_by_the_reader_in_c(path):
    assert yaml_file._clean_node(path.read_text(encoding="utf-8")) is not None
