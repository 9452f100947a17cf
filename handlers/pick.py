"""出库: a warehouse takes its part of an order off the shelves."""

from handlers import wording
from handlers.fields import ORDER, warehouse_said
from handlers.notices import notice
from handlers.talk import Talk
from language import Reading
from orders.fulfilment import pick
from platforms.words import Reply

FIELDS = (ORDER,)


def run(talk: Talk, reading: Reading) -> Reply:
    """Picks the order that was named."""
    order = talk.orders(reading.order or "")[0]
    part = pick(talk.tx, order, talk.person, warehouse_said(reading, order, " ".join(reading.unread)))
    return notice(wording.order_done("出库", order.no), wording.CUSTOMER_TOLD, 客户=order.customer.name, 仓库=part.warehouse)
