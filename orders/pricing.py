"""Prices and money: yuan, Decimal, two places, half up at the line."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from orders.refusals import Refused
from orders.words import CENT, money, plain

LARGEST_AMOUNT = Decimal(10**12)
_PRICE_PLACES = Decimal("0.0001")


class Priced(Protocol):
    """A product, by what it costs."""

    @property
    def name(self) -> str: ...
    @property
    def price(self) -> Decimal | None: ...


def line_price(product: Priced, agreed: Decimal | None) -> Decimal:
    """The agreed price, else the list price, else 0 (pointed out on the draft); refuses a negative one."""
    price = agreed if agreed is not None else product.price or Decimal(0)
    if not price.is_finite() or price < 0 or price > LARGEST_AMOUNT:
        raise Refused("bad_price", product=product.name, price=str(price))
    return price.quantize(_PRICE_PLACES, ROUND_HALF_UP)


def line_amount(quantity: Decimal, price: Decimal) -> Decimal:
    """What a line costs."""
    return (quantity * price).quantize(CENT, ROUND_HALF_UP)


def order_total(amounts: Iterable[Decimal]) -> Decimal:
    """What an order costs; refuses a sum that must be a slip of the pen."""
    total = sum(amounts, Decimal(0))
    if total > LARGEST_AMOUNT:
        raise Refused("amount_too_large", total=money(total), limit=plain(LARGEST_AMOUNT))
    return total
