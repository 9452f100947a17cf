"""Working days: the Chinese public calendar, make-up workdays 调休 included, with the company's own exceptions on top.

`holidays` was chosen over `chinesecalendar`, which raises for a year that it does not know, and is 40 times slower.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

# By its own module: looked up by name it is loaded at the first use, and the first message would wait a third of a second.
from holidays.countries.china import China

from store.settings import Settings

_DAY = timedelta(days=1)


@cache
def _year(year: int) -> China:
    # One year each and never grown: a calendar that fills itself while it is read would answer wrongly to a second thread.
    return China(years=year, expand=False)


@lru_cache(4096)
def _is_public_working_day(day: date) -> bool:
    # Asked for every day from now to the one that is wanted, several times an order.
    return bool(_year(day.year).is_working_day(day))


@dataclass(frozen=True)
class Calendar:
    """The public calendar, but for the days that the company lists itself."""

    days_off: frozenset[date] = frozenset()
    extra_working_days: frozenset[date] = frozenset()

    def is_published(self, year: int) -> bool:
        """Whether the make-up workdays of `year` are known: from the State Council, or because the company lists its own.

        An unknown year counts Monday to Friday, less the holidays that the law itself fixes.
        """
        return any(day.year == year for day in (*self.extra_working_days, *_year(year).weekend_workdays))

    def is_working_day(self, day: date) -> bool:
        """Whether people work on `day`: a make-up Saturday counts, a holiday on a Monday does not."""
        if day in self.days_off:
            return False
        return day in self.extra_working_days or _is_public_working_day(day)

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`."""
        return self.add_working_days(day, 1)

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; `day` itself need not be one."""
        while count > 0:
            day += _DAY
            count -= self.is_working_day(day)
        return day

    def working_day_from(self, day: date) -> date:
        """`day`, or else the first working day after it."""
        return day if self.is_working_day(day) else self.next_working_day(day)

    def working_day_until(self, day: date) -> date:
        """`day`, or else the last working day before it."""
        while not self.is_working_day(day):
            day -= _DAY
        return day


def calendar_of(settings: Settings) -> Calendar:
    """The calendar of the company whose settings these are."""
    return Calendar(settings.trade.days_off, settings.trade.extra_working_days)
