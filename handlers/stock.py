"""库存: what there is of a product, where it lies, and what is on its way."""

from handlers.line_fields import PRODUCT
from handlers.talk import Talk
from language import Reading
from orders.stock import stock_data
from platforms.words import Reply

FIELDS = (PRODUCT,)


def run(talk: Talk, reading: Reading) -> Reply:
    """The stock of the product that was asked for."""
    return Reply("stock", stock_data(talk.tx, talk.product(reading.lines[0].product.id)))
