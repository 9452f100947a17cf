"""Many at once: nothing is sold twice, no number is given twice, nobody waits for ever for somebody else."""

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from itertools import chain
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from orders.changes import SetQuantity
from orders.refusals import Refused
from store.models import Order, Stage
from tests.orders.trade import Trade, same
from tests.orders.truth import check_books


def at_once(tasks: Iterable[Callable[[], Any]]) -> list[Any]:
    """Runs all tasks, each in a thread of its own, started together; raises what one of them raises."""
    waiting = list(tasks)
    gate = Barrier(len(waiting))

    def run(task: Callable[[], Any]) -> Any:
        gate.wait()
        return task()

    with ThreadPoolExecutor(len(waiting)) as pool:
        return list(pool.map(run, waiting))


def test_50_confirmations_for_the_last_stock_never_oversell(trade: Trade) -> None:
    orders = at_once([lambda: trade.place((trade.firm.bolt, 1000))] * 50)

    assert len({order.no for order in orders}) == 50
    assert {order.sequence for order in orders} == set(range(1, 51))
    assert trade.levels(trade.firm.bolt) == (8000, 8000)
    served = [order for order in orders if not order.short]
    assert len(served) == 8
    assert all(order.promisable_date and order.promised_date for order in orders)
    suggested = {message.data["order_no"] for message in trade.told("suggestion") if message.data["suggested_date"]}
    assert suggested == {order.no for order in orders if order.short}
    check_books(trade.store)


def test_orders_for_several_products_in_opposite_ways_do_not_lock_each_other_out(trade: Trade) -> None:
    trade.receive(trade.firm.nut, 5000)
    there = [lambda: trade.place((trade.firm.bolt, 100), (trade.firm.nut, 100))] * 10
    back = [lambda: trade.place((trade.firm.nut, 100), (trade.firm.bolt, 100))] * 10
    at_once([*there, *back])
    assert trade.levels(trade.firm.bolt)[1] == trade.levels(trade.firm.nut)[1] == 2000
    check_books(trade.store)


def test_goods_that_come_while_orders_are_placed_reach_all_who_wait(trade: Trade) -> None:
    places = [lambda: trade.place((trade.firm.nut, 100))] * 15
    receives = [lambda: trade.receive(trade.firm.nut, 100)] * 10
    announces = [lambda: trade.announce("PO1", trade.firm.nut, 900, date(2026, 3, 9))] * 3
    at_once([*places, *receives, *announces])
    assert trade.levels(trade.firm.nut) == (1000, 1000)
    with trade.store.reading() as tx:
        stages = Counter(tx.session.scalars(select(Order.stage)))
    assert stages == {Stage.ALLOCATED: 10, Stage.APPROVED: 5}
    check_books(trade.store)


def test_an_order_that_waits_for_two_products_is_served_once_when_both_come_together(trade: Trade) -> None:
    orders = [trade.place((trade.firm.nut, 10), (trade.firm.small_bolt, 10)) for _ in range(5)]
    at_once([lambda: trade.receive(trade.firm.nut, 50), lambda: trade.receive(trade.firm.small_bolt, 50)])
    assert [trade.order(order).stage for order in orders] == [Stage.ALLOCATED] * 5
    assert len(trade.told("served")) == 5
    check_books(trade.store)


def test_one_order_is_shipped_once_however_many_try(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))

    def attempt(number: int) -> str:
        try:
            trade.ship(order, f"SF100000000000{number}")
        except Exception as refusal:
            return str(getattr(refusal, "reason", refusal))
        return "shipped"

    outcomes = at_once([lambda number=number: attempt(number) for number in range(6)])
    assert sorted(outcomes) == ["already_shipped"] * 5 + ["shipped"]
    assert trade.levels(trade.firm.bolt) == (7500, 0)
    check_books(trade.store)


def test_200_amendments_by_10_people_are_each_a_version_or_refused_with_what_changed(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    other = trade.place((trade.firm.bolt, 7000))

    def amend(person: int) -> list[str]:
        return [_amended(trade, order, 100 + person * 20 + turn) for turn in range(20)]

    outcomes = Counter(chain.from_iterable(at_once([lambda person=person: amend(person) for person in range(10)])))
    saved = outcomes.pop("saved")
    assert saved + outcomes.pop("shown what changed") == 200
    assert not outcomes
    assert saved >= 20
    assert trade.order(order).version == 1 + saved
    assert trade.levels(trade.firm.bolt)[1] == 7000 + trade.order(order).lines[0].quantity
    assert trade.order(other).version == 1
    check_books(trade.store)


def _amended(trade: Trade, order: Order, quantity: int) -> str:
    """Looks at the order and changes it as it was seen then."""
    seen = trade.order(order).version
    try:
        trade.amend(order, SetQuantity(quantity=Decimal(quantity)), by=trade.firm.sunlei, version=seen)
    except Refused as refusal:
        return "shown what changed" if refusal.reason == "old_version" and refusal.details["changes"] else refusal.reason
    return "saved"


def test_the_database_itself_refuses_to_oversell(trade: Trade) -> None:
    with pytest.raises(IntegrityError), trade.store.transaction() as tx:
        same(tx, trade.firm.batches[0]).reserved = Decimal(3001)
