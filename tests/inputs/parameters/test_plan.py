"""The plan's choices: the demo plan reads; every fault is told with its entry, value and form."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.inputs.parameters.entries import checked
from enforce.inputs.parameters.plan import Plan, Team, read_plan
from enforce.inputs.parameters.yaml_file import parse_yaml
from enforce.words.problems import InputError
from enforce.words.terms import NON_ENFORCEMENT, OTHER_ENFORCEMENT
from tests.work import trials

DEMO = Path("params/putuo-2024.yaml").read_text(encoding="utf-8")


@pytest.fixture
def problems(tmp_path):
    """Return a reader of the demo plan with some of its text replaced, giving its problems by entry."""
    for folder in ("params/rules", "data/putuo-2024", "data/calendar"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copy("params/rules/bases.yaml", tmp_path / "params/rules")

    def read(*changes, text=DEMO):
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / "params" / "putuo-2024.yaml"
        path.write_text(text, encoding="utf-8")
        with contextlib.suppress(InputError):
            read_plan(path)
            return {}
        with pytest.raises(InputError) as caught:
            read_plan(path)
        assert all(p.file == "params/putuo-2024.yaml" and p.expected for p in caught.value.problems)
        assert str(tmp_path) not in str(caught.value)
        return {p.place.entry or p.where: p for p in caught.value.problems}

    return read


def test_the_demo_plan_reads():
    plan = read_plan("params/putuo-2024.yaml")
    assert (plan.name, plan.year, plan.reserve_share, plan.sections) == ("putuo-2024", 2024, 0.1, ("法宣科",))
    assert [(team.team, team.headcount) for team in plan.teams] == [("执法大队", 10), ("危化科", 5), ("基础科", 4)]
    assert plan.printed.total_visits == 261
    assert plan.key_periods[0].reserved_days[1].days == 2


def test_the_paths_of_a_plan_are_relative_to_its_file(monkeypatch):
    assert read_plan("params/putuo-2024.yaml").tables_folder == Path("data/putuo-2024")
    monkeypatch.chdir("params")
    plan = read_plan("putuo-2024.yaml")
    assert (plan.tables_folder, plan.rules_folder, plan.calendar_folder) == (
        Path("../data/putuo-2024"),
        Path("rules"),
        Path("../data/calendar"),
    )
    assert (plan.path, plan.folder) == (Path("putuo-2024.yaml"), Path())


def test_the_plan_cannot_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        read_plan("params/putuo-2024.yaml").year = 2025


def test_the_items_are_those_of_the_official_form():
    team = read_plan("params/putuo-2024.yaml").teams[0]
    assert list(dict(team.other_enforcement_days)) == list(OTHER_ENFORCEMENT)
    assert list(dict(team.non_enforcement_days)) == list(NON_ENFORCEMENT)


def test_the_demo_plan_in_another_folder_reads(problems):
    assert problems() == {}


@pytest.mark.parametrize(
    ("old", "new", "where", "found", "expected"),
    [
        ("headcount: 10", "headcount: 0", "teams[0].headcount", "0", "1 以上的数"),
        ("headcount: 10", "headcount: true", "teams[0].headcount", "true", "整数"),
        ("headcount: 10", 'headcount: "10"', "teams[0].headcount", '"10"', "整数"),
        ("headcount: 10", "headcount: 10.0", "teams[0].headcount", "10.0", "整数"),
        ("headcount: 10", "headcount:", "teams[0].headcount", "（空）", "整数"),
        ("total_visits: 261", "total_visits: -83", "printed.total_visits", "-83", "0 以上的数"),
        ("total_visits: 261", "total_visits: 83家次", "printed.total_visits", '"83家次"', "整数"),
        ("key_visits: 178", "key_visits: 178.0", "printed.key_visits", "178.0", "整数"),
        ("year: 2024", "year: 2003", "year", "2003", "2004 以上的数"),
        ("reserve_share: 0.10", "reserve_share: 15", "reserve_share", "15", "15% 请写 0.15"),
        ("licensing: 0 ", "licensing: -1", "teams[0].other_enforcement_days.licensing", "-1", "0 以上"),
        ("duty: 110", "duty: 1.25", "teams[0].non_enforcement_days.duty", "1.25", "0.5 的倍数"),
        ("duty: 110", "duty: 1000001", "teams[0].non_enforcement_days.duty", "1000001", "以下的数"),
        ('"2024-01-29"', '"2023-02-29"', "key_periods[0].from_date", '"2023-02-29"', "真实存在的日期"),
        ('"2024-01-29"', '"24.1.29"', "key_periods[0].from_date", '"24.1.29"', "真实存在的日期"),
        ('"2024-01-29"', '"2023-12-29"', "key_periods[0].from_date", "2023-12-29", "2024 年内"),
        ('"2024-01-29"', '"2024-02-10"', "key_periods[0].to_date", "2024-02-09", "不早于起始日期 2024-02-10"),
        ('"2024-03-13"', '"1999-03-13"', "approval[0].date", "1999-03-13", "前后一年"),
        ("name: putuo-2024", "name: ../../x", "name", '"../../x"', "字母、数字、连字符"),
        ("name: putuo-2024", "name: 'a{b.__class__}'", "name", '"a{b.__class__}"', "字母、数字、连字符"),
        ("name: putuo-2024", "name: 普陀", "name", '"普陀"', "字母、数字、连字符"),
        ("name: putuo-2024", f"name: {'a' * 61}", "name", '"' + "a" * 29 + '…"', "60 个以内"),
        ("name: putuo-2024", "name: CON", "name", '"CON"', "系统保留字"),
        ("team: 危化科", "team: 执法大队", "teams[1].team", "执法大队", "不重复"),
        ("team: 危化科", "team: 合计", "teams[1].team", "合计", "以外的科队名称"),
        ("team: 危化科", 'team: "危化科 "', "teams[1].team", '"危化科 "', "首尾不带空格"),
        ("team: 危化科", 'team: "危\\u202e化"', "teams[1].team", '"危<U+202E>化"', "U+202E"),
        ("sections: [法宣科]", "sections: [危化科]", "sections[0]", "危化科", "科队清单里没有的科室"),
        ("sections: [法宣科]", "sections: [甲, 甲]", "sections[1]", "甲", "不重复"),
        ("sections: [法宣科]", "sections: 法宣科", "sections", '"法宣科"', "清单"),
        (
            "{team: 执法大队, days: 6}",
            "{team: 大队, days: 6}",
            "key_periods[0].reserved_days[0].team",
            "大队",
            "科队清单",
        ),
        (
            "{team: 危化科, days: 2}",
            "{team: 执法大队, days: 2}",
            "key_periods[0].reserved_days[1].team",
            "执法大队",
            "一次",
        ),
        ("name: 全国两会", "name: 春节前", "key_periods[1].name", "春节前", "不重复"),
        ("{group: 专项,", "{group: 一般检查,", "printed.groups[3].group", "一般检查", "不重复"),
        ("tables: ../data/putuo-2024", "tables: /data", "tables", "/data", "相对本文件"),
        ("tables: ../data/putuo-2024", "tables: 'C:\\data'", "tables", "C:\\data", "相对本文件"),
        ("tables: ../data/putuo-2024", "tables: ../none", "tables", "../none", "已有的文件夹（找的是 "),
        ("calendar: ../data/calendar", "calendar: ../none", "calendar", "../none", "已有的文件夹"),
        ("rules: rules", "rules: laws", "rules", "laws", "已有的文件夹"),
        ('local_calendar: ""', "local_calendar: ../x.csv", "local_calendar", "../x.csv", "不带路径"),
        ('local_calendar: ""', "local_calendar: gx.csv", "local_calendar", "gx.csv", "已有的文件"),
        ("district: 上海市普陀区", 'district: " "', "district", '" "', "不为空"),
    ],
)
def test_a_fault_is_told_with_entry_value_and_form(problems, old, new, where, found, expected):
    told = problems((old, new))
    assert where in told, told
    assert told[where].found == found
    assert expected in told[where].expected


def test_all_faults_are_told_at_once(problems):
    told = problems(
        ("headcount: 10", "headcount: 0"),
        ("team: 危化科", "team: 执法大队"),
        ("reserve_share: 0.10", "reserve_share: 15"),
        ("rules: rules", "rules: laws"),
    )
    assert {"teams[0].headcount", "teams[1].team", "reserve_share", "rules"} <= told.keys()


def test_a_missing_entry_is_told_with_its_manual(problems):
    told = problems(("bureau: 上海市普陀区应急管理局", ""))
    assert (told["bureau"].found, told["bureau"].expected) == ("（没有写）", "有这一项：编制单位全称")


def test_a_misspelt_key_is_refused_with_a_suggestion(problems):
    told = problems(("headcount: 10", "headcout: 10"))
    assert "headcount" in told["teams[0].headcout"].expected
    assert told["teams[0].headcount"].found == "（没有写）"


@pytest.mark.parametrize("key", ["len", "open", "print", "config_path"])
def test_a_key_that_would_name_a_function_is_unknown(problems, key):
    assert "说明里有的键" in problems(("year: 2024", f"year: 2024\n{key}: 1"))[key].expected


@pytest.mark.parametrize(
    "key",
    ["x = __import__('os').system('id') #", "x\\n__import__('os')", "a;b", "a b", "A", "月份", "lambda: 0"],
)
def test_code_in_a_key_is_refused_by_the_form_of_keys(problems, key):
    told = problems(("year: 2024", f'year: 2024\n"{key}": 1'))
    assert any("小写字母、数字和下划线" in p.expected for p in told.values())


@pytest.mark.parametrize("value", ["!!binary aGk=", "!!set {a}", "!!python/name:os.system x", "&a 1", "0405", "2:58"])
def test_code_and_misread_words_never_reach_the_plan(problems, value):
    (problem,) = problems(("year: 2024", f"year: {value}")).values()
    assert problem.where == "第 6 行"


@pytest.mark.parametrize("value", ["nan", ".inf", "-.inf"])
def test_a_number_that_is_none_is_refused(problems, value):
    (problem,) = problems(("reserve_share: 0.10", f"reserve_share: {value}")).values()
    assert "有限的数" in problem.expected


def test_months_as_keys_are_refused(problems):
    told = problems(("printed: ", "months: {1: 20, 2: 30}\nprinted: "))
    assert all("键是一个词" in p.expected for p in told.values())


def test_an_empty_plan_is_refused(problems):
    assert problems(text="# 空\n")["全文"].found == "（空文件）"


def test_text_that_looks_like_code_stays_text(tmp_path):
    for folder in ("rules", "t", "c"):
        (tmp_path / folder).mkdir()
    shutil.copy("params/rules/bases.yaml", tmp_path / "rules")
    text = DEMO.replace("../data/putuo-2024", "t").replace("../data/calendar", "c")
    attack = '"\\"; import os; os.system(\\"id\\") #\\\\"'
    (tmp_path / "putuo-2024.yaml").write_text(
        text.replace("bureau: 上海市普陀区应急管理局", f"bureau: {attack}"), encoding="utf-8"
    )
    assert read_plan(tmp_path / "putuo-2024.yaml").bureau == '"; import os; os.system("id") #\\'


def test_a_message_never_shows_a_whole_personal_number(problems):
    told = problems(("headcount: 10", 'headcount: "110105194912310021"'))
    assert "110105********0021" in told["teams[0].headcount"].found


def test_every_entry_of_the_plan_is_explained_in_the_readme():
    readme = Path("params/README.md").read_text(encoding="utf-8")
    raw = parse_yaml(DEMO, "x")

    def keys(value):
        if isinstance(value, dict):
            for key, inner in value.items():
                yield key
                yield from keys(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from keys(inner)

    assert [key for key in sorted(set(keys(raw))) if f"`{key}`" not in readme] == []


LINES = DEMO.splitlines(keepends=True)
WORDS = ["0405", "nan", "[]", "{}", "x", "-1", "'", "null", "!x", "true", "1.5", "[1, a]", "{a: 1}", "：", "&a"]


@trials(150)
@given(st.lists(st.tuples(st.integers(0, len(LINES) - 1), st.sampled_from(["drop", "twice", *WORDS])), max_size=6))
def test_any_damage_to_a_plan_is_an_input_error_or_nothing(tmp_path_factory, damage):
    lines = list(LINES)
    for number, how in damage:
        key, _, _ = LINES[number].partition(":")
        lines[number] = {"drop": "", "twice": LINES[number] * 2}.get(how, f"{key}: {how}\n")
    path = tmp_path_factory.mktemp("p") / "putuo-2024.yaml"
    path.write_text("".join(lines), encoding="utf-8")
    with pytest.raises(InputError) as caught:  # the folders are not there, so that every reading is refused
        read_plan(path)
    assert all(p.file and p.where and p.expected for p in caught.value.problems)


def test_a_team_may_give_its_days_by_item_or_as_one_number():
    team = {"team": "大队", "headcount": 5, "non_enforcement_days": dict.fromkeys(NON_ENFORCEMENT, 1)}
    read, faults = checked(Team, team | {"other_enforcement_days": 660}, "a.yaml")
    assert (read.other_enforcement_days, faults) == (660.0, [])
    _, faults = checked(Team, team | {"other_enforcement_days": 1.25}, "a.yaml")
    assert [fault.where for fault in faults] == ["other_enforcement_days"]
    _, faults = checked(Team, team | {"other_enforcement_days": {**dict.fromkeys(OTHER_ENFORCEMENT, 1), "x": 1}}, "a")
    assert [fault.where for fault in faults] == ["other_enforcement_days.x"]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("account: [{line: 监督检查日, days: 1}]", "printed.account[0].line"),
        ("account: [{team: 没有的科, line: 监督检查工作日, days: 1}]", "printed.account[0].team"),
        ("account: [{line: leave, days: 1}, {line: leave, days: 2}]", "printed.account[1].line"),
        ("products: [{team: 没有的科, factors: [248, 8], product: 1984}]", "printed.products[0].team"),
        ('products: [{factors: ["24", 8], product: 1984}]', "printed.products[0].factors[0]"),
        ("items: [{item: P01, visits: 1}, {item: P01, visits: 2}]", "printed.items[1].item"),
        ("shares: [{base: 0, parts: [{name: 甲, count: 1, percent: 1}]}]", "printed.shares[0].base"),
    ],
)
def test_a_printed_figure_that_cannot_be_is_refused_with_its_place(problems, text, where):
    assert list(problems(("  total_visits: 261", f"  {text}\n  total_visits: 261"))) == [where]


# --- what the papers need -------------------------------------------------------------------------------------------


def test_a_plan_without_them_reads_with_the_defaults(tmp_path):
    text = DEMO[: DEMO.index("\nbases:")] + DEMO[DEMO.index("\nprinted:") :]
    plan, problems = checked(Plan, parse_yaml(text, "x"), "x")
    assert problems == []
    assert (plan.bases, plan.filing, plan.letters, plan.contact, plan.last_year) == ((), (), (), "", "")
    assert (plan.templates, plan.public_form) == ("templates", "龙岩2025")


def test_the_demo_cites_nine_bases_and_its_request_two_others():
    plan = read_plan("params/putuo-2024.yaml")
    assert plan.bases == tuple(f"B{n:02}" for n in range(1, 10))
    assert [(letter.paper, letter.to, letter.bases) for letter in plan.letters] == [
        ("request", ("上海市普陀区人民政府",), ("B10", "B11")),
        ("circular", (), ()),
        ("filing_report", ("上海市应急管理局",), ()),
    ]
    assert [(filing.to, filing.by) for filing in plan.filing] == [("上海市应急管理局", "")]


def test_a_basis_may_be_the_planners_own_and_an_addressee_one_or_several():
    raw = parse_yaml(
        "bases: [B01, {title: 某县办法, number: 某府办〔2024〕3号}]\n"
        "letters: [{paper: 请示, to: 某县人民政府, copy_to: [甲局, 乙局], date: }]",
        "x",
    )
    plan, problems = checked(Plan, {**parse_yaml(DEMO, "x"), **raw}, "x")
    assert problems == []
    assert (plan.bases[0], plan.bases[1].title, plan.bases[1].number) == ("B01", "某县办法", "某府办〔2024〕3号")
    assert (plan.letters[0].to, plan.letters[0].copy_to, plan.letters[0].date) == (
        ("某县人民政府",),
        ("甲局", "乙局"),
        "",
    )


FILING = '{to: 上海市应急管理局, by: "", how: "", done_on: ""}'


@pytest.mark.parametrize(
    ("old", "new", "where", "expected"),
    [
        ("[B01, B02", "[B01, B99", "bases[1]", "依据清单里有的编号"),
        ("[B01, B02", "[B01, B01", "bases[1]", "不重复的依据编号"),
        ("[B01, B02", "[B01, 安全生产法", "bases[1]", "依据编号"),
        ("[B01, B02", "[{title: 甲}, {title: 甲}", "bases[1].title", "不重复的文件名称"),
        ("bases: [B10, B11]", "bases: [B10, B1]", "letters[0].bases[1]", "是否想写「B01」"),
        ("paper: 请示", "paper: 请是", "letters[0].paper", "request（请示）"),
        ('date: "2024-03-13"\n    bases', 'date: "2024-3-13"\n    bases', "letters[0].date", "真实存在的日期"),
        ('date: "2024-03-13"\n    bases', 'date: "2019-03-13"\n    bases', "letters[0].date", "2024 年或其前后一年"),
        (FILING, FILING.replace('by: ""', 'by: "2034-03-31"'), "filing[0].by", "2024 年或其前后一年"),
        (FILING, FILING.replace('how: ""', "how: 电话 021-52564588"), "filing[0].how", "联系人文件里"),
        (
            "number: 普应急〔2024〕1号\n    to",
            "signer: 李某 13800138000\n    to",
            "letters[0].signer",
            "联系人文件里",
        ),
        ("to: 上海市普陀区人民政府", "to: [甲局, 52564588 转电话 52564588]", "letters[0].to[1]", "联系人文件里"),
        ("\nbases:", "\ncontact: contact.yaml\nbases:", "contact", "已有的文件"),
        ("\nbases:", "\nlast_year: ../data/putuo-2023\nbases:", "last_year", "已有的文件夹或表"),
        ("\nbases:", "\nlast_year: C:/data\nbases:", "last_year", "相对本文件"),
        ("\nbases:", "\ntemplates: /tmp\nbases:", "templates", "相对本文件"),
        ("\nbases:", "\npublic_form: 龙岩\nbases:", "public_form", "英文字母"),
    ],
)
def test_what_a_paper_cannot_take_is_told_with_its_entry(problems, old, new, where, expected):
    fault = problems((old, new))[where]
    assert expected in fault.expected


def test_a_letter_stands_once_by_paper_addressee_and_date(problems):
    twice = '  - {paper: 印发通知, number: "", date: ""}\n'
    assert "只写一次" in problems((twice, twice * 2))["letters[2]"].expected


def test_a_fault_is_told_with_its_line_and_what_planners_call_it(problems):
    fault = problems(('"2024-01-29"', '"2023-02-29"'))["key_periods[0].from_date"]
    line = DEMO.splitlines().index('    from_date: "2024-01-29"') + 1
    assert fault.where == f"第 {line} 行 重点时段「春节前」起始日期"
    assert (
        problems(("licensing: 0 ", "licensing: -1"))
        .popitem()[1]
        .where.endswith(" 行 科队「执法大队」其他执法工作日 行政许可")
    )
