"""Orders with goods that have still to be made: once their materials are there they wait for production to schedule them (排产)."""

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select

from orders import holding, lifecycle
from orders.links import staff_link
from orders.promising import look_at
from orders.reserving import missing_lines, to_be_made
from orders.tasks import OPEN, close
from orders.words import moment, plain
from store.events import Fact, record
from store.models import Booking, Order, OrderLine, Role, Stage, Task
from store.outbox import Urgency, tell, to_role
from store.transaction import Transaction

SCHEDULE = "schedule"
"""The kind of task that asks production to schedule an order."""


def begin(tx: Transaction, orders: Collection[Order]) -> list[Order]:
    """Moves on the approved orders of which only goods lack that production could begin to make now, and asks it to.

    The orders must be locked or new, and flushed.
    """
    waiting = [order for order in orders if order.stage == Stage.APPROVED and to_be_made(order)]
    ways = look_at(tx, waiting) if waiting else {}
    ready = [order for order in waiting if ways[order.id] and all(way.only_to_be_made for way in ways[order.id].values())]
    for order in ready:
        lifecycle.advance(tx, order, Stage.ALLOCATED, None, {"to_be_made": [line.product.code for line, _ in missing_lines(order)]})
        _ask(tx, order)
    return ready


def unbook(tx: Transaction, order: Order) -> dict[int, Decimal]:
    """Frees the days of work centres and the materials of an order that was scheduled, and takes back that production has to schedule it.

    Answers with how much was held of which product.
    """
    tx.session.flush()
    freed = holding.free(tx, order)
    tx.session.execute(delete(Booking).where(Booking.order_line_id.in_([line.id for line in order.lines])))
    asked_no_more(tx, [order])
    return freed


def asked_no_more(tx: Transaction, orders: Iterable[Order]) -> None:
    """Closes the tasks of production to schedule these orders: they are scheduled, or need it no more."""
    ids = [order.id for order in orders]
    for task in tx.session.scalars(select(Task).where(Task.kind == SCHEDULE, Task.state == OPEN, Task.order_id.in_(ids))).all():
        close(tx, task, None)


def _ask(tx: Transaction, order: Order) -> None:
    task = Task(kind=SCHEDULE, title=f"排产 {order.no}", role=Role.PRODUCTION, order_id=order.id, created_at=tx.now)
    task.due_at = order.promised_ship_at
    key = f"to_schedule:{order.no}:{order.chain[:12]}"
    task.data = {"card": key}
    tx.session.add(task)
    tx.session.flush()
    record(tx, Fact.TASK_OPENED, by=None, data={"task": task.id, "kind": task.kind})
    data: dict[str, Any] = {
        "order_no": order.no,
        "customer": order.customer.name,
        "task": task.id,
        "lines": [_line(line, lack) for line, lack in missing_lines(order)],
        "promised_date": str(order.promised_date or ""),
        "ship_by": moment(order.promised_ship_at, tx.zone) or "",
        "url": staff_link(tx, order),
    }
    tell(tx, to_role(Role.PRODUCTION), "to_schedule", data, key=key, urgency=Urgency.PROGRESS, order=order)


def _line(line: OrderLine, lack: Decimal) -> dict[str, str]:
    product = line.product
    return {"product": product.name, "quantity": plain(lack), "unit": product.unit, "work_center": product.work_center or ""}
