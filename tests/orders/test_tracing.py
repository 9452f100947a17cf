from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from orders.tracing import Trace, trace
from store.models import Order, Stage, TraceEvent
from tests.orders.trade import Trade
from tests.support.clock import TestClock

SHIPPED = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.fixture
def order(trade: Trade) -> Order:
    order = trade.place((trade.firm.bolt, 500))
    trade.ship(order)
    return order


def at(hours: float, text: str = "到达杭州转运中心") -> Trace:
    return Trace(SHIPPED + timedelta(hours=hours), text, "杭州", "in_transit")


def report(trade: Trade, *traces: Trace, delivered: bool = False, waybill: str = "SF1234567890123") -> int:
    with trade.store.transaction() as tx:
        return trace(tx, "shunfeng", waybill, list(traces), delivered)


def test_a_trace_is_kept_once_however_often_it_comes(trade: Trade, order: Order, clock: TestClock) -> None:
    clock.forward(timedelta(hours=9))
    assert report(trade, at(1), at(2)) == 2
    assert report(trade, at(1), at(2), at(2), at(3)) == 1
    assert report(trade, at(3)) == 0
    with trade.store.reading() as tx:
        assert tx.session.scalar(select(func.count()).select_from(TraceEvent)) == 3
    assert trade.kinds(order)[-2:] == ["shipment.traced", "shipment.traced"]


def test_the_newest_trace_counts_whatever_the_order_they_come_in(trade: Trade, order: Order, clock: TestClock) -> None:
    clock.forward(timedelta(hours=9))
    report(trade, at(5))
    report(trade, at(2))
    part = trade.order(order).fulfilments[0]
    assert part.last_trace_at == part.moved_at == SHIPPED + timedelta(hours=5)


def test_a_carriers_clock_that_runs_ahead_does_not_hide_silence(trade: Trade, order: Order, clock: TestClock) -> None:
    clock.forward(timedelta(hours=1))
    report(trade, at(500))
    assert trade.order(order).fulfilments[0].moved_at == clock.now()


def test_a_delivered_parcel_signs_the_order(trade: Trade, order: Order, clock: TestClock) -> None:
    clock.forward(timedelta(hours=9))
    assert report(trade, at(8, "已签收"), delivered=True) == 1
    found = trade.order(order)
    assert (found.stage, found.fulfilments[0].signed_at) == (Stage.SIGNED, clock.now())
    assert report(trade, at(8, "已签收"), delivered=True) == 0
    assert trade.kinds(order).count("order.signed") == 1


def test_traces_after_a_typed_signature_are_only_kept(trade: Trade, order: Order) -> None:
    trade.sign(order, by=trade.firm.zhaomin)
    assert report(trade, at(8, "已签收"), delivered=True) == 1
    assert trade.kinds(order).count("order.signed") == 1


def test_an_unknown_waybill_changes_nothing(trade: Trade, order: Order) -> None:
    assert report(trade, at(1), delivered=True, waybill="SF0000000000000") == 0
    assert trade.order(order).stage == Stage.SHIPPED


def test_one_waybill_may_carry_two_orders(trade: Trade, order: Order, clock: TestClock) -> None:
    other = trade.place((trade.firm.bolt, 20))
    trade.ship(other)
    clock.forward(timedelta(hours=9))
    assert report(trade, at(8), delivered=True) == 2
    assert {trade.order(each).stage for each in (order, other)} == {Stage.SIGNED}


def test_long_texts_are_cut_to_what_is_kept(trade: Trade, order: Order) -> None:
    assert report(trade, Trace(SHIPPED, "长" * 2000, "地" * 500, "in_transit")) == 1
    assert report(trade, Trace(SHIPPED, "长" * 2000, "地" * 500, "in_transit")) == 0
