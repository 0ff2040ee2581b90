"""Many plans in one command: each as if it ran alone, a fault stops nobody else, started again only what is missing."""

from __future__ import annotations

import os

import pytest
from bs4 import BeautifulSoup

from enforce.desk.run import city
from enforce.desk.run.city import District, run_city
from enforce.desk.run.logbook import steps_shown
from enforce.desk.run.roll_up import BOOK
from enforce.words.files import OutputError
from enforce.words.problems import InputError
from tests.bureaus import write_banner, write_plan_like
from tests.desk.run.conftest import content


@pytest.fixture(scope="module")
def plans(county):
    """Three counties of one year, the tasks of the last without the columns they need; and a banner of another year."""
    first, project = county.plan, county.plan.parents[1]
    others = [write_plan_like(first, name) for name in ("jia-2025", "yi-2025")]
    (project / "data/yi-2025/tasks.csv").write_text("事项编号\nA1\n", encoding="utf-8")
    return [first, *others, write_banner(project)]


@pytest.mark.slow
def test_each_report_is_as_if_it_ran_alone_and_a_fault_stops_nobody_else(plans, county, monkeypatch, capsys):
    out = plans[0].parents[1] / "集"
    target, districts = run_city(plans[:3], "试市", jobs=2, out=out)
    assert [(one.name, bool(one.fault)) for one in districts] == [
        ("yunxi-2025", False),
        ("jia-2025", False),
        ("yi-2025", True),
    ]
    assert "计划家次" in districts[2].fault
    assert content(target.parent / "yunxi-2025") == county.files

    page = BeautifulSoup((target / "index.html").read_text(encoding="utf-8"), "html.parser")
    links = [link["href"] for link in page.select("#plans a")]
    assert links == ["../yunxi-2025/index.html", "../jia-2025/index.html"]
    assert all((target / link).is_file() for link in links)
    assert page.select_one("h3").string == "yi-2025"
    assert (target / BOOK).is_file()

    started = []
    monkeypatch.setattr(city, "_run_apart", lambda one, *_: started.append(one.name) or "")
    first = content(target)
    run_city(plans[:2], "试市", out=out)
    assert started == []
    with steps_shown():
        run_city(plans[:2], "试市", dask="tcp://127.0.0.1:1", out=out)
    assert "2 份计划，2 份不用再算，没有用到集群 tcp://127.0.0.1:1" in capsys.readouterr().err
    records = plans[1].parent.parent / "data/jia-2025/records.csv"
    records.write_bytes(records.read_bytes() + b"\n")
    (target.parent / "yunxi-2025/index.html").write_text("", encoding="utf-8")
    run_city(plans[:2], "试市", jobs=1, out=out)
    assert sorted(started) == ["jia-2025", "yunxi-2025"]
    assert content(target) != first


def test_plans_of_one_name_or_another_year_are_refused_by_name_before_anything_runs(plans, tmp_path):
    with pytest.raises(InputError) as error:
        run_city([plans[0], plans[3], plans[0]], "yunxi-2025", out=tmp_path)
    assert {(problem.where, problem.found) for problem in error.value.problems} == {
        ("计划简称", "yunxi-2025"),
        ("计划年度", "2027"),
    }
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", "a/b", "..", ".x", "con"])
def test_a_name_that_can_be_no_folder_is_refused(plans, tmp_path, name):
    with pytest.raises(InputError):
        run_city(plans[:1], name, out=tmp_path)


def test_where_no_plan_can_be_read_nothing_is_written(tmp_path):
    with pytest.raises(OutputError, match="wu-2025"):
        run_city([tmp_path / "wu-2025.yaml"], "试市", out=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_plan_that_is_not_there_is_a_fault_of_its_own(plans, tmp_path, monkeypatch):
    monkeypatch.setattr(city, "_run_apart", lambda *_: "磁盘满了")
    target, districts = run_city([tmp_path / "wu-2025.yaml", plans[0]], "试市", out=tmp_path)
    assert "wu-2025" in districts[0].fault
    page = (target / "index.html").read_text(encoding="utf-8")
    assert "wu-2025" in page
    assert "磁盘满了" in page


@pytest.mark.slow
def test_a_process_that_is_ended_from_outside_is_a_fault_of_its_plan(plans, tmp_path, monkeypatch):
    monkeypatch.setattr(city, "_let_stop", os.abort)
    assert city._run_apart(District(plans[0], "yunxi-2025"), tmp_path, tmp_path) == city._ENDED


@pytest.mark.parametrize(
    "error",
    [
        FileNotFoundError(2, "No such file", "NotoSansSC.otf"),
        ModuleNotFoundError("No module named 'pylopdf_fonts_zh_cn'"),
        OutputError("笔记本没有运行到最后"),
    ],
)
def test_a_worker_without_fonts_or_files_is_told_with_the_plan(plans, tmp_path, monkeypatch, error):
    def failing(*_):
        raise error

    monkeypatch.setattr(city.batch, "solved_year", failing)
    monkeypatch.setattr(city, "_run_apart", city._run_district)
    target, districts = run_city(plans[:1], "试市", out=tmp_path)
    assert districts[0].fault
    page = (target / "index.html").read_text(encoding="utf-8")
    assert "yunxi-2025" in page
    assert any(word in page for word in ("NotoSansSC.otf", "pylopdf", "笔记本"))
