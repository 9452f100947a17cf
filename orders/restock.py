"""Restock 补货: what purchasing has to get, for whom; one open task a product, told again whenever it grows."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from orders.links import staff_link
from orders.materials import How
from orders.promising import look_ahead
from orders.reserving import missing, stock_of
from orders.tasks import OPEN, close_if_empty, open_lines
from orders.words import moment, plain
from store.events import Fact, record
from store.models import Order, OrderLine, Product, Role, StockBatch, Task, TaskLine
from store.outbox import Urgency, tell, to_role, to_staff
from store.transaction import Transaction

RESTOCK = "restock"

ProductNeed = tuple[Product, Decimal, Order]
"""So much of a product, for this order."""


def restock(tx: Transaction, needs: list[ProductNeed], *, urgent: bool = False) -> Task:
    """Asks purchasing for goods and answers with the task of the first need; the products must be locked.

    A product that an open task asks for already is added to that task. `urgent` is the shortage alert 缺货预警: it is sent
    before other messages, and the salesperson of each order gets a copy.
    """
    needs = _summed(needs)
    asked = _tasks_of(tx, {product.id for product, _, _ in needs})
    fresh = Task(kind=RESTOCK, title="", role=Role.PURCHASING, order=needs[0][2], created_at=tx.now, data={})
    chosen = [asked.get(product.id, fresh) for product, _, _ in needs]
    for task, need in zip(chosen, needs):
        _add(task, need, urgent)
    for task in dict.fromkeys(chosen):
        _publish(tx, task, needs, urgent)
    return chosen[0]


def short_materials(tx: Transaction, needs: list[ProductNeed]) -> list[ProductNeed]:
    """The needs with each made product replaced by what has to be bought for it, through all levels of its bill (物料清单).

    A made product of which no component is known stays: somebody has to see to it.
    """
    found: list[ProductNeed] = []
    for product, quantity, order in _summed(needs):
        if not product.made:
            found.append((product, quantity, order))
            continue
        (way,) = look_ahead(tx, [(product.id, quantity)], urgent=order.urgent, place_of=order)
        lacking = {part.product_id: part.missing for part in way.all() if part.missing and part.how is not How.MADE}
        materials = tx.session.scalars(select(Product).where(Product.id.in_(lacking)).order_by(Product.id))
        found += [(material, lacking[material.id], order) for material in materials]
    return found


def resolve_served(tx: Transaction, product_ids: Iterable[int], served: Iterable[Order] = ()) -> None:
    """Closes what is asked for these products, or for orders that have been served, and is not needed any more."""
    products = set(product_ids)
    of_these = or_(TaskLine.product_id.in_(products), TaskLine.order_id.in_([order.id for order in served]))
    lines = [line for line in open_lines(tx, of_these) if not line.alert]
    for line in lines:
        _settle(tx, line)
    close_if_empty(tx, [line.task for line in lines if line.done])


def ask_no_more(tx: Transaction, order: Order) -> None:
    """Closes what is asked for an order, but for its alerts, which end by themselves: it needs other goods now, or none."""
    lines = [line for line in open_lines(tx, TaskLine.order_id == order.id) if not line.alert]
    for line in lines:
        line.done = True
    close_if_empty(tx, [line.task for line in lines])


def alert_over(tx: Transaction, product: Product, order: Order) -> None:
    """Closes what a shortage alert asked for, since its condition has ended; what the order still waits for stays asked for."""
    lines = open_lines(tx, TaskLine.product_id == product.id, TaskLine.order_id == order.id, TaskLine.alert)
    for line in lines:
        line.alert = False
        _settle(tx, line)
    close_if_empty(tx, [line.task for line in lines])


def _summed(needs: list[ProductNeed]) -> list[ProductNeed]:
    """One need for each product and order: an order may name a product on several lines."""
    sums: dict[tuple[Product, Order], Decimal] = {}
    for product, quantity, order in needs:
        sums[product, order] = sums.get((product, order), Decimal(0)) + quantity
    return [(product, quantity, order) for (product, order), quantity in sums.items()]


def _tasks_of(tx: Transaction, product_ids: set[int]) -> dict[int, Task]:
    """The open restock task of each product that has one."""
    query = (
        select(TaskLine)
        .join(TaskLine.task)
        .where(Task.state == OPEN, Task.kind == RESTOCK, TaskLine.product_id.in_(product_ids))
        .order_by(TaskLine.id.desc())
        .options(selectinload(TaskLine.task).selectinload(Task.lines).options(*_LINE_PARTS))
    )
    return {line.product_id: line.task for line in tx.session.scalars(query)}


_LINE_PARTS = (joinedload(TaskLine.product), joinedload(TaskLine.order).joinedload(Order.customer))


def _add(task: Task, need: ProductNeed, alert: bool) -> None:
    product, quantity, order = need
    line = next((line for line in task.lines if line.product is product and line.order is order), None)
    if line is None:
        task.lines.append(TaskLine(product=product, order=order, quantity=quantity, alert=alert, done=False))
    else:
        line.quantity, line.done, line.alert = quantity, False, line.alert or alert


def _publish(tx: Transaction, task: Task, needs: list[ProductNeed], urgent: bool) -> None:
    """Brings title, due time and revision up to date and tells purchasing, and of an alert the salespeople."""
    lines = [line for line in task.lines if not line.done]
    names = list(dict.fromkeys(line.product.name for line in lines))
    task.title = f"补货：{names[0]}" + (f" 等 {len(names)} 种" if len(names) > 1 else "")
    task.due_at = min((line.order.promised_ship_at for line in lines if line.order and line.order.promised_ship_at), default=None)
    task.chase_at = None if task.chased else task.due_at
    is_new = task.id is None
    tx.session.add(task)
    tx.session.flush()
    if is_new:
        record(tx, Fact.TASK_OPENED, by=None, data={"task": task.id, "kind": task.kind})
    revision = task.data.get("revision", 0) + 1
    key = f"{RESTOCK}:{task.id}:{revision}"
    task.data = {"revision": revision, "card": key}
    urgency = Urgency.ALERT if urgent else Urgency.PROGRESS
    tell(tx, to_role(Role.PURCHASING), RESTOCK, _card(tx, task, lines, urgent), key=key, urgency=urgency, order=task.order)
    for order in dict.fromkeys(order for _, _, order in needs if urgent):
        _copy(tx, task, order, key)


def _copy(tx: Transaction, task: Task, order: Order, key: str) -> None:
    lines = [line for line in task.lines if line.order is order and not line.done]
    if order.salesperson and lines:
        data = _card(tx, task, lines, True) | {"copy": True}
        tell(tx, to_staff(order.salesperson), RESTOCK, data, key=f"{key}:copy:{order.no}", urgency=Urgency.ALERT, order=order)


def _card(tx: Transaction, task: Task, lines: list[TaskLine], urgent: bool) -> dict[str, Any]:
    orders = {line.order for line in lines if line.order}
    return {
        "task": task.id,
        "urgent": urgent,
        "lines": [_card_line(tx, line) for line in lines],
        "copy": False,
        "url": staff_link(tx, orders.pop()) if len(orders) == 1 else "",
    }


def _card_line(tx: Transaction, line: TaskLine) -> dict[str, Any]:
    order = line.order
    return {
        "product": line.product.name,
        "missing": plain(line.quantity),
        "unit": line.product.unit,
        "order_no": order.no if order else "",
        "customer": order.customer.name if order else "",
        "promised_ship_at": (order and moment(order.promised_ship_at, tx.zone)) or "",
    }


def _settle(tx: Transaction, line: TaskLine) -> None:
    """Writes how much of what a line asks for is still needed."""
    left = _left(tx, line)
    line.done = left <= 0
    if left > 0:
        line.quantity = left


def _left(tx: Transaction, line: TaskLine) -> Decimal:
    """What is still needed of a line's product for its order; of a component, what stock does not cover."""
    order = line.order
    if order is not None and not order.short:
        return Decimal(0)
    own: list[OrderLine] = [own for own in order.lines if own.product_id == line.product_id] if order else []
    if own:
        return sum((missing(part) for part in own), Decimal(0))
    covered = _available(stock_of(tx, [line.product_id]), line.product_id) >= line.quantity
    return Decimal(0) if covered else line.quantity


def _available(stock: dict[int, list[StockBatch]], product_id: int) -> Decimal:
    return sum((batch.available for batch in stock.get(product_id, [])), Decimal(0))
