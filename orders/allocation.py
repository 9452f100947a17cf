"""Allocation 配货: each warehouse gets what is there of an order to pick (拆单), day by day where it leaves in parts (分批)."""

from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy import bindparam, select

from orders import lifecycle
from orders.parts import Part, next_day, parts_there
from orders.promising import ship_by
from orders.reserving import in_parts
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
    parts = _hand_out(tx, order)
    if order.stage == Stage.APPROVED and not order.short:
        lifecycle.advance(tx, order, Stage.ALLOCATED, None, {"warehouses": list(dict.fromkeys(part.warehouse for part in parts))})
    set_next_departure(tx, order)
    return parts


def set_next_departure(tx: Transaction, order: Order) -> None:
    """Of an order in parts, what has to leave next says by when."""
    if in_parts(order) and (day := next_day(order)):
        order.promised_ship_at = ship_by(tx, day)


def _hand_out(tx: Transaction, order: Order) -> list[Fulfilment]:
    """One fulfilment for each warehouse and each part of which all is there; answers with those that have got something."""
    touched: dict[Fulfilment, None] = {}
    if in_parts(order):
        _join(tx, order)
    for part in parts_there(order):
        for reservation, quantity in part.takes:
            own, target = _cut(reservation, quantity), _fulfilment(order, reservation.batch.warehouse, part)
            if own.fulfilment is not target:
                own.fulfilment = target
                touched[target] = None
    return list(touched)


def _join(tx: Transaction, order: Order) -> None:
    """Makes one of what is held of one batch for one line and was never handed out: it is divided anew."""
    for line in order.lines:
        kept: dict[int, Reservation] = {}
        for one in [one for one in line.reservations if not one.picked and one.fulfilment is None]:
            if first := kept.get(one.batch.id):
                first.quantity += one.quantity
                line.reservations.remove(one)
                tx.session.delete(one)
            else:
                kept[one.batch.id] = one


def _cut(reservation: Reservation, quantity: Decimal) -> Reservation:
    """The reservation of so much; what is more stays behind as one of its own."""
    if quantity == reservation.quantity:
        return reservation
    reservation.quantity -= quantity
    cut = Reservation(batch=reservation.batch, fulfilment=reservation.fulfilment, quantity=quantity, picked=False)
    reservation.line.reservations.append(cut)
    return cut


def _fulfilment(order: Order, warehouse: str, part: Part) -> Fulfilment:
    """The warehouse's fulfilment of a part that has not been picked; a new one, numbered after those that were."""
    own = {one.part: one for one in order.fulfilments if one.warehouse == warehouse}
    number = part.number
    while number in own and own[number].stage != Stage.ALLOCATED:
        number += 1
    if number not in own:
        own[number] = Fulfilment(warehouse=warehouse, part=number, stage=Stage.ALLOCATED, due_on=part.day)
        order.fulfilments.append(own[number])
    return own[number]


def packers_of(tx: Transaction, warehouses: set[str]) -> dict[str, list[Staff]]:
    """The people of each warehouse."""
    found: dict[str, list[Staff]] = {}
    with tx.session.no_autoflush:  # nothing that is written on the way here is about staff
        people = tx.session.scalars(_OF_WAREHOUSES, {"warehouses": list(warehouses)}).all()
    for person in people:
        if person.has(Role.WAREHOUSE):
            found.setdefault(str(person.warehouse), []).append(person)
    return found
