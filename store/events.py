"""Events are facts in the past tense, appended with the change they speak of (design: house.md, decision 5)."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import insert

from store.database import to_json
from store.models import Event, Order, Product, Staff, UnreadEvent
from store.transaction import Transaction

REACTIONS = "reactions"
"""The reader that lets automations react (automations/reactions.py)."""
EVIDENCE = "evidence"
"""The reader that makes the signed record of an approval that has ended (automations/recording.py)."""
BULK = "bulk"
"""The queue on which reactions, rules and timers are worked."""


class Fact(StrEnum):
    """Every kind of event; the last word says what has happened."""

    ORDER_PLACED = "order.placed"
    ORDER_APPROVED = "order.approved"
    ORDER_REOPENED = "order.reopened"
    ORDER_ALLOCATED = "order.allocated"
    ORDER_SHORT = "order.short"
    ORDER_SERVED = "order.served"
    ORDER_PROMISED = "order.promised"
    ORDER_SCHEDULED = "order.scheduled"
    ORDER_PICKED = "order.picked"
    ORDER_SHIPPED = "order.shipped"
    ORDER_SIGNED = "order.signed"
    ORDER_CLOSED = "order.closed"
    ORDER_AMENDED = "order.amended"
    ORDER_CANCELLED = "order.cancelled"
    ORDER_INTERCEPTED = "order.intercepted"
    ORDER_IMPORTED = "order.imported"
    STOCK_CHANGED = "stock.changed"
    INBOUND_CHANGED = "inbound.changed"
    SHIPMENT_SUBSCRIBED = "shipment.subscribed"
    SHIPMENT_TRACED = "shipment.traced"
    PROMISE_OFFERED = "promise.offered"
    PROMISE_AGREED = "promise.agreed"
    PROMISE_SETTLED = "promise.settled"
    CUSTOMER_TOLD = "customer.told"
    TASK_OPENED = "task.opened"
    TASK_DONE = "task.done"
    LOG_WRITTEN = "log.written"
    ORDER_INVOICED = "order.invoiced"
    TASK_CHASED = "task.chased"
    APPROVAL_OPENED = "approval.opened"
    APPROVAL_DECIDED = "approval.decided"
    APPROVAL_ESCALATED = "approval.escalated"
    APPROVAL_ENDED = "approval.ended"
    ALERT_OPENED = "alert.opened"
    ALERT_RESOLVED = "alert.resolved"


REACTED = {
    Fact.ORDER_PLACED,
    Fact.ORDER_AMENDED,
    Fact.ORDER_CANCELLED,
    Fact.ORDER_SHIPPED,
    Fact.ORDER_IMPORTED,
    Fact.STOCK_CHANGED,
    Fact.SHIPMENT_TRACED,
}
"""Facts that may make a rule true or end its episode, so they wake the automations."""
_READERS = dict.fromkeys(REACTED, REACTIONS) | {Fact.APPROVAL_ENDED: EVIDENCE}

_APPEND, _LEAVE_UNREAD = insert(Event).returning(Event.id), insert(UnreadEvent)
_SAID = ("previous_hash", "at", "kind", "order_id", "product_id", "staff_id", "data")
"""What the hash of an event is over, in this order."""


def record(
    transaction: Transaction,
    fact: Fact,
    *,
    by: Staff | None,
    order: Order | None = None,
    product: Product | None = None,
    data: dict[str, Any] | None = None,
) -> int:
    """Appends a fact and answers its id; an order's events are chained, so the order must be locked or new, and flushed."""
    # Straight to the table: an order writes several, and nobody looks at them again in its transaction.
    event = {
        "previous_hash": order.chain if order else "",
        "at": transaction.now,
        "kind": fact,
        "order_id": order.id if order else None,
        "product_id": product.id if product else None,
        "staff_id": by.id if by else None,
        "data": data or {},
        "hash": "",
    }
    if order is not None:
        event["hash"] = order.chain = _hash(event)
    connection = transaction.connection
    number: int = connection.execute(_APPEND, event).scalar_one()
    if reader := _READERS.get(fact):
        connection.execute(_LEAVE_UNREAD, {"event_id": number, "reader": reader})
        transaction.wakes.add(BULK)
    return number


def unchained(number: int, at: datetime, fact: Fact, product_id: int, data: dict[str, Any]) -> dict[str, Any]:
    """The row of an event of a product, which stands in no chain, for loading many at once."""
    values = {"id": number, "at": at, "kind": fact, "product_id": product_id, "data": data}
    return values | {"order_id": None, "staff_id": None, "previous_hash": "", "hash": ""}


def chained(event: Event) -> str:
    """The hash of an event: over the hash before it and everything it says."""
    return _hash({column: getattr(event, column) for column in _SAID})


def _hash(event: Mapping[str, Any]) -> str:
    return hashlib.sha256(to_json([event[column] for column in _SAID]).encode()).hexdigest()
