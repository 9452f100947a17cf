"""A rehearsal at the start of a program: so nobody's first message waits for what is read, built and compiled only once.

The cards, the words, the catalogue, the calendar and every SQL statement on the way of an order are needed the first time.
"""

from collections.abc import Iterator
from contextlib import suppress

import structlog
from sqlalchemy import select

from bot.gate import Gate
from handlers import desk
from platforms.words import Message, Platform
from store.models import Customer, Order, Product, Role, Staff, StockBatch
from store.transaction import Store, Transaction

log = structlog.get_logger()


class _Over(Exception):
    """Takes everything back."""


def rehearse(store: Store) -> None:
    """Has a salesperson place an order and ask for it, in a transaction that is never committed. Nobody hears of it."""
    gate = Gate(store)
    try:
        desk.prepare(store)
        with store.transaction() as tx:
            _play(tx, gate)
            raise _Over
    except _Over:
        pass
    except Exception:
        # The desk answers without it, only later.
        log.exception("the rehearsal broke off")


def _play(tx: Transaction, gate: Gate) -> None:
    sellers = (person for person in tx.session.scalars(select(Staff).where(Staff.active)) if person.has(Role.SALES))
    if (person := next(sellers, None)) is None:
        return
    for number, text in enumerate(_lines(tx)):
        with suppress(desk.Refused):
            gate.render(desk.answer(tx, person, Message(Platform.WECOM, f"rehearsal-{number}", "", text)), person)


def _lines(tx: Transaction) -> Iterator[str]:
    """What is said, about a product that is there, if any is; each line after the one before it has been answered."""
    in_stock = select(Product).join(StockBatch).where(StockBatch.on_hand > StockBatch.reserved).limit(1)
    product, customer = tx.session.scalar(in_stock), tx.session.scalar(select(Customer).limit(1))
    if product and customer:
        yield from (f"下单 {customer.name} {product.code}×1{product.unit}", "确认", f"库存 {product.code}")
    if newest := tx.session.scalar(select(Order.no).order_by(Order.id.desc()).limit(1)):
        yield f"查单 {newest}"
    yield from ("待办", "帮助")
