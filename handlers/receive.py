"""入库: goods have arrived; orders that wait for them are served in the same transaction."""

from typing import Any

from sqlalchemy import select

from handlers import questions, wording
from handlers.asking import Field, Question
from handlers.dialogs import Choice
from handlers.fields import EXPIRY
from handlers.line_fields import PRODUCT, QUANTITY, only_line
from handlers.notices import notice, quantity
from handlers.talk import Talk
from language import Reading
from orders.people import workplace
from orders.stock import receive
from platforms.words import Reply
from store.models import StockBatch

_MOST_PLACES = 6
_LONGEST = 64
_RETURNED = ("退货", "退回")
"""What a customer has sent back was not made now."""


def run(talk: Talk, reading: Reading) -> Reply:
    """Takes the goods in."""
    product, amount = only_line(talk, reading)
    expires_on = reading.expires_on.day if reading.expires_on else None
    received = receive(
        talk.tx,
        product,
        amount,
        reading.location or "",
        talk.person,
        warehouse=reading.warehouse,
        batch=reading.batch or "",
        expires_on=expires_on,
        number=reading.number,
        returned=any(word in reading.said for word in _RETURNED),
    )
    place = received.batch
    return notice(
        f"已入库 {product.name}",
        wording.received([order.no for order in received.served], bool(received.used)),
        数量=quantity(received.quantity, product.unit),
        库位=f"{place.warehouse} {place.location}",
        批次=place.batch,
        有效期=wording.day_text(place.expires_on) if place.expires_on else "",
        采购单="、".join(number for number, _ in received.inbound),
        扣料="、".join(f"{part.name} {quantity(used, part.unit)}" for part, used in received.used),
        此处可用=quantity(place.available, product.unit),
    )


def _ask_location(talk: Talk, reading: Reading) -> Question | None:
    """The places where the product lies already are offered."""
    if reading.location:
        return None
    product, warehouse = reading.lines[0].product.id, workplace(talk.tx, talk.person, reading.warehouse)
    lies = select(StockBatch.location).where(StockBatch.product_id == product, StockBatch.warehouse == warehouse)
    places = talk.tx.session.scalars(lies.group_by(StockBatch.location).order_by(StockBatch.location).limit(_MOST_PLACES))
    return Question(questions.WHICH_LOCATION, tuple(Choice(place, place) for place in places))


def _type_location(talk: Talk, reading: Reading, text: str) -> Reading:
    return _choose_location(reading, talk.read(text).said[:_LONGEST])


def _choose_location(reading: Reading, value: Any) -> Reading:
    return reading.model_copy(update={"location": value})


FIELDS = (PRODUCT, QUANTITY, EXPIRY, Field("location", _ask_location, _type_location, _choose_location))
