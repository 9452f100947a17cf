"""Short ways to do what people do, each in a transaction of its own, and to look at what came of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import pytest
from sqlalchemy import func, select

from orders import amending, fulfilment, inbound, intercepting, stock
from orders.changes import AnyChange
from orders.communication import Agreed
from orders.effects import Effects
from orders.placing import Wish, WishLine, place_order
from orders.refusals import Refused
from store.models import (
    Amendment,
    Base,
    CommunicationLog,
    Customer,
    Event,
    Order,
    OutboxMessage,
    Product,
    Reservation,
    Snapshot,
    Staff,
    StockBatch,
    Task,
)
from store.transaction import Store, Transaction
from tests.support.firm import Firm

Row = TypeVar("Row", bound=Base)


class Trade:
    """A firm at work: every method is one transaction, as one message to the desk would be."""

    def __init__(self, store: Store, firm: Firm) -> None:
        self.store = store
        self.firm = firm

    def wish(self, *lines: tuple[Product, int | str], customer: Customer | None = None, **more: Any) -> Wish:
        wanted = tuple(WishLine(product.id, Decimal(quantity)) for product, quantity in lines)
        return Wish((customer or self.firm.ruigu).id, wanted, **more)

    def place(self, *lines: tuple[Product, int | str], by: Staff | None = None, **more: Any) -> Order:
        with self.store.transaction() as tx:
            return place_order(tx, self.wish(*lines, **more), same(tx, by or self.firm.zhaomin))

    def receive(self, product: Product, quantity: int, location: str = "A-03-2", by: Staff | None = None, **more: Any) -> stock.Received:
        with self.store.transaction() as tx:
            return stock.receive(tx, same(tx, product), Decimal(quantity), location, same(tx, by or self.firm.wugang), **more)

    def announce(self, number: str, product: Product, quantity: int, expected_on: date, by: Staff | None = None) -> inbound.Announced:
        with self.store.transaction() as tx:
            return inbound.announce(tx, number, same(tx, product), Decimal(quantity), expected_on, same(tx, by or self.firm.zhoufang))

    def count(self, batch: StockBatch, quantity: int) -> None:
        with self.store.transaction() as tx:
            batch = same(tx, batch)
            stock.count(tx, batch.product, batch.warehouse, batch.location, Decimal(quantity), batch.batch)

    def amend(
        self,
        order: Order,
        *changes: AnyChange,
        by: Staff | None = None,
        version: int | None = None,
        impact: str = "客户要求",
        conclusion: str = "按客户要求修改",
    ) -> Amendment:
        """Amends the version in force, unless another is named."""
        with self.store.transaction() as tx:
            current, agreed = same(tx, order), Agreed("老板", tx.now, conclusion)
            person = same(tx, by or self.firm.zhaomin)
            return amending.amend_order(tx, current, version or current.version, changes, impact, agreed, person)

    def cancel(self, order: Order, reason: str, by: Staff | None = None, version: int | None = None) -> Amendment:
        with self.store.transaction() as tx:
            current, agreed = same(tx, order), Agreed("老板", tx.now, "取消")
            person = same(tx, by or self.firm.zhaomin)
            return amending.cancel_order(tx, current, version or current.version, reason, "取消", agreed, person)

    def preview(self, order: Order, *changes: AnyChange) -> Effects:
        with self.store.reading() as tx:
            return amending.preview_amendment(tx, order.id, changes, same(tx, self.firm.zhaomin))

    def intercept(self, task: int, *, achieved: bool, by: Staff | None = None) -> None:
        with self.store.transaction() as tx:
            intercepting.answer(tx, task, achieved, same(tx, by or self.firm.wugang))

    def snapshots(self, order: Order) -> list[Snapshot]:
        with self.store.reading() as tx:
            return list(tx.session.scalars(select(Snapshot).where(Snapshot.order_id == order.id).order_by(Snapshot.version)))

    def open_tasks(self) -> list[Task]:
        with self.store.reading() as tx:
            return list(tx.session.scalars(select(Task).where(Task.state == "open")))

    def pick(self, order: Order, by: Staff | None = None, warehouse: str | None = None, version: int | None = None) -> None:
        with self.store.transaction() as tx:
            fulfilment.pick(tx, same(tx, order), same(tx, by or self.firm.wugang), warehouse, version)

    def ship(self, order: Order, waybill: str = "SF1234567890123", by: Staff | None = None, **more: Any) -> None:
        with self.store.transaction() as tx:
            fulfilment.ship(tx, same(tx, order), more.pop("carrier", "顺丰"), waybill, same(tx, by or self.firm.wugang), **more)

    def sign(self, order: Order, by: Staff | None = None) -> None:
        with self.store.transaction() as tx:
            fulfilment.sign(tx, same(tx, order), same(tx, by) if by else None)

    def order(self, order: Order) -> Order:
        """The order as it stands now, with its parts at hand."""
        with self.store.reading() as tx:
            found = same(tx, order)
            [line.reservations for line in found.lines]
            assert found.fulfilments is not None
            return found

    def told(self, card: str) -> list[OutboxMessage]:
        with self.store.reading() as tx:
            return list(tx.session.scalars(select(OutboxMessage).where(OutboxMessage.card == card).order_by(OutboxMessage.id)))

    def kinds(self, order: Order) -> list[str]:
        """The events of an order, in order."""
        with self.store.reading() as tx:
            return list(tx.session.scalars(select(Event.kind).where(Event.order_id == order.id).order_by(Event.id)))

    def levels(self, product: Product) -> tuple[Decimal, Decimal]:
        """On hand and reserved, in all places."""
        with self.store.reading() as tx:
            batches = tx.session.scalars(select(StockBatch).where(StockBatch.product_id == product.id)).all()
            return sum((batch.on_hand for batch in batches), Decimal(0)), sum((batch.reserved for batch in batches), Decimal(0))

    @contextmanager
    def changes_nothing(self) -> Iterator[None]:
        """Whatever is tried inside, nothing at all has changed."""
        before = self._everything()
        yield
        assert self._everything() == before

    @contextmanager
    def refuses(self, reason: str, **details: Any) -> Iterator[None]:
        """What is tried inside is refused for this reason, and nothing at all has changed."""
        before = self._everything()
        with pytest.raises(Refused) as refusal:
            yield
        assert refusal.value.reason == reason
        assert {name: refusal.value.details[name] for name in details} == details
        assert self._everything() == before

    def _everything(self) -> dict[str, Any]:
        tables = (Order, Snapshot, Amendment, CommunicationLog, Event, OutboxMessage, Reservation, StockBatch, Task)
        with self.store.reading() as tx:
            counts = {table.__tablename__: tx.session.scalar(select(func.count()).select_from(table)) for table in tables}
            stages = tx.session.execute(select(Order.no, Order.stage, Order.chain).order_by(Order.id)).all()
            levels = tx.session.execute(select(StockBatch.id, StockBatch.on_hand, StockBatch.reserved).order_by(StockBatch.id)).all()
        return counts | {"stages": stages, "levels": levels}


def same(tx: Transaction, row: Row) -> Row:
    """The row in this transaction."""
    return tx.session.get_one(type(row), row.id)  # type: ignore[attr-defined]
