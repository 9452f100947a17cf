"""The outbox: new messages become deliveries, a delivery is claimed with a lease, and what came of it is written down.

Every function works inside the caller's transaction; sending happens between two of them (notifiers/sending.py).
"""

from collections.abc import Iterator
from datetime import datetime

import structlog
from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, aliased

from notifiers.audience import DINGTALK_TODO, NOWHERE, Place, place_of, places
from notifiers.channels import Earlier
from notifiers.retry import LEASE
from store.clock import SystemClock
from store.deliveries import DUE, handle
from store.models import Delivery, OutboxMessage, Staff
from store.transaction import Transaction

SENT, FAILED, DROPPED, SKIPPED = "sent", "failed", "dropped", "skipped"
_AT_ONCE = 50

log = structlog.get_logger()


def real_now() -> datetime:
    """Leases and retries run in real time, whatever the trade's clock says."""
    return SystemClock().now()


def address_new(tx: Transaction) -> Iterator[Delivery]:
    """Makes deliveries of messages that have none yet; gives those that are dead letters from the start.

    What is told meanwhile is addressed as well.
    """
    query = select(OutboxMessage).where(~OutboxMessage.addressed).order_by(OutboxMessage.urgency, OutboxMessage.id).limit(_AT_ONCE)
    while messages := tx.session.scalars(query.with_for_update(skip_locked=True)).all():
        for message in messages:
            yield from _address(tx, message)


def _address(tx: Transaction, message: OutboxMessage) -> Iterator[Delivery]:
    if message.addressed:
        return
    message.addressed = True
    earlier = _message(tx.session, message.updates)
    if earlier:
        yield from _address(tx, earlier)
    try:
        with tx.session.begin_nested():
            found = places(tx, message)
    except Exception:
        log.exception("message cannot be addressed", outbox=message.id, card=message.card)
        found = [Place(NOWHERE, message.audience)]
    urgency = max(message.urgency, earlier.urgency if earlier else 0)
    letters = [_delivery(tx.session, message, _where_shown(tx.session, earlier, place) or place, urgency) for place in found]
    tx.session.flush()
    yield from (letter for letter in letters if letter.state == FAILED)


def _delivery(session: Session, message: OutboxMessage, place: Place, urgency: int) -> Delivery:
    """`urgency` is never above that of the card which this one replaces, so that it cannot overtake it."""
    now = real_now()
    delivery = Delivery(
        message=message,
        channel=place.channel,
        recipient=place.recipient,
        staff_id=place.staff_id,
        urgency=urgency,
        state=FAILED if place.channel == NOWHERE else DUE,
        error="no channel" if place.channel == NOWHERE else None,
        addressed_at=now,
        due_at=now,
        reference=place.reference,
    )
    session.add(delivery)
    return delivery


def _message(session: Session, key: str | None) -> OutboxMessage | None:
    return session.scalar(select(OutboxMessage).where(OutboxMessage.key == key).with_for_update()) if key else None


def _where_shown(session: Session, earlier: OutboxMessage | None, place: Place) -> Place | None:
    """A card changes where its receiver has it, even if they write from elsewhere by now."""
    if earlier is None or place.staff_id is None:
        return None
    query = select(Delivery).where(Delivery.outbox_id == earlier.id, Delivery.staff_id == place.staff_id, Delivery.channel != NOWHERE)
    shown = session.scalar(query.order_by(Delivery.id).limit(1))
    return Place(shown.channel, shown.recipient, place.staff_id) if shown else None


def claim(tx: Transaction) -> Delivery | None:
    """The most urgent delivery that is due and free, leased to the caller; its attempt is counted.

    One receiver is told in order, by one worker at a time: an earlier message that is not less urgent goes first.
    One that a worker had in hand when it died may have been sent.
    """
    now = real_now()
    free = or_(Delivery.lease_until.is_(None), Delivery.lease_until < now)
    query = select(Delivery).where(Delivery.state == DUE, Delivery.due_at <= now, free, ~_overtakes())
    query = query.order_by(Delivery.urgency, Delivery.id).limit(1).with_for_update(skip_locked=True)
    delivery = tx.session.scalar(query)
    if delivery is not None:
        delivery.possibly_double = delivery.possibly_double or delivery.lease_until is not None
        delivery.lease_until = now + LEASE
        delivery.attempts += 1
    return delivery


def _overtakes() -> ColumnElement[bool]:
    first = aliased(Delivery)
    return exists().where(
        first.channel == Delivery.channel,
        first.recipient == Delivery.recipient,
        first.state == DUE,
        first.id < Delivery.id,
        first.urgency <= Delivery.urgency,
    )


def earlier_card(tx: Transaction, delivery: Delivery) -> Earlier | None:
    """The card that this delivery replaces, as its receiver has it now; None where there is none or it was never sent."""
    earlier = _message(tx.session, delivery.message.updates)
    query = select(Delivery).where(Delivery.channel == delivery.channel, Delivery.recipient == delivery.recipient, Delivery.state == SENT)
    if earlier is not None:
        query = query.where(Delivery.outbox_id == earlier.id)
    elif delivery.channel != DINGTALK_TODO:
        return None
    shown = tx.session.scalar(query.order_by(Delivery.id).limit(1))
    while shown is not None and "shown_by" in shown.reference:
        shown = tx.session.get(Delivery, shown.reference["shown_by"])
    return Earlier(shown.id, handle(tx.session, shown.id), shown.reference) if shown else None


def reroute(tx: Transaction, delivery: Delivery) -> bool:
    """Sends a person's message by their other platform; False where they have none."""
    person = tx.session.get(Staff, delivery.staff_id) if delivery.staff_id else None
    place = place_of(tx, person) if person else None
    if place is None or place.channel == delivery.channel:
        return False
    _delivery(tx.session, delivery.message, place, delivery.urgency)
    return True
