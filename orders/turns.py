"""The queue of what waits for goods: in which order it is served."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select, type_coerce

from store.models import Order, OrderLine, Product, Reservation
from store.models.base import Quantity
from store.transaction import Transaction


@dataclass(frozen=True)
class Need:
    """What one line of a waiting order lacks."""

    order_id: int
    line_id: int
    product_id: int
    missing: Decimal
    urgent: bool
    since: datetime

    @property
    def rank(self) -> tuple[bool, datetime, int]:
        """What the queue is in order of."""
        return not self.urgent, self.since, self.order_id


def queue(tx: Transaction, product_ids: Iterable[int]) -> list[Need]:
    """What waits for these products, as it is served: urgent orders first, then the oldest."""
    # + 0 keeps the databases from going through every line of a product: few orders wait, and they have an index
    product = OrderLine.product_id + 0
    lacking = OrderLine.quantity - func.coalesce(func.sum(Reservation.quantity), 0)
    query = (
        select(Order.id, OrderLine.id, OrderLine.product_id, type_coerce(lacking, Quantity), Order.urgent, Order.created_at)
        .join(OrderLine.order)
        .outerjoin(OrderLine.reservations)
        .where(Order.short, product.in_(set(product_ids)))
        .group_by(Order.id, OrderLine.id)
        .having(lacking > 0)
        .order_by(Order.urgent.desc(), Order.created_at, Order.id, OrderLine.position)
    )
    return [Need(*row) for row in tx.session.execute(query)]


def waiting_made(tx: Transaction) -> set[int]:
    """The made products that some order waits for."""
    # one inside the other, or SQLite goes through all lines that there ever were
    short = select(Order.id).where(Order.short)
    wanted = select(OrderLine.product_id).where(OrderLine.order_id.in_(short))
    return set(tx.session.scalars(select(Product.id).where(Product.made, Product.id.in_(wanted))))
