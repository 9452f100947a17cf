from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from orders.calendar import Calendar, calendar_of
from store.settings import Settings, TradeSettings, load_settings

PUBLIC = Calendar()


@pytest.mark.parametrize("day", ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"])
def test_make_up_weekends_of_2026_are_worked(day: str) -> None:
    assert date.fromisoformat(day).weekday() >= 5
    assert PUBLIC.is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2026-01-01", "2026-01-02", "2026-02-16", "2026-02-23", "2026-04-06", "2026-05-05", "2026-10-07"])
def test_holidays_of_2026_are_free_on_any_day_of_the_week(day: str) -> None:
    assert not PUBLIC.is_working_day(date.fromisoformat(day))


def test_ordinary_weeks_go_from_monday_to_friday() -> None:
    assert [PUBLIC.is_working_day(date(2026, 3, day)) for day in range(2, 9)] == [True] * 5 + [False] * 2


def test_a_year_that_is_not_published_yet_falls_back_to_weekdays_and_says_so() -> None:
    assert PUBLIC.is_published(2026)
    assert not PUBLIC.is_published(2040)
    assert [PUBLIC.is_working_day(date(2040, 3, day)) for day in range(5, 12)] == [True] * 5 + [False] * 2


def test_counting_skips_weekends_and_holidays() -> None:
    assert PUBLIC.next_working_day(date(2026, 3, 6)) == date(2026, 3, 9)
    assert PUBLIC.add_working_days(date(2026, 3, 2), 3) == date(2026, 3, 5)
    assert PUBLIC.add_working_days(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert PUBLIC.add_working_days(date(2026, 2, 13), 1) == date(2026, 2, 14)


def test_a_working_day_is_its_own_nearest() -> None:
    assert PUBLIC.working_day_from(date(2026, 3, 6)) == PUBLIC.working_day_until(date(2026, 3, 6)) == date(2026, 3, 6)
    assert PUBLIC.working_day_from(date(2026, 3, 7)) == date(2026, 3, 9)
    assert PUBLIC.working_day_until(date(2026, 3, 8)) == date(2026, 3, 6)


def test_the_company_s_own_days_stand_on_top_of_the_public_ones() -> None:
    own = Calendar(days_off=frozenset({date(2026, 3, 3)}), extra_working_days=frozenset({date(2026, 3, 7), date(2026, 10, 1)}))
    assert own.next_working_day(date(2026, 3, 2)) == date(2026, 3, 4)
    assert own.add_working_days(date(2026, 3, 6), 2) == date(2026, 3, 9)
    assert own.working_day_until(date(2026, 3, 8)) == own.working_day_from(date(2026, 3, 7)) == date(2026, 3, 7)
    assert own.is_working_day(date(2026, 10, 1))


def test_a_company_that_lists_its_make_up_days_knows_the_year() -> None:
    assert Calendar(extra_working_days=frozenset({date(2040, 2, 4)})).is_published(2040)
    assert not Calendar(days_off=frozenset({date(2040, 2, 6)})).is_published(2040)


def test_the_company_s_days_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENDAN_TRADE__DAYS_OFF", '["2026-04-07"]')
    monkeypatch.setenv("GENDAN_TRADE__EXTRA_WORKING_DAYS", '["2026-04-11"]')
    assert calendar_of(load_settings()) == Calendar(frozenset({date(2026, 4, 7)}), frozenset({date(2026, 4, 11)}))


def test_the_company_s_days_come_from_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "gendan.toml"
    file.write_text('[trade]\ndays_off = ["2026-04-07", 2026-04-08]\n')
    monkeypatch.setenv("GENDAN_CONFIG", str(file))
    assert calendar_of(load_settings()).days_off == {date(2026, 4, 7), date(2026, 4, 8)}


def test_a_day_cannot_be_both_off_and_worked() -> None:
    day = frozenset({date(2026, 4, 7)})
    with pytest.raises(ValidationError, match="2026-04-07"):
        Settings(trade=TradeSettings(days_off=day, extra_working_days=day))
