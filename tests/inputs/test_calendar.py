"""The calendar: published years day by day, estimated years, broken files."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import openpyxl
import pytest

from enforce.inputs.calendar import (
    ESTIMATE_MARK,
    FOLDER,
    _dates,
    _day_table,
    _estimated,
    _read_special_days,
    read_calendar,
)
from enforce.sheets.dates import FORM
from enforce.words.problems import InputError

PUBLISHED = {
    2024: [22, 18, 21, 22, 21, 19, 23, 22, 21, 19, 21, 22],
    2025: [19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23],
    2026: [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23],
}
OWN_YEARS = sorted(int(path.stem) for path in FOLDER.glob("[0-9][0-9][0-9][0-9].csv"))
HEADER = "日期,类型,节日,来源"
SEVEN = [
    "2024-01-01,放假,元旦,文",
    "2024-02-12,放假,春节,文",
    "2024-04-04,放假,清明节,文",
    "2024-05-01,放假,劳动节,文",
    "2024-06-10,放假,端午节,文",
    "2024-09-17,放假,中秋节,文",
    "2024-10-01,放假,国庆节,文",
]


def months(calendar) -> list[int]:
    return calendar.workdays()["workdays"].tolist()


def write(folder, *rows: str, name: str = "2024.csv", header: str = HEADER, encoding: str = "utf-8-sig"):
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding=encoding)
    return path


def problems(folder, year: int = 2024, **options) -> list[str]:
    with pytest.raises(InputError) as refused:
        read_calendar(year, folder, **options)
    return [f"{problem.file}: {problem}" for problem in refused.value.problems]


@pytest.mark.parametrize("year", sorted(PUBLISHED))
def test_a_published_year_has_the_workdays_of_its_notice_month_by_month(year):
    calendar = read_calendar(year)
    assert (calendar.status, calendar.mark, months(calendar)) == ("own", "", PUBLISHED[year])


def test_the_years_2024_to_2026_have_251_248_and_248_workdays():
    assert [sum(months(read_calendar(year))) for year in (2024, 2025, 2026)] == [251, 248, 248]


@pytest.mark.parametrize("year", OWN_YEARS)
def test_own_files_agree_day_by_day_with_the_package_where_it_knows_the_year(year):
    if year > max(day.year for day in chinese_calendar.holidays):
        pytest.skip("the package does not know this year yet")
    days = read_calendar(year).days
    known = [chinese_calendar.is_workday(date.fromisoformat(day)) for day in days["date"]]
    assert days["workday"].tolist() == known


@pytest.mark.parametrize("year", OWN_YEARS)
def test_own_files_hold_only_days_that_differ_from_the_plain_week_each_with_its_notice(year):
    for change in _read_special_days(FOLDER / f"{year}.csv", year).values():
        assert (change.kind == "上班") == (change.day.weekday() > 4)
        assert "国办发明电" in change.source


def test_the_2024_notice_gives_these_make_up_days_and_keeps_new_years_eve_a_workday():
    days = read_calendar(2024).days.set_index("date")
    make_up = days.index[days["holiday_kind"] == "上班"].tolist()
    assert make_up == [
        "2024-02-04",
        "2024-02-18",
        "2024-04-07",
        "2024-04-28",
        "2024-05-11",
        "2024-09-14",
        "2024-09-29",
        "2024-10-12",
    ]
    assert days.loc["2024-02-09", "workday"]


def test_a_year_without_own_file_comes_from_the_package(tmp_path):
    calendar = read_calendar(2020)
    assert (calendar.status, calendar.estimated, sum(months(calendar))) == ("official", False, 249)
    assert calendar.source.startswith("chinesecalendar")
    assert months(read_calendar(2024, tmp_path)) == PUBLISHED[2024]


@pytest.mark.parametrize(("year", "total"), [(2027, 365 - 104 - 13), (2028, 366 - 106 - 13), (2029, 365 - 104 - 13)])
def test_a_year_not_announced_is_estimated_and_marked(tmp_path, year, total):
    calendar = read_calendar(year, tmp_path)
    assert calendar.status == "estimated"
    assert calendar.estimated
    assert calendar.mark == ESTIMATE_MARK == "预估：国务院节假日安排尚未发布"
    assert sum(months(calendar)) == total


def test_an_estimate_gives_a_weekday_for_mid_autumn_on_the_first_of_october():
    # 2031 and 2028: two holidays on one date are two days off, as the 2020 notice gave them
    days = read_calendar(2031).days.set_index("date")["workday"]
    assert not days["2031-10-01":"2031-10-06"].any()
    assert sum(months(read_calendar(2031))) == 365 - 104 - 13


@pytest.mark.parametrize("year", [*range(2013, 2020), *range(2021, 2027)])
def test_the_estimate_would_have_had_the_right_total_in_every_announced_year(year):
    estimate = _day_table(year, _estimated(year))["workday"].sum()
    assert estimate == len(chinese_calendar.get_workdays(date(year, 1, 1), date(year, 12, 31)))


@pytest.mark.parametrize("year", range(2021, 2027))
def test_the_estimate_would_have_missed_a_month_by_one_day_at_most(year):
    estimate = _day_table(year, _estimated(year)).groupby("month")["workday"].sum()
    known = [sum(chinese_calendar.is_workday(day) for day in _dates(year) if day.month == m) for m in range(1, 13)]
    assert (estimate - known).abs().max() <= 1


def test_an_estimate_is_refused_where_the_official_calendar_is_required(tmp_path):
    (text,) = problems(tmp_path, 2027, require_official=True)
    assert "2027.csv" in text
    assert "补一个日历文件" in text
    assert read_calendar(2024, tmp_path, require_official=True).status == "official"


@pytest.mark.parametrize("year", range(2023, 2033))
def test_every_year_has_all_its_dates_once_and_twelve_months(year):
    calendar = read_calendar(year)
    dates = calendar.days["date"].tolist()
    assert len(dates) == (366 if year % 4 == 0 else 365)
    assert (dates[0], dates[-1]) == (f"{year}-01-01", f"{year}-12-31")
    assert dates == sorted(set(dates))
    assert calendar.workdays()["month"].tolist() == list(range(1, 13))
    assert calendar.days.columns.tolist() == ["date", "month", "workday", "holiday_kind", "source"]


def test_the_29th_of_february_is_a_day_like_others():
    assert read_calendar(2024).between("2024-02-29", "2024-02-29") == 1
    with pytest.raises(ValueError, match="day is out of range"):
        read_calendar(2025).between("2025-02-29", "2025-03-01")


def test_both_ends_are_counted_so_the_approval_day_is_the_49th_workday():
    calendar = read_calendar(2024)
    assert calendar.between("2024-01-01", "2024-03-13") == 49
    assert calendar.between("2024-01-01", "2024-03-12") == 48
    assert calendar.between("2024-01-01", "2024-03-31") == 61


def test_a_span_may_touch_the_ends_of_the_year_but_not_cross_them():
    calendar = read_calendar(2024)
    assert calendar.between("2024-01-01", "2024-12-31") == 251
    assert calendar.between("2024-12-31", "2024-12-31") == 1
    assert calendar.between("2024-03-02", "2024-03-01") == 0
    with pytest.raises(ValueError, match="不在 2024 年"):
        calendar.between("2024-12-31", "2025-01-01")


def test_local_rows_go_over_the_national_ones_and_only_there(tmp_path):
    write(tmp_path, "2024-04-11,放假,三月三,某省通知", "2024-01-01,上班,本地,某省通知", name="local.csv")
    plain, local = read_calendar(2024), read_calendar(2024, local=tmp_path / "local.csv")
    changed = plain.days["date"][plain.days["workday"] != local.days["workday"]].tolist()
    assert changed == ["2024-01-01", "2024-04-11"]
    assert local.source == "国办发明电〔2023〕7号；某省通知"
    assert sum(months(local)) == 251


def test_a_local_file_without_a_row_of_the_year_or_of_another_year_is_refused(tmp_path):
    write(tmp_path, name="local.csv")
    assert "没有一行" in problems(tmp_path, local="local.csv")[0]
    write(tmp_path, "2023-04-24,放假,三月三,某省通知", name="local.csv")
    assert "2024 年的日期" in problems(tmp_path, local="local.csv")[0]
    assert "打不开" in problems(tmp_path, local="nowhere.csv")[0]


def test_a_broken_file_is_refused_once_with_all_its_problems_in_chinese(tmp_path):
    write(
        tmp_path,
        *SEVEN,
        "2023-10-08,上班,国庆节,文",
        "2024-02-30,放假,春节,文",
        "2024-02-13,休息,春节,文",
        "2024/10/1,放假,国庆节,文",
        "2024-05-08,上班,劳动节,文",
        "2024-05-02,放假,劳动节,",
    )
    folder = tmp_path.name
    assert problems(tmp_path) == [
        f"{folder}/2024.csv: 第 9 行「日期」 = 2023-10-08：应为 2024 年的日期",
        f"{folder}/2024.csv: 第 10 行「日期」 = 2024-02-30：应为 {FORM}（没有这一天）",
        f"{folder}/2024.csv: 第 11 行「类型」 = 休息：应为 放假 或 上班",
        f"{folder}/2024.csv: 第 12 行「日期」 = 2024/10/1：应为 不重复的日期（第 8 行已有）",
        f"{folder}/2024.csv: 第 13 行「日期」 = 2024-05-08：应为 周六或周日（周一到周五本来上班）",
        f"{folder}/2024.csv: 第 14 行「来源」 = （空）：应为 通知文号，或日期从何处抄来",
    ]


def test_a_file_that_stops_in_may_is_refused(tmp_path):
    write(tmp_path, *SEVEN[:4])
    assert [text.split("= ")[1].split("：")[0] for text in problems(tmp_path)] == [
        "没有端午",
        "没有中秋",
        "没有国庆",
    ]


def test_a_file_without_a_column_or_without_text_is_refused(tmp_path):
    write(tmp_path, "2024-01-01,放假,元旦", header="日期,类型,节日")
    assert "有「来源」列" in problems(tmp_path)[0]
    (tmp_path / "2024.csv").write_bytes(b"")
    assert "空文件" in problems(tmp_path)[0]


def test_a_file_a_spreadsheet_saved_again_reads_the_same(tmp_path):
    text = (FOLDER / "2024.csv").read_text(encoding="utf-8-sig").replace("-0", "/").replace("-", "/")
    (tmp_path / "2024.csv").write_text(text, encoding="utf-8-sig", newline="\r\n")
    assert months(read_calendar(2024, tmp_path)) == PUBLISHED[2024]


def test_a_file_of_gbk_and_a_workbook_read_the_same(tmp_path):
    lines = (FOLDER / "2024.csv").read_text(encoding="utf-8-sig").splitlines()
    (tmp_path / "2024.csv").write_text("\n".join(lines), encoding="gb18030")
    assert months(read_calendar(2024, tmp_path)) == PUBLISHED[2024]
    (tmp_path / "2024.csv").unlink()
    book = openpyxl.Workbook()
    book.active.append(["国务院办公厅节假日安排"])
    for line in lines:
        day, *others = line.split(",")
        book.active.append([date.fromisoformat(day) if day[0] == "2" else day, *others])
    book.save(tmp_path / "2024.xlsx")
    calendar = read_calendar(2024, tmp_path)
    assert (calendar.status, months(calendar), calendar.source) == ("own", PUBLISHED[2024], read_calendar(2024).source)


def test_two_files_of_one_year_are_refused(tmp_path):
    for name in ("2024.csv", "2024.xlsx"):
        write(tmp_path, *SEVEN, name=name)
    (text,) = problems(tmp_path)
    assert text.endswith("2024 年日历 = 2024.csv、2024.xlsx：应为 只留一个文件（其余移到别的文件夹）")


def test_a_row_of_five_cells_and_a_hidden_character_are_refused(tmp_path):
    write(tmp_path, *SEVEN, "2024-05-02,放假,劳动节,文,五", "2024-05-03,放假,劳动\u202e节,文")
    places = [text.split(" = ")[0].split(": ")[1] for text in problems(tmp_path)]
    assert places == ["第 9 行「第 5 列」", "第 10 行「节日」"]


@pytest.mark.parametrize("year", [2003, 2100, 24])
def test_a_year_nothing_is_known_of_is_refused(year):
    with pytest.raises(InputError, match="2004 到 2099"):
        read_calendar(year)


def test_no_machine_path_stands_in_a_problem(tmp_path):
    write(tmp_path, "2024-02-30,放假,春节,文")
    assert str(tmp_path) not in " ".join(problems(tmp_path))


def test_the_calendar_keeps_the_plain_week_where_nothing_is_said(tmp_path):
    write(tmp_path, *SEVEN)
    days = read_calendar(2024, tmp_path).days
    plain = [(date(2024, 1, 1) + timedelta(days=n)).weekday() < 5 for n in range(366)]
    assert sum(plain) - days["workday"].sum() == len(SEVEN)
    assert set(days["source"]) == {"", "文"}
