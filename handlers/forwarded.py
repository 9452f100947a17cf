"""已转发: the salesperson has given the customer, whom no channel reaches, the text; only that counts as told."""

from collections.abc import Collection

from sqlalchemy import select

from handlers import questions, wording
from handlers.asking import Field, Question
from handlers.fields import ORDER, ask_which
from handlers.notices import notice
from handlers.talk import Talk
from language import Reading
from orders.locking import lock_orders
from orders.numbers import find_latest
from orders.refusals import Refused
from platforms.words import Reply
from store.events import Fact, record
from store.models import Event, Order, OutboxMessage, Role
from store.outbox import to_staff

_CHANNEL = "forwarded"
_LOOKED_AT, _OFFERED = 20, 6
"""Newest orders of the person among which a bare 已转发 looks for those with a text to forward."""


def run(talk: Talk, reading: Reading) -> Reply:
    """Writes that every text of the named order that this person was to forward has reached its customer."""
    order = talk.orders(reading.order or "")[0]
    given = select(OutboxMessage).where(OutboxMessage.order_id == order.id, OutboxMessage.card == "forward")
    keys = [message.data["outbox_key"] for message in talk.tx.session.scalars(given) if _is_for(talk, message)]
    if not keys:
        raise Refused("nothing_to_forward", order_no=order.no)
    return _told(talk, order, keys)


def understand(talk: Talk, reading: Reading) -> Reading:
    """A bare 已转发 means the one order that has a text still to be forwarded."""
    waiting = [] if reading.order else _waiting(talk)
    return reading.model_copy(update={"order": waiting[0].no}) if len(waiting) == 1 else reading


def _ask_order(talk: Talk, reading: Reading) -> Question | None:
    waiting = [] if reading.order else _waiting(talk)
    return ask_which(questions.WHICH_FORWARDED, waiting[:_OFFERED]) if waiting else ORDER.question(talk, reading)


def _waiting(talk: Talk) -> list[Order]:
    """The person's newest orders whose customer has not got a text that they were to forward, the newest first."""
    orders = {order.id: order for order in find_latest(talk.tx, talk.person, _LOOKED_AT)}
    mine = OutboxMessage.audience == to_staff(talk.person)
    given = select(OutboxMessage).where(OutboxMessage.order_id.in_(orders), OutboxMessage.card == "forward", mine)
    told = select(Event.data).where(Event.order_id.in_(orders), Event.kind == Fact.CUSTOMER_TOLD)
    before = {data.get("key") for data in talk.tx.session.scalars(told)}
    waiting = {message.order_id for message in talk.tx.session.scalars(given) if message.data["outbox_key"] not in before}
    return [order for number, order in orders.items() if number in waiting]


FIELDS = (Field(ORDER.name, _ask_order, ORDER.typed, ORDER.chosen),)


def forwarded(talk: Talk, key: str) -> Reply:
    """Writes once that the message of this outbox key has reached its customer."""
    message = talk.tx.session.scalar(select(OutboxMessage).where(OutboxMessage.key == key))
    order = talk.tx.session.get(Order, message.order_id) if message and message.order_id else None
    if order is None:
        raise Refused("unknown_button")
    return _told(talk, order, [key])


def _is_for(talk: Talk, message: OutboxMessage) -> bool:
    return message.audience == to_staff(talk.person) or talk.person.has(Role.SALES_MANAGER, Role.ADMIN)


def _told(talk: Talk, order: Order, keys: Collection[str]) -> Reply:
    lock_orders(talk.tx, [order.id])
    told = select(Event.data).where(Event.order_id == order.id, Event.kind == Fact.CUSTOMER_TOLD)
    before = {data.get("key") for data in talk.tx.session.scalars(told)}
    news = [key for key in keys if key not in before]
    if not news:
        raise Refused("forwarded_before", order_no=order.no)
    for key in news:
        record(talk.tx, Fact.CUSTOMER_TOLD, by=talk.person, order=order, data={"key": key, "channel": _CHANNEL})
    return notice(wording.FORWARDED_TITLE, wording.forwarded(order.no, order.customer.name))
