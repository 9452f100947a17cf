"""The working-time clock: minutes that people are at work, by the company's calendar and hours. Pure calculation."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from orders.calendar import Calendar

Hours = tuple[tuple[time, time], ...]
"""The spans of a working day, in order."""


def after_working(start: datetime, minutes: int, calendar: Calendar, hours: Hours, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which `minutes` of working time have passed since `start`."""
    left = timedelta(minutes=minutes)
    for opens, closes in _spans(start, calendar, hours, zone):
        begin = max(opens, start)
        if closes > begin:
            if closes - begin >= left:
                return begin + left
            left -= closes - begin
    raise ValueError("there is no working day any more")


def _spans(start: datetime, calendar: Calendar, hours: Hours, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    day = calendar.working_day_from(start.astimezone(zone).date())
    while True:
        yield from ((_at(day, opens, zone), _at(day, closes, zone)) for opens, closes in hours)
        day = calendar.next_working_day(day)


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)
