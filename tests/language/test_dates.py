"""Days as people say them, on Monday 2026-03-02."""

from datetime import date

import pytest

from language.dates import find_days
from tests.language.conftest import TODAY


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("3月20日", "2026-03-20"),
        ("3月20日到", "2026-03-20"),
        ("3月20号前", "2026-03-20"),
        ("3月20日要", "2026-03-20"),
        ("3-20", "2026-03-20"),
        ("3/20到", "2026-03-20"),
        ("3.20送到", "2026-03-20"),
        ("2026-03-20", "2026-03-20"),
        ("2026/3/20", "2026-03-20"),
        ("2026年3月20日", "2026-03-20"),
        ("20号", "2026-03-20"),
        ("1号要", "2026-04-01"),
        ("下月5号", "2026-04-05"),
        ("今天", "2026-03-02"),
        ("明天", "2026-03-03"),
        ("后天", "2026-03-04"),
        ("大后天", "2026-03-05"),
        ("周五", "2026-03-06"),
        ("礼拜天", "2026-03-08"),
        ("这周六", "2026-03-07"),
        ("下周三", "2026-03-11"),
        ("下周一", "2026-03-09"),
        ("下下周一", "2026-03-16"),
        ("月底", "2026-03-31"),
        ("月中", "2026-03-15"),
        ("下月底", "2026-04-30"),
        ("十天内", "2026-03-12"),
        ("2周后", "2026-03-16"),
        ("3月1日", "2026-03-01"),
        ("周一", None),
        ("下周要", None),
        ("下月初", None),
        ("2月30日", None),
        ("13月40日", None),
    ],
)
def test_day(said: str, day: str | None) -> None:
    (found,) = find_days(said, TODAY)
    assert found.day == (date.fromisoformat(day) if day else None)


def test_a_day_of_next_january_is_meant_in_december() -> None:
    (found,) = find_days("1月5日", date(2026, 12, 20))
    assert found.day == date(2027, 1, 5)


@pytest.mark.parametrize("text", ["m8-30", "单价3.15", "a-03-2", "3号楼", "1/2寸", "m12x80", "so260302-0007", "老周水暖"])
def test_what_is_no_day(text: str) -> None:
    assert find_days(text, TODAY) == []
