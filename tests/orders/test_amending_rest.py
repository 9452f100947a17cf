"""Amending what has not left yet of an order of which some has: never below what has left, and parcels under way go on."""

from datetime import date
from decimal import Decimal

import pytest

from orders.changes import (
    AddLine,
    RemoveLine,
    ReplaceProduct,
    Scale,
    SetAddress,
    SetDate,
    SetPrice,
    SetQuantity,
    Split,
    SplitPart,
)
from orders.impact import suggested
from store.models import Order, Stage, StockBatch
from tests.orders.test_parts import held, in_stock
from tests.orders.trade import Trade
from tests.orders.truth import check_books


@pytest.fixture
def begun(trade: Trade) -> Order:
    """Two thousand of five have left; three are to follow on the 20th."""
    order = in_stock(trade, (2000, None), (3000, "2026-03-20"))
    trade.ship(order)
    return trade.order(order)


def test_the_rest_becomes_less_or_more(trade: Trade, begun: Order) -> None:
    trade.amend(begun, SetQuantity(quantity=Decimal(4000)))
    assert held(trade, begun) == [(1, "shipped", None, ["2000"]), (2, "allocated", "2026-03-20", ["2000"])]
    assert trade.levels(trade.firm.bolt) == (6000, 2000)
    (_, second) = trade.snapshots(begun)
    assert [change["before"] + change["after"] for change in second.changes][:1] == ["5000支4000支"]
    trade.amend(begun, SetQuantity(quantity=Decimal(3500), rest=True))
    assert held(trade, begun)[1] == (2, "allocated", "2026-03-20", ["3500"])
    assert [card.data["version"] for card in trade.told("pick")][-2:] == [2, 3]
    trade.amend(begun, Scale(factor=Decimal("0.5"), rest=True))
    assert held(trade, begun)[1] == (2, "allocated", "2026-03-20", ["1750"])
    check_books(trade.store)


def test_more_than_there_is_waits_while_what_has_left_goes_on(trade: Trade, begun: Order) -> None:
    trade.amend(begun, SetQuantity(quantity=Decimal(9000)))
    order = trade.order(begun)
    assert (order.stage, order.on_hold) == (Stage.APPROVED, "缺货：M12×80镀锌螺栓 缺 1000 支")
    assert [part.stage for part in order.fulfilments] == [Stage.SHIPPED]
    trade.sign(order)
    trade.receive(trade.firm.bolt, 1000)
    assert held(trade, begun)[1][1:] == ("allocated", "2026-03-20", ["7000"])
    check_books(trade.store)


def test_no_more_is_wanted_and_the_order_stands_where_its_parcels_are(trade: Trade, begun: Order) -> None:
    trade.amend(begun, SetQuantity(quantity=Decimal(2000)))
    order = trade.order(begun)
    assert (order.stage, order.on_hold, len(order.fulfilments)) == (Stage.SHIPPED, None, 1)
    assert trade.told("pick_over")[-1].data["warehouse"] == "主仓"
    trade.sign(order)
    assert trade.order(order).stage == Stage.SIGNED
    check_books(trade.store)


def test_what_has_left_is_refused_by_name(trade: Trade, begun: Order) -> None:
    product = trade.firm.bolt.id
    with trade.refuses("below_left", product="M12×80镀锌螺栓", left="2000"):
        trade.amend(begun, SetQuantity(quantity=Decimal(1999)))
    with trade.refuses("below_left"):
        trade.amend(begun, SetQuantity(quantity=Decimal(0)))
    with trade.refuses("line_has_left", doing="去掉"):
        trade.amend(begun, RemoveLine(product=product))
    with trade.refuses("line_has_left", doing="换产品"):
        trade.amend(begun, ReplaceProduct(product=product, to=trade.firm.nut.id))
    with trade.refuses("line_has_left", doing="改单价"):
        trade.amend(begun, SetPrice(price=Decimal("1.28")))
    with trade.refuses("shipped_before_cancel", left=["M12×80镀锌螺栓 2000支"]):
        trade.cancel(begun, "不要了")


def test_the_day_of_the_rest_moves(trade: Trade, begun: Order) -> None:
    trade.amend(begun, SetDate(day=date(2026, 3, 25)))
    assert held(trade, begun)[1] == (2, "allocated", "2026-03-25", ["3000"])
    order = trade.order(begun)
    assert (order.wanted_date, order.promised_date) == (date(2026, 3, 25), date(2026, 3, 25))
    assert order.lines[0].splits == [{"quantity": "2000", "date": None}, {"quantity": "3000", "date": "2026-03-25"}]
    with trade.refuses("part_not_due", leaves="2026-03-23"):
        trade.ship(begun, waybill="SF1234567890124")


def test_the_rest_is_divided_again(trade: Trade, begun: Order) -> None:
    trade.amend(begun, Split(parts=(SplitPart(quantity=Decimal(1000)), SplitPart(day=date(2026, 3, 30)))))
    assert held(trade, begun) == [
        (1, "shipped", None, ["2000"]),
        (2, "allocated", None, ["1000"]),
        (3, "allocated", "2026-03-30", ["2000"]),
    ]
    trade.ship(begun, waybill="SF1234567890124")
    assert trade.told("progress")[-1].data["rest"] == ["M12×80镀锌螺栓 2000支（预计3月30日到）"]
    check_books(trade.store)


def test_another_line_goes_with_the_rest(trade: Trade, begun: Order) -> None:
    trade.receive(trade.firm.nut, 100)
    trade.amend(begun, AddLine(product=trade.firm.nut.id, quantity=Decimal(100)))
    assert sorted(quantity for part in held(trade, begun)[1:] for quantity in part[3]) == ["100", "3000"]
    check_books(trade.store)


def test_the_rest_goes_to_another_address_and_the_parcel_on_its_way_stays(trade: Trade, begun: Order) -> None:
    assert "已发出的不变，只改没发的" in suggested(trade.preview(begun, SetAddress(value="绍兴柯桥", rest=True)))
    trade.amend(begun, SetAddress(value="绍兴柯桥", rest=True))
    order = trade.order(begun)
    assert (order.version, order.address, trade.open_tasks()) == (2, "绍兴柯桥", [])
    assert trade.told("pick")[-1].data["address"] == "绍兴柯桥"


@pytest.mark.parametrize("achieved", [True, False])
def test_an_address_for_all_asks_the_carrier_and_changes_the_rest_whatever_it_says(trade: Trade, begun: Order, achieved: bool) -> None:
    trade.amend(begun, SetAddress(value="绍兴柯桥"))
    assert trade.order(begun).version == 1
    (task,) = trade.open_tasks()
    assert task.kind == "reroute"
    trade.intercept(task.id, achieved=achieved)
    order = trade.order(begun)
    assert (order.version, order.address) == (2, "绍兴柯桥")
    settled = trade.told("amendment_settled")[-1].data
    assert (settled["is_applied"], settled["outcome"]) == (True, "主仓已改派" if achieved else "主仓改不了")
    assert trade.told("pick")[-1].data["address"] == "绍兴柯桥"


def test_the_rest_that_is_picked_is_caught_first(trade: Trade) -> None:
    order = in_stock(trade, (2000, None), (3000, None), wanted=None)
    trade.ship(order)
    trade.pick(order)
    trade.amend(order, SetQuantity(quantity=Decimal(2500)))
    (task,) = trade.open_tasks()
    assert (task.kind, trade.order(order).version) == ("intercept", 1)
    trade.intercept(task.id, achieved=True)
    assert held(trade, order) == [(1, "shipped", None, ["2000"]), (2, "allocated", None, ["500"])]
    assert trade.levels(trade.firm.bolt) == (6000, 500)
    check_books(trade.store)


def test_what_waits_in_another_warehouse_is_amended_too(trade: Trade) -> None:
    with trade.store.transaction() as tx:
        tx.session.add(StockBatch(product_id=trade.firm.nut.id, warehouse="二仓", location="C-1", on_hand=Decimal(300)))
    order = trade.place((trade.firm.bolt, 500), (trade.firm.nut, 100))
    trade.ship(order, warehouse="主仓")
    trade.amend(order, SetQuantity(product=trade.firm.nut.id, quantity=Decimal(200)))
    trade.amend(order, AddLine(product=trade.firm.small_bolt.id, quantity=Decimal(10)))
    assert trade.order(order).on_hold == "缺货：M8×30镀锌螺栓 缺 10 支"
    trade.receive(trade.firm.small_bolt, 10)
    parts = [(part.warehouse, part.part, part.stage) for part in trade.order(order).fulfilments]
    assert sorted(parts) == [("主仓", 1, "shipped"), ("主仓", 2, "allocated"), ("二仓", 1, "allocated")]
    check_books(trade.store)
