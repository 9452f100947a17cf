"""查单: an order by its number, a tail of it, or its customer."""

from typing import Any

from handlers import questions, wording
from handlers.asking import Field, Question
from handlers.dialogs import Choice
from handlers.fields import ask_which, order_item
from handlers.line_fields import OFFERED, PRODUCT, base_quantity
from handlers.notices import notice
from handlers.order_card import order_card
from handlers.talk import Talk
from language import Line, Named, Reading
from orders.numbers import find_by_customer, find_latest
from orders.refusals import Refused
from platforms.words import Reply
from store.models import Order, Stage


def run(talk: Talk, reading: Reading) -> Reply:
    """The one order that was found; the prices that were asked for, or the orders that a question without any is about."""
    if _asks_prices(reading):
        return _prices(talk, reading)
    if _asks_for_all(reading):
        return _all(talk, reading)
    return order_card(talk, _found(talk, reading)[0])


def _asks_prices(reading: Reading) -> bool:
    return bool(reading.lines) and bool({"price", "freight"} & set(reading.about)) and not reading.order


def _prices(talk: Talk, reading: Reading) -> Reply:
    """List prices; what freight costs is agreed with the customer, not kept here."""
    text = wording.FREIGHT_UNKNOWN if "freight" in reading.about else wording.LIST_PRICES
    return notice(wording.PRICES, text, **dict(_price(talk, line) for line in reading.lines if line.product.id))


def _price(talk: Talk, line: Line) -> tuple[str, str]:
    product, quantity = talk.product(line.product.id), base_quantity(talk, line)
    price = wording.price(product.price, product.unit)
    return product.name, price if quantity is None or product.price is None else wording.price_of(price, product.price * quantity)


def _asks_for_all(reading: Reading) -> bool:
    """还有几单没审, 我这周下了多少单: no order, no customer, and none needed."""
    return bool({"list", "approval"} & set(reading.about)) and not (reading.order or reading.order_tail or reading.customer)


def _all(talk: Talk, reading: Reading) -> Reply:
    """The person's newest orders; of approval those that still wait for it."""
    waiting = "approval" in reading.about
    found = find_latest(talk.tx, talk.person, stage=Stage.PLACED if waiting else None)
    if not found:
        return notice(wording.NONE_WAITING if waiting else wording.NO_ORDERS_YET)
    return Reply(
        "orders", {"title": wording.WAITING_FOR_APPROVAL if waiting else wording.NEWEST_ORDERS, "items": list(map(order_item, found))}
    )


def _found(talk: Talk, reading: Reading) -> list[Order]:
    if reading.order:
        return talk.orders(reading.order)
    customer = reading.customer.id if reading.customer else None
    orders = find_by_customer(talk.tx, customer, talk.person) if customer else []
    if not orders:
        raise Refused("no_orders", customer=talk.catalogue.customers[customer].name if customer else "")
    return orders


def _ask(talk: Talk, reading: Reading) -> Question | None:
    if _asks_prices(reading):
        return PRODUCT.question(talk, reading)
    if _asks_for_all(reading):
        return None
    customer = reading.customer
    if not reading.order and (customer is None or customer.id is None):
        return _ask_customer(talk, customer)
    orders = _found(talk, reading)
    if len(orders) == 1:
        return None
    if reading.order:
        return ask_which(questions.several_orders(reading.order), orders)
    return ask_which(wording.orders_of(orders[0].customer.name), orders)


def _ask_customer(talk: Talk, customer: Named | None) -> Question:
    if customer is None:
        return Question(questions.WHICH_ORDER_OR_CUSTOMER)
    names = tuple(Choice(talk.catalogue.customers[candidate].name, {"customer": candidate}) for candidate in customer.candidates[:OFFERED])
    return Question(questions.ask_customer(customer.said, customer.count), names)


def _type(talk: Talk, reading: Reading, text: str) -> Reading:
    said = talk.read(f"查单 {text}")
    if said.order or (said.customer and said.customer.count):
        return reading.model_copy(update={"order": said.order, "customer": said.customer})
    return reading


def _choose(reading: Reading, value: Any) -> Reading:
    if isinstance(value, str):
        return reading.model_copy(update={"order": value})
    return reading.model_copy(update={"customer": Named(id=value["customer"])})


FIELDS = (Field("found", _ask, _type, _choose),)
