"""The parameter file (计划文件): strict YAML 1.2 text read into plain dicts, lists, texts and numbers.

What YAML lets a file do (tags, anchors, aliases, merge keys, several documents) is refused before anything is
built; what YAML 1.1 would misread (0405, 2:58, no, 2_61) is refused by name. Dates stay text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from copy import deepcopy
from decimal import Decimal
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from ruamel.yaml import YAML, tokens
from ruamel.yaml.composer import ComposerError
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from enforce.inputs.parameters.entries import entry_path
from enforce.inputs.parameters.source import EntrySource
from enforce.words.files import file_bytes, unreadable
from enforce.words.problems import Flaw, InputError, Place, Problem, refuse
from enforce.words.texts import cut, shown, shown_path

MAX_BYTES = 64 * 1024
MAX_DEPTH = 20
_STARTS = (
    tokens.BlockMappingStartToken,
    tokens.BlockSequenceStartToken,
    tokens.FlowMappingStartToken,
    tokens.FlowSequenceStartToken,
)
_ENDS = (tokens.BlockEndToken, tokens.FlowMappingEndToken, tokens.FlowSequenceEndToken)
_UNSAFE = {
    tokens.TagToken: "不带标签（!）的普通写法",
    tokens.AnchorToken: "不带锚点（&）的普通写法",
    tokens.AliasToken: "不带引用（*）的普通写法，相同内容请写全",
    tokens.DirectiveToken: "不带 % 指令的文件",
}
_TOO_LONG = "15 位以内的数；是编号请加引号"
_DIGITS = re.compile(r"[-+0-9._:]+")
#: Unquoted words that readers of YAML disagree about -> what to write instead.
_AMBIGUOUS = {
    r"<<": "不用合并键（<<），相同内容请写全",
    r"[-+]?0[0-9_]+(\.[0-9_]*)?": "不以 0 开头的数；是编号请加引号",
    r"[-+]?0[xXoObB][0-9a-fA-F_]+": "十进制的数；是编号请加引号",
    r"[-+]?[0-9]+_[0-9_]*(\.[0-9_]*)?": "不带下划线的数；是编号请加引号",
    r"[-+]?[0-9]+(:[0-9]+)+(\.[0-9]*)?": "不带冒号的数；是时间或编号请加引号",
    r"(?i:yes|no|on|off)": "true 或 false；是文字请加引号",
    r"(?i:[-+]?\.?(nan|inf|infinity))": "有限的数；是文字请加引号",
    r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)[eE][-+]?[0-9]+": "不用科学记数法的数；是编号请加引号",
    r"[-+]?(?!0[0-9])[0-9.]{16,}": _TOO_LONG,
}
_HALF_COLON = "半角的冒号和一个空格：「键: 值」（这里是全角的「：」）"
#: Slips of the hand in a line -> what to write instead; the first that fits is told.
_SLIPS = {
    r"[ -]*\t": "缩进用空格，不用 Tab",
    r" *[\u00a0\u2000-\u200b\u3000\ufeff]": "缩进用半角空格（这一行开头有看着像空格的别的字符）",
    r"[ -]*[\"']?[A-Za-z_][\w-]*[\"']?\s*：": _HALF_COLON,
    r"[ -]*[A-Za-z_][\w-]*:[^\s:]": "冒号后面空一格：「键: 值」",
    r"[ -]*[A-Za-z_][\w-]*(\s+[^\s:#][^:]*)?\s*$": "键后面写半角的冒号和一个空格：「键: 值」",
    r".*\t": "不用 Tab，用空格",
}
#: Those that are a slip wherever they stand.
_SURE = list(_SLIPS)[:3]
_INTEGER = re.compile(r"[-+]?[0-9]+")
_DECIMAL = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+)")
_WORDS = {"~": None, "null": None, "true": True, "false": False}


def read_yaml(path: Path) -> EntrySource:
    """Return the entries of a parameter file as plain data, with the line of each.

    Raises InputError with every reason: file not readable, not UTF-8, empty, over 64 KB, not strict YAML,
    a key written twice.
    """
    return parse_yaml(yaml_text(path), shown_path(path))


def read_entries(path: Path) -> tuple[EntrySource, list[Problem]]:
    """Return the same with the words of it that are no value, so that the others can be judged; InputError as there."""
    return deepcopy(_strict_entries(yaml_text(path), shown_path(path)))


def parse_yaml(text: str, file: str) -> EntrySource:
    """Return the entries of strict YAML text as plain data, with the line of each; `file` is the name used in messages.

    >>> parse_yaml("year: 2024\\nfrom: 2024-03-13\\nteams: [{team: 执法大队, days: 0.5}]", "a.yaml")
    {'year': 2024, 'from': '2024-03-13', 'teams': [{'team': '执法大队', 'days': 0.5}]}
    >>> parse_yaml("visits: 0405", "a.yaml")
    Traceback (most recent call last):
    enforce.words.problems.InputError: 输入有 1 处需要改正，没有写出任何文件。
    a.yaml
      1. 第 1 行 = 0405：应为 不以 0 开头的数；是编号请加引号
    """
    entries, problems = _strict_entries(text, file)
    refuse(problems)
    return deepcopy(entries)


@lru_cache(maxsize=64)
def _strict_entries(text: str, file: str) -> tuple[EntrySource, list[Problem]]:
    """Return what `read_entries` does: rules are the same in every plan, and reading them is a fifth of opening one."""
    try:
        unsafe, ambiguous = _scanned(text, file)
        refuse(unsafe and cut(unsafe) + ambiguous)
        root = YAML(typ="safe", pure=True).compose(text)
    except YAMLError as error:
        raise InputError(_broken(error, text, file)) from None
    if not isinstance(root, MappingNode) or not root.value:
        value = "（空文件）" if root is None else ""
        raise InputError([Problem(file, Place("全文"), value, "若干行「键: 值」"), *ambiguous])
    problems, places = list(ambiguous), {}
    entries = _plain(root, _Within(file, problems, places))
    return EntrySource(entries, places), sorted(problems, key=lambda problem: problem.place.line)


def yaml_text(path: Path) -> str:
    """Read the bytes of a file as UTF-8, with or without a byte order mark; InputError tells why not."""
    file = shown_path(path)
    try:
        raw = file_bytes(path)
    except (OSError, ValueError) as error:
        problem = Problem(file, Place("文件"), unreadable(error), "存在且可读的 YAML 文件", Flaw.FILE)
        raise InputError([problem]) from None
    if len(raw) > MAX_BYTES:
        expected = f"{MAX_BYTES // 1024} KB 以内的计划文件"
        raise InputError([Problem(file, Place("文件"), f"{len(raw)} 字节", expected, Flaw.SIZE)])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place, expected = Place(line=raw.count(b"\n", 0, error.start) + 1), "UTF-8 编码（记事本：另存为，编码选 UTF-8）"
        raise InputError([Problem(file, place, _encoding(raw), expected, Flaw.FILE)]) from None


def typed_yaml(content: dict) -> str:
    """Return plain data as YAML that `parse_yaml` reads back.

    Every text is quoted: unquoted, 1-3 or INFINITY is read as something else by one reader or another.

    >>> typed_yaml({"year": 2024, "months": "1-3", "teams": []})
    'year: 2024\\nmonths: "1-3"\\nteams: []\\n'
    """
    writer, text = YAML(), StringIO()
    writer.default_flow_style, writer.width = False, 4096
    writer.dump(_quoted_texts(content), text)
    return text.getvalue()


def _quoted_texts(part: object) -> object:
    if isinstance(part, dict):
        return {name: _quoted_texts(value) for name, value in part.items()}
    if isinstance(part, list | tuple):
        return [_quoted_texts(entry) for entry in part]
    if isinstance(part, Decimal | float):
        return int(part) if part == int(part) else float(part)
    return DoubleQuotedScalarString(part) if isinstance(part, str) else part


def _encoding(raw: bytes) -> str:
    """Return what bytes that are no UTF-8 are written in.

    >>> _encoding("县".encode("gbk")), _encoding("县".encode("utf-16")), _encoding(b"\\xff\\xff")
    ('GBK 编码', 'UTF-16 编码', '不是 UTF-8 编码')
    """
    codec, name = ("utf-16", "UTF-16") if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("gb18030", "GBK")
    with suppress(UnicodeDecodeError):
        raw.decode(codec)
        return f"{name} 编码"
    return "不是 UTF-8 编码"


def _scanned(text: str, file: str) -> tuple[list[Problem], list[Problem]]:
    """Return what makes the text unsafe and what makes it ambiguous; stop where it is nested too deep."""
    unsafe: list[Problem] = []
    ambiguous: list[Problem] = []
    depth = 0
    for token in YAML(typ="safe", pure=True).scan(text):
        depth += isinstance(token, _STARTS) - isinstance(token, _ENDS)
        if depth > MAX_DEPTH:
            return [*unsafe, _at(token, text, file, f"{MAX_DEPTH} 层以内的内容")], ambiguous
        if type(token) in _UNSAFE:
            unsafe.append(_at(token, text, file, _UNSAFE[type(token)]))
        if isinstance(token, tokens.ScalarToken) and token.plain:
            ambiguous += (_at(token, text, file, expected) for expected in _clearer(token.value))
            if _full_colon(token, text):
                ambiguous.append(_at(token, text, file, _HALF_COLON))
    return unsafe, ambiguous


def _at(token: tokens.Token, text: str, file: str, expected: str) -> Problem:
    """Tell where a token stands."""
    value = text[token.start_mark.index : token.end_mark.index]
    return Problem(file, Place(line=token.start_mark.line + 1), shown(value), expected)


def _full_colon(token: tokens.Token, text: str) -> bool:
    """Whether a word begins with a key and a colon of full width, where no value is looked for."""
    before = text[: token.start_mark.index].rstrip(" ")[-1:]
    return before in ("", "\n", "-", "{", ",") and bool(re.match(r"[a-z][a-z0-9_]*\s*：", token.value))


def _clearer(word: str) -> list[str]:
    """Return what should stand in place of a word that readers of YAML disagree about."""
    if len(word) > 40:  # a pattern may take quadratic time on 60,000 digits
        return [_TOO_LONG] if _DIGITS.fullmatch(word) else []
    return [expected for pattern, expected in _AMBIGUOUS.items() if re.fullmatch(pattern, word)]


def _broken(error: YAMLError, text: str, file: str) -> list[Problem]:
    """Tell a fault of the YAML form itself with its line, and other lines with a Tab or a colon of full width."""
    marks = [mark for name in ("context_mark", "problem_mark") if (mark := getattr(error, name, None))]
    opened = "quoted" in str(getattr(error, "context", "")) or "flow" in str(getattr(error, "context", ""))
    place = Place(line=marks[0 if opened else -1].line + 1) if marks else Place("全文")
    if isinstance(error, ComposerError):
        return [Problem(file, place, "", "一个文件只写一份内容（不要第二个 ---）")]
    code = getattr(error, "character", None)
    if code is not None:
        value = f"U+{ord(code) if isinstance(code, str) else code:04X}"
        return [Problem(file, Place("全文"), value, "不含控制字符的文字")]
    lines = text.splitlines()
    slips = {n: expected for n, line in enumerate(lines) if (expected := _slip(line, _SURE))}
    if not opened:
        near = next((n for n in _suspects(lines, [mark.line for mark in marks]) if _slip(lines[n], _SLIPS)), None)
        slips |= {near: _slip(lines[near], _SLIPS)} if near is not None else {}
    if slips:
        return [Problem(file, Place(line=n + 1), shown(lines[n].strip()), slips[n]) for n in sorted(slips)]
    return [Problem(file, place, "", "「键: 值」的写法（查缩进用空格不用 Tab、冒号后有空格、括号和引号成对）")]


def _suspects(lines: list[str], marked: list[int]) -> list[int]:
    """Return the places of the lines that a fault may be in: those marked, and the last with content above them."""
    above = [n for n in range(max(marked, default=0)) if n < len(lines) and not re.match(r"\s*(#|$)", lines[n])]
    return [n for n in [*marked, *above[-1:]] if n < len(lines)]


def _slip(line: str, forms: Iterable[str]) -> str:
    """Return what to write in place of a line where a hand slipped; '' where nothing of the kind is seen."""
    return next((_SLIPS[form] for form in forms if re.match(form, line)), "")


class _Within(NamedTuple):
    """What is collected while plain data are built, and the path down to them."""

    file: str
    problems: list[Problem]
    places: dict[str, Place]
    path: tuple[str | int, ...] = ()

    def below(self, step: str | int, node: Node) -> _Within:
        """Return the same one step further down, the line of what stands there noted."""
        below = self._replace(path=(*self.path, step))
        self.places.setdefault(entry_path(below.path), Place(line=node.start_mark.line + 1))
        return below


def _plain(node: Node, within: _Within) -> object:
    """Build plain data from a node of the text."""
    if isinstance(node, MappingNode):
        return _mapping(node, within)
    if isinstance(node, SequenceNode):
        return [_plain(item, within.below(n, item)) for n, item in enumerate(node.value)]
    return _scalar(node)


def _mapping(node: MappingNode, within: _Within) -> dict:
    """Build a dict; a key that is no text, or stands twice, is a problem with its lines."""
    entries: dict[str, object] = {}
    lines: dict[str, int] = {}
    file, problems = within.file, within.problems
    for key_node, value_node in node.value:
        key, line = _key(key_node), key_node.start_mark.line + 1
        if key is None and not (isinstance(key_node, ScalarNode) and _clearer(key_node.value)):
            problems.append(Problem(file, Place(line=line), shown(key_node.value), "键是一个词（数字作键请改用清单）"))
        if key in lines:
            expected = f"只写一次的键（第 {lines[key]} 行已有）"
            problems.append(Problem(file, Place(line=line), shown(key), expected, Flaw.REPEATED))
        value = _plain(value_node, within.below(key or "", key_node))
        if key is not None and key not in lines:
            entries[key], lines[key] = value, line
    return entries


def _key(node: Node) -> str | None:
    """Return a key that is text, None for any other."""
    value = _scalar(node) if isinstance(node, ScalarNode) else None
    return value if isinstance(value, str) and value else None


def _scalar(node: ScalarNode) -> str | int | float | bool | None:
    """Return the value of one word by the core schema of YAML 1.2; quoted words and dates are text."""
    text = node.value
    if node.style is not None:
        return text
    if not text:
        return None
    if (word := text.lower()) in _WORDS and text in (word, word.title(), word.upper()):
        return _WORDS[word]
    if _INTEGER.fullmatch(text) and len(text) <= 16:
        return int(text)
    if _DECIMAL.fullmatch(text) and len(text) <= 17:
        return float(text)
    return text
