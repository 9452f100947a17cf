from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event, select

from orders.changes import SetQuantity, SetUrgent
from orders.placing import Wish, WishLine, preview
from store.models import Component, Inbound, Order, Product, Stage, StockBatch, Task
from tests.orders.trade import Trade, same
from tests.orders.truth import check_books
from tests.support.clock import TestClock


def tasks(trade: Trade) -> list[Task]:
    with trade.store.reading() as tx:
        return list(tx.session.scalars(select(Task).order_by(Task.id)))


def missing(trade: Trade, number: int = -1) -> list[tuple[str, str]]:
    """Order and quantity of the lines of a restock card."""
    return [(line["order_no"], line["missing"]) for line in trade.told("restock")[number].data["lines"]]


def test_goods_that_come_serve_the_waiting_order_at_once(trade: Trade, clock: TestClock) -> None:
    order = trade.place((trade.firm.bolt, 8200))
    clock.forward(timedelta(days=1))
    received = trade.receive(trade.firm.bolt, 5000)

    assert [served.no for served in received.served] == [order.no]
    order = trade.order(order)
    assert (order.stage, order.short, order.on_hold) == (Stage.ALLOCATED, False, None)
    assert order.promised_date == date(2026, 3, 6)
    assert trade.levels(trade.firm.bolt) == (13000, 8200)
    assert trade.kinds(order)[-2:] == ["order.served", "order.allocated"]
    assert [message.audience for message in trade.told("served")] == [f"staff:{trade.firm.zhaomin.id}"]
    assert [message.data["stage"] for message in trade.told("progress")] == ["approved", "allocated"]
    assert len(trade.told("pick")) == 1


def test_too_little_goods_are_held_and_the_order_waits_on(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 8200))
    assert trade.receive(trade.firm.bolt, 150).served == []
    assert trade.order(order).on_hold == "缺货：M12×80镀锌螺栓 缺 50 支"
    assert trade.levels(trade.firm.bolt) == (8150, 8150)
    assert not trade.told("served")


def test_an_order_that_lacks_two_products_waits_for_both(trade: Trade) -> None:
    order = trade.place((trade.firm.nut, 10), (trade.firm.small_bolt, 10))
    assert trade.receive(trade.firm.nut, 10).served == []
    assert [served.no for served in trade.receive(trade.firm.small_bolt, 10).served] == [order.no]


def test_urgent_orders_are_served_first_and_then_the_oldest(trade: Trade) -> None:
    oldest, newer = trade.place((trade.firm.nut, 100)), trade.place((trade.firm.nut, 100))
    urgent = trade.place((trade.firm.nut, 100), urgent=True)
    assert [served.no for served in trade.receive(trade.firm.nut, 100).served] == [urgent.no]
    assert [served.no for served in trade.receive(trade.firm.nut, 150).served] == [oldest.no]
    assert [served.no for served in trade.receive(trade.firm.nut, 50).served] == [newer.no]


def test_a_new_order_cannot_take_what_others_wait_for(trade: Trade) -> None:
    trade.place((trade.firm.nut, 100))
    trade.receive(trade.firm.nut, 60)
    assert trade.order(trade.place((trade.firm.nut, 10))).lines[0].reservations == []


def test_purchasing_has_one_task_a_product_and_is_told_again(trade: Trade) -> None:
    first, second = trade.place((trade.firm.nut, 100)), trade.place((trade.firm.nut, 50), (trade.firm.small_bolt, 7))
    assert [message.key for message in trade.told("restock")] == ["restock:1:1", "restock:1:2", "restock:2:1"]
    assert missing(trade, 1) == [(first.no, "100"), (second.no, "50")]
    assert missing(trade, 2) == [(second.no, "7")]
    assert [task.title for task in tasks(trade)] == ["补货：M12镀锌螺母", "补货：M8×30镀锌螺栓"]


def test_a_restock_task_ends_by_itself_when_nothing_lacks(trade: Trade) -> None:
    trade.place((trade.firm.nut, 100))
    trade.place((trade.firm.nut, 50))
    trade.receive(trade.firm.nut, 100)
    assert [(task.state, task.done_by_id) for task in tasks(trade)] == [("open", None)]
    trade.receive(trade.firm.nut, 50)
    assert [(task.state, task.done_by_id) for task in tasks(trade)] == [("done", None)]
    assert len(trade.told("restock")) == 2
    assert not trade.told("notice")


def test_a_made_product_asks_for_its_components_that_are_short(trade: Trade) -> None:
    with trade.store.transaction() as tx:
        kit = Product(code="TJ-1", name="法兰套件", unit="套", made=True, units={}, aliases=[], price=Decimal(9))
        tx.session.add(kit)
        tx.session.flush()
        parts = {trade.firm.bolt: 4, trade.firm.nut: 8, trade.firm.small_bolt: 1}
        tx.session.add_all(Component(product_id=kit.id, component_id=part.id, quantity=Decimal(n)) for part, n in parts.items())
    order = trade.place((kit, 100))
    assert trade.order(order).on_hold == "缺货：法兰套件 缺 100 套"
    card = trade.told("restock")[-1].data
    assert [(line["product"], line["missing"]) for line in card["lines"]] == [("M8×30镀锌螺栓", "100"), ("M12镀锌螺母", "800")]

    trade.receive(trade.firm.nut, 800)
    trade.receive(trade.firm.small_bolt, 100)
    assert [(task.kind, task.state) for task in tasks(trade)] == [("restock", "done"), ("schedule", "open")]
    assert [served.no for served in trade.receive(kit, 100).served] == [order.no]


def test_an_announced_purchase_moves_the_promise_and_tells_the_salesperson(trade: Trade) -> None:
    first, second = trade.place((trade.firm.nut, 100)), trade.place((trade.firm.nut, 100))
    announced = trade.announce("PO88", trade.firm.nut, 150, date(2026, 3, 4))

    assert [order.no for order in announced.orders] == [first.no]
    assert trade.order(first).promised_date == date(2026, 3, 7)
    assert trade.order(second).promised_date == date(2026, 3, 11)
    assert [(card.data["order_no"], card.data["suggested_date"]) for card in trade.told("suggestion")][2:] == [(first.no, "2026-03-07")]
    assert trade.kinds(first)[-1] == "order.promised"

    assert [order.no for order in trade.announce("PO88", trade.firm.nut, 200, date(2026, 3, 4)).orders] == [second.no]
    assert trade.announce("PO88", trade.firm.nut, 200, date(2026, 3, 4)).orders == []


def test_a_purchase_is_corrected_by_its_number(trade: Trade) -> None:
    trade.announce("PO88", trade.firm.nut, 150, date(2026, 3, 4))
    trade.announce("PO88", trade.firm.nut, 200, date(2026, 3, 6))
    trade.announce("PO88", trade.firm.bolt, 10, date(2026, 3, 6))
    with trade.store.reading() as tx:
        rows = tx.session.execute(select(Inbound.product_id, Inbound.quantity, Inbound.expected_on).order_by(Inbound.id)).all()
    assert [tuple(row) for row in rows] == [
        (trade.firm.nut.id, 200, date(2026, 3, 6)),
        (trade.firm.bolt.id, 10, date(2026, 3, 6)),
    ]


def test_goods_that_come_use_up_what_was_announced_earliest_first(trade: Trade) -> None:
    trade.announce("PO2", trade.firm.nut, 100, date(2026, 3, 9))
    trade.announce("PO1", trade.firm.nut, 100, date(2026, 3, 5))
    assert trade.receive(trade.firm.nut, 150).inbound == [("PO1", 100), ("PO2", 50)]
    assert trade.receive(trade.firm.nut, 60, number="PO2").inbound == [("PO2", 50)]
    with trade.refuses("unknown_inbound", number="PO2"):
        trade.receive(trade.firm.nut, 1, number="PO2")


def test_impossible_purchases_are_refused(trade: Trade) -> None:
    trade.announce("PO1", trade.firm.nut, 100, date(2026, 3, 5))
    trade.receive(trade.firm.nut, 60)
    with trade.refuses("less_than_received", received="60"):
        trade.announce("PO1", trade.firm.nut, 50, date(2026, 3, 5))
    with trade.refuses("date_past"):
        trade.announce("PO2", trade.firm.nut, 50, date(2026, 3, 1))
    with trade.refuses("bad_quantity"):
        trade.announce("PO2", trade.firm.nut, 0, date(2026, 3, 5))
    with trade.refuses("text_missing", name="采购单号"):
        trade.announce(" ", trade.firm.nut, 50, date(2026, 3, 5))
    with trade.refuses("not_allowed", doing="登记在途"):
        trade.announce("PO2", trade.firm.nut, 50, date(2026, 3, 5), by=trade.firm.zhaomin)


def test_impossible_receipts_are_refused(trade: Trade) -> None:
    with trade.refuses("bad_quantity"):
        trade.receive(trade.firm.nut, -3)
    with trade.refuses("text_missing", name="库位"):
        trade.receive(trade.firm.nut, 3, location=" ")
    with trade.refuses("not_allowed", doing="入库"):
        trade.receive(trade.firm.nut, 3, by=trade.firm.zhaomin)
    with trade.refuses("other_warehouse", own="主仓"):
        trade.receive(trade.firm.nut, 3, warehouse="二仓")


def test_goods_are_added_to_the_batch_that_lies_there(trade: Trade) -> None:
    trade.receive(trade.firm.nut, 30, "B-1", batch="N1", expires_on=date(2027, 1, 1))
    trade.receive(trade.firm.nut, 20, "B-1", batch="N1", expires_on=date(2026, 12, 1))
    with trade.store.reading() as tx:
        batch = tx.session.scalars(select(StockBatch).where(StockBatch.product_id == trade.firm.nut.id)).one()
        assert (batch.on_hand, batch.expires_on, batch.warehouse) == (50, date(2026, 12, 1), "主仓")


def test_a_count_that_finds_more_serves_who_waits(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 8200))
    trade.count(trade.firm.batches[0], 3300)
    assert trade.order(order).stage == Stage.ALLOCATED
    assert trade.levels(trade.firm.bolt) == (8300, 8200)


def test_a_count_that_finds_less_lets_the_newest_order_wait_again(trade: Trade) -> None:
    older, newer = trade.place((trade.firm.bolt, 2000)), trade.place((trade.firm.bolt, 1000))
    big = trade.place((trade.firm.bolt, 5000))
    trade.count(trade.firm.batches[0], 2500)

    assert trade.order(older).stage == Stage.ALLOCATED
    newer = trade.order(newer)
    assert (newer.stage, newer.short, newer.on_hold, newer.fulfilments) == (Stage.APPROVED, True, "缺货：M12×80镀锌螺栓 缺 500 支", [])
    assert trade.order(big).stage == Stage.ALLOCATED
    assert trade.levels(trade.firm.bolt) == (7500, 7500)
    assert trade.kinds(newer)[-2:] == ["order.short", "order.promised"]
    assert missing(trade) == [(newer.no, "500")]

    trade.receive(trade.firm.bolt, 500)
    assert trade.order(newer).stage == Stage.ALLOCATED
    assert [pick.data["order_no"] for pick in trade.told("pick")].count(newer.no) == 2


def heard(trade: Trade, order: Order) -> list[tuple[str, str]]:
    """Stage and day of what the customer was told."""
    return [(told.data["stage"], told.data["date"]) for told in trade.told("progress") if told.order_id == order.id]


def test_a_customer_hears_that_a_count_has_moved_their_day_and_that_the_goods_came(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 8000))
    trade.count(trade.firm.batches[0], 0)
    assert heard(trade, order) == [("allocated", "2026-03-05"), ("approved", "2026-03-11")]
    assert [card.data["suggested_date"] for card in trade.told("suggestion")] == ["2026-03-11"]

    trade.count(trade.firm.batches[0], 3000)
    assert heard(trade, order)[2:] == [("allocated", "2026-03-05")]
    assert [card.data["promised_date"] for card in trade.told("served")] == ["2026-03-05"]


def test_a_customer_whose_day_stays_hears_nothing_of_a_count(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 8000), wanted_date=date(2026, 3, 20))
    trade.count(trade.firm.batches[0], 0)
    assert trade.order(order).short
    trade.receive(trade.firm.bolt, 3000)
    assert trade.order(order).stage == Stage.ALLOCATED
    assert heard(trade, order) == [("allocated", "2026-03-20")]
    assert len(trade.told("suggestion")) == len(trade.told("served")) == 1


def test_hundreds_of_waiting_orders_are_served_with_few_statements_each(trade: Trade) -> None:
    orders = [trade.place((trade.firm.nut, 1)) for _ in range(60)]
    statements: list[str] = []
    event.listen(trade.store.engine, "before_cursor_execute", lambda _connection, _cursor, statement, *_: statements.append(statement))
    assert [served.no for served in trade.receive(trade.firm.nut, 60).served] == [order.no for order in orders]
    assert len(statements) < 60 * 9
    assert len([message for message in trade.told("progress") if message.data["stage"] == "allocated"]) == 60


def test_what_a_count_took_away_is_made_up_from_other_places(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 1000))
    trade.count(trade.firm.batches[0], 0)
    order = trade.order(order)
    assert (order.stage, [held.batch_id for held in order.lines[0].reservations]) == (Stage.ALLOCATED, [trade.firm.batches[1].id])
    assert not trade.told("restock")


def test_an_order_of_which_a_part_has_gone_waits_with_the_rest(trade: Trade) -> None:
    with trade.store.transaction() as tx:
        far = StockBatch(product_id=trade.firm.nut.id, warehouse="二仓", location="C-1", on_hand=Decimal(100))
        tx.session.add(far)
    order = trade.place((trade.firm.bolt, 500), (trade.firm.nut, 100))
    trade.ship(order, warehouse="主仓")
    trade.count(far, 40)
    assert trade.order(order).short
    with trade.refuses("not_now", on_hold="缺货：M12镀锌螺母 缺 60 个"):
        trade.ship(order, by=trade.firm.admin, warehouse="二仓")
    trade.receive(trade.firm.nut, 500)
    parts = [(part.warehouse, part.part) for part in trade.order(order).fulfilments]
    assert sorted(parts) == [("主仓", 1), ("主仓", 2), ("二仓", 1)]
    trade.ship(order, "SF2222222222222", by=trade.firm.admin, warehouse="二仓")
    trade.ship(order, "SF3333333333333", warehouse="主仓")
    assert trade.order(order).stage == Stage.SHIPPED


@pytest.mark.parametrize("urgent", [False, True])
def test_the_draft_of_a_second_order_sees_the_first_in_the_queue(trade: Trade, urgent: bool) -> None:
    trade.place((trade.firm.nut, 100), urgent=True)
    trade.announce("PO1", trade.firm.nut, 150, date(2026, 3, 4))
    with trade.store.reading() as tx:
        wish = Wish(trade.firm.ruigu.id, (WishLine(trade.firm.nut.id, Decimal(100)),), urgent=urgent)
        assert preview(tx, wish, same(tx, trade.firm.zhaomin))["promisable_date"] == "2026-03-11"


def test_a_customer_hears_once_of_each_day_that_a_purchase_moves_their_order_to(trade: Trade) -> None:
    order, patient = trade.place((trade.firm.nut, 100)), trade.place((trade.firm.nut, 100), wanted_date=date(2026, 3, 20))
    assert heard(trade, order) == [("approved", "2026-03-11")]
    for expected_on in (date(2026, 3, 4), date(2026, 3, 4), date(2026, 3, 6), date(2026, 3, 4)):
        trade.announce("PO88", trade.firm.nut, 500, expected_on)
    assert [day for _, day in heard(trade, order)[1:]] == ["2026-03-07", "2026-03-11", "2026-03-07"]
    assert trade.told("progress")[-1].data["where"] == "预计送达日有变，已通过审核，正在备货"
    assert heard(trade, patient) == [("approved", "2026-03-20")]


def promised(trade: Trade, *orders: Order) -> list[tuple[date | None, str]]:
    """By order: the day that can be kept, and the one that its customer has heard last."""
    heard = {card.order_id: card.data["date"] for card in trade.told("progress")}
    return [(trade.order(order).promisable_date, heard[order.id]) for order in orders]


def test_who_is_passed_in_the_queue_gets_another_day_and_the_first_one_back(trade: Trade) -> None:
    nut, soon, later = trade.firm.nut, (date(2026, 3, 7), "2026-03-07"), (date(2026, 3, 11), "2026-03-11")
    trade.announce("PO1", nut, 110, date(2026, 3, 4))
    order = trade.place((nut, 100))
    assert promised(trade, order) == [soon]
    urgent = trade.place((nut, 60), urgent=True)
    assert promised(trade, urgent, order) == [soon, later]
    assert [card.data["suggested_date"] for card in trade.told("suggestion") if card.order_id == order.id] == ["2026-03-07", "2026-03-11"]
    assert trade.told("progress")[-1].data["where"].startswith("预计送达日有变")
    trade.cancel(urgent, "不要了")
    assert promised(trade, order) == [soon]
    check_books(trade.store)


def test_a_change_of_who_comes_before_moves_the_days_of_those_behind(trade: Trade) -> None:
    nut, soon, later = trade.firm.nut, (date(2026, 3, 7), "2026-03-07"), (date(2026, 3, 11), "2026-03-11")
    trade.announce("PO1", nut, 110, date(2026, 3, 4))
    first, second = trade.place((nut, 50)), trade.place((nut, 60))
    assert promised(trade, first, second) == [soon, soon]
    trade.amend(first, SetQuantity(quantity=Decimal(60)))
    assert promised(trade, first, second) == [soon, later]
    trade.amend(second, SetUrgent())
    assert promised(trade, first, second) == [later, soon]
    trade.amend(first, SetQuantity(quantity=Decimal(50)))
    assert promised(trade, first, second) == [soon, soon]
    check_books(trade.store)


def test_a_count_that_sends_an_older_order_back_moves_the_days_behind_it(trade: Trade) -> None:
    nut = trade.firm.nut
    trade.receive(nut, 100)
    older = trade.place((nut, 100))
    trade.announce("PO1", nut, 60, date(2026, 3, 4))
    order = trade.place((nut, 60))
    assert promised(trade, order) == [(date(2026, 3, 7), "2026-03-07")]
    with trade.store.reading() as tx:
        place = tx.session.scalars(select(StockBatch).where(StockBatch.product_id == nut.id)).one()
    trade.count(place, 50)
    assert promised(trade, older, order) == [(date(2026, 3, 7), "2026-03-07"), (date(2026, 3, 11), "2026-03-11")]
    check_books(trade.store)
