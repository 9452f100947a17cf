"""出库: a warehouse takes its part of an order off the shelves."""

from handlers import wording
from handlers.fields import ORDER, warehouse_said
from handlers.notices import customer_told, notice, part_number, parts_said
from handlers.talk import Talk
from language import Reading
from orders.fulfilment import pick
from platforms.words import Reply
from store.models import Fulfilment, Order

FIELDS = (ORDER,)


def run(talk: Talk, reading: Reading) -> Reply:
    """Picks the order that was named, as it stands now."""
    order = talk.orders(reading.order or "")[0]
    return _picked(order, pick(talk.tx, order, talk.person, warehouse_said(reading, order, " ".join(reading.unread))))


def press(talk: Talk, argument: str) -> Reply:
    """Picks what the card says; refused when the order has been amended since the card was sent."""
    order_no, shown, warehouse = argument.split(" ", 2)
    version, _, part = shown.partition("/")
    order = talk.orders(order_no)[0]
    return _picked(order, pick(talk.tx, order, talk.person, warehouse, int(version), int(part) if part else None))


def _picked(order: Order, part: Fulfilment) -> Reply:
    return notice(
        wording.order_done("出库", order.no, part_number(order, part)),
        customer_told(order),
        客户=order.customer.name,
        仓库=part.warehouse,
        **parts_said(order, part),
    )
