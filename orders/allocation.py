"""Allocation 配货: the goods of an order are all there, and each warehouse gets its part to pick (拆单)."""

from collections.abc import Iterable

from sqlalchemy import bindparam, select

from orders import lifecycle
from orders.telling import tell_pick
from store.models import Fulfilment, Order, Reservation, Role, Staff, Stage
from store.transaction import Transaction

_OF_WAREHOUSES = select(Staff).where(Staff.warehouse.in_(bindparam("warehouses", expanding=True)), Staff.active).order_by(Staff.id)


def allocate(tx: Transaction, orders: Iterable[Order]) -> None:
    """Splits what is held for each of the orders by warehouse, moves them on and tells the warehouses."""
    parts = [part for order in orders for part in _move_on(tx, order)]
    packers = packers_of(tx, {part.warehouse for part in parts})
    for part in parts:
        tell_pick(tx, part, packers.get(part.warehouse, []))


def instruct(tx: Transaction, order: Order) -> None:
    """Tells the warehouses anew what they have still to pick of an order: its cards speak of an old version."""
    parts = [part for part in order.fulfilments if part.stage == Stage.ALLOCATED]
    packers = packers_of(tx, {part.warehouse for part in parts})
    for part in parts:
        tell_pick(tx, part, packers.get(part.warehouse, []))


def take_back(tx: Transaction, order: Order) -> None:
    """Takes back what was handed out for picking; what is held of it stays held."""
    for part in [part for part in order.fulfilments if part.stage == Stage.ALLOCATED]:
        for reservation in list(part.reservations):
            reservation.fulfilment = None
        order.fulfilments.remove(part)
        tx.session.delete(part)


def _move_on(tx: Transaction, order: Order) -> list[Fulfilment]:
    """What leaves first of an order in parts is handed out, but the order itself stands where the rest of it does."""
    parts = _split(order)
    if order.stage == Stage.APPROVED and not order.short:
        lifecycle.advance(tx, order, Stage.ALLOCATED, None, {"warehouses": [part.warehouse for part in parts]})
    return parts


def _split(order: Order) -> list[Fulfilment]:
    """One fulfilment for each warehouse in which something waits to be picked."""
    parts = {part.warehouse: part for part in order.fulfilments if part.stage == Stage.ALLOCATED}
    touched = {}
    for reservation in _held(order):
        warehouse = reservation.batch.warehouse
        if warehouse not in parts:
            parts[warehouse] = Fulfilment(warehouse=warehouse, part=_next_part(order, warehouse), stage=Stage.ALLOCATED)
            order.fulfilments.append(parts[warehouse])
        touched[warehouse] = parts[warehouse]
        reservation.fulfilment = parts[warehouse]
    return list(touched.values())


def _next_part(order: Order, warehouse: str) -> int:
    return max((part.part for part in order.fulfilments if part.warehouse == warehouse), default=0) + 1


def _held(order: Order) -> list[Reservation]:
    return [reservation for line in order.lines for reservation in line.reservations if not reservation.picked]


def packers_of(tx: Transaction, warehouses: set[str]) -> dict[str, list[Staff]]:
    """The people of each warehouse."""
    found: dict[str, list[Staff]] = {}
    with tx.session.no_autoflush:  # nothing that is written on the way here is about staff
        people = tx.session.scalars(_OF_WAREHOUSES, {"warehouses": list(warehouses)}).all()
    for person in people:
        if person.has(Role.WAREHOUSE):
            found.setdefault(str(person.warehouse), []).append(person)
    return found
