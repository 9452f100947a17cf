"""Checks of what people give: quantities, days and short texts; each refuses with its reason."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from orders.refusals import Refused
from orders.words import plain
from store.transaction import Transaction

LARGEST_QUANTITY = Decimal(10**9)
_FARTHEST = timedelta(days=366)
_SMALLEST_PART = Decimal("0.0001")
_MEASURED = {
    "kg", "公斤", "千克", "g", "克", "斤", "t", "吨", "m", "米", "cm", "厘米", "mm", "毫米", "l", "升", "ml", "毫升",
    "㎡", "m²", "平方", "平方米", "平米", "m³", "方", "立方", "立方米",
    "千支", "千只", "千个", "千件", "千片", "千套", "万支", "万只", "万个",
}  # fmt: skip
"""Base units that are weighed or measured, or count by the thousand; anything else is counted in whole pieces."""


class Counted(Protocol):
    """A product, by what its quantities are checked against."""

    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> str: ...


def check_quantity(product: Counted, quantity: Decimal) -> Decimal:
    """The quantity in the product's unit, at most four places; refuses what is not positive, too much, or half a piece."""
    said = {"product": product.name, "quantity": str(quantity), "unit": product.unit}
    if not quantity.is_finite() or quantity < _SMALLEST_PART:
        raise Refused("bad_quantity", **said)
    if quantity > LARGEST_QUANTITY:
        raise Refused("too_much", **said, limit=plain(LARGEST_QUANTITY))
    if product.unit.lower() not in _MEASURED and quantity != quantity.to_integral_value():
        raise Refused("not_whole", **(said | {"quantity": plain(quantity)}))
    return quantity.quantize(_SMALLEST_PART, ROUND_HALF_UP)


def check_day(tx: Transaction, day: date) -> None:
    """Refuses a day before the company's today, and one so far ahead that its year must be mistyped."""
    if day < tx.today:
        raise Refused("date_past", date=str(day), today=str(tx.today))
    if day > (latest := tx.today + _FARTHEST):
        raise Refused("date_far", date=str(day), latest=str(latest))


def check_text(name: str, text: str, longest: int) -> str:
    """The text without spaces around it; refuses an empty one and one longer than the column that keeps it."""
    text = text.strip()
    if not text:
        raise Refused("text_missing", name=name)
    if len(text) > longest:
        raise Refused("text_too_long", name=name, longest=longest)
    return text
