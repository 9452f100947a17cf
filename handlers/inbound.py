"""在途: a purchase order is on its way."""

from handlers import wording
from handlers.fields import ARRIVAL, PURCHASE
from handlers.line_fields import PRODUCT, QUANTITY, only_line
from handlers.notices import notice, quantity
from handlers.talk import Talk
from language import Reading
from orders.inbound import announce
from platforms.words import Reply

FIELDS = (PURCHASE, PRODUCT, QUANTITY, ARRIVAL)


def run(talk: Talk, reading: Reading) -> Reply:
    """Writes the purchase order down, or corrects it."""
    product, amount = only_line(talk, reading)
    assert reading.number, "asked for"
    assert reading.day, "asked for"
    assert reading.day.day, "asked for"
    announced = announce(talk.tx, reading.number, product, amount, reading.day.day, talk.person)
    return notice(
        f"在途已登记 {announced.inbound.number}",
        wording.announced([order.no for order in announced.orders]),
        产品=product.name,
        数量=quantity(announced.inbound.quantity, product.unit),
        到货=wording.day_text(announced.inbound.expected_on),
    )
