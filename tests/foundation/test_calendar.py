"""Working days follow the announced holidays and make-up workdays; a year without them is an error that names it."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from rongtong.domain.foundation.calendar import (
    SHIPPED,
    NoCalendar,
    add_working_days,
    is_working_day,
    working_days_between,
)

# Working days of the year by the announcement of each: weekdays, less holidays on weekdays, plus make-up workdays.
WORKED = {2024: 251, 2025: 248, 2026: 248}
EARLY = st.dates(date(2024, 1, 1), date(2026, 3, 31))


@pytest.mark.parametrize(
    "day, worked",
    [
        (date(2024, 2, 9), True),  # New Year's Eve of 2024 was no statutory holiday
        (date(2024, 2, 10), False),
        (date(2024, 2, 18), True),  # a Sunday, made up
        (date(2024, 9, 16), False),
        (date(2025, 1, 26), True),
        (date(2025, 1, 28), False),
        (date(2025, 2, 5), True),
        (date(2025, 10, 8), False),
        (date(2025, 10, 11), True),
        (date(2026, 2, 14), True),
        (date(2026, 2, 23), False),
        (date(2026, 10, 10), True),
        (date(2026, 11, 21), False),  # an ordinary Saturday
        (date(2026, 11, 23), True),
    ],
)
def test_holidays_and_made_up_days(day: date, worked: bool) -> None:
    assert is_working_day(day) is worked


@pytest.mark.parametrize("year", WORKED)
def test_the_working_days_of_a_year(year: int) -> None:
    days = (date(year, 1, 1) + timedelta(days=number) for number in range(366))
    assert sum(is_working_day(day) for day in days if day.year == year) == WORKED[year]


@pytest.mark.parametrize(
    "start, count, end",
    [
        (date(2026, 9, 21), 0, date(2026, 9, 21)),
        (date(2026, 9, 24), 1, date(2026, 9, 28)),  # past the Mid-Autumn holiday
        (date(2026, 9, 30), 3, date(2026, 10, 10)),  # past the National Day, onto the made-up Saturday
        (date(2026, 2, 13), 2, date(2026, 2, 24)),  # the made-up Saturday before the Spring Festival counts
        (date(2026, 9, 21), 15, date(2026, 10, 19)),
        (date(2025, 12, 31), 1, date(2026, 1, 4)),  # across the year, onto a made-up Sunday
    ],
)
def test_terms_in_working_days(start: date, count: int, end: date) -> None:
    assert add_working_days(start, count) == end
    assert working_days_between(start, end) == count


@given(start=EARLY, count=st.integers(0, 120))
def test_counting_undoes_adding(start: date, count: int) -> None:
    end = add_working_days(start, count)
    assert working_days_between(start, end) == count
    assert working_days_between(end, start) == -count
    assert count == 0 or is_working_day(end)


def test_a_term_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="backwards"):
        add_working_days(date(2026, 1, 5), -1)


@pytest.mark.parametrize("day", [date(2023, 12, 31), date(2027, 1, 4)])
def test_a_year_outside_the_table_names_what_to_add(day: date) -> None:
    with pytest.raises(NoCalendar, match=str(day.year)) as error:
        is_working_day(day)
    assert error.value.year == day.year
    with pytest.raises(NoCalendar, match="2027"):
        add_working_days(date(2026, 12, 25), 30)


def own(settings: Settings, tmp_path: Path, text: str) -> None:
    settings.HOME = tmp_path
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "cn-workdays.yaml").write_text(text, encoding="utf-8")


def test_an_operator_adds_a_year(settings: Settings, tmp_path: Path) -> None:
    own(settings, tmp_path, "2027: {holidays: [[2027-01-01, 2027-01-03, 元旦]], workdays: [2027-01-09]}")
    assert not is_working_day(date(2027, 1, 1))
    assert is_working_day(date(2027, 1, 9))
    assert add_working_days(date(2026, 12, 31), 1) == date(2027, 1, 4)
    assert is_working_day(date(2026, 10, 10))


@pytest.mark.parametrize(
    "entry",
    [
        "{holidays: [[2027-01-01, 2027-01-03, 元旦]], workdays: [2027-01-11]}",  # a Monday is no make-up day
        "{holidays: [[2027-01-01, 2027-01-03, 元旦]], workdays: [2027-01-02]}",  # a holiday and worked
        "{holidays: [[2026-01-01, 2026-01-03, 元旦]], workdays: []}",  # of another year
        "{holidays: [2027-01-01], workdays: []}",
        "{holidays: []}",
        "[]",
    ],
)
def test_a_slip_in_a_year_is_refused(settings: Settings, tmp_path: Path, entry: str) -> None:
    own(settings, tmp_path, f"2027: {entry}")
    with pytest.raises(NoCalendar, match="2027"):
        is_working_day(date(2027, 1, 4))


def test_every_year_shipped_says_where_it_comes_from() -> None:
    years = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    for number, entry in years.items():
        assert entry["status"] in ("verified", "memory", "draft")
        assert entry["number"]
        assert entry["url"].startswith("https://")
        assert all(first.year == last.year == number and name for first, last, name in entry["holidays"])
