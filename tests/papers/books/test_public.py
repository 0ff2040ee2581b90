"""What is published: by a list of columns, and never with a personal number."""

from __future__ import annotations

import pandas as pd
import pytest

from enforce.papers.books.book import Sheet
from enforce.papers.books.public import PUBLIC, TEAMS
from enforce.papers.books.writer import write_book
from enforce.words.problems import InputError
from tests.papers.year_2024 import meta

NOTICE = pd.DataFrame({"group": ["专项"], "task": ["甲专项"], "visits": [3], "lead": ["某局"]})
#: Columns of ours that say who: a unit, an officer, a visit.
OF_SOMEBODY = {
    "unit_id",
    "name",
    "officer_id",
    "officers",
    "record_id",
    "inspection_code",
    "source",
    "basis",
    "examples",
}


def refused(tmp_path, table, **sheet) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as caught:
        write_book(tmp_path / "a.xlsx", [Sheet("月公示", table, **sheet)], meta())
    assert list(tmp_path.iterdir()) == []
    return [(problem.where, problem.found) for problem in caught.value.problems]


def test_a_published_sheet_with_listed_columns_is_written(tmp_path):
    assert write_book(tmp_path / "a.xlsx", [Sheet("月公示", NOTICE)], meta()).exists()


@pytest.mark.parametrize("column", [*sorted(OF_SOMEBODY), "联系电话", "days_needed", TEAMS])
def test_a_column_that_is_not_listed_is_refused_and_not_left_out(tmp_path, column):
    refusals = refused(tmp_path, NOTICE.assign(**{column: "x"}))
    assert len(refusals) == 1
    assert refusals[0][0].startswith("工作表「月公示」「")


@pytest.mark.parametrize(
    "text", ["联系13800138000", "１３９ ００１３ ８０００", "021-52564588", "110105 19491231 002X"]
)
def test_a_personal_number_is_refused_wherever_it_stands_in_a_published_sheet(tmp_path, text):
    assert refused(tmp_path, NOTICE.assign(lead=text))[0][0] == "工作表「月公示」第 1 行「牵头」"
    assert refused(tmp_path, NOTICE, title=text)[0][0] == "工作表「月公示」表头"
    assert not any(text in str(refusal) for refusal in refused(tmp_path, NOTICE.assign(task=text)))


def test_a_column_for_each_team_is_one_of_the_teams_only(tmp_path):
    table = pd.DataFrame({"line": ["capacity_days"], "执法大队": [1.0], "合计": [1.0]})
    assert write_book(tmp_path / "b.xlsx", [Sheet("执法工作量核算", table, teams=("执法大队",))], meta()).exists()
    with pytest.raises(InputError, match="「执法大队」"):
        write_book(tmp_path / "a.xlsx", [Sheet("执法工作量核算", table)], meta())


def test_other_sheets_are_for_the_bureau_and_may_name_units(tmp_path):
    table = pd.DataFrame({"unit_id": ["91110000600037341L"], "name": ["甲"]})
    assert write_book(tmp_path / "a.xlsx", [Sheet("名单", table)], meta()).exists()


@pytest.mark.parametrize("sheet", PUBLIC)
def test_no_list_holds_a_column_that_says_who(sheet):
    assert not set(PUBLIC[sheet]) & OF_SOMEBODY
