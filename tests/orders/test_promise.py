from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from orders.calendar import Calendar
from orders.capacity import Capacity
from orders.materials import Arrival, Item, Outlook
from orders.promise import gap_days, promisable_date, promised_date, ship_moment

MONDAY = date(2026, 3, 2)
CALENDAR = Calendar()
ZONE = ZoneInfo("Asia/Shanghai")
days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
amounts = st.integers(1, 10_000).map(Decimal)
arrivals = st.lists(st.builds(Arrival, days, amounts), max_size=5).map(tuple)
items = st.builds(Item, st.integers(0, 60), safety_stock=st.integers(0, 5000).map(Decimal), arrivals=arrivals)


def item(*arrivals: tuple[date, int], lead_days: int = 7, safety_stock: int = 0) -> Item:
    return Item(lead_days, Decimal(safety_stock), arrivals=tuple(Arrival(day, Decimal(much)) for day, much in arrivals))


def departure(today: date, missing: Decimal, item: Item, ahead: int = 0) -> date:
    outlook = Outlook(CALENDAR, today, {1: item}, Capacity({}))
    outlook.meet(1, Decimal(ahead))
    return outlook.meet(1, missing).leaves(CALENDAR)


def test_what_is_in_stock_leaves_on_the_next_working_day() -> None:
    assert departure(date(2026, 3, 6), Decimal(0), item()) == date(2026, 3, 9)


def test_what_is_missing_leaves_the_working_day_after_the_arrival_that_covers_it() -> None:
    coming = item((date(2026, 3, 9), 100), (date(2026, 3, 13), 100))
    assert departure(MONDAY, Decimal(80), coming) == date(2026, 3, 10)
    assert departure(MONDAY, Decimal(180), coming) == date(2026, 3, 16)


def test_arrivals_have_to_leave_the_safety_stock_and_what_others_wait_for() -> None:
    arrival = (date(2026, 3, 9), 100)
    assert departure(MONDAY, Decimal(80), item(arrival, safety_stock=20)) == date(2026, 3, 10)
    assert departure(MONDAY, Decimal(80), item(arrival, safety_stock=21, lead_days=30)) == date(2026, 4, 1)
    assert departure(MONDAY, Decimal(80), item(arrival, lead_days=30), ahead=21) == date(2026, 4, 1)


def test_without_arrivals_the_lead_time_counts_and_ends_on_a_working_day() -> None:
    assert departure(MONDAY, Decimal(1), item(lead_days=7)) == date(2026, 3, 9)
    assert departure(MONDAY, Decimal(1), item(lead_days=5)) == date(2026, 3, 9)


def test_an_overdue_arrival_counts_as_coming_today() -> None:
    assert departure(MONDAY, Decimal(1), item((date(2026, 2, 20), 10))) == date(2026, 3, 3)


def test_the_slowest_line_decides_and_the_way_is_added() -> None:
    assert promisable_date([date(2026, 3, 3), date(2026, 3, 10)], 2) == date(2026, 3, 12)


def test_the_promise_is_never_before_the_wanted_date_nor_before_what_is_possible() -> None:
    assert promised_date(date(2026, 3, 20), date(2026, 3, 5)) == date(2026, 3, 20)
    assert promised_date(date(2026, 3, 4), date(2026, 3, 5)) == date(2026, 3, 5)
    assert promised_date(None, date(2026, 3, 5)) == date(2026, 3, 5)
    assert gap_days(date(2026, 3, 4), date(2026, 3, 7)) == 3
    assert gap_days(None, date(2026, 3, 7)) == 0


def test_shipping_is_due_in_the_evening_of_a_working_day_before_the_way() -> None:
    assert ship_moment(CALENDAR, date(2026, 3, 10), MONDAY, 2, 17, ZONE) == datetime(2026, 3, 6, 17, tzinfo=ZONE)
    assert ship_moment(CALENDAR, date(2026, 3, 3), MONDAY, 2, 17, ZONE) == datetime(2026, 3, 2, 17, tzinfo=ZONE)
    festival = date(2026, 2, 20)
    assert ship_moment(CALENDAR, date(2026, 2, 18), festival, 2, 17, ZONE) == datetime(2026, 2, 24, 17, tzinfo=ZONE)


@given(days, amounts, items)
def test_goods_leave_on_a_working_day_after_today(today: date, missing: Decimal, item: Item) -> None:
    leaves = departure(today, missing, item)
    assert CALENDAR.is_working_day(leaves)
    assert leaves >= today


@given(days, amounts, amounts, items)
def test_more_missing_of_the_same_arrivals_is_never_earlier(today: date, less: Decimal, more: Decimal, item: Item) -> None:
    last = max([today, *(arrival.day for arrival in item.arrivals)])
    patient = replace(item, lead_days=(last - today).days + 60)
    assert departure(today, min(less, more), patient) <= departure(today, max(less, more), patient)


@given(days, amounts, items)
def test_with_a_covering_arrival_today_it_leaves_tomorrow(today: date, missing: Decimal, item: Item) -> None:
    plenty = Arrival(today, missing + item.safety_stock)
    covered = replace(item, arrivals=(plenty, *item.arrivals))
    assert departure(today, missing, covered) == CALENDAR.next_working_day(today)


@given(days, st.integers(0, 10), st.integers(-5, 60))
def test_shipping_is_never_due_before_today(today: date, transit: int, ahead: int) -> None:
    due = ship_moment(CALENDAR, today + timedelta(days=ahead), today, transit, 17, ZONE)
    assert due.date() >= today
    assert CALENDAR.is_working_day(due.date())
