"""Working days of the Chinese public calendar, make-up workdays 调休 included.

`holidays` was chosen over `chinesecalendar`, which raises for a year that it does not know, and is 40 times slower.
"""

from datetime import date, timedelta
from functools import cache

# By its own module: looked up by name it is loaded at the first use, and the first message would wait a third of a second.
from holidays.countries.china import China

_DAY = timedelta(days=1)


@cache
def _year(year: int) -> China:
    # One year each and never grown: a calendar that fills itself while it is read would answer wrongly to a second thread.
    return China(years=year, expand=False)


def is_published(year: int) -> bool:
    """Whether the State Council's days off and make-up workdays of `year` are known.

    An unknown year counts Monday to Friday, less the holidays that the law itself fixes.
    """
    return any(day.year == year for day in _year(year).weekend_workdays)


def is_working_day(day: date) -> bool:
    """Whether people work on `day`: a make-up Saturday counts, a holiday on a Monday does not."""
    return bool(_year(day.year).is_working_day(day))


def next_working_day(day: date) -> date:
    """The first working day after `day`."""
    return add_working_days(day, 1)


def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day after `day`; `day` itself need not be one."""
    while count > 0:
        day += _DAY
        count -= is_working_day(day)
    return day


def working_day_from(day: date) -> date:
    """`day`, or else the first working day after it."""
    return day if is_working_day(day) else next_working_day(day)


def working_day_until(day: date) -> date:
    """`day`, or else the last working day before it."""
    while not is_working_day(day):
        day -= _DAY
    return day
