"""Giving reservations back when less is there than was held."""

from decimal import Decimal

from sqlalchemy import select

from orders.locking import lock_orders
from store.models import Order, OrderLine, Reservation, StockBatch
from store.transaction import Transaction


def release(tx: Transaction, place: StockBatch, excess: Decimal) -> list[Order]:
    """Frees `excess` of what is held at a place, of the newest orders first; answers with the orders that lost some.

    The product must be locked.
    """
    if excess <= 0:
        return []
    query = (
        select(Reservation.id, OrderLine.order_id, Reservation.quantity)
        .join(Reservation.line)
        .where(Reservation.batch_id == place.id, ~Reservation.picked)
        .order_by(OrderLine.order_id.desc(), Reservation.id.desc())
    )
    losses: dict[int, tuple[int, Decimal]] = {}
    for reservation_id, order_id, quantity in tx.session.execute(query):
        if excess <= 0:
            break
        losses[reservation_id] = (order_id, min(quantity, excess))
        excess -= quantity
    orders = lock_orders(tx, {order_id for order_id, _ in losses.values()})
    for order in orders:
        for line in order.lines:
            for reservation in [held for held in line.reservations if held.id in losses]:
                _give_back(tx, reservation, losses[reservation.id][1])
    return orders


def _give_back(tx: Transaction, reservation: Reservation, quantity: Decimal) -> None:
    reservation.batch.reserved -= quantity
    reservation.quantity -= quantity
    if not reservation.quantity:
        reservation.line.reservations.remove(reservation)
        tx.session.delete(reservation)
