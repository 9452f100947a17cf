"""The promise date 承诺交期: when goods can be with the customer, from stock, inbound orders and lead time.

Pure calculation on plain values; days are of the company's zone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from orders.calendar import Calendar


@dataclass(frozen=True)
class Supply:
    """Where more of one product comes from, once the stock at hand is given away."""

    lead_days: int
    safety_stock: Decimal = Decimal(0)
    arrivals: tuple[tuple[date, Decimal], ...] = ()
    """Inbound orders: the day expected, and what of them is still to come."""
    ahead: Decimal = Decimal(0)
    """What waiting orders that are served before take out of the arrivals."""


def departure(calendar: Calendar, today: date, missing: Decimal, supply: Supply) -> date:
    """The day on which a line can leave the warehouse when `missing` of it is not in stock."""
    if missing <= 0:
        return calendar.next_working_day(today)
    arrival = _covered_on(today, missing, supply)
    if arrival:
        return calendar.next_working_day(arrival)
    return calendar.working_day_from(today + timedelta(days=supply.lead_days))


def _covered_on(today: date, missing: Decimal, supply: Supply) -> date | None:
    """The first day on which arrivals cover the need and leave the safety stock; an overdue one counts as coming today."""
    left = -supply.ahead - missing
    for expected_on, quantity in sorted(supply.arrivals):
        left += quantity
        if left >= supply.safety_stock:
            return max(expected_on, today)
    return None


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
    day = max(calendar.working_day_until(promised - timedelta(days=transit_days)), today)
    return datetime.combine(day, time(hour), zone)
