from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from orders.numbers import find_by_customer, find_orders, parse_number
from store.models import Order, Role, Staff, Stage
from store.transaction import Transaction
from tests.orders.trade import Trade, same


def numbered(tx: Transaction, trade: Trade, no: str, salesperson: Staff | None = None) -> None:
    day, sequence = parse_number(no) or (None, None)
    created = datetime(2026, 3, 1, tzinfo=timezone(timedelta(hours=8)))
    order = Order(no=no, day=day, sequence=sequence, stage=Stage.APPROVED, customer_id=trade.firm.ruigu.id, created_at=created)
    order.salesperson_id = salesperson.id if salesperson else None
    tx.session.add(order)


@pytest.fixture
def numbers(trade: Trade) -> Trade:
    with trade.store.transaction() as tx:
        for no in ("SO250302-0007", "SO260227-0007", "SO260302-0007", "SO260302-0107", "SO260226-0302", "SO260302-12345", "XS-2026-88"):
            numbered(tx, trade, no)
    return trade


def found(trade: Trade, typed: str, person: Staff | None = None, limit: int = 6) -> list[str]:
    with trade.store.reading() as tx:
        return [order.no for order in find_orders(tx, typed, person, limit)]


@pytest.mark.parametrize(
    ("typed", "numbers_found"),
    [
        ("SO260302-0007", ["SO260302-0007"]),
        ("so260302-0007", ["SO260302-0007"]),
        ("SO-260302-007", ["SO260302-0007"]),
        ("SO 260302 7", ["SO260302-0007"]),
        ("ＳＯ２６０３０２－０００７", ["SO260302-0007"]),
        ("SO2603020007", ["SO260302-0007"]),
        ("SO2603027", ["SO260302-0007"]),
        ("2603020007", ["SO260302-0007"]),
        ("260302-7", ["SO260302-0007"]),
        ("0302-7", ["SO260302-0007", "SO250302-0007"]),
        ("03020007", ["SO260302-0007", "SO250302-0007"]),
        ("0007", ["SO260302-0007", "SO260227-0007", "SO250302-0007"]),
        ("7", ["SO260302-0007", "SO260227-0007", "SO250302-0007"]),
        ("SO7", ["SO260302-0007", "SO260227-0007", "SO250302-0007"]),
        ("0107", ["SO260302-0107"]),
        ("260302", ["SO260226-0302"]),
        ("12345", ["SO260302-12345"]),
        ("XS-2026-88", ["XS-2026-88"]),
        ("xs-2026-88", ["XS-2026-88"]),
        ("0008", []),
        ("99999999999999999999", []),
        ("锐固", []),
        ("", []),
    ],
)
def test_an_order_is_found_by_any_part_of_its_number(numbers: Trade, typed: str, numbers_found: list[str]) -> None:
    assert found(numbers, typed) == numbers_found


def test_ones_own_orders_come_first_and_the_list_is_short(numbers: Trade) -> None:
    with numbers.store.transaction() as tx:
        numbered(tx, numbers, "SO240302-0007", numbers.firm.zhaomin)
    assert found(numbers, "7", numbers.firm.zhaomin, limit=2) == ["SO240302-0007", "SO260302-0007"]


def test_a_warehouse_finds_only_what_it_has_a_part_in(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 5))
    with trade.store.transaction() as tx:
        other = Staff(name="马强", roles=[Role.WAREHOUSE], warehouse="二仓")
        tx.session.add(other)
    assert found(trade, "1", trade.firm.wugang) == found(trade, order.no, trade.firm.wugang) == [order.no]
    assert found(trade, "1", other) == found(trade, order.no, other) == []
    with trade.store.transaction() as tx:
        same(tx, other).roles = [Role.WAREHOUSE, Role.SALES]
    with trade.store.reading() as tx:
        other = same(tx, other)
    assert found(trade, "1", other) == [order.no]


def test_a_customers_orders_come_newest_first(trade: Trade) -> None:
    orders = [trade.place((trade.firm.bolt, 5)) for _ in range(3)]
    trade.place((trade.firm.bolt, 5), customer=trade.firm.hongda)
    with trade.store.reading() as tx:
        assert [order.no for order in find_by_customer(tx, trade.firm.ruigu.id, None, limit=2)] == [orders[2].no, orders[1].no]


def test_a_customers_orders_under_way_come_before_history_whenever_that_was_imported(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 5))
    with trade.store.transaction() as tx:
        for no, stage in (("OLD-1", Stage.CLOSED), ("OLD-2", Stage.SIGNED), ("OLD-3", Stage.SHIPPED)):
            numbered(tx, trade, no)
            tx.session.scalars(select(Order).where(Order.no == no)).one().stage = stage
        tx.session.scalars(select(Order).where(Order.no == "OLD-1")).one().created_at += timedelta(hours=1)
    with trade.store.reading() as tx:
        found = [one.no for one in find_by_customer(tx, trade.firm.ruigu.id, None)]
    assert found == [order.no, "OLD-3", "OLD-1", "OLD-2"]


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(1, 99_999))
def test_a_number_reads_back_as_its_day_and_sequence(day: date, sequence: int) -> None:
    assert parse_number(f"SO{day:%y%m%d}-{sequence:04d}") == (day, sequence)


@pytest.mark.parametrize("no", ["SO260230-0001", "SO260302-001", "XS-1", "", "SO260302-99999999999999"])
def test_other_forms_are_no_numbers_of_ours(no: str) -> None:
    assert parse_number(no) is None
