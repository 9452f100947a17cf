"""已转发: the salesperson has given the customer, whom no channel reaches, the text; only that counts as told."""

from sqlalchemy import select

from handlers import wording
from handlers.notices import notice
from handlers.talk import Talk
from orders.locking import lock_orders
from orders.refusals import Refused
from platforms.words import Reply
from store.events import Fact, record
from store.models import Event, OutboxMessage

_CHANNEL = "forwarded"


def forwarded(talk: Talk, key: str) -> Reply:
    """Writes once that the message of this outbox key has reached its customer."""
    message = talk.tx.session.scalar(select(OutboxMessage).where(OutboxMessage.key == key))
    if message is None or message.order_id is None:
        raise Refused("unknown_button")
    order = lock_orders(talk.tx, [message.order_id])[0]
    told = select(Event.data).where(Event.order_id == order.id, Event.kind == Fact.CUSTOMER_TOLD)
    if any(data.get("key") == key for data in talk.tx.session.scalars(told)):
        raise Refused("forwarded_before", order_no=order.no)
    record(talk.tx, Fact.CUSTOMER_TOLD, by=talk.person, order=order, data={"key": key, "channel": _CHANNEL})
    return notice(wording.FORWARDED_TITLE, wording.forwarded(order.no, order.customer.name))
