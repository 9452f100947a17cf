"""What has been sent or waits to be: questions about deliveries that more than one room asks."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from store.clock import SystemClock
from store.models import Delivery, OutboxMessage
from store.tokens import signing_key
from store.transaction import Transaction

DUE = "due"
"""Waits for its sending, or is being sent while its lease runs."""


def handle(session: Session, delivery_id: int) -> str:
    """The name of a delivery on a platform (WeCom's task_id, DingTalk's outTrackId), never that of another installation."""
    tag = hashlib.sha256(signing_key(session)).hexdigest()[:6]
    return f"d{delivery_id}-{tag}"


def message_key(transaction: Transaction, card: str) -> str:
    """The key of the message that a card on a platform was sent for; empty for a card that is none of ours."""
    delivery = _delivery(transaction, card)
    return delivery.message.key if delivery else ""


def _delivery(transaction: Transaction, card: str, *, locked: bool = False) -> Delivery | None:
    number = card.removeprefix("d").partition("-")[0]
    if not number.isdecimal() or handle(transaction.session, int(number)) != card:
        return None
    return transaction.session.get(Delivery, int(number), with_for_update=locked or None)


def remember_code(transaction: Transaction, task_id: str, code: str) -> None:
    """Keeps the fresh response code that a press brought: the card can be changed in place once more."""
    delivery = _delivery(transaction, task_id, locked=True)
    if delivery is not None:
        delivery.reference = {**delivery.reference, "response_code": code, "code_at": transaction.now.isoformat()}


def anything_due(session: Session) -> bool:
    """Whether a message waits for its addressing, or a delivery for its sending, that no worker has in hand."""
    now = SystemClock().now()
    free = or_(Delivery.lease_until.is_(None), Delivery.lease_until < now)
    waiting = exists().where(Delivery.state == DUE, Delivery.due_at <= now, free)
    return bool(session.scalar(select(or_(exists().where(~OutboxMessage.addressed), waiting))))


@dataclass(frozen=True)
class Figures:
    """What the metrics show of the deliveries."""

    states: dict[tuple[str, str], int]
    """How many by channel and state; `failed` are the dead letters."""
    oldest_due: datetime | None
    possibly_double: int


def figures(session: Session) -> Figures:
    """Counts of all deliveries kept, by channel and state, and the oldest that still waits (real time)."""
    rows = session.execute(select(Delivery.channel, Delivery.state, func.count()).group_by(Delivery.channel, Delivery.state))
    return Figures(
        states={(channel, state): count for channel, state, count in rows},
        oldest_due=session.scalar(select(func.min(Delivery.due_at)).where(Delivery.state == DUE)),
        possibly_double=session.scalar(select(func.count()).where(Delivery.possibly_double)) or 0,
    )
