"""The promise date 承诺交期: when goods can be with the customer, and when they have to leave.

Pure calculation on plain values; days are of the company's zone.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from orders.calendar import Calendar


def promisable_date(departures: Iterable[date], transit_days: int) -> date:
    """The day on which the last of the lines is with the customer."""
    return max(departures) + timedelta(days=transit_days)


def promised_date(wanted: date | None, promisable: date) -> date:
    """The day that the customer is told: as wanted, unless that is too early."""
    return max(wanted, promisable) if wanted else promisable


def gap_days(wanted: date | None, promisable: date) -> int:
    """How many days the promisable date lies after the wanted one; negative when it is earlier, 0 when none is wanted."""
    return (promisable - wanted).days if wanted else 0


def ship_moment(calendar: Calendar, promised: date, today: date, transit_days: int, hour: int, zone: ZoneInfo) -> datetime:
    """When the goods have to leave for `promised`: `hour` o'clock of a working day, never before today."""
    day = max(calendar.working_day_until(promised - timedelta(days=transit_days)), calendar.working_day_from(today))
    return datetime.combine(day, time(hour), zone)
