"""The benchmark itself: its ways agree on a small case, its clock takes turns, its tables tell what was capped."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from fractions import Fraction
from functools import partial
from random import Random

import pytest

from enforce.planning.months.allocate import allocate
from enforce.planning.schedule.appointments import appointments
from tests.bench import (
    allocation,
    auditing,
    bound,
    cases,
    explorer,
    peers,
    reading,
    replanning,
    scale,
    scheduling,
    shortage,
    whole_run,
)
from tests.bench.__main__ import options
from tests.bench.timing import Run, interleaved, ratio, seconds

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # PuLP 3 announces PuLP 4
]

LONG = 3600.0  # seconds no way here comes near, however busy the machine
PERIODS = (((1, 2, 3),), ((2, 3),), ((1, 2), (3, 4)))
SMALL = cases.case("small", (9, 5, 4), (2, 4, 6), PERIODS, (22, 17, 20, 19, *[20] * 8))
EXACT = [peers.pulp_cbc, peers.pulp_highs, *(partial(peers.cp_sat, scale=scale) for scale in allocation.CP_SAT)]


@pytest.fixture(scope="module")
def ours():
    return cases.score(SMALL, cases.plan_of(SMALL, allocate(SMALL.tasks, SMALL.capacity)))


@pytest.fixture(scope="module")
def measured():
    return allocation.measure(SMALL, repeat=2, cap=LONG, budget=LONG)


@pytest.mark.parametrize("peer", EXACT)
def test_every_exact_peer_reaches_our_optimum(peer, ours):
    found = peer(SMALL, cap=LONG)
    assert found.proved == (True, True)
    assert cases.score(SMALL, found.plan) == ours


@pytest.fixture(scope="module", params=[Fraction(0), cases.COMFORTABLE], ids=str)
def tied(request):
    """A small plan of two teams tied together, and what our plan of it is worth."""
    (one,) = cases.tied(1, lines=5, teams=2)
    one = replace(one, comfortable=request.param)
    return one, cases.score(one, cases.plan_of(one, cases.ours(one)))


@pytest.mark.parametrize("peer", EXACT[1:])
def test_of_tied_teams_too_every_exact_peer_reaches_our_optimum(peer, tied):
    one, ours = tied
    found = peer(one, cap=LONG)
    theirs = cases.score(one, found.plan)
    assert theirs == ours or (peer not in EXACT[:2] and theirs.highest - ours.highest < Fraction(1, 500))


def test_a_model_solved_before_with_threads_of_its_own_does_not_stop_a_peer(ours):
    import highspy

    before = highspy.Highs()
    before.silent()
    before.setOptionValue("threads", 2)
    x = before.addIntegral(lb=0, ub=3)
    before.maximize(x)
    assert peers.pulp_highs(SMALL, cap=LONG).proved == (True, True)


def test_the_spreadsheet_keeps_the_totals_and_overloads_a_month(ours):
    sheet = cases.score(SMALL, peers.spreadsheet(SMALL).plan)
    assert ours.overload == 0 < sheet.overload
    assert sheet.highest > ours.highest
    assert sheet.distance <= ours.distance


def test_a_plan_is_scored_in_whole_numbers():
    plan = {(0, 1): 2, (0, 2): 1}
    tiny = cases.case("tiny", (3,), (4,), (((1, 2),),), (10, 2, *[9] * 10))
    assert dict(tiny.targets) == {(0, 1): 2500, (0, 2): 500}
    assert cases.score(tiny, plan) == cases.Score(2, Fraction(2), 500_000)


def test_a_plan_that_drops_a_visit_has_no_score():
    plan = dict(peers.spreadsheet(SMALL).plan)
    plan[0, 1] -= 1
    with pytest.raises(ValueError, match="P01"):
        cases.score(SMALL, plan)


def test_the_putuo_case_is_the_printed_plan():
    found = cases.putuo()
    assert sum(line.visits for line in found.lines) == 261
    assert [(line.task_id, line.visits) for line in found.lines if line.task_id == "P08"] == [("P08", 4), ("P08", 4)]
    assert sum(found.room.values()) == 1004


def test_random_districts_are_the_same_each_time_and_fit():
    first, again = cases.districts(2), cases.districts(2)
    assert [one.targets for one in first] == [one.targets for one in again]
    assert [10 <= len(one.tasks) <= 14 for one in first] == [True, True]
    for one in first:
        need = sum(line.visits * effort for line, effort in zip(one.lines, one.efforts, strict=True))
        assert need / sum(one.room.values()) == pytest.approx(cases.LOAD, abs=0.05)
        assert cases.solved(one) is not None


def test_a_shuffled_case_is_the_same_case(ours):
    other = cases.shuffled(SMALL, Random(3))
    assert [line.task_id for line in other.lines] != [line.task_id for line in SMALL.lines]
    assert cases.score(other, peers.pulp_highs(other, cap=LONG).plan) == ours
    spread_out = [cases.named(one, peers.spreadsheet(one).plan) for one in (SMALL, other)]
    assert spread_out[0] == spread_out[1]


def test_ways_take_turns_and_a_way_out_of_budget_sits_out():
    order = []
    ways = {name: partial(order.append, name) for name in "ab"}
    interleaved(ways, 2)
    assert order == ["a", "b", "a", "b"]
    assert [len(runs) for runs in interleaved(ways, 3, budget=0).values()] == [1, 1]


def test_a_ratio_is_formed_within_a_turn():
    slow, quick = [Run(0, 10.0, None), Run(1, 90.0, None)], [Run(0, 1.0, None), Run(1, 3.0, None)]
    assert (ratio(slow, quick).low, ratio(slow, quick).high) == (10, 30)
    assert ratio(slow[1:], quick).median == 30


def test_the_table_says_that_peers_found_the_same_plan(measured):
    assert [allocation.verdict(measured, way) for way in measured.runs][:5] == ["same"] * 5
    assert "half-days over" in allocation.case_table(measured)
    assert f"| {allocation.CBC} |" in allocation.medians_table([measured])
    assert "BETTER" not in allocation.plans_table([measured]) + allocation.districts_table([measured])
    assert json.loads(json.dumps(allocation.record(measured)))["ways"][allocation.HIGHS]["proved"] == [True, True]


def test_the_table_says_what_was_capped_and_what_is_missing(measured):
    way = allocation.CBC
    capped = [Run(run.turn, run.seconds, replace(run.result, proved=(False, True))) for run in measured.runs[way]]
    found = replace(measured, runs={**measured.runs, way: capped})
    assert allocation.verdict(found, way) == "same, stage 1 stopped at its cap"
    assert allocation.times(found, way).startswith("≥ ")
    assert f"| {way} | " in (rows := allocation.medians_table([found]))
    assert next(row for row in rows.splitlines() if row.startswith(f"| {way} ")).split(" | ")[2].startswith("≥ ")
    none = replace(found, scores={**found.scores, way: None})
    assert allocation.verdict(none, way) == "no plan, stage 1 stopped at its cap"


def test_a_peer_better_than_ours_would_not_be_hidden(measured):
    better = replace(measured.scores[allocation.HIGHS], distance=0)
    found = replace(measured, scores={**measured.scores, allocation.HIGHS: better})
    assert allocation.verdict(found, allocation.HIGHS).startswith("BETTER THAN OURS")


def test_the_better_scale_of_cp_sat_is_the_one_worth_more_then_the_quicker(measured):
    coarse, fine = allocation.CP_SAT.values()
    quicker = min((coarse, fine), key=lambda way: seconds(measured.runs[way]).median)
    assert measured.best(allocation.BEST_CP_SAT) == quicker
    worse = {**measured.scores, quicker: None}
    assert replace(measured, scores=worse).best(allocation.BEST_CP_SAT) == ({coarse, fine} - {quicker}).pop()


def test_the_whole_run_counts_time_memory_and_files(tmp_path):
    def way(folder):
        code = f"import pathlib; p = pathlib.Path({str(folder / 'made')!r}); p.mkdir(); (p / 'a').touch()"
        return [[sys.executable, "-c", code]]

    runs = whole_run.in_turn({whole_run.OURS: way, "other": way}, 2, tmp_path)
    assert [run.result[1] for found in runs.values() for run in found] == [1, 1, 1, 1]
    assert "| other |" in whole_run.table(runs)
    assert len(whole_run.record(runs)["other"]["seconds"]) == 2


def test_a_command_that_fails_is_told():
    with pytest.raises(RuntimeError, match="no such thing"):
        whole_run.run_commands([[sys.executable, "-c", "raise SystemExit('no such thing')"]])


def test_papermill_is_given_what_our_run_gives_the_notebooks(tmp_path):
    listed = whole_run.jobs(tmp_path)
    assert [sorted(job["parameters"]) for job in listed] == [["out", "plan"], ["month", "out", "plan"], ["out", "plan"]]
    assert listed[1]["parameters"]["month"] == 4
    command = whole_run.papermill_commands(tmp_path)[1]
    assert command[command.index("--cwd") + 1] == listed[1]["cwd"]
    assert command[command.index("month") - 1 : command.index("month") + 2] == ["-p", "month", "4"]


# --- re-planning, shortage, scale ---


@pytest.fixture(scope="module")
def july():
    return replanning.july(cases.putuo())


def test_in_july_six_visits_have_slipped_and_an_officer_is_gone(july):
    published = july.published[july.published["month"] <= replanning.CLOSED]["visits"].sum()
    assert published - july.done["visits"].sum() == replanning.SLIPPED
    assert sum(line.visits for line in july.rest.lines) == 261 - july.done["visits"].sum()
    assert july.rest.room == {month: n - n // 8 for month, n in july.case.room.items() if month > 6}


def test_with_memory_no_more_visits_move_and_no_more_is_beyond_capacity(july):
    told = {way: replanning.outcome(july, run()) for way, run in list(replanning.ways(july, LONG).items())[:3]}
    ours = told[replanning.MEMORY]
    assert ours.proved
    assert all(ours.moved <= one.moved and ours.over <= one.over for one in told.values())
    runs = {way: [Run(0, 1.0, run())] for way, run in list(replanning.ways(july, LONG).items())[:3]}
    assert f"| {replanning.HIGHS} |" in replanning.table(july, runs)
    assert "all 1 years" in replanning.all_table([(july, runs)])
    assert json.loads(json.dumps(replanning.record(july, runs)))["ways"][replanning.MEMORY]["outcome"]["proved"]


def test_a_moved_visit_is_counted_and_a_slipped_one_is_not(july):
    rows = july.published[july.published["month"] > replanning.CLOSED]
    plan = {(row.task_id, row.month): int(row.visits) for row in rows.itertuples()}
    assert replanning.moved(july, plan) == 0
    cell = next(cell for cell, visits in plan.items() if visits)
    assert replanning.moved(july, plan | {cell: plan[cell] - 1}) == 1
    assert replanning.moved(july, plan | {cell: plan[cell] + 1}) == 0


def test_a_bound_out_of_reach_and_a_bound_that_is_none_are_told():
    found = [bound.bounded(one) for one in bound.many(4)]
    assert all(one.valid and one.bound <= one.lowest for one in found)
    assert [one.bound == one.lowest for one in found] == [True, True, True, False]  # 19/22, and 33/38 is the lowest
    told = bound.table(found)
    assert "| 4 | 3 (75.00%) | 0.48% | 0 |" in told
    assert "| 4 | 3 (75.00%) | 0.48% | 1 |" in bound.table([replace(found[0], valid=False), *found[1:]])


def test_the_bound_is_that_of_a_peer_who_solves_for_it(ours):
    assert bound.bounded(SMALL).lowest == ours.highest


def test_the_bound_is_reported_with_every_case(capsys):
    (text, flows), data = bound.report(3)
    assert len(data) == 3 + 1
    assert "| 3 |" in text
    assert "| 1 | 1 | 1 |" in flows


def test_a_flow_that_settles_another_plan_than_the_search_is_told():
    found = [bound.flowed(one) for one in bound.alike(2)]
    assert "| 2 | 2 | 2 |" in bound.flow_table(found)
    assert "| 2 | 2 | 1 |" in bound.flow_table([replace(found[0], same=False), found[1]])


def test_our_table_says_something_wherever_nothing_fits():
    found = shortage.infeasible(2)
    assert len(found) == 5
    ways = shortage.ways()
    assert not any(ways[shortage.TABLE](one).blank for one in found.values())
    assert ways[shortage.SENTENCE](found["packs badly"]).blank
    assert "需 125 人日，执法大队可用 122 人日" in ways[shortage.SENTENCE](found["first quarter"]).text
    assert ways[shortage.STRATEGIES[6]](found["first quarter"]).rows == 4
    assert ways[shortage.STRATEGIES[6]](found["packs badly"]).blank


def test_a_way_that_never_comes_back_is_stopped_and_blank():
    one = next(iter(shortage.infeasible(0).values()))
    assert shortage.apart(shortage._sentence, one, LONG).rows == 1
    assert shortage.apart(_asleep, one, 0.5).blank
    assert shortage.apart(shortage._sentence, one, LONG).rows == 1


def _asleep(one):
    time.sleep(LONG)


def test_the_exponent_is_that_of_the_times():
    sizes = [scale.Size(n, 0, 1, 0.01 * n**1.5, n, n, 0) for n in (1, 16, 100)]
    assert scale.exponent(sizes) == pytest.approx(1.5)


def test_a_district_not_proved_would_not_be_hidden():
    size = scale.Size(16, 0, 1, 1.0, 15, 16, 0)
    assert scale._not_proved([size]) == ["NOT PROVED: 1 of 16"]


def test_the_scale_table_counts_districts_visits_and_proofs():
    (text,), data = scale.scale_report((1, 3), 1)
    assert [(row["districts"], row["proved"]) for row in data] == [(1, 1), (3, 3)]
    assert data[1]["visits"] == sum(line.visits for one in scale.many(3).values() for line in one.lines)
    assert "NOT PROVED" not in text


def test_the_curve_is_the_same_picture_twice(tmp_path):
    sizes = [scale.Size(n, 0, 1, 0.01 * n, n, n, 0, 0.02 * n) for n in (1, 100, 1000)]
    for name in ("one.svg", "other.svg"):
        scale.draw_curve(sizes, tmp_path / name)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "other.svg").read_bytes()
    assert "processors: exponent 1.00 from 100 up" in (tmp_path / "one.svg").read_text(encoding="utf-8")


@pytest.mark.slow
def test_every_engine_proves_the_same_districts():
    pytest.importorskip("distributed")
    _, data = scale.engine_report((2,), 1, 1)
    assert [(row["engine"], row["proved"]) for row in data] == [("ours", 2), ("joblib", 2), ("dask", 2)]


def test_one_model_of_the_whole_is_never_better_than_our_bound_nor_worse_than_ours():
    one = scale.province(2, 1, LONG)
    assert one["kept"]
    assert one["bound"] - 1e-6 <= one["whole"]["value"] <= one["value"] + 1e-6
    assert one["whole"]["bound"] == pytest.approx(one["whole"]["value"], abs=1e-3)
    assert one["textbook"]["value"] == pytest.approx(one["whole"]["value"], abs=1e-3)
    assert "| 2 |" in scale.markdown("", [], [scale._province_row(one, LONG)])


def test_the_register_of_the_bench_is_read_whole_and_pandas_takes_title_and_total_for_rows():
    runs = reading.measure(90, 1)
    found = {way: run.result for way, (run,) in runs.items()}
    assert found[reading.READ]["rows"] == 90
    assert found[reading.BARE]["rows"] == 90 + 3  # header, 合计 and footer are rows to it
    assert found[reading.JOINED]["rows"] == 30 + 3  # a third has no record; three of them are key units
    assert all(one["seconds"] > 0 and one["peak"] >= one["before"] > 0 for one in found.values())
    text = reading.table(runs, 90)
    assert text.count("\n| ") == 5


@pytest.mark.parametrize(
    "wrong",
    [
        ["--repeat", "0"],
        ["--units", "0"],
        ["--cases", "0"],
        ["--districts", "-1"],
        ["--workers", "0"],
        ["--sizes", "0"],
        ["--sizes", "x"],
        ["elsewhere"],
    ],
)
def test_a_wrong_option_is_refused(wrong):
    with pytest.raises(SystemExit):
        options(wrong)


def test_the_explorers_tables_set_each_way_beside_its_peer():
    times = ((explorer.OURS, 2.4), (explorer.BARE, 2.0), (explorer.AGAIN, 4.0))
    changed, opened = explorer.tables([0.1, 0.2, 0.3], {way: [Run(0, second, None)] for way, second in times})
    assert "| 4.00 | 1 | 20 |" in changed
    assert f"| {explorer.OURS} | 2.40 | 1 | 1.20 |" in opened


def test_the_bare_page_imports_what_the_explorer_has_loaded_and_shows_a_slider(tmp_path):
    (tmp_path / "notebooks").mkdir()
    source = explorer.bare(tmp_path).read_text(encoding="utf-8")
    for name in ("pandas", "ortools", "ipywidgets", "pydantic"):
        assert f"'{name}'" in source
    assert "'matplotlib'" not in source
    assert "IntSlider" in source


def test_the_audit_of_correct_files_finds_nothing(tmp_path):
    paths = [auditing.write_word(tmp_path / "plan.docx"), *auditing.write_texts(tmp_path, 14)]
    assert [auditing.audited(path) for path in paths] == [0] * 15


def test_the_schedule_and_the_plain_model_agree_on_a_month_and_the_larger_is_only_counted(monkeypatch):
    one = scheduling.case(12, 4, 3, months=1)
    theirs = scheduling.plain(one, cap=LONG)
    assert scheduling.ours(one).value == theirs.value
    assert scheduling.until(theirs, theirs.value) == theirs.met[-1][0]
    assert scheduling.at(theirs, LONG) == theirs.value
    monkeypatch.setattr(scheduling, "MOST", 10)
    assert scheduling.plain(one).note == f"not built: {scheduling.variables(appointments(one), one.parts):,} variables"
    [table], data = scheduling.report(1, ((8, 4, 2),), cap=5)
    assert "not built" in table
    assert set(data[8]) == {scheduling.FIRST, scheduling.OURS, scheduling.PLAIN}
