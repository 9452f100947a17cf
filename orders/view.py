"""An order as other programs and the cards see it: the object of `/api/orders`."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, bindparam, inspect, select
from sqlalchemy.orm import joinedload

from orders.holding import held_of
from orders.promise import gap_days
from orders.words import moment, money, plain
from orders.written import written_of
from store.models import Customer, Fulfilment, MaterialReservation, Order, OrderLine, Product, Reservation, Staff
from store.transaction import Transaction

FACE = (
    joinedload(Order.customer).load_only(Customer.code, Customer.name),
    joinedload(Order.salesperson).load_only(Staff.name),
    joinedload(Order.lines).joinedload(OrderLine.product).load_only(Product.code, Product.name, Product.unit),
    joinedload(Order.fulfilments),
)
"""What `order_face` tells, in one query: a second one costs more than the few rows that are repeated."""
_THESE = select(Order).where(Order.id.in_(bindparam("ids", expanding=True)))
_FACE = _THESE.options(*FACE)
_WHOLE = _THESE.options(*FACE, joinedload(Order.lines).joinedload(OrderLine.reservations).joinedload(Reservation.batch))


def order_data(tx: Transaction, order: Order) -> dict[str, Any]:
    """One order, complete: plain JSON values, quantities and money as texts, moments in the company's zone."""
    return orders_data(tx, [order])[0]


def order_face(tx: Transaction, order: Order) -> dict[str, Any]:
    """One order as it stands, without its snapshots, tasks and events: what a card shows."""
    # What was found, placed or moved in this transaction is here already.
    if "lines" in inspect(order).unloaded:
        _load(tx, _FACE, [order.id])
    return _face(tx, order)


def orders_data(tx: Transaction, orders: Sequence[Order]) -> list[dict[str, Any]]:
    """Several orders at once, with as many queries as for one."""
    ids = [order.id for order in orders]
    _load(tx, _WHOLE, ids)
    written = written_of(tx, ids)
    materials = held_of(tx, [line.id for order in orders for line in order.lines])
    return [_face(tx, order) | _goods(tx, order, materials) | written[order.id] for order in orders]


def _load(tx: Transaction, query: Select[Order], ids: Sequence[int]) -> None:
    """What this session knows already is kept, and only what is missing is loaded."""
    tx.session.scalars(query, {"ids": ids}).unique().all()


def _face(tx: Transaction, order: Order) -> dict[str, Any]:
    return {
        "no": order.no,
        "version": order.version,
        "stage": order.stage,
        "on_hold": order.on_hold,
        "customer": {"code": order.customer.code, "name": order.customer.name},
        "salesperson": order.salesperson.name if order.salesperson else None,
        "urgent": order.urgent,
        "trial": order.trial,
        "free_shipping": order.free_shipping,
        "address": order.address,
        "contact": order.contact,
        "phone": order.phone,
        "carrier": order.carrier,
        "pickup": bool(order.pickup),
        "freight_collect": bool(order.freight_collect),
        "remarks": order.remarks,
        "lines": [_line(line) for line in order.lines],
        "total": money(order.total),
        "wanted_date": _day(order.wanted_date),
        "promisable_date": _day(order.promisable_date),
        "promised_date": _day(order.promised_date),
        "promised_ship_at": moment(order.promised_ship_at, tx.zone),
        "gap_days": gap_days(order.wanted_date, order.promisable_date) if order.promisable_date else 0,
        "date_open": order.date_open,
        "agreed_date": _day(order.agreed_date),
        "created_at": moment(order.created_at, tx.zone),
        "fulfilments": [_fulfilment(tx, part) for part in order.fulfilments],
    }


def _line(line: OrderLine) -> dict[str, Any]:
    return {
        "product": line.product.code,
        "name": line.product.name,
        "quantity": plain(line.quantity),
        "unit": line.product.unit,
        "price": plain(line.price),
        "amount": money(line.amount),
    }


def _goods(tx: Transaction, order: Order, materials: Sequence[MaterialReservation]) -> dict[str, Any]:
    """The lines with what is held for them, and the parts with what is in them."""
    lines = [
        _whole_line(line) | {"materials": [_material(one) for one in materials if one.order_line_id == line.id]} for line in order.lines
    ]
    parts = [_fulfilment(tx, part) | {"lines": _part_lines(order, part)} for part in order.fulfilments]
    return {"lines": lines, "fulfilments": parts}


def _part_lines(order: Order, part: Fulfilment) -> list[dict[str, Any]]:
    found = []
    for line in order.lines:
        quantity = sum((held.quantity for held in line.reservations if held.fulfilment_id == part.id), Decimal(0))
        if quantity:
            found.append({"product": line.product.code, "name": line.product.name, "quantity": plain(quantity), "unit": line.product.unit})
    return found


def _whole_line(line: OrderLine) -> dict[str, Any]:
    return _line(line) | {"splits": line.splits or [], "reservations": [_reservation(reservation) for reservation in line.reservations]}


def _reservation(reservation: Reservation) -> dict[str, Any]:
    place = reservation.batch
    return {"warehouse": place.warehouse, "location": place.location, "batch": place.batch, "quantity": plain(reservation.quantity)}


def _material(one: MaterialReservation) -> dict[str, Any]:
    place, product = one.batch, one.batch.product
    where = {"warehouse": place.warehouse, "location": place.location, "batch": place.batch}
    return {"product": product.code, "name": product.name, "quantity": plain(one.quantity), "unit": product.unit} | where


def _fulfilment(tx: Transaction, part: Fulfilment) -> dict[str, Any]:
    return {
        "warehouse": part.warehouse,
        "part": part.part,
        "due_on": _day(part.due_on),
        "stage": part.stage,
        "carrier": part.carrier,
        "waybill": part.waybill,
        "shipped_at": moment(part.shipped_at, tx.zone),
        "last_trace_at": moment(part.last_trace_at, tx.zone),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
