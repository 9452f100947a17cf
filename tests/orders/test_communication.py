"""Communication logs: written, chained, and never changed; altering one by force is found."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import text

from orders.communication import Agreed, logs_of, write_log
from orders.locking import lock_orders
from orders.verifying import verify
from store.models import Order
from store.transaction import Transaction
from tests.orders.trade import Trade, same


def log(trade: Trade, order: Order, conclusion: str = "同意交期延到3月15日", contact: str = "王经理", hours: int = -1) -> None:
    with trade.store.transaction() as tx:
        talked_at = (tx.now + timedelta(hours=hours)).astimezone(tx.zone)
        agreed = Agreed(contact, talked_at, conclusion, channel="电话", todo="重发确认单")
        write_log(tx, lock_orders(tx, [order.id])[0], same(tx, trade.firm.zhaomin), agreed)


def broken(trade: Trade) -> list[str]:
    with trade.store.reading() as tx:
        return [str(found) for found in verify(tx)]


@contextmanager
def by_force(trade: Trade, table: str) -> Iterator[Transaction]:
    """A transaction of somebody who may do anything in the database, guards taken down."""
    with trade.store.transaction() as tx:
        if trade.store.engine.dialect.name == "sqlite":
            tx.session.execute(text(f"DROP TRIGGER {table}_refuse_update"))
            tx.session.execute(text(f"DROP TRIGGER {table}_refuse_delete"))
        else:
            tx.session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        yield tx


def test_logs_of_an_order_are_kept_in_turn_and_chained(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    log(trade, order)
    log(trade, order, "价格不变")
    with trade.store.reading() as tx:
        first, second = logs_of(tx, order)
    assert (first.contact, first.conclusion, first.previous_hash) == ("王经理", "同意交期延到3月15日", "")
    assert second.previous_hash == first.hash
    assert trade.kinds(order)[-2:] == ["log.written", "log.written"]
    assert broken(trade) == []


@pytest.mark.parametrize(
    ("log_of", "reason"),
    [
        ({"conclusion": " "}, "text_missing"),
        ({"contact": ""}, "text_missing"),
        ({"conclusion": "长" * 1025}, "text_too_long"),
        ({"hours": 2}, "talk_to_come"),
    ],
)
def test_a_log_that_says_too_little_is_refused(trade: Trade, log_of: dict[str, str], reason: str) -> None:
    order = trade.place((trade.firm.bolt, 500))
    with trade.refuses(reason):
        log(trade, order, **log_of)  # type: ignore[arg-type]  # texts and a number of hours


@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        ("communication_logs", "UPDATE communication_logs SET conclusion = '没谈过' WHERE id = 1", "沟通纪要第 1 号：内容与当时的指纹不符"),
        ("communication_logs", "DELETE FROM communication_logs WHERE id = 1", "沟通纪要第 2 号：接不上前一条"),
        ("communication_logs", "DELETE FROM communication_logs WHERE id = 3", "沟通纪要第 3 号：已不在"),
        ("snapshots", "UPDATE snapshots SET impact = '无' WHERE version = 1", "订单快照第 1 版：内容与当时的指纹不符"),
        ("snapshots", "DELETE FROM snapshots", "订单快照第 1 版：已不在"),
        ("events", "UPDATE events SET at = '2026-03-01 00:00:00' WHERE kind = 'order.placed'", "（order.placed）：内容与当时的指纹不符"),
        ("events", "DELETE FROM events WHERE id = (SELECT max(id) FROM events)", "事件最后一条：已不在"),
    ],
)
def test_what_is_altered_by_force_is_found_and_named(trade: Trade, table: str, change: str, said: str) -> None:
    order = trade.place((trade.firm.bolt, 500))
    for conclusion in ("先备货", "改到20号", "就这样"):
        log(trade, order, conclusion)
    assert broken(trade) == []

    with by_force(trade, table) as tx:
        tx.session.execute(text(change))

    assert any(order.no in found and said in found for found in broken(trade))
