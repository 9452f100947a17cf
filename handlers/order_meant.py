"""Which order is meant: by its number or a tail of it, 刚才那单, 昨天那单, or 锐固那单; asked with choices when that leaves several."""

from datetime import date
from typing import Any

from handlers import questions
from handlers.asking import Field, Question
from handlers.dialogs import Choice
from handlers.fields import ask_which
from handlers.talk import Talk
from language import Named, Reading
from orders.numbers import find_by_customer, find_latest
from orders.refusals import Refused
from store.models import Order

_LAST = "last"


def order_meant(talk: Talk, reading: Reading) -> Order:
    """The order of a reading whose field ORDER_MEANT is settled."""
    return _candidates(talk, reading)[0]


def _candidates(talk: Talk, reading: Reading) -> list[Order]:
    """All that may be meant, the likeliest first; refuses a number or a customer without any order."""
    if typed := reading.order or reading.order_tail:
        return talk.orders(typed)
    found = _theirs(talk, reading.customer.id) if reading.customer and reading.customer.id else find_latest(talk.tx, talk.person)
    if reading.order_hint is None:
        return found
    if reading.order_hint == _LAST:
        return found[:1]
    day = date.fromisoformat(reading.order_hint)
    return [order for order in found if order.created_at.astimezone(talk.tx.zone).date() == day] or found


def _theirs(talk: Talk, customer: int) -> list[Order]:
    found = find_by_customer(talk.tx, customer, talk.person)
    if not found:
        raise Refused("no_orders", customer=talk.catalogue.customers[customer].name)
    return found


def _ask(talk: Talk, reading: Reading) -> Question | None:
    if reading.customer and reading.customer.id is None and not (reading.order or reading.order_tail):
        return _ask_customer(talk, reading.customer)
    found = _candidates(talk, reading)
    settled = len(found) == 1 and (reading.order or reading.order_tail or reading.order_hint or reading.customer)
    if settled:
        return None
    if typed := reading.order or reading.order_tail:
        return ask_which(questions.several_orders(typed), found)
    return ask_which(questions.WHICH_ORDER, found) if found else Question(questions.WHICH_ORDER)


def _ask_customer(talk: Talk, customer: Named) -> Question:
    names = tuple(Choice(talk.catalogue.customers[candidate].name, {"customer": candidate}) for candidate in customer.candidates)
    return Question(questions.ask_customer(customer.said, customer.count), names)


def _type(talk: Talk, reading: Reading, text: str) -> Reading:
    said = talk.read(f"查单 {text}")
    if said.order or (said.customer and said.customer.count):
        return reading.model_copy(update={"order": said.order, "order_tail": None, "customer": said.customer})
    return reading


def _choose(reading: Reading, value: Any) -> Reading:
    if isinstance(value, str):
        return reading.model_copy(update={"order": value})
    return reading.model_copy(update={"customer": Named(id=value["customer"])})


ORDER_MEANT = Field("order_meant", _ask, _type, _choose)
