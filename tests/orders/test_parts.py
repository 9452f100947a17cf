"""Part now, rest later 分批: agreed on by both sides, then each part leaves when its goods are there."""

from datetime import date

import pytest

from orders.negotiating import accept, offer_parts
from store.models import Order, Stage
from tests.orders.trade import Trade, same
from tests.orders.truth import check_books

WANTED = date(2026, 3, 5)


@pytest.fixture
def parted(trade: Trade) -> Order:
    """Ten thousand wanted, eight thousand there: both sides agree that these leave now."""
    order = trade.place((trade.firm.bolt, 10000), wanted_date=WANTED, urgent=True)
    agree_on_parts(trade, order)
    return trade.order(order)


def agree_on_parts(trade: Trade, order: Order) -> None:
    with trade.store.transaction() as tx:
        offer_parts(tx, same(tx, order), same(tx, trade.firm.zhaomin))
    with trade.store.transaction() as tx:
        accept(tx, same(tx, order), same(tx, trade.firm.zhoufang))


def test_what_is_there_is_handed_out_and_the_rest_waits(trade: Trade, parted: Order) -> None:
    assert parted.lines[0].splits == [{"quantity": "8000", "date": "2026-03-05"}, {"quantity": "2000", "date": "2026-03-11"}]
    assert [(part.part, part.stage) for part in parted.fulfilments] == [(1, Stage.ALLOCATED)]
    assert (parted.stage, parted.short, parted.on_hold) == (Stage.APPROVED, True, "缺货：M12×80镀锌螺栓 缺 2000 支")
    assert [line["quantity"] for line in trade.told("pick")[0].data["lines"]] == ["3000", "5000"]
    assert parted.promised_date == date(2026, 3, 11)


def test_the_first_part_does_not_end_the_order(trade: Trade, parted: Order) -> None:
    trade.ship(parted)
    assert "分2批发货，其中1批" in trade.told("progress")[-1].data["where"]
    trade.sign(parted)
    order = trade.order(parted)
    assert (order.stage, order.fulfilments[0].stage) == (Stage.APPROVED, Stage.SIGNED)
    with trade.refuses("already_signed"):
        trade.pick(parted)
    check_books(trade.store)


def test_the_rest_leaves_as_a_part_of_its_own_once_it_is_there(trade: Trade, parted: Order) -> None:
    trade.ship(parted)
    assert trade.receive(trade.firm.bolt, 1500).served == []
    assert len(trade.order(parted).fulfilments) == 1
    assert [order.no for order in trade.receive(trade.firm.bolt, 600).served] == [parted.no]
    order = trade.order(parted)
    assert (order.stage, [part.part for part in order.fulfilments]) == (Stage.ALLOCATED, [1, 2])
    trade.ship(parted, waybill="SF1234567890124")
    assert trade.order(parted).stage == Stage.SHIPPED
    trade.sign(parted)
    assert trade.order(parted).stage == Stage.SIGNED
    assert trade.levels(trade.firm.bolt) == (100, 0)
    keys = [message.key for message in trade.told("progress")]
    assert len(keys) == len(set(keys))
    assert {f"progress:{parted.no}:shipped", f"progress:{parted.no}:shipped:主仓#2"} <= set(keys)
    check_books(trade.store)


def test_goods_that_come_before_the_first_part_is_picked_go_along(trade: Trade, parted: Order) -> None:
    trade.receive(trade.firm.bolt, 2000)
    order = trade.order(parted)
    assert (order.stage, [part.part for part in order.fulfilments]) == (Stage.ALLOCATED, [1])
    assert len(trade.told("pick")[-1].data["lines"]) == 3
    trade.pick(parted)
    assert trade.levels(trade.firm.bolt) == (0, 0)
    check_books(trade.store)


def test_nothing_can_be_split_where_nothing_is_there(trade: Trade) -> None:
    order = trade.place((trade.firm.nut, 100), wanted_date=WANTED, urgent=True)
    with trade.refuses("nothing_to_split"):
        agree_on_parts(trade, order)
