"""签收: the customer has what was shipped."""

from handlers import wording
from handlers.fields import ORDER
from handlers.notices import customer_told, notice
from handlers.talk import Talk
from language import Reading
from orders.fulfilment import sign
from platforms.words import Reply

FIELDS = (ORDER,)


def run(talk: Talk, reading: Reading) -> Reply:
    """Signs the order that was named."""
    order = talk.orders(reading.order or "")[0]
    sign(talk.tx, order, talk.person)
    return notice(wording.order_done("签收", order.no), customer_told(order), 客户=order.customer.name)
