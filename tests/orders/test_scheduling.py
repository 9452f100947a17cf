"""Orders for goods that have to be made: materials, scheduling, and the goods that come of it."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from orders.changes import SetQuantity
from orders.refusals import Refused
from orders.scheduling import propose, schedule
from store.models import Booking, Capacity, Component, Order, Product, Stage, StockBatch, Task
from tests.orders.test_parallel import at_once
from tests.orders.trade import Trade, same
from tests.orders.truth import check_books

MONDAY = date(2026, 3, 2)


@pytest.fixture
def cover(trade: Trade) -> Product:
    """A seat cover of 2 nuts and one frame, which is made itself of 3 small bolts; 40 a day can be made of either."""
    with trade.store.transaction() as tx:
        made = {"unit": "套", "made": True, "units": {}, "aliases": []}
        cover = Product(code="ZT-1", name="座椅套", work_center="车缝", **made)
        frame = Product(code="KJ-1", name="框架", work_center="焊接", **made)
        tx.session.add_all([cover, frame])
        tx.session.flush()
        bill = [(cover, trade.firm.nut, 2), (cover, frame, 1), (frame, trade.firm.small_bolt, 3)]
        tx.session.add_all(Component(product_id=a.id, component_id=b.id, quantity=Decimal(much)) for a, b, much in bill)
        days = [MONDAY + timedelta(days=n) for n in range(5)]
        tx.session.add_all(Capacity(work_center=name, day=day, quantity=Decimal(40)) for day in days for name in ("车缝", "焊接"))
        return cover


def stock(trade: Trade, **quantities: int) -> None:
    with trade.store.transaction() as tx:
        for name, quantity in quantities.items():
            product_id = getattr(trade.firm, name).id
            tx.session.add(StockBatch(product_id=product_id, warehouse="主仓", location="M-1", on_hand=Decimal(quantity)))


def proposed(trade: Trade, order: Order, **more: Any) -> dict[str, Any]:
    with trade.store.reading() as tx:
        return propose(tx, same(tx, order), same(tx, trade.firm.zhenggong), more.get("start"))


def book(trade: Trade, order: Order, shown: dict[str, Any] | None = None, by: Any = None, start: date | None = None) -> None:
    data = shown or proposed(trade, order, start=start)
    days = [{name: day[name] for name in ("line", "work_center", "day", "quantity")} for day in data["days"]]
    with trade.store.transaction() as tx:
        schedule(tx, same(tx, order), same(tx, by or trade.firm.zhenggong), data["version"], days, start)


def booked(trade: Trade) -> set[tuple[str, date]]:
    with trade.store.reading() as tx:
        return {(row.work_center, row.day) for row in tx.session.scalars(select(Booking))}


def test_missing_materials_of_all_levels_are_asked_for_and_hold_the_order(trade: Trade, cover: Product) -> None:
    stock(trade, nut=150)
    order = trade.place((cover, 100))
    assert (trade.order(order).stage, trade.order(order).on_hold) == (Stage.APPROVED, "缺货：座椅套 缺 100 套")
    card = trade.told("restock")[-1].data
    assert [(line["product"], line["missing"]) for line in card["lines"]] == [("M8×30镀锌螺栓", "300"), ("M12镀锌螺母", "50")]
    with trade.refuses("not_now"):
        book(trade, order)


def test_an_order_with_all_materials_waits_for_production(trade: Trade, cover: Product) -> None:
    stock(trade, nut=500, small_bolt=500)
    order = trade.order(trade.place((cover, 60)))
    assert (order.stage, order.on_hold, order.fulfilments) == (Stage.ALLOCATED, "待排产：座椅套 缺 60 套", [])
    assert order.promisable_date == date(2026, 3, 8)
    assert not trade.told("restock")
    assert not trade.told("pick")
    (card,) = trade.told("to_schedule")
    assert (card.audience, card.data["lines"][0]["quantity"]) == ("role:production", "60")
    assert trade.told("progress")[-1].data["where"] == "材料已齐，等待排产"
    with trade.refuses("not_now"):
        trade.pick(order)
    check_books_of_made(trade)


def test_materials_that_come_let_it_wait_for_production(trade: Trade, cover: Product) -> None:
    stock(trade, nut=500)
    order = trade.place((cover, 60))
    trade.receive(trade.firm.small_bolt, 100)
    assert trade.order(order).stage == Stage.APPROVED
    trade.receive(trade.firm.small_bolt, 100)
    assert trade.order(order).stage == Stage.ALLOCATED
    assert len(trade.told("to_schedule")) == 1
    with trade.store.reading() as tx:
        assert list(tx.session.scalars(select(Task.kind).where(Task.state == "open"))) == ["schedule"]


def test_scheduling_books_days_within_capacity_and_tells_everybody(trade: Trade, cover: Product) -> None:
    stock(trade, nut=500, small_bolt=500)
    order = trade.place((cover, 60))
    shown = proposed(trade, order)
    days = [(day["work_center"], day["day"], day["quantity"]) for day in shown["days"]]
    assert days == [("焊接", "2026-03-02", "40"), ("焊接", "2026-03-03", "20"), ("车缝", "2026-03-04", "40"), ("车缝", "2026-03-05", "20")]
    book(trade, order, shown)
    order = trade.order(order)
    assert (order.stage, order.on_hold) == (Stage.SCHEDULED, "生产中：座椅套 缺 60 套")
    told = {card.audience: card.updates for card in trade.told("scheduled")}
    (asked,) = trade.told("to_schedule")
    assert told == {f"staff:{trade.firm.zhaomin.id}": None, "role:warehouse": None, "role:production": asked.key}
    assert trade.told("progress")[-1].data["where"] == "已进入排产队列"
    with trade.store.reading() as tx:
        assert tx.session.scalars(select(Task).where(Task.kind == "schedule")).one().state == "done"


def test_what_was_made_serves_the_order_as_usual(trade: Trade, cover: Product) -> None:
    stock(trade, nut=500, small_bolt=500)
    order = trade.place((cover, 60))
    book(trade, order)
    assert trade.receive(cover, 50).served == []
    with trade.refuses("not_now"):
        trade.pick(order)
    assert [served.no for served in trade.receive(cover, 10).served] == [order.no]
    found = trade.order(order)
    assert (found.stage, found.short, found.on_hold) == (Stage.SCHEDULED, False, None)
    assert trade.told("pick")
    trade.ship(order)
    trade.sign(order)
    assert trade.order(order).stage == Stage.SIGNED


def test_made_goods_in_stock_go_as_any_other(trade: Trade, cover: Product) -> None:
    trade.receive(cover, 100)
    order = trade.order(trade.place((cover, 60)))
    assert (order.stage, order.short) == (Stage.ALLOCATED, False)
    with trade.refuses("not_now"):
        book(trade, order)


def test_a_later_day_may_be_chosen_and_days_booked_anew(trade: Trade, cover: Product) -> None:
    stock(trade, nut=500, small_bolt=500)
    order = trade.place((cover, 30))
    book(trade, order)
    book(trade, order, start=date(2026, 3, 4))
    assert booked(trade) == {("焊接", date(2026, 3, 4)), ("车缝", date(2026, 3, 5))}
    assert trade.order(order).promisable_date == date(2026, 3, 8)


def test_what_cannot_be_scheduled_is_refused(trade: Trade, cover: Product) -> None:
    stock(trade, nut=5000, small_bolt=5000)
    order = trade.place((cover, 60))
    with trade.refuses("not_allowed", doing="排产"):
        book(trade, order, proposed(trade, order), by=trade.firm.zhaomin)
    with trade.refuses("date_past"):
        book(trade, order, start=date(2026, 3, 1))
    with trade.refuses("date_far"):
        book(trade, order, start=date(2027, 4, 1))
    with trade.refuses("capacity_full", work_center="焊接"):
        book(trade, order, start=date(2026, 3, 6))
    shown = proposed(trade, order)
    with trade.refuses("old_version", current=1):
        book(trade, order, shown | {"version": 0})
    with trade.refuses("schedule_moved"):
        book(trade, order, shown | {"days": shown["days"][:1]})
    edit(trade, cover, lambda product: setattr(product, "work_center", "没有"))
    with trade.refuses("no_capacity", work_center="没有"):
        book(trade, order)
    edit(trade, cover, lambda product: setattr(product, "work_center", None))
    with trade.refuses("no_work_center"):
        book(trade, order)
    assert not booked(trade)


def edit(trade: Trade, product: Product, change: Callable[[Product], None]) -> None:
    with trade.store.transaction() as tx:
        change(same(tx, product))


def test_parallel_schedulers_never_book_more_than_there_is(trade: Trade, cover: Product) -> None:
    stock(trade, nut=5000, small_bolt=5000)
    orders = [trade.place((cover, 20)) for _ in range(6)]
    shown = [proposed(trade, order) for order in orders]

    def attempt(n: int) -> None:
        for _ in range(6):
            try:
                return book(trade, orders[n], shown[n])
            except Refused:
                shown[n] = proposed(trade, orders[n])
        raise AssertionError("never booked")

    at_once([lambda n=n: attempt(n) for n in range(6)])  # type: ignore[misc]
    assert [trade.order(order).stage for order in orders] == [Stage.SCHEDULED] * 6
    with trade.store.reading() as tx:
        rows = tx.session.scalars(select(Booking)).all()
        for place in {(row.work_center, row.day) for row in rows}:
            assert sum(row.quantity for row in rows if (row.work_center, row.day) == place) <= 40
        assert sum(row.quantity for row in rows if row.work_center == "车缝") == 120


def check_books_of_made(trade: Trade) -> None:
    """The books, but for the tasks: what has only to be made is asked of nobody to buy."""
    check_books(trade.store, tasks=False)


def test_a_changed_order_gives_its_days_back_and_is_scheduled_anew(trade: Trade, cover: Product) -> None:
    stock(trade, nut=500, small_bolt=500)
    order = trade.place((cover, 60))
    shown = proposed(trade, order)
    book(trade, order, shown)
    trade.amend(order, SetQuantity(quantity=Decimal(30)))
    found = trade.order(order)
    assert (found.stage, found.on_hold) == (Stage.ALLOCATED, "待排产：座椅套 缺 30 套")
    assert not booked(trade)
    assert len(trade.told("to_schedule")) == 2
    with trade.refuses("old_version", version=1, current=2):
        book(trade, order, shown)
    book(trade, order)
    trade.cancel(order, "客户不要了")
    assert not booked(trade)
    assert trade.order(order).stage == Stage.CANCELLED
