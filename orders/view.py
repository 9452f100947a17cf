"""An order as other programs and the cards see it: the object of `/api/orders`."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, bindparam, inspect, or_, select
from sqlalchemy.orm import joinedload, selectinload

from orders.words import moment, money, plain
from store.models import Customer, Event, Fulfilment, Order, OrderLine, Product, Reservation, Snapshot, Staff, Task, TaskLine
from store.transaction import Transaction

_Documents = dict[int, list[dict[str, Any]]]
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
    names = {person.id: person.name for person in tx.session.execute(select(Staff.id, Staff.name))}
    snapshots, events, tasks = _snapshots(tx, ids, names), _events(tx, ids, names), _tasks(tx, ids, names)
    written = [{"snapshots": snapshots[id_], "logs": [], "approvals": [], "tasks": tasks[id_], "events": events[id_]} for id_ in ids]
    return [_face(tx, order) | {"lines": [_whole_line(line) for line in order.lines]} | more for order, more in zip(orders, written)]


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
        "remarks": order.remarks,
        "lines": [_line(line) for line in order.lines],
        "total": money(order.total),
        "wanted_date": _day(order.wanted_date),
        "promisable_date": _day(order.promisable_date),
        "promised_date": _day(order.promised_date),
        "promised_ship_at": moment(order.promised_ship_at, tx.zone),
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


def _whole_line(line: OrderLine) -> dict[str, Any]:
    return _line(line) | {"reservations": [_reservation(reservation) for reservation in line.reservations]}


def _reservation(reservation: Reservation) -> dict[str, Any]:
    place = reservation.batch
    return {"warehouse": place.warehouse, "location": place.location, "batch": place.batch, "quantity": plain(reservation.quantity)}


def _fulfilment(tx: Transaction, part: Fulfilment) -> dict[str, Any]:
    return {
        "warehouse": part.warehouse,
        "stage": part.stage,
        "carrier": part.carrier,
        "waybill": part.waybill,
        "shipped_at": moment(part.shipped_at, tx.zone),
        "last_trace_at": moment(part.last_trace_at, tx.zone),
    }


def _snapshots(tx: Transaction, ids: Iterable[int], names: dict[int, str]) -> _Documents:
    found: _Documents = defaultdict(list)
    for row in tx.session.scalars(select(Snapshot).where(Snapshot.order_id.in_(ids)).order_by(Snapshot.order_id, Snapshot.version)):
        found[row.order_id].append(
            {
                "version": row.version,
                "at": moment(row.at, tx.zone),
                "by": names.get(row.staff_id or 0),
                "content": row.content,
                "changes": row.changes,
                "impact": row.impact,
                "hash": row.hash,
            }
        )
    return found


def _events(tx: Transaction, ids: Iterable[int], names: dict[int, str]) -> _Documents:
    found: _Documents = defaultdict(list)
    for row in tx.session.scalars(select(Event).where(Event.order_id.in_(ids)).order_by(Event.order_id, Event.id)):
        event = {"at": moment(row.at, tx.zone), "kind": row.kind, "by": names.get(row.staff_id or 0), "data": row.data, "hash": row.hash}
        found[row.order_id or 0].append(event)
    return found


def _tasks(tx: Transaction, ids: Sequence[int], names: dict[int, str]) -> _Documents:
    """The tasks that are about an order, or ask for something that it lacks."""
    asked_for = select(TaskLine.task_id).where(TaskLine.order_id.in_(ids))
    query = select(Task).where(or_(Task.order_id.in_(ids), Task.id.in_(asked_for))).order_by(Task.id)
    found: _Documents = defaultdict(list)
    for task in tx.session.scalars(query.options(selectinload(Task.lines))):
        about = {task.order_id, *(line.order_id for line in task.lines)}
        for order_id in about.intersection(ids):
            found[order_id or 0].append(_task(tx, task, names))
    return found


def _task(tx: Transaction, task: Task, names: dict[int, str]) -> dict[str, Any]:
    return {
        "id": task.id,
        "kind": task.kind,
        "title": task.title,
        "role": task.role,
        "assignee": names.get(task.assignee_id or 0),
        "state": task.state,
        "created_at": moment(task.created_at, tx.zone),
        "due_at": moment(task.due_at, tx.zone),
        "done_at": moment(task.done_at, tx.zone),
        "done_by": names.get(task.done_by_id or 0),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
