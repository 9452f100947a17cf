"""Reservations 预占: which batches serve a line, what is held for it, and what is given back when less is there.

Everything here that touches stock wants the product locked (orders/locking.py).
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeVar

from sqlalchemy import bindparam, literal, select

from orders.locking import lock_orders
from store.models import MaterialReservation, Order, OrderLine, Reservation, StockBatch
from store.transaction import Transaction


class Shelf(Protocol):
    """A batch, or what is left of it in a calculation."""

    @property
    def expires_on(self) -> date | None: ...
    @property
    def available(self) -> Decimal: ...


_Shelf = TypeVar("_Shelf", bound=Shelf)
_STOCK = (
    select(StockBatch)
    .where(StockBatch.product_id.in_(bindparam("products", expanding=True)), StockBatch.on_hand > StockBatch.reserved)
    .order_by(StockBatch.id)
    .execution_options(populate_existing=True)
)


_MATERIALS = select(MaterialReservation).where(MaterialReservation.id.in_(bindparam("ids", expanding=True)))
_GOODS, _MATERIAL = 0, 1
"""What may be held of a batch: goods for a line, or material for what is made for it."""


def choose_batches(need: Decimal, shelves: Sequence[_Shelf], min_surplus: Decimal) -> list[tuple[_Shelf, Decimal]]:
    """What to take from which batch: nearest expiry first, as far as `need` and the stock go.

    Where batches can serve the need alone and keep `min_surplus`, only they are looked at.
    """
    by_expiry = sorted((shelf for shelf in shelves if shelf.available > 0), key=lambda shelf: shelf.expires_on or date.max)
    alone = [shelf for shelf in by_expiry if shelf.available - need >= min_surplus]
    taken = []
    for shelf in alone or by_expiry:
        if need <= 0:
            break
        quantity = min(need, shelf.available)
        taken.append((shelf, quantity))
        need -= quantity
    return taken


def stock_of(tx: Transaction, product_ids: Iterable[int]) -> dict[int, list[StockBatch]]:
    """The batches of each product that have something available, in the order they were made."""
    found: dict[int, list[StockBatch]] = {}
    for batch in tx.session.scalars(_STOCK, {"products": list(set(product_ids))}):
        found.setdefault(batch.product_id, []).append(batch)
    return found


def reserve(line: OrderLine, taken: Iterable[tuple[StockBatch, Decimal]]) -> None:
    """Holds parts of batches for a line; more of a batch that is held already is added to that, unless it was handed out."""
    held = {one.batch: one for one in line.reservations if not one.picked and one.fulfilment is None}
    for batch, quantity in taken:
        batch.reserved += quantity
        if batch in held:
            held[batch].quantity += quantity
        else:
            line.reservations.append(Reservation(batch=batch, quantity=quantity, picked=False))


def release(tx: Transaction, place: StockBatch, excess: Decimal) -> list[Order]:
    """Frees `excess` of what is held at a place, of the newest orders first; answers with the orders that lost some."""
    if excess <= 0:
        return []
    losses = _losses(tx, place, excess)
    orders = lock_orders(tx, {order_id for order_id, _ in losses.values()})
    for line in (line for order in orders for line in order.lines):
        for reservation in [held for held in line.reservations if (_GOODS, held.id) in losses]:
            give_back(tx, reservation, losses[_GOODS, reservation.id][1])
    for material in tx.session.scalars(_MATERIALS, {"ids": [id_ for kind, id_ in losses if kind == _MATERIAL]}).all():
        give_up(tx, material, losses[_MATERIAL, material.id][1])
    return orders


def _losses(tx: Transaction, place: StockBatch, excess: Decimal) -> dict[tuple[int, int], tuple[int, Decimal]]:
    """By what is held, goods or material, the order it is of and how much it loses."""
    goods = (
        select(literal(_GOODS), Reservation.id, OrderLine.order_id, Reservation.quantity)
        .join(Reservation.line)
        .where(Reservation.batch_id == place.id, ~Reservation.picked)
    )
    materials = (
        select(literal(_MATERIAL), MaterialReservation.id, OrderLine.order_id, MaterialReservation.quantity)
        .join(OrderLine, OrderLine.id == MaterialReservation.order_line_id)
        .where(MaterialReservation.batch_id == place.id)
    )
    rows = [*tx.session.execute(goods), *tx.session.execute(materials)]
    losses: dict[tuple[int, int], tuple[int, Decimal]] = {}
    for kind, id_, order_id, quantity in sorted(rows, key=lambda row: (row[2], -row[0], row[1]), reverse=True):
        if excess <= 0:
            break
        losses[kind, id_] = (order_id, min(quantity, excess))
        excess -= quantity
    return losses


def give_up(tx: Transaction, material: MaterialReservation, quantity: Decimal) -> None:
    """Frees some of the material that is held, or all of it."""
    material.batch.reserved -= quantity
    material.quantity -= quantity
    if not material.quantity:
        tx.session.delete(material)


def give_back(tx: Transaction, reservation: Reservation, quantity: Decimal) -> None:
    """Frees some of what is held, or all of it."""
    reservation.batch.reserved -= quantity
    reservation.quantity -= quantity
    if not reservation.quantity:
        reservation.line.reservations.remove(reservation)
        tx.session.delete(reservation)


def missing(line: OrderLine) -> Decimal:
    """What the line still waits for."""
    return line.quantity - sum((reservation.quantity for reservation in line.reservations), Decimal(0))


def to_be_made(order: Order) -> bool:
    """Whether it lacks goods, and only such as the firm makes itself."""
    return order.short and all(line.product.made for line, _ in missing_lines(order))


def in_parts(order: Order) -> bool:
    """Whether it was agreed that what is there leaves first, and the rest later (分批)."""
    return any(line.splits for line in order.lines)


def missing_lines(order: Order) -> list[tuple[OrderLine, Decimal]]:
    """The lines that wait for goods, and for how much."""
    return [(line, lack) for line in order.lines if (lack := missing(line)) > 0]


def lacking(order: Order) -> set[int]:
    """The products that it waits for."""
    return {line.product_id for line, _ in missing_lines(order)}
