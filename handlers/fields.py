"""The fields of orders, parcels and purchases: asked for when they are missing, filled in with what is typed or chosen."""

from typing import Any

from handlers import questions
from handlers.asking import Field, Question
from handlers.dialogs import Choice
from handlers.talk import Talk
from language import Reading
from orders.carriers import NAMES, carrier
from orders.words import stage_name
from store.models import Order

_SF = "SF"
_MOST_CARRIERS = 6
_LONGEST = 64


def order_item(order: Order) -> dict[str, Any]:
    """An order as one line of the card `orders`."""
    return {
        "no": order.no,
        "customer": order.customer.name,
        "stage_name": stage_name(order.stage),
        "promised_date": order.promised_date.isoformat() if order.promised_date else "",
        "on_hold": order.on_hold or "",
    }


def ask_which(title: str, orders: list[Order]) -> Question:
    """Which of several orders is meant."""
    return Question(title, tuple(Choice(order.no, order.no) for order in orders), [order_item(order) for order in orders])


def _ask_order(talk: Talk, reading: Reading) -> Question | None:
    if not reading.order:
        return Question(questions.WHICH_ORDER)
    orders = talk.orders(reading.order)
    return None if len(orders) == 1 else ask_which(questions.several_orders(reading.order), orders)


def _type_order(talk: Talk, reading: Reading, text: str) -> Reading:
    return _filled(reading, order=talk.read(f"签收 {text}").order or reading.order)


def _ask_day(_talk: Talk, reading: Reading) -> Question | None:
    return Question(questions.ask_day(reading.day.said)) if reading.day and reading.day.day is None else None


def _ask_arrival(talk: Talk, reading: Reading) -> Question | None:
    return _ask_day(talk, reading) if reading.day else Question(questions.WHICH_ARRIVAL)


def _type_day(talk: Talk, reading: Reading, text: str) -> Reading:
    if answer := talk.answered(reading, "date", text):
        return answer
    said = talk.read(text)
    return _filled(reading, day=said.day or reading.day, urgent=reading.urgent if said.urgent is None else said.urgent)


def _choose_day(reading: Reading, value: Any) -> Reading:
    return Reading.model_validate(reading.model_dump() | value)


def _ask_expiry(_talk: Talk, reading: Reading) -> Question | None:
    expiry = reading.expires_on
    return Question(questions.ask_day(expiry.said)) if expiry and expiry.day is None else None


def _type_expiry(talk: Talk, reading: Reading, text: str) -> Reading:
    return _filled(reading, expires_on=talk.read(text).day or reading.expires_on)


def _ask_carrier(_talk: Talk, reading: Reading) -> Question | None:
    if carrier(carrier_said(reading)):
        return None
    return Question(questions.ask_carrier(reading.carrier), tuple(Choice(name, name) for name in NAMES[:_MOST_CARRIERS]))


def carrier_said(reading: Reading) -> str:
    """The carrier as typed; 顺丰 writes itself into its waybill numbers."""
    said = reading.carrier or ""
    known = next((word for word in (said, *said.split()) if carrier(word)), said)
    return known or ("顺丰" if (reading.waybill or "").startswith(_SF) else "")


def warehouse_said(reading: Reading, order: Order, rest: str | None) -> str | None:
    """The warehouse that was named, with 仓库 before it or by the bare name of one that has a part in the order."""
    if reading.warehouse or not rest:
        return reading.warehouse
    return next((part.warehouse for part in order.fulfilments if part.warehouse in rest), None)


def _type_carrier(_talk: Talk, reading: Reading, text: str) -> Reading:
    return _filled(reading, carrier=text) if carrier(text) else reading


def _ask_waybill(_talk: Talk, reading: Reading) -> Question | None:
    return None if reading.waybill else Question(questions.WHICH_WAYBILL)


def _type_waybill(talk: Talk, reading: Reading, text: str) -> Reading:
    """The number, the carrier, or both: 顺丰 is no number, 顺丰 SF1234567890123 is all that is asked for."""
    said = talk.read(f"发货 {reading.order} {text}")
    if not carrier(carrier_said(said)):
        return _filled(reading, waybill=text[:_LONGEST])
    return _filled(reading, carrier=carrier_said(said), waybill=said.waybill or reading.waybill)


def _ask_purchase(_talk: Talk, reading: Reading) -> Question | None:
    return None if reading.number else Question(questions.WHICH_PURCHASE)


def _type_purchase(talk: Talk, reading: Reading, text: str) -> Reading:
    """The number alone, or all that goes with it."""
    said = talk.read(f"在途 {text}")
    whole = said if said.number and said.lines and not reading.lines else None
    return whole or _filled(reading, number=text[:_LONGEST])


def _filled(reading: Reading, **fields: object) -> Reading:
    return reading.model_copy(update=fields)


ORDER = Field("order", _ask_order, _type_order, lambda reading, value: _filled(reading, order=value))
DAY = Field("day", _ask_day, _type_day, _choose_day)
ARRIVAL = Field("arrival", _ask_arrival, _type_day, _choose_day)
EXPIRY = Field("expiry", _ask_expiry, _type_expiry, _choose_day)
CARRIER = Field("carrier", _ask_carrier, _type_carrier, lambda reading, value: _filled(reading, carrier=value))
WAYBILL = Field("waybill", _ask_waybill, _type_waybill, lambda reading, value: _filled(reading, waybill=value))
PURCHASE = Field("purchase", _ask_purchase, _type_purchase, lambda reading, value: _filled(reading, number=value))
