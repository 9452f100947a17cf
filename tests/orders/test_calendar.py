from datetime import date

import pytest

from orders.calendar import add_working_days, is_published, is_working_day, next_working_day, working_day_from, working_day_until


@pytest.mark.parametrize("day", ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"])
def test_make_up_weekends_of_2026_are_worked(day: str) -> None:
    assert date.fromisoformat(day).weekday() >= 5
    assert is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2026-01-01", "2026-01-02", "2026-02-16", "2026-02-23", "2026-04-06", "2026-05-05", "2026-10-07"])
def test_holidays_of_2026_are_free_on_any_day_of_the_week(day: str) -> None:
    assert not is_working_day(date.fromisoformat(day))


def test_ordinary_weeks_go_from_monday_to_friday() -> None:
    assert [is_working_day(date(2026, 3, day)) for day in range(2, 9)] == [True] * 5 + [False] * 2


def test_a_year_that_is_not_published_yet_falls_back_to_weekdays_and_says_so() -> None:
    assert is_published(2026)
    assert not is_published(2040)
    assert [is_working_day(date(2040, 3, day)) for day in range(5, 12)] == [True] * 5 + [False] * 2


def test_counting_skips_weekends_and_holidays() -> None:
    assert next_working_day(date(2026, 3, 6)) == date(2026, 3, 9)
    assert add_working_days(date(2026, 3, 2), 3) == date(2026, 3, 5)
    assert add_working_days(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert add_working_days(date(2026, 2, 13), 1) == date(2026, 2, 14)


def test_a_working_day_is_its_own_nearest() -> None:
    assert working_day_from(date(2026, 3, 6)) == working_day_until(date(2026, 3, 6)) == date(2026, 3, 6)
    assert working_day_from(date(2026, 3, 7)) == date(2026, 3, 9)
    assert working_day_until(date(2026, 3, 8)) == date(2026, 3, 6)
