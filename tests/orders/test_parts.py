"""Part now, rest later 分批: agreed on by both sides, then each part leaves when its goods are there."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from orders import fulfilment
from orders.changes import SetQuantity, Split, SplitPart
from orders.negotiating import accept, offer_day, offer_parts
from orders.placing import Wish, WishLine, place_order
from orders.view import order_data
from store.models import Order, Stage
from tests.orders.trade import Trade, same
from tests.orders.truth import check_books
from tests.support.clock import TestClock

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


def in_stock(trade: Trade, *parts: tuple[int, str | None], wanted: date | None = date(2026, 3, 20)) -> Order:
    """Five thousand, all of them there, that the customer wants on several days."""
    splits = tuple({"quantity": str(quantity), "date": day} for quantity, day in parts)
    with trade.store.transaction() as tx:
        line = WishLine(trade.firm.bolt.id, Decimal(5000), splits=splits)
        order = place_order(tx, Wish(trade.firm.ruigu.id, (line,), wanted_date=wanted), same(tx, trade.firm.zhaomin))
    return trade.order(order)


def held(trade: Trade, order: Order) -> list[tuple[int, str, str | None, list[str]]]:
    """Each part as other programs see it."""
    with trade.store.reading() as tx:
        parts = order_data(tx, same(tx, order))["fulfilments"]
    return [(part["part"], part["stage"], part["due_on"], [line["quantity"] for line in part["lines"]]) for part in parts]


def test_goods_that_are_all_there_leave_on_the_days_agreed(trade: Trade, clock: TestClock) -> None:
    order = in_stock(trade, (2000, None), (3000, "2026-03-20"))
    assert held(trade, order) == [(1, "allocated", None, ["2000"]), (2, "allocated", "2026-03-20", ["3000"])]
    assert order.promised_date == date(2026, 3, 20)
    cards = [card.data for card in trade.told("pick")]
    assert [(card["part"], card["due_on"], [line["quantity"] for line in card["lines"]]) for card in cards] == [
        (1, "", ["2000"]),
        (2, "2026-03-20", ["3000"]),
    ]

    trade.ship(order)
    told = trade.told("progress")[-1].data
    assert told["where"] == "分2批发货，其中1批已发货，正在运输途中"
    assert told["parcel"] == ["M12×80镀锌螺栓 2000支"]
    assert told["rest"] == ["M12×80镀锌螺栓 3000支（预计3月20日到）"]
    assert trade.levels(trade.firm.bolt) == (6000, 3000)
    assert trade.order(order).stage == Stage.ALLOCATED
    ship_at = trade.order(order).promised_ship_at
    assert ship_at
    assert ship_at.astimezone(trade.store.settings.zone).date() == date(2026, 3, 18)

    with trade.refuses("already_shipped"):
        trade.ship(order)
    with trade.refuses("part_not_due", part=2, leaves="2026-03-18"):
        trade.ship(order, waybill="SF1234567890124")
    clock.forward(timedelta(days=16))
    trade.ship(order, waybill="SF1234567890124")
    last = trade.told("progress")[-1].data
    assert (last["date"], last["parcel"], last["rest"]) == ("2026-03-20", ["M12×80镀锌螺栓 3000支"], [])
    assert [part[1:] for part in held(trade, order)] == [("shipped", None, ["2000"]), ("shipped", "2026-03-20", ["3000"])]
    assert (trade.order(order).stage, trade.levels(trade.firm.bolt)) == (Stage.SHIPPED, (3000, 0))
    check_books(trade.store)


def test_a_later_part_waits_for_the_one_before_it(trade: Trade) -> None:
    order = in_stock(trade, (2000, None), (3000, None), wanted=None)
    with trade.refuses("earlier_part_first", part=1), trade.store.transaction() as tx:
        fulfilment.pick(tx, same(tx, order), same(tx, trade.firm.wugang), "主仓", 1, 2)
    trade.pick(order)
    trade.pick(order)
    assert [part.stage for part in trade.order(order).fulfilments] == [Stage.PICKED] * 2
    with trade.refuses("already_picked"):
        trade.pick(order)
    check_books(trade.store)


def test_what_is_agreed_for_a_day_does_not_go_along_with_what_leaves_first(trade: Trade) -> None:
    """Nine thousand of eleven are there: the first part leaves, the second one waits for its goods and then for its day."""
    splits = ({"quantity": "7000", "date": None}, {"quantity": "4000", "date": "2026-03-20"})
    with trade.store.transaction() as tx:
        line = WishLine(trade.firm.bolt.id, Decimal(11000), splits=splits)
        wish = Wish(trade.firm.ruigu.id, (line,), wanted_date=date(2026, 3, 20))
        order = place_order(tx, wish, same(tx, trade.firm.zhaomin))
    assert held(trade, order) == [(1, "allocated", None, ["7000"])]
    trade.receive(trade.firm.bolt, 3000)
    assert held(trade, order) == [(1, "allocated", None, ["7000"]), (2, "allocated", "2026-03-20", ["4000"])]
    assert trade.order(order).stage == Stage.ALLOCATED
    check_books(trade.store)


def test_an_order_is_divided_by_a_change_and_made_one_again(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 5000), wanted_date=date(2026, 3, 10))
    trade.amend(order, Split(parts=(SplitPart(quantity=Decimal(2000)), SplitPart(day=date(2026, 3, 20)))))
    assert held(trade, order) == [(1, "allocated", None, ["2000"]), (2, "allocated", "2026-03-20", ["3000"])]
    assert trade.order(order).promised_date == date(2026, 3, 20)
    assert [card.updates is not None for card in trade.told("pick")] == [False, True, True]
    trade.amend(order, SetQuantity(quantity=Decimal(4000)))
    assert held(trade, order) == [(1, "allocated", None, ["4000"])]
    check_books(trade.store)


def late_in_parts(trade: Trade) -> Order:
    """Seven thousand wanted on Thursday and three on Friday; two thousand of these come a week later."""
    splits = ({"quantity": "7000", "date": "2026-03-05"}, {"quantity": "3000", "date": "2026-03-06"})
    with trade.store.transaction() as tx:
        line = WishLine(trade.firm.bolt.id, Decimal(10000), splits=splits)
        order = place_order(tx, Wish(trade.firm.ruigu.id, (line,), wanted_date=date(2026, 3, 6)), same(tx, trade.firm.zhaomin))
    assert trade.order(order).date_open
    return order


def test_agreeing_on_parts_keeps_the_days_that_a_customer_wanted(trade: Trade) -> None:
    order = late_in_parts(trade)
    agree_on_parts(trade, order)
    plan = [("7000", "2026-03-05"), ("1000", "2026-03-06"), ("2000", "2026-03-11")]
    assert [(part["quantity"], part["date"]) for part in trade.order(order).lines[0].splits] == plan
    assert held(trade, order) == [(1, "allocated", "2026-03-05", ["7000"]), (2, "allocated", "2026-03-06", ["1000"])]
    said = "赵敏(销售)提议分批：缺的 3月11日到；M12×80镀锌螺栓 分批：3月5日 7000支、3月6日 1000支、3月11日 2000支"
    assert said in [offer["text"] for card in trade.told("negotiation") for offer in card.data["offers"]]
    trade.ship(order)
    assert trade.told("progress")[-1].data["rest"] == ["M12×80镀锌螺栓 1000支（预计3月6日到）", "M12×80镀锌螺栓 2000支（预计3月11日到）"]
    check_books(trade.store)


def test_agreeing_on_a_day_moves_the_part_that_lacks_goods_and_no_other(trade: Trade) -> None:
    order = late_in_parts(trade)
    with trade.store.transaction() as tx:
        offer_day(tx, same(tx, order), date(2026, 3, 13), same(tx, trade.firm.zhoufang))
    asked = next(card for card in trade.told("negotiation") if card.data["offers"])
    assert asked.data["offers"][-1]["text"] == "周芳(采购)提议 3月13日；M12×80镀锌螺栓 分批：3月5日 7000支、3月13日 3000支"
    with trade.store.transaction() as tx:
        accept(tx, same(tx, order), same(tx, trade.firm.zhaomin))
    assert held(trade, order) == [(1, "allocated", "2026-03-05", ["7000"])]
    trade.ship(order)
    assert trade.told("progress")[-1].data["rest"] == ["M12×80镀锌螺栓 3000支（预计3月13日到）"]
    trade.receive(trade.firm.bolt, 2000)
    assert [(part[1], part[2]) for part in held(trade, order)] == [("shipped", "2026-03-05"), ("allocated", "2026-03-13")]
    check_books(trade.store)


def test_parts_that_slip_once_more_keep_what_was_agreed_for_the_others(trade: Trade, parted: Order) -> None:
    trade.announce("PO9", trade.firm.bolt, 10000, date(2026, 3, 20))
    assert trade.order(parted).date_open
    trade.receive(trade.firm.bolt, 500)
    agree_on_parts(trade, parted)
    assert [(part["quantity"], part["date"]) for part in trade.order(parted).lines[0].splits] == [
        ("8000", "2026-03-05"),
        ("500", "2026-03-11"),
        ("1500", "2026-03-25"),
    ]
    assert held(trade, parted) == [(1, "allocated", "2026-03-05", ["8500"])]
    check_books(trade.store)
