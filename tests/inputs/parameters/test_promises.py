"""The promises of a plan: a file of its own, every fault told once and with its place; the demo's are as its text."""

from __future__ import annotations

import pytest

from enforce.inputs.parameters.plan import read_plan
from enforce.inputs.parameters.promises import FILE, read_promises
from enforce.words.problems import InputError

PLAN = read_plan("params/putuo-2024.yaml")
GOOD = """promises:
  - id: A1
    clause: 全年检查十家
    kind: count
    tasks: [P01]
    measures:
      - name: 完成家次
        measure: visits_done
        visits: [{lines: [P01]}]
        target: {op: ">=", value: 1}
    judged: both
    due: "2024-12-31"
    measurable: data
"""


@pytest.fixture
def promises(tmp_path):
    """Return a reader of a text as the promises of the demo plan."""

    def read(text):
        (tmp_path / FILE).write_text(text, encoding="utf-8")
        plan = PLAN.model_copy(update={"tables": str(tmp_path)})
        plan._path = tmp_path / "plan.yaml"
        return read_promises(plan)

    return read


def faults(promises, text):
    with pytest.raises(InputError) as caught:
        promises(text)
    return [(problem.place.entry, problem.found, problem.expected) for problem in caught.value.problems]


def test_a_plan_without_the_file_has_no_promises(tmp_path):
    plan = PLAN.model_copy(update={"tables": str(tmp_path)})
    assert read_promises(plan) == ()


def test_a_file_is_read_as_it_stands(promises):
    (promise,) = promises(GOOD)
    assert (promise.id, promise.measures[0].measure, promise.measures[0].visits[0].lines) == (
        "A1",
        "visits_done",
        ("P01",),
    )


@pytest.mark.parametrize(
    ("old", "new", "where", "expected"),
    [
        ("visits_done", "visit_done", "promises[0].measures[0].measure", "visits_done"),
        ("[{lines: [P01]}]", "[{lines: [P01], tier: 重点}]", "promises[0].measures[0].visits[0].tier", "key"),
        ("[{lines: [P01]}]", "[{line: [P01]}]", "promises[0].measures[0].visits[0].line", "lines"),
        ("value: 1", "value: 一", "promises[0].measures[0].target.value", "数字"),
        (", value: 1", "", "promises[0].measures[0].target.value", "没有目标就不写 target"),
        ('op: ">="', 'op: "≥"', "promises[0].measures[0].target.op", ">="),
        ("    due: ", "    dew: ", "promises[0].dew", "due"),
        ("2024-12-31", "2024-13-31", "promises[0].due", "2024-12-31"),
        ("measurable: data", "measurable: partly", "promises[0].confirm", "要谁确认什么"),
        ("        measure: visits_done\n", "", "promises[0].measures[0].measure", "只能由人确认"),
        ("        visits: [{lines: [P01]}]\n", "", "promises[0].measures[0].visits", "需要 visits"),
        ("visits: [{", "kinds: [投诉举报]\n        visits: [{", "promises[0].measures[0].kinds", "不用这一项"),
        ("visits_done", "unplanned_share", "promises[0].measures[0].target.value", "与上年、上一季度比"),
        ("    judged", "    reading: 别的\n    judged", "promises[0].reading", "alternatives"),
        ("kind: count", "kind: 数", "promises[0].kind", "数量"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_what_is_expected(promises, old, new, where, expected):
    assert old in GOOD
    told = faults(promises, GOOD.replace(old, new, 1))
    assert [(place, expected in text) for place, _, text in told if place == where] == [(where, True)]


def test_each_fault_is_told_once_and_all_at_once(promises):
    twice = GOOD + GOOD.removeprefix("promises:\n")
    assert [place for place, *_ in faults(promises, twice)] == ["promises[1].id"]
    both = faults(promises, GOOD.replace("value: 1", "value: 一").replace("kind: count", "kind: 数"))
    assert [place for place, *_ in both] == ["promises[0].kind", "promises[0].measures[0].target.value"]


def test_a_formula_is_prose_and_never_worked_out(promises):
    text = GOOD.replace("        target", "        formula: \"__import__('os').abort()\"\n        target", 1)
    assert promises(text)[0].measures[0].formula.endswith("abort()")


def test_the_promises_of_the_demo_are_those_of_its_text():
    promises = read_promises(PLAN)
    measures = [measure for promise in promises for measure in promise.measures]
    assert (len(promises), len(measures)) == (29, 61)
    assert [promise.id for promise in promises] == [f"K{n:02}" for n in range(1, 30)]
    assert all(one.numerator and one.unit and one.scope and one.formula for one in measures)
    assert all(promise.quoted and (promise.evidence.have or promise.evidence.need) for promise in promises)
    assert [len(promise.measures) for promise in promises if promise.id == "K11"] == [5]
    without = [one for one in measures if one.measure is None]
    assert [one.name for one in without] == ["有原因、有批准人的调整占比"]
