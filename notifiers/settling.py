"""What came of a sending is written down: sent, tried again later, or given up and said so."""

import hashlib
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import select

from notifiers import quota
from notifiers.audience import DINGTALK_ROBOT, DINGTALK_TODO, NOWHERE, forward
from notifiers.outbox import DROPPED, FAILED, SENT, SKIPPED, real_now, reroute
from notifiers.retry import next_try
from notifiers.words import CHANNELS, NO_CHANNEL, REASONS
from platforms.errors import Action, PlatformError
from store.deliveries import DUE
from store.events import Fact, record
from store.models import Customer, Delivery, Order, Role, Staff
from store.outbox import Urgency, tell, to_role
from store.transaction import Transaction

_ABOUT_US = ("undelivered:", "quota:")
"""Keys of messages about messages: their own failures are only logged, or they would call forth each other."""
_COUNTED = (DINGTALK_ROBOT, DINGTALK_TODO)
"""The channels that share the month's calls; the robots of groups have a quota of their own (code 90030)."""
_CODE_LENGTH = 40
_TIMES = {Action.UNKNOWN: "unknown_times", Action.WAIT: "wait_times"}
"""In a delivery's reference: how many of its tries had an outcome that nobody knows, or came too fast."""

log = structlog.get_logger()


def sent(tx: Transaction, delivery: Delivery, reference: dict[str, Any]) -> None:
    """The platform has taken it; a customer who was told is a fact of the order."""
    delivery.state = SENT
    delivery.sent_at = tx.now
    delivery.lease_until = None
    delivery.error = None
    delivery.reference = {**delivery.reference, **reference}
    if "shown_by" in reference:
        _spend_code(tx, reference["shown_by"])
    message = delivery.message
    if message.audience.startswith("customer:") and message.order_id:
        order = tx.session.get_one(Order, message.order_id, with_for_update=True)
        record(tx, Fact.CUSTOMER_TOLD, by=None, order=order, data={"key": message.key, "channel": delivery.channel})


def _spend_code(tx: Transaction, shown_by: int) -> None:
    """A response code works once."""
    card = tx.session.get_one(Delivery, shown_by, with_for_update=True)
    card.reference = {name: value for name, value in card.reference.items() if name not in ("response_code", "code_at")}


def skipped(delivery: Delivery, why: str) -> None:
    """Nobody needs it there."""
    delivery.state, delivery.error, delivery.lease_until = SKIPPED, why, None


def refused(tx: Transaction, delivery: Delivery, error: PlatformError) -> None:
    """The platform has not taken it, or nobody knows: tried again by the kind of error, or given up."""
    now = real_now()
    delivery.lease_until = None
    delivery.error = str(error)[:256]
    if error.action is Action.QUOTA and delivery.channel in _COUNTED:
        _out_of_quota(tx, delivery, error)
        return
    delivery.possibly_double = delivery.possibly_double or error.action is Action.UNKNOWN
    if error.action is Action.WAIT:
        delivery.attempts -= 1
    due = next_try(error.action, error.wait, _times(delivery, error), delivery.urgency, delivery.addressed_at, now)
    if due is not None:
        delivery.due_at = due
    else:
        _give_up(tx, delivery, error)
    if due is None or error.action is Action.CONFIGURATION:
        complain(tx, delivery, error)


def _times(delivery: Delivery, error: PlatformError) -> int:
    """How often it has ended like this: tries that certainly had no effect do not bring forward the end of those that may have."""
    name = _TIMES.get(error.action)
    if name is None:
        return delivery.attempts
    times = int(delivery.reference.get(name, 0)) + 1
    delivery.reference = {**delivery.reference, name: times}
    return times


def put_off(delivery: Delivery, seconds: float) -> None:
    """Our own rate limit: not an attempt, not an error."""
    delivery.due_at = real_now() + timedelta(seconds=seconds)
    delivery.lease_until = None
    delivery.attempts -= 1


def _out_of_quota(tx: Transaction, delivery: Delivery, error: PlatformError) -> None:
    quota.use_up(tx)
    if reroute(tx, delivery):
        skipped(delivery, str(error))
    else:
        _give_up(tx, delivery, error)


def _give_up(tx: Transaction, delivery: Delivery, error: PlatformError) -> None:
    delivery.state = DROPPED if error.action is Action.DROP else FAILED
    log.error("delivery given up", delivery=delivery.id, channel=delivery.channel, card=delivery.message.card, error=str(error))
    if delivery.message.audience.startswith("customer:") and not _others_reach(tx, delivery):
        forward(tx, delivery.message)


def _others_reach(tx: Transaction, delivery: Delivery) -> bool:
    """Whether the customer has been told elsewhere, or still may be."""
    query = select(Delivery.id).where(Delivery.outbox_id == delivery.outbox_id, Delivery.id != delivery.id, Delivery.state.in_((SENT, DUE)))
    return tx.session.scalar(query.limit(1)) is not None


def complain(tx: Transaction, delivery: Delivery, error: PlatformError | None) -> None:
    """Tells the admins, once a day for each receiver and cause; `error` is None where no channel leads to the receiver."""
    message = delivery.message
    if message.key.startswith(_ABOUT_US):
        return
    code = error.code[:_CODE_LENGTH] if error else NOWHERE
    receiver = hashlib.sha256(delivery.recipient.encode()).hexdigest()[:16]
    data = {
        "title": "有消息发不出去",
        "text": REASONS.get(error.action, REASONS[Action.REFUSED]) if error else NO_CHANNEL,
        "fields": _facts(tx, delivery, code),
    }
    key = f"undelivered:{delivery.channel}:{receiver}:{code}:{tx.today}"
    tell(tx, to_role(Role.ADMIN), "notice", data, key=key, urgency=Urgency.ALERT)


def _facts(tx: Transaction, delivery: Delivery, code: str) -> list[dict[str, str]]:
    order = tx.session.get(Order, delivery.message.order_id) if delivery.message.order_id else None
    facts = {"渠道": CHANNELS.get(delivery.channel, delivery.channel), "对象": _receiver(tx, delivery), "错误码": code}
    if order:
        facts["订单"] = order.no
    return [{"name": name, "value": value} for name, value in facts.items()]


def _receiver(tx: Transaction, delivery: Delivery) -> str:
    person = tx.session.get(Staff, delivery.staff_id) if delivery.staff_id else None
    kind, _, number = delivery.message.audience.partition(":")
    if person is None and kind == "customer":
        return tx.session.get_one(Customer, int(number)).name
    return person.name if person else delivery.recipient
