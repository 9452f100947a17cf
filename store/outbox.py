"""Telling: a row in the outbox, in the same transaction as the change it speaks of (design: house.md, decision 1).

An audience is written `staff:7`, `role:purchasing`, `customer:3`, `group:logistics` or `service:kuaidi100`. Who of them
hears it through which channel is decided when it is sent (notifiers/audience.py).
"""

from enum import IntEnum
from functools import cache
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from store.models import Customer, Order, OutboxMessage, Role, Staff
from store.transaction import Transaction

DELIVER = "deliver"
"""The queue on which messages are sent."""
TODO = "todo"
"""The service that keeps to-dos on a platform: card `todo_done`, data {"task"}, ticks off the one of a task."""


INTERIM = "interim"
"""In a card's data, true of a change that another will follow: left out where a card can change in its place only once."""
IN_PLACE = "in_place"
"""In a card's data, true of a change that is nothing on its own: left out where the earlier card cannot change any more."""


class Urgency(IntEnum):
    """Who is served first (house.md, decision 9)."""

    WAITING = 1
    ALERT = 2
    PROGRESS = 3
    BULK = 4


def to_staff(person: Staff) -> str:
    """One person."""
    return f"staff:{person.id}"


def to_role(role: Role) -> str:
    """Everybody who has the role; nobody has it: the admins."""
    return f"role:{role}"


def to_customer(customer: Customer) -> str:
    """A customer, by every channel that may reach them."""
    return f"customer:{customer.id}"


def to_group(name: str) -> str:
    """A group chat, by its name in the settings."""
    return f"group:{name}"


def to_service(name: str) -> str:
    """Another program that is called rather than told, such as the tracking service."""
    return f"service:{name}"


def tell(
    transaction: Transaction,
    audience: str,
    card: str,
    data: dict[str, Any],
    *,
    key: str,
    urgency: Urgency,
    order: Order | None = None,
    updates: str | None = None,
) -> None:
    """Writes a message once: a second one with the same `key` is dropped. `data` must be plain JSON values.

    `updates` is the key of an earlier message whose card changes in place where the platform still can.
    """
    row = {
        "key": key,
        "audience": audience,
        "card": card,
        "data": data,
        "urgency": urgency,
        "order_id": order.id if order else None,
        "updates": updates,
        "created_at": transaction.now,
        "addressed": False,
    }
    # Straight to the table: every message passes here, and building the statement anew would double its cost.
    transaction.connection.execute(_statement(transaction.connection.dialect.name), row)
    transaction.wakes.add(DELIVER)


@cache
def _statement(dialect: str) -> sqlite.Insert | postgresql.Insert:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return insert(OutboxMessage).on_conflict_do_nothing(index_elements=["key"])
