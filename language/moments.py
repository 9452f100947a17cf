"""Moments that have been: 今天下午3点 · 上午10点半 · 昨天14:30 · 上周五. An own grammar, as that of days (see dates)."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from language.numbers import match_number
from language.slate import Slate

_DAY = (
    r"(?:(?P<near>今|昨|前)(?:天|日|(?=[早晚]))|上(?:个)?(?:周|礼拜|星期)(?P<last>[一二三四五六日天])"
    r"|(?<![0-9.:/年月-])(?<![价到按谈为是降涨至成])(?:(?:(?P<year>20[0-9]{2})[-/.年])?(?P<month>[0-9]{1,2})[-/.月])?"
    r"(?P<day>[0-9]{1,2})(?:[日号]|(?<=[-/.][0-9])(?= )|(?<=[-/.][0-9]{2})(?= )))"
)
_PART = r"(?P<part>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|早|晚)"
_CLOCK = (
    r"(?<![0-9.:])(?P<hour>[0-9]{1,2}|十[一二]?|[一二两三四五六七八九])"
    r"(?:点(?:钟|整)?(?P<minute>[0-9]{1,2}|半|一刻|三刻|[一二三四五]?十五?)?分?|:(?P<colon>[0-9]{2})(?::[0-9]{2})?)(?:左右|多)?"
)
_DUE = r"(?! ?(?:之?前|以前|为止|截止|到(?!访|店|厂|公司|[他她]|我)|送|交货|交付|发货|出货))"
"""A day alone before one of these is when something is to be done: 15号前, 3月15日到, 20号发货."""
_MOMENT = re.compile(rf"{_DAY}? ?{_PART}? ?{_CLOCK}|{_DAY.replace('?P<', '?P<only_')}(?:{_PART.replace('?P<', '?P<only_')})?{_DUE}")
_QUARTERS = {"半": 30, "一刻": 15, "三刻": 45}
_AFTERNOON = frozenset({"下午", "傍晚", "晚上", "晚"})
_FIRST_HOUR = 7
"""An hour before it, said without a part of the day, is one of the afternoon."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What was said, the day, and the moment where a clock time was said."""

    said: str
    day: date
    at: datetime | None = None


def take_moment(slate: Slate) -> Moment | None:
    """The first moment or past day that is named, wiped off; a day to come is none."""
    for found in _MOMENT.finditer(slate.plain):
        day = _day(found, slate.today)
        if day is None or day > slate.today:
            continue
        clock = _clock(found) if found["hour"] else None
        if found["hour"] and clock is None:
            continue
        said = slate.said(*found.span())
        slate.wipe(*found.span())
        return Moment(said, day, datetime.combine(day, clock) if clock else None)
    return None


def _day(found: re.Match[str], today: date) -> date | None:
    near, last, year, month, day = (found[name] or found[f"only_{name}"] for name in ("near", "last", "year", "month", "day"))
    if near:
        return today - timedelta(days="今昨前".index(near))
    if last:
        return today - timedelta(days=today.weekday() + 7 - min("一二三四五六日天".index(last), 6))
    if not day:
        return today
    if year or not month:
        return _date(int(year or today.year), int(month or today.month), int(day))
    return _nearest(today, int(month), int(day))


def _nearest(today: date, month: int, day: int) -> date | None:
    """In November 3月15日 is yet to come, in January 12月28日 has been."""
    days = [found for year in (today.year - 1, today.year, today.year + 1) if (found := _date(year, month, day))]
    return min(days, key=lambda found: abs(found - today), default=None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _clock(found: re.Match[str]) -> time | None:
    hour, minute = _number(found["hour"]), 0
    if said := found["minute"] or found["colon"]:
        minute = _QUARTERS.get(said) or _number(said)
    part = found["part"] or ("" if found["colon"] or hour >= _FIRST_HOUR else "下午")
    if hour < 12 and (part in _AFTERNOON or (part == "中午" and hour < 3)):
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _number(said: str) -> int:
    number = match_number(said, 0)
    return int(number[0]) if number else 0
