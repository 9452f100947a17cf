"""A change of an order that stands: one commit, a new version, its goods, its papers and everybody told."""

from datetime import date
from decimal import Decimal

import pytest

from orders.changes import (
    AddLine,
    AddQuantity,
    RemoveLine,
    ReplaceProduct,
    SetAddress,
    SetDate,
    SetPhone,
    SetPrice,
    SetQuantity,
    SetUrgent,
    ShiftDate,
    Split,
    SplitPart,
)
from orders.impact import suggested
from orders.standing import content_of
from store.models import Stage
from templates.render import render_card
from tests.orders.trade import Trade, same
from tests.orders.truth import check_books


def test_more_of_a_line_takes_more_stock_and_makes_a_version(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    amendment = trade.amend(order, SetQuantity(quantity=Decimal(800)), impact="客户工地加量")

    order = trade.order(order)
    assert (amendment.state, amendment.version, order.version, order.total) == ("applied", 2, 2, Decimal("960.00"))
    assert trade.levels(trade.firm.bolt) == (8000, 800)
    first, second = trade.snapshots(order)
    assert second.previous_hash == first.hash
    assert (second.impact, second.content["lines"][0]["quantity"]) == ("客户工地加量", "800")
    assert {"kind": "quantity", "what": "M12×80镀锌螺栓 数量", "before": "500支", "after": "800支"} in second.changes
    (old, new) = trade.told("pick")
    assert new.updates == old.key
    assert (new.data["version"], new.data["lines"][0]["quantity"]) == (2, "800")
    assert "数量 500支→800支" in trade.told("progress")[-1].data["where"]
    assert "order.amended" in trade.kinds(order)
    check_books(trade.store)


def test_what_is_given_back_serves_who_waits(trade: Trade) -> None:
    order, waiting = trade.place((trade.firm.bolt, 7000)), trade.place((trade.firm.bolt, 2000), by=trade.firm.qianwei)
    assert trade.order(waiting).short
    trade.amend(order, SetQuantity(quantity=Decimal(6000)))
    assert trade.order(waiting).stage == Stage.ALLOCATED
    assert trade.levels(trade.firm.bolt) == (8000, 8000)
    check_books(trade.store)


def test_more_than_there_is_waits_and_takes_the_pick_back(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    trade.amend(order, SetQuantity(quantity=Decimal(9000)))
    order = trade.order(order)
    assert (order.stage, order.short, order.fulfilments) == (Stage.APPROVED, True, [])
    (over,) = trade.told("pick_over")
    assert over.updates == trade.told("pick")[0].key
    assert trade.told("restock")[-1].data["lines"][0]["missing"] == "1000"
    check_books(trade.store)

    trade.amend(order, SetQuantity(quantity=Decimal(8000)))
    assert trade.order(order).stage == Stage.ALLOCATED
    assert trade.open_tasks() == []
    check_books(trade.store)


def test_lines_come_go_and_change_their_product(trade: Trade) -> None:
    trade.receive(trade.firm.nut, 1000)
    order = trade.place((trade.firm.bolt, 500), (trade.firm.nut, 100))
    trade.amend(order, RemoveLine(product=trade.firm.nut.id), AddLine(product=trade.firm.small_bolt.id, quantity=Decimal(10)))
    assert trade.order(order).short
    trade.amend(order, ReplaceProduct(product=trade.firm.bolt.id, to=trade.firm.small_bolt.id), RemoveLine(row=2), version=2)
    order = trade.order(order)
    assert [(line.position, line.product_id, line.quantity) for line in order.lines] == [(1, trade.firm.small_bolt.id, 500)]
    assert order.total == Decimal("140.00")
    assert trade.levels(trade.firm.bolt) == (8000, 0)
    assert trade.levels(trade.firm.nut) == (1000, 0)
    check_books(trade.store)


def test_a_phone_number_is_a_version_too_and_moves_nothing(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    before = trade.order(order)
    trade.amend(order, SetPhone(value="13905718866"))
    after = trade.order(order)
    assert (after.version, after.phone, after.promised_date) == (2, "13905718866", before.promised_date)
    assert [part.id for part in after.fulfilments] == [part.id for part in before.fulfilments]
    assert [message.data["version"] for message in trade.told("pick")] == [1, 2]
    assert len(trade.told("progress")) == 1
    check_books(trade.store)


def test_a_later_day_is_promised_and_the_manager_may_change_what_is_of_the_team(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500), wanted_date=date(2026, 3, 10))
    trade.amend(order, ShiftDate(days=3), by=trade.firm.sunlei)
    order = trade.order(order)
    assert (order.wanted_date, order.promised_date) == (date(2026, 3, 13), date(2026, 3, 13))
    (told,) = trade.told("amended")
    assert (told.audience, told.data["why"]) == (f"staff:{trade.firm.zhaomin.id}", "业务员")
    check_books(trade.store)


def test_who_looked_at_an_old_version_is_shown_what_changed(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    trade.amend(order, SetQuantity(quantity=Decimal(800)))
    with trade.refuses("old_version", version=1, current=2, changes=["M12×80镀锌螺栓 数量 500支→800支", "合计 600.00元→960.00元"]):
        trade.amend(order, SetQuantity(quantity=Decimal(300)), version=1)


def test_bad_wishes_change_nothing(trade: Trade) -> None:
    order, bolt = trade.place((trade.firm.bolt, 500)), trade.firm.bolt
    wrong = [
        ("nothing_left", RemoveLine()),
        ("nothing_left", SetQuantity(quantity=Decimal(0))),
        ("below_zero", AddQuantity(quantity=Decimal(-600))),
        ("unit_does_not_convert", SetQuantity(quantity=Decimal(3), unit="吨")),
        ("line_not_there", SetPrice(product=trade.firm.nut.id, price=Decimal(1))),
        ("bad_price", SetPrice(price=Decimal(-1))),
        ("not_whole", SetQuantity(product=bolt.id, quantity=Decimal("0.5"))),
        ("unknown_product", AddLine(product=10**6, quantity=Decimal(1))),
        ("units_differ", ReplaceProduct(to=trade.firm.nut.id)),
        ("short_of_time", SetDate(day=date(2026, 3, 3))),
        ("nothing_changes", SetAddress(value="杭州市余杭区良渚物流园B2")),
    ]
    for reason, change in wrong:
        with trade.refuses(reason):
            trade.amend(order, change)
    with trade.refuses("not_your_order"):
        trade.amend(order, SetUrgent(), by=trade.firm.qianwei)
    with trade.refuses("not_allowed"):
        trade.amend(order, SetUrgent(), by=trade.firm.wugang)
    with trade.refuses("text_missing"):
        trade.amend(order, SetUrgent(), impact=" ")
    with trade.refuses("text_missing"):
        trade.amend(order, SetUrgent(), conclusion="")


def test_a_cancelled_order_frees_what_it_held_and_cannot_be_changed(trade: Trade) -> None:
    order, waiting = trade.place((trade.firm.bolt, 8000)), trade.place((trade.firm.bolt, 100))
    with trade.refuses("text_missing"):
        trade.cancel(order, reason="")
    trade.cancel(order, reason="客户工地停了")
    order = trade.order(order)
    assert (order.stage, order.version, order.fulfilments, order.short) == (Stage.CANCELLED, 2, [], False)
    assert trade.order(waiting).stage == Stage.ALLOCATED
    assert trade.levels(trade.firm.bolt) == (8000, 100)
    assert trade.told("pick_over")[0].data["why"] == "订单已取消"
    assert trade.told("progress")[-2].data["where"] == "订单已取消"
    check_books(trade.store)
    with trade.refuses("order_over", doing="改单"):
        trade.amend(order, SetQuantity(quantity=Decimal(1)))
    with trade.refuses("not_now"):
        trade.pick(order)


def test_after_picking_a_change_counts_once_the_goods_are_caught(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    trade.pick(order)
    amendment = trade.amend(order, SetQuantity(quantity=Decimal(300)))
    assert (amendment.state, trade.order(order).version) == ("waiting", 1)
    (task,) = trade.told("intercept")
    with trade.refuses("amendment_waits"):
        trade.amend(order, SetQuantity(quantity=Decimal(400)))
    with trade.refuses("amendment_waits"):
        trade.ship(order)
    with trade.refuses("not_allowed"):
        trade.intercept(task.data["task"], achieved=True, by=trade.firm.zhaomin)

    trade.intercept(task.data["task"], achieved=True)
    order = trade.order(order)
    assert (order.version, order.stage, order.lines[0].quantity) == (2, Stage.ALLOCATED, 300)
    assert trade.levels(trade.firm.bolt) == (8000, 300)
    (settled,) = trade.told("amendment_settled")
    assert (settled.data["state"], settled.data["outcome"]) == ("applied", "主仓拦截成功")
    check_books(trade.store)
    with trade.refuses("task_done"):
        trade.intercept(task.data["task"], achieved=False)


def test_goods_that_are_gone_leave_the_order_as_it_was(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    trade.pick(order)
    trade.cancel(order, reason="客户不要了")
    trade.intercept(trade.told("intercept")[0].data["task"], achieved=False)
    order = trade.order(order)
    assert (order.version, order.stage) == (1, Stage.PICKED)
    assert trade.told("amendment_settled")[0].data["state"] == "refused"
    trade.ship(order)
    check_books(trade.store)


def test_a_label_that_changes_leaves_the_parcel_packed(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    trade.pick(order)
    trade.amend(order, SetAddress(value="绍兴柯桥万达旁边工地"))
    trade.intercept(trade.told("intercept")[0].data["task"], achieved=True)
    order = trade.order(order)
    assert (order.version, order.stage, order.address) == (2, Stage.PICKED, "绍兴柯桥万达旁边工地")
    check_books(trade.store)


def test_after_shipping_only_the_carrier_can_be_asked(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    trade.ship(order)
    with trade.refuses("shipped_before_change"):
        trade.amend(order, SetQuantity(quantity=Decimal(300)))
    with trade.refuses("shipped_before_cancel"):
        trade.cancel(order, reason="不要了")
    trade.amend(order, SetAddress(value="绍兴柯桥万达旁边工地"))
    (task,) = trade.told("reroute")
    assert task.data["waybill"] == "SF1234567890123"
    trade.intercept(task.data["task"], achieved=True)
    order = trade.order(order)
    assert (order.version, order.stage, order.address) == (2, Stage.SHIPPED, "绍兴柯桥万达旁边工地")
    trade.sign(order)
    with trade.refuses("order_over"):
        trade.amend(order, SetAddress(value="别处"))


@pytest.mark.parametrize("deed", ["pick", "ship"])
def test_an_old_version_is_never_executed(trade: Trade, deed: str) -> None:
    order = trade.place((trade.firm.bolt, 500))
    trade.amend(order, SetQuantity(quantity=Decimal(300)))
    with trade.refuses("old_version", version=1, current=2):
        getattr(trade, deed)(order, version=1)
    getattr(trade, deed)(order, version=2)


def test_the_preview_says_what_saving_does(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    effects = trade.preview(order, SetQuantity(quantity=Decimal(9000)))
    assert suggested(effects).split("；") == [
        "M12×80镀锌螺栓 数量 500支→9000支",
        "金额+10200.00元",
        "交期顺延6天（2026-03-05→2026-03-11）",
        "缺货：M12×80镀锌螺栓缺1000支",
        "主仓改配货单",
    ]
    trade.amend(order, SetQuantity(quantity=Decimal(9000)))
    with trade.store.reading() as tx:
        order = same(tx, order)
        assert (order.promisable_date, order.promised_date) == (effects.promisable, effects.promised)
        assert content_of(order).total == effects.after.total


def test_the_warehouse_sees_what_is_to_leave_on_which_day(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    trade.amend(order, Split(parts=(SplitPart(quantity=Decimal(300), day=date(2026, 3, 9)), SplitPart(day=date(2026, 3, 20)))))
    shown = render_card("pick", trade.told("pick")[-1].data, lambda *_: "")
    assert shown.lines[0] == "分批：M12×80镀锌螺栓 300支 3月9日(周一)，200支 3月20日(周五)"


def test_a_customer_hears_of_each_stage_again_that_caught_goods_go_through_again(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    trade.pick(order)
    trade.amend(order, SetQuantity(quantity=Decimal(400)))
    (task,) = [task for task in trade.open_tasks() if task.order_id == order.id]
    trade.intercept(task.id, achieved=True)
    trade.pick(order)
    trade.ship(order)
    stages = [(message.data["stage"], message.data["where"].startswith("订单已修改")) for message in trade.told("progress")]
    assert stages == [("allocated", False), ("picked", False), ("allocated", True), ("picked", False), ("shipped", False)]
