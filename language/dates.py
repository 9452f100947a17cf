"""Reading days: 3月20日 · 3-20 · 2026/3/20 · 20号 · 今天 · 大后天 · 周五 · 下周三 · 月底 · 十天内.

An own grammar, since dateparser misreads most of these (下周三, 月底) and jionlp weighs 271 MB.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from language.numbers import match_number


@dataclass(frozen=True, slots=True)
class Day:
    """A day as it was said, from `start` to `end` of the text; `day` is None where the words leave more than one."""

    said: str
    day: date | None
    start: int
    end: int


_AFTER = r"(?: ?(?:之前|以前|前|到货|送货(?![到至往][^\s,;|])|发货|交货|要货|到|要|交|发|送到(?![^\s,;|])|送(?!货?[到至往])))?"
_EDGE = r"(?<![0-9.a-z\-/])"
_COUNT = r"(?P<count>[0-9]{1,3}|[一二两三四五六七八九十]{1,3})"


def _full(found: re.Match[str], _today: date) -> date | None:
    return _date(int(found["y"]), int(found["m"]), int(found["d"]))


def _month_day(found: re.Match[str], today: date) -> date | None:
    day = _date(today.year, int(found["m"]), int(found["d"]))
    # In December, 1月5日 is next January; a day just past stays past, so that it is refused and not moved a year.
    if day and (today - day).days > 180:
        return _date(today.year + 1, day.month, day.day)
    return day


def _day_number(found: re.Match[str], today: date) -> date | None:
    number, months = int(found["d"]), (found["which"] or "").count("下")
    if not found["which"] and number < today.day:
        months = 1
    first = _month_on(today, months)
    return _date(first.year, first.month, number)


def _weekday(found: re.Match[str], today: date) -> date | None:
    weekday = min("一二三四五六日天".index(found["weekday"]), 6)
    weeks = found["week"].count("下")
    if weeks:
        return today - timedelta(days=today.weekday()) + timedelta(weeks=weeks, days=weekday)
    # Said on the day itself it may mean today or a week from now.
    return None if weekday == today.weekday() else today + timedelta(days=(weekday - today.weekday()) % 7)


def _near(found: re.Match[str], today: date) -> date | None:
    return today + timedelta(days={"前": -2, "昨": -1, "今": 0, "明": 1, "后": 2, "大后": 3}[found["near"]])


def _month_part(found: re.Match[str], today: date) -> date | None:
    first = _month_on(today, found["which"].count("下"))
    return first.replace(day=15 if found["part"] == "中" else monthrange(first.year, first.month)[1])


def _in_days(found: re.Match[str], today: date) -> date | None:
    number = match_number(found["count"], 0)
    return today + timedelta(days=int(number[0]) * (1 if found["unit"] == "天" else 7)) if number else None


def _vague(_found: re.Match[str], _today: date) -> date | None:
    return None


_DAY = r"(?P<d>[0-9]{1,2})(?![0-9])[日号]?"
_ALONE = r"(?![0-9\-/xa-z.寸\"])"
_SENT = r"(?:之前|前|到货|到|要货|要|交|发|送到(?![^\s,;|])|送(?!货?[到至往]))"

_FORMS: list[tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]]] = [
    (re.compile(rf"{_EDGE}(?P<y>20[0-9][0-9])[-/.年](?P<m>[0-9]{{1,2}})[-/.月]{_DAY}{_AFTER}"), _full),
    (re.compile(rf"{_EDGE}(?P<m>[0-9]{{1,2}})月{_DAY}{_AFTER}"), _month_day),
    (re.compile(rf"(?<![^\s,;、+|])(?P<m>[0-9]{{1,2}})[-/](?P<d>[0-9]{{1,2}}){_ALONE}[日号]?{_AFTER}(?![^\s,;、+|])"), _month_day),
    # 3.15 is a price or a size unless something is to be done on it.
    (re.compile(rf"{_EDGE}(?P<m>[0-9]{{1,2}})\.(?P<d>[0-9]{{1,2}})(?![0-9])(?:[日号]{_AFTER}|{_SENT})"), _month_day),
    (re.compile(rf"(?P<week>(?:下{{1,3}}个?|本|这)?)(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天]){_AFTER}"), _weekday),
    (re.compile(r"(?:下个?|本)?(?:周|星期|礼拜)(?:内|末)?(?:到|要|前)"), _vague),
    (re.compile(rf"(?P<near>昨|(?<![提大])前|今|明|大后|后)[天日](?:上午|下午)?{_AFTER}"), _near),
    (re.compile(rf"(?P<which>(?:(?<!剩)下个?|本|这个?)?)月(?P<part>底|末|中){_AFTER}"), _month_part),
    (re.compile(rf"(?:下个?)?月初{_AFTER}"), _vague),
    (re.compile(rf"{_EDGE}(?P<which>(?:下个?月|本月|这个?月)?)(?P<d>[0-9]{{1,2}})[号日](?![楼店库院门仓幢栋]){_AFTER}"), _day_number),
    (re.compile(rf"(?<![0-9.一二两三四五六七八九十]){_COUNT}(?P<unit>天|周|个星期)(?:之内|以内|内|之后|以后|后){_AFTER}"), _in_days),
]


def find_days(text: str, today: date) -> list[Day]:
    """Every day named in a plain text, by position."""
    found: list[Day] = []
    taken = bytearray(len(text))
    for pattern, resolve in _FORMS:
        for match in pattern.finditer(text):
            if not any(taken[match.start() : match.end()]):
                taken[match.start() : match.end()] = b"\1" * len(match.group())
                found.append(Day(match.group().strip(), resolve(match, today), match.start(), match.end()))
    return sorted(found, key=lambda day: day.start)


def _month_on(today: date, months: int) -> date:
    return date(today.year + (today.month - 1 + months) // 12, (today.month - 1 + months) % 12 + 1, 1)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
