"""Reading days: 3月20日 · 3-20 · 2026/3/20 · 20号 · 今天 · 大后天 · 明早 · 周五 · 下周三 · 月底 · 十天内 · 五个工作日内 · by Fri.

An own grammar, since dateparser misreads most of these (下周三, 月底) and jionlp weighs 271 MB.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from language.numbers import match_number
from language.workdays import NO_CALENDAR, WorkingDays


@dataclass(frozen=True, slots=True)
class Day:
    """A day as it was said, from `start` to `end` of the text; `day` is None where the words leave more than one."""

    said: str
    day: date | None
    start: int
    end: int
    part: str | None = None
    """am, pm or eve."""
    is_act: bool = False
    """True where something is to be done on it: 到, 发, 要."""


_ACT = r"(?:到货|送货(?![到至往][^\s,;|])|发货|发车|发出|交货|要货|出货|到|要|交|发|送到(?![^\s,;|])|送(?!货?[到至往])|ship|来拿)"
_AFTER = rf"(?P<act> ?(?:之前|以前|前|内)?(?:能|必须|一定|给我|再)?{_ACT}| ?(?:之前|以前|前))?"
_EDGE = r"(?<![0-9.a-z\-/])"
_NUM = r"[0-9]{1,2}|[一二三四五六七八九十]{1,3}"
_COUNT = r"(?P<count>[0-9]{1,3}|[一二两三四五六七八九十]{1,3}|半)"
_PART = re.compile(
    r"(?:[吧的][, ]?| )?(?:(?P<am>上午|早上|一早|早晨|中午前|am|早(?![就已晚]))|(?P<pm>下午|中午|午后|pm)|(?P<eve>晚上|傍晚|夜里|晚))"
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_TWO_COUNTS = re.compile("[一二两三四五六七八九]{2}")
Resolve = Callable[[re.Match[str], date, WorkingDays], date | None]


def _full(found: re.Match[str], _today: date, _off: WorkingDays) -> date | None:
    return _date(int(found["y"]), int(found["m"]), int(found["d"]))


def _month_day(found: re.Match[str], today: date, _off: WorkingDays) -> date | None:
    month, number = _int(found["m"]), _int(found["d"])
    day = _date(today.year, month, number)
    # In December, 1月5日 is next January; a day just past stays past, so that it is refused and not moved a year.
    if day and (today - day).days > 180:
        return _date(today.year + 1, day.month, day.day)
    return day


def _day_number(found: re.Match[str], today: date, _off: WorkingDays) -> date | None:
    number, months = _int(found["d"]), (found["which"] or "").count("下")
    if not found["which"] and number < today.day:
        months = 1
    first = _month_on(today, months)
    return _date(first.year, first.month, number)


def _weekday(found: re.Match[str], today: date, _off: WorkingDays) -> date | None:
    return _on_weekday(min("一二三四五六日天".index(found["weekday"]), 6), found["week"].count("下"), today)


def _english_weekday(found: re.Match[str], today: date, _off: WorkingDays) -> date | None:
    return _on_weekday(_WEEKDAYS.index(found["weekday"]), 1 if found["next"] else 0, today)


def _on_weekday(weekday: int, weeks: int, today: date) -> date | None:
    if weeks:
        return today - timedelta(days=today.weekday()) + timedelta(weeks=weeks, days=weekday)
    # Said on the day itself it may mean today or a week from now.
    return None if weekday == today.weekday() else today + timedelta(days=(weekday - today.weekday()) % 7)


def _near(found: re.Match[str], today: date, _off: WorkingDays) -> date | None:
    return today + timedelta(days={"前": -2, "昨": -1, "今": 0, "当": 0, "明": 1, "后": 2, "大后": 3}[found["near"]])


def _month_part(found: re.Match[str], today: date, _off: WorkingDays) -> date | None:
    first = _month_on(today, found["which"].count("下"))
    return _in_month(first, found["part"])


def _part_of_month(found: re.Match[str], today: date, _off: WorkingDays) -> date | None:
    month = _int(found["m"])
    if not 1 <= month <= 12:
        return None
    return _in_month(date(today.year + (month < today.month), month, 1), found["part"])


def _in_month(first: date, part: str) -> date:
    return first.replace(day=15 if part == "中" else monthrange(first.year, first.month)[1])


def _in_days(found: re.Match[str], today: date, off: WorkingDays) -> date | None:
    unit, half = found["unit"], found["count"] == "半"
    if _TWO_COUNTS.fullmatch(found["count"]):
        return None  # 三五天内
    number = match_number(found["count"], 0)
    if half:
        return today + timedelta(days=15) if unit.endswith("月") else None
    if not number:
        return None
    count = int(number[0])
    if unit == "小时":
        return today + timedelta(days=-(-count // 24))
    if unit.endswith("工作日"):
        return off.after(today, count)
    return today + timedelta(days=count * (1 if unit in ("天", "日") else 30 if unit.endswith("月") else 7))


def _year_end(_found: re.Match[str], today: date, _off: WorkingDays) -> date | None:
    return date(today.year, 12, 31)


def _vague(_found: re.Match[str], _today: date, _off: WorkingDays) -> date | None:
    return None


_DAY = r"(?P<d>[0-9]{1,2})(?![0-9])[日号]?"
_ALONE = r"(?![0-9\-/xa-z.寸\"])"
_SENT = rf"(?P<act>之前|前|{_ACT})"
_WEEK = r"(?:周|星期|礼拜)"
_COUNTED = "[十百千万半支个只片套根双条张米粒颗枚副付盒箱包捆卷打袋板桶托斤吨公k件台把瓶车扎]"

_FORMS: list[tuple[re.Pattern[str], Resolve]] = [
    (re.compile(rf"{_EDGE}(?P<y>20[0-9][0-9])[-/.年](?P<m>[0-9]{{1,2}})[-/.月]{_DAY}"), _full),
    (re.compile(rf"{_EDGE}(?P<m>{_NUM}) ?月 ?(?P<d>[0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}})(?![0-9])(?: ?[日号])?"), _month_day),
    (re.compile(rf"{_EDGE}(?P<m>{_NUM})月(?P<part>底|末|中(?!旬))"), _part_of_month),
    (
        re.compile(
            rf"(?<![^\s,;、+|到])(?P<m>[0-9]{{1,2}})[-/](?P<d>[0-9]{{1,2}}){_ALONE}[日号]?(?={_AFTER}(?:[\s,;、+|哈吧啊哦呢]|$|上午|下午))"
        ),
        _month_day,
    ),
    # 3.15 is a price or a size unless something is to be done on it.
    (re.compile(rf"{_EDGE}(?P<m>[0-9]{{1,2}})\.(?P<d>[0-9]{{1,2}})(?![0-9])(?:[日号]|(?={_SENT}))"), _month_day),
    # 下周二三: one of two days, and nobody said which.
    (re.compile(rf"(?:下{{1,3}}个?|本|这个?)?{_WEEK}(?:一二|二三|三四|四五|五六|六日|六天)(?![十百千万0-9 ]*{_COUNTED})"), _vague),
    (re.compile(rf"(?P<week>(?:下{{1,3}}个?|本|这个?)?){_WEEK}(?P<weekday>[一二三四五六日天])"), _weekday),
    (
        re.compile(r"(?<![a-z])(?:by |on |before )?(?P<next>next )?(?P<weekday>mon|tue|wed|thu|fri|sat|sun)(?:[a-z]{0,6}day)?(?![a-z])"),
        _english_weekday,
    ),
    (
        re.compile(
            rf"(?:下{{1,3}}个?|本|这个?){_WEEK}(?:内|末|初|左右)?(?![一二三四五六日天])|(?<![一二两三四五六七八九十0-9半每]){_WEEK}末"
        ),
        _vague,
    ),
    (re.compile(r"(?P<near>昨|(?<![提大之以])前|今|当|明|大后|(?<!大)后)(?:[天日儿]|(?=[早晚]))(?!数)"), _near),
    (re.compile(r"(?P<which>(?:(?<!剩)下个?|本|这个?)?)月(?P<part>底|末|中(?!旬))"), _month_part),
    (
        re.compile(
            rf"{_EDGE}(?:{_NUM})月份?(?=[ ,;|要发送到交]|$)"
            r"|(?:清明|五一|端午|中秋|国庆|十一|元旦|春节|元宵|劳动节|双十一|圣诞)(?:节|假期?)?(?:之前|以前|前|之后|以后|后|期间)"
            r"|(?:晚|迟|缓)(?:个|上)?(?:[0-9]{1,2}|[一二两三四五六七八九十几]{1,2})天(?=再|发|送|到|要|交|给|拿|提)"
            r"|(?:下个?)?月初|[上中下]旬|下个?月(?![0-9一二三四五六七八九十底末中初])|过(?:几|两|些)天|这[几两]天"
            r"|(?:过完?)?(?:年|节日?)[前后]|放假[前后期]|过完[年节]|改天|近期|过段时间"
        ),
        _vague,
    ),
    (re.compile(r"年底"), _year_end),
    (
        re.compile(
            rf"{_EDGE}(?P<which>(?:下个?月|本月|这个?月)?)(?P<d>[0-9]{{1,2}}|(?<![一二三四五六七八九十])[一二三四五六七八九十]{{1,3}})(?<![路街道弄巷村园区][0-9])(?<![路街道弄巷村园区][0-9]{{2}})[号日](?![楼店库院门仓幢栋线机])"
        ),
        _day_number,
    ),
    (
        re.compile(
            rf"(?<![0-9.一二两三四五六七八九十]){_COUNT}(?P<unit>天|日|周|个?星期|个?礼拜|个?月|个?工作日|小时)"
            r"(?:(?:之内|以内|内)|(?<!小时)(?:之后|以后|后|之前|以前|前|(?<=[天日])(?=到|送到|发货|交货)))"
        ),
        _in_days,
    ),
]
_FOLLOWING = re.compile(_AFTER)
_OPEN = re.compile(r"(?:之后|以后|后)(?![天日面续年])")
"""周三以后: from then on, and nobody said until when."""
_NOT_BEFORE = re.compile(r"早于 ?$")


def find_days(text: str, today: date, off: WorkingDays = NO_CALENDAR) -> list[Day]:
    """Every day named in a plain text, by position."""
    found: list[Day] = []
    taken = bytearray(len(text))
    for pattern, resolve in _FORMS:
        for match in pattern.finditer(text):
            if match.end() > match.start() and not any(taken[match.start() : match.end()]):
                day = _completed(text, Day(match.group(), resolve(match, today, off), match.start(), match.end()))
                taken[day.start : day.end] = b"\1" * (day.end - day.start)
                found.append(day)
    return sorted(found, key=lambda day: day.start)


def _completed(text: str, day: Day) -> Day:
    """With the part of the day, and with what is to be done, that are said behind it."""
    if _OPEN.match(text, day.end) or _NOT_BEFORE.search(text[max(0, day.start - 3) : day.start]):
        day = replace(day, day=None)
    part, end = None, day.end
    if told := _PART.match(text, end):
        part, end = told.lastgroup, told.end()
    act = _FOLLOWING.match(text, end)
    is_act = bool(act and act["act"])
    end = act.end() if act and is_act else end
    return replace(day, said=text[day.start : end].strip(), end=end, part=part, is_act=is_act)


def _int(said: str) -> int:
    number = match_number(said, 0)
    return int(number[0]) if number else 0


def _month_on(today: date, months: int) -> date:
    return date(today.year + (today.month - 1 + months) // 12, (today.month - 1 + months) % 12 + 1, 1)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
