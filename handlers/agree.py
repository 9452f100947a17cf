"""交期: why an order can be there on its day and no earlier, and agreeing on another one with the other side."""

from handlers import questions
from handlers.asking import Field, Question, ask
from handlers.fields import DAY, ORDER, ask_which
from handlers.talk import Talk
from language import Reading
from orders.negotiating import accept, negotiation, offer_day, offer_parts, to_agree
from orders.negotiation_view import CARD
from platforms.words import Reply
from store.models import Order

NAME = "agree"
_MOST_ORDERS = 6
_YES = ("同意", "接受", "可以", "行", "好")
_PARTS = ("分批", "先发")
_OTHER = ("日期", "另定", "改")
_ANOTHER = "set"
"""In a reading's `change`: another day is wanted, which has still to be said."""


def run(talk: Talk, reading: Reading) -> Reply:
    """Shows the negotiation, or says in it what was typed behind the order."""
    order = talk.orders(reading.order or "")[0]
    if reading.day and reading.day.day:
        order = offer_day(talk.tx, order, reading.day.day, talk.person)
    elif _rest(reading).startswith(_YES):
        order = accept(talk.tx, order, talk.person)
    elif _rest(reading).startswith(_PARTS):
        order = offer_parts(talk.tx, order, talk.person)
    return _card(talk, order)


def press_accept(talk: Talk, argument: str) -> Reply:
    """接受 on the card of a negotiation."""
    order, seen = _meant(talk, argument)
    return _card(talk, accept(talk.tx, order, talk.person, seen))


def press_parts(talk: Talk, argument: str) -> Reply:
    """分批 on the card of a negotiation."""
    order, seen = _meant(talk, argument)
    return _card(talk, offer_parts(talk.tx, order, talk.person, seen))


def press_day(talk: Talk, argument: str) -> Reply:
    """另定日期 on the card of a negotiation: asks for the day."""
    order, _ = _meant(talk, argument)
    return ask(talk, NAME, DAY.name, Reading(command=NAME, order=order.no, change=_ANOTHER), Question(questions.WHICH_OTHER_DAY))


def _meant(talk: Talk, argument: str) -> tuple[Order, int]:
    """The order of a button, and the last word that its card showed."""
    number, _, seen = argument.rpartition(":")
    return talk.orders(number)[0], int(seen)


def _card(talk: Talk, order: Order) -> Reply:
    return Reply(CARD, negotiation(talk.tx, order, talk.person))


def _rest(reading: Reading) -> str:
    return "".join(reading.unread)


def _ask_order(talk: Talk, reading: Reading) -> Question | None:
    """Without a number, the orders whose date waits for this person's word are offered."""
    waiting = [] if reading.order else to_agree(talk.tx, talk.person, _MOST_ORDERS)
    return ask_which(questions.WHICH_DATE, waiting) if waiting else ORDER.question(talk, reading)


def _ask_day(talk: Talk, reading: Reading) -> Question | None:
    if reading.day is None and (reading.change == _ANOTHER or _rest(reading).startswith(_OTHER)):
        return Question(questions.WHICH_OTHER_DAY)
    return DAY.question(talk, reading)


FIELDS = (Field(ORDER.name, _ask_order, ORDER.typed, ORDER.chosen), Field(DAY.name, _ask_day, DAY.typed, DAY.chosen))
