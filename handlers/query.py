"""查单: an order by its number, a tail of it, or its customer."""

from typing import Any

from handlers import wording
from handlers.asking import Field, Question
from handlers.dialogs import Choice
from handlers.fields import ask_which
from handlers.line_fields import OFFERED
from handlers.order_card import order_card
from handlers.talk import Talk
from language import Named, Reading
from orders.numbers import find_by_customer
from orders.refusals import Refused
from platforms.words import Reply
from store.models import Order


def run(talk: Talk, reading: Reading) -> Reply:
    """The one order that was found."""
    return order_card(talk, _found(talk, reading)[0])


def _found(talk: Talk, reading: Reading) -> list[Order]:
    if reading.order:
        return talk.orders(reading.order)
    customer = reading.customer.id if reading.customer else None
    orders = find_by_customer(talk.tx, customer, talk.person) if customer else []
    if not orders:
        raise Refused("no_orders", customer=talk.catalogue.customers[customer].name if customer else "")
    return orders


def _ask(talk: Talk, reading: Reading) -> Question | None:
    customer = reading.customer
    if not reading.order and (customer is None or customer.id is None):
        return _ask_customer(talk, customer)
    orders = _found(talk, reading)
    if len(orders) == 1:
        return None
    if reading.order:
        return ask_which(wording.several_orders(reading.order), orders)
    return ask_which(wording.orders_of(orders[0].customer.name), orders)


def _ask_customer(talk: Talk, customer: Named | None) -> Question:
    if customer is None:
        return Question(wording.WHICH_ORDER_OR_CUSTOMER)
    names = tuple(Choice(talk.catalogue.customers[candidate].name, {"customer": candidate}) for candidate in customer.candidates[:OFFERED])
    return Question(wording.ask_customer(customer.said, customer.count), names)


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
