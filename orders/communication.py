"""Communication logs 沟通纪要: what was agreed with a customer, for good (design: trade.md, Communication log)."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from orders.checking import check_text
from orders.owed_logs import settle_owed
from orders.refusals import Refused
from orders.tasks import give
from orders.words import moment
from store.database import to_json
from store.events import Fact, record
from store.models import CommunicationLog, Order, Staff
from store.transaction import Transaction

_TITLE = 256
_CLOCKS_DIFFER = timedelta(minutes=5)
_LONGEST = {"contact": ("沟通对象", 64), "conclusion": ("关键结论", 1024), "todo": ("待办事项", 512), "channel": ("沟通方式", 16)}


@dataclass(frozen=True)
class Agreed:
    """What a log says: with whom and when one talked, what was concluded and what is to be done until when."""

    contact: str
    talked_at: datetime
    conclusion: str
    channel: str | None = None
    todo: str | None = None
    todo_due: datetime | None = None
    source: str | None = None
    """The sentence or pasted chat that it was taken from."""


def write_log(tx: Transaction, order: Order, by: Staff, agreed: Agreed, occasion: str = "talk") -> CommunicationLog:
    """Adds a log to an order, which must be locked; refuses one without contact or conclusion, or of a talk yet to come.

    Nobody owes a log of the order any more, and what is to be done until a moment becomes a task of who wrote it.
    """
    check_agreed(tx, agreed)
    log = CommunicationLog(
        order_id=order.id,
        at=tx.now,
        staff_id=by.id,
        contact=agreed.contact.strip(),
        channel=agreed.channel,
        talked_at=agreed.talked_at,
        conclusion=agreed.conclusion.strip(),
        todo=agreed.todo,
        todo_due=agreed.todo_due,
        source=agreed.source,
        occasion=occasion,
        previous_hash=_last_hash(tx, order),
    )
    log.hash = chained(log)
    tx.session.add(log)
    tx.session.flush()
    # the event carries the hash, so that a last log that is taken away is missed
    record(tx, Fact.LOG_WRITTEN, by=by, order=order, data={"log": log.id, "hash": log.hash, "occasion": occasion})
    settle_owed(tx, order, by)
    if agreed.todo and agreed.todo_due:
        give(tx, by, "promised", agreed.todo[:_TITLE], order=order, due_at=agreed.todo_due, log=log.id)
    return log


def chained(log: CommunicationLog) -> str:
    """The hash of a log: over the hash before it and everything it says."""
    said: list[Any] = [
        log.previous_hash,
        log.order_id,
        _in_utc(log.at),
        log.staff_id,
        log.contact,
        log.channel,
        _in_utc(log.talked_at),
        log.conclusion,
        log.todo,
        _in_utc(log.todo_due) if log.todo_due else None,
        log.source,
        log.occasion,
    ]
    return hashlib.sha256(to_json(said).encode()).hexdigest()


def _in_utc(at: datetime) -> str:
    """As the database gives it back, whatever zone it was written in."""
    return at.astimezone(UTC).isoformat()


def logs_of(tx: Transaction, order: Order) -> list[CommunicationLog]:
    """The logs of an order, the oldest first."""
    return list(tx.session.scalars(select(CommunicationLog).where(CommunicationLog.order_id == order.id).order_by(CommunicationLog.id)))


def contacts_of(tx: Transaction, order: Order, limit: int = 4) -> list[str]:
    """With whom one may have talked: who receives the goods, whom earlier logs of the customer name, the customer."""
    query = (
        select(CommunicationLog.contact).join(Order, Order.id == CommunicationLog.order_id).where(Order.customer_id == order.customer_id)
    )
    known = tx.session.scalars(query.order_by(CommunicationLog.id.desc()).limit(20))
    names = [name for name in (order.contact, *known, order.customer.name) if name]
    return list(dict.fromkeys(names))[:limit]


def check_agreed(tx: Transaction, agreed: Agreed) -> None:
    """Refuses a log without contact or conclusion, one that is too long, and one of a talk yet to come."""
    for part, (name, longest) in _LONGEST.items():
        if part in ("contact", "conclusion") or getattr(agreed, part) is not None:
            check_text(name, getattr(agreed, part), longest)
    if agreed.talked_at > tx.now + _CLOCKS_DIFFER:
        raise Refused("talk_to_come", at=moment(agreed.talked_at, tx.zone))


def _last_hash(tx: Transaction, order: Order) -> str:
    query = select(CommunicationLog.hash).where(CommunicationLog.order_id == order.id)
    return tx.session.scalar(query.order_by(CommunicationLog.id.desc()).limit(1)) or ""
