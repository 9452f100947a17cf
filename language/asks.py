"""Which one question must be answered before an order can be placed."""

from language.amounts import base_quantity
from language.catalogue import Catalogue
from language.reading import Ask, Context, Line, Named, Reading


def settle(reading: Reading, catalogue: Catalogue, context: Context) -> Reading:
    """The reading with the customer of its chat, where it names none, and with the question that it leaves open."""
    if reading.customer is None and context.customer is not None and reading.intent not in ("", "other"):
        reading = reading.model_copy(update={"customer": Named(id=context.customer)})
    if reading.ask or reading.intent in ("", "other"):
        return reading
    ask = _customer(reading) or (_place(reading, catalogue) if reading.intent == "place" else None)
    return reading.model_copy(update={"ask": ask}) if ask else reading


def _customer(reading: Reading) -> Ask | None:
    customer = reading.customer
    return Ask(field="customer", candidates=customer.candidates) if customer and customer.id is None else None


def _place(reading: Reading, catalogue: Catalogue) -> Ask | None:
    if not reading.lines and not reading.orders and not reading.repeat_last:
        return Ask(field="product")
    for index, line in enumerate(reading.lines):
        if line.product.id is None:
            return Ask(field="product", candidates=line.product.candidates, line=index)
    for index, line in enumerate(reading.lines):
        if field := _open(line, catalogue):
            return Ask(field=field, line=index)
    if reading.day and reading.day.day is None:
        return Ask(field="date")
    return Ask(field="confirm") if reading.conditional else None


def _open(line: Line, catalogue: Catalogue) -> str | None:
    if line.number is None or line.vague:
        return "qty"
    return "unit" if base_quantity(catalogue, line) is None else None
