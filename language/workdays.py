"""Which days the firm works, as plain data: reading asks no calendar of its own."""

from dataclasses import dataclass
from datetime import date, timedelta

_WEEKEND = (5, 6)


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """`off`: weekdays that are free; `on`: weekend days that are worked."""

    off: frozenset[date] = frozenset()
    on: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        return day in self.on or (day.weekday() not in _WEEKEND and day not in self.off)

    def after(self, day: date, count: int) -> date:
        """The working day that comes `count` working days later, at most three months."""
        for _ in range(min(count, 92)):
            day += timedelta(days=1)
            while not self.is_working(day):
                day += timedelta(days=1)
        return day


NO_CALENDAR = WorkingDays()
