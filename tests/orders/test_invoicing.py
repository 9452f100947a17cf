"""Invoices: not while a log is missing, once, and by finance only."""

from decimal import Decimal

import pytest
from sqlalchemy import select, update

from orders.communication import Agreed, write_log
from orders.invoicing import demand_missing, invoice
from orders.locking import lock_orders
from orders.view import order_data
from store.models import Invoice, Order, Staff
from tests.orders.trade import Trade, same


def ask(trade: Trade, order: Order, by: Staff | None = None) -> None:
    with trade.store.transaction() as tx:
        invoice(tx, same(tx, order), same(tx, by or trade.firm.wangkuaiji))


def log(trade: Trade, order: Order) -> None:
    with trade.store.transaction() as tx:
        write_log(tx, lock_orders(tx, [order.id])[0], same(tx, trade.firm.zhaomin), Agreed("王经理", tx.now, "照旧"))


def test_an_order_is_invoiced_once_and_its_salesperson_hears_of_it(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    log(trade, order)
    ask(trade, order)
    with trade.store.reading() as tx:
        written = tx.session.scalars(select(Invoice)).one()
    assert (written.amount, written.version, written.staff_id) == (Decimal(600), 1, trade.firm.wangkuaiji.id)
    assert trade.kinds(order)[-1] == "order.invoiced"
    assert [message.audience for message in trade.told("notice")] == [f"staff:{trade.firm.zhaomin.id}"]
    with trade.refuses("invoiced", by="王会计", amount="600.00"):
        ask(trade, order)


def test_an_order_without_a_log_is_not_invoiced_and_who_owes_it_is_named(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    with trade.refuses("log_missing", owners=["赵敏"]):
        ask(trade, order)


def test_who_owes_a_log_is_asked_for_it_once_when_finance_waits(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    log(trade, order)
    for _ in range(2):
        with trade.store.transaction() as tx:
            demand_missing(tx, same(tx, order), same(tx, trade.firm.wangkuaiji))
    assert trade.told("log_owed") == []

    other = trade.place((trade.firm.bolt, 100))
    for _ in range(2):
        with trade.store.transaction() as tx:
            demand_missing(tx, same(tx, other), same(tx, trade.firm.wangkuaiji))
    (asked,) = trade.told("log_owed")
    assert (asked.audience, asked.data["why"]) == (f"staff:{trade.firm.zhaomin.id}", "王会计 等着开票")
    with trade.refuses("log_missing", owners=["赵敏"]):
        ask(trade, other)
    log(trade, other)
    ask(trade, other)


@pytest.mark.parametrize("stage", ["placed", "cancelled"])
def test_an_order_that_is_not_in_force_is_not_invoiced(trade: Trade, stage: str) -> None:
    order = trade.place((trade.firm.bolt, 500))
    log(trade, order)
    with trade.store.transaction() as tx:
        tx.session.execute(update(Order).values(stage=stage))
    with trade.refuses("not_invoiced_yet"):
        ask(trade, order)


def test_only_finance_invoices(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    log(trade, order)
    with trade.refuses("not_allowed", roles=["财务", "管理员"]):
        ask(trade, order, trade.firm.zhaomin)


def test_the_log_and_the_invoice_stand_in_the_order_as_other_programs_see_it(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    log(trade, order)
    ask(trade, order)
    with trade.store.reading() as tx:
        found = order_data(tx, same(tx, order))
    assert [(one["by"], one["contact"], one["conclusion"]) for one in found["logs"]] == [("赵敏", "王经理", "照旧")]
    assert [(one["by"], one["amount"], one["version"]) for one in found["invoices"]] == [("王会计", "600.00", 1)]
