"""同意 and 驳回: a signer's word on an order, typed or by the buttons of the card that asked for it."""

from typing import Any

from handlers import questions, wording
from handlers.asking import Field, Question, ask
from handlers.dialogs import Choice
from handlers.fields import order_item
from handlers.talk import Talk
from language import Reading
from orders import approval_telling, deciding
from orders.deciding import pending
from orders.refusals import Refused
from orders.steps import APPROVE, REJECT
from platforms.words import Reply
from store.models import ApprovalStep, Order

REJECTION = "reject"
_MOST_ORDERS = 6


def approve(talk: Talk, reading: Reading) -> Reply:
    """Agrees to the order that was named; what stands behind its number is kept with the signature."""
    return _decide(talk, _order(talk, reading), APPROVE, reading.reason or "")


def reject(talk: Talk, reading: Reading) -> Reply:
    """Rejects the order that was named, for the reason that was given."""
    return _decide(talk, _order(talk, reading), REJECT, reading.reason or "")


def pressed_approve(talk: Talk, step_id: str) -> Reply:
    """Agrees by the button of a card."""
    step = _step(talk, step_id)
    return _decide(talk, step.order, APPROVE, "", step.id)


def pressed_reject(talk: Talk, step_id: str) -> Reply:
    """Asks for the reason of a rejection, once it is clear that this person may still decide."""
    step = _step(talk, step_id)
    deciding.may_decide(talk.tx, step.order, talk.person, step.id)
    reading = Reading(command=REJECTION, order=step.order.no)
    return ask(talk, REJECTION, REASON.name, reading, _why(step.order))


def _decide(talk: Talk, order: Order, decision: str, reason: str, step_id: int = 0) -> Reply:
    step = deciding.decide(talk.tx, order, talk.person, decision, talk.platform, reason, step_id)
    data = approval_telling.card_data(talk.tx, step, talk.person)
    card = approval_telling.card_key(step, talk.person)
    return Reply("approval", data, key=f"{card}:answer", replaces=card)


def _step(talk: Talk, step_id: str) -> ApprovalStep:
    step = talk.tx.session.get(ApprovalStep, int(step_id))
    if step is None:
        raise Refused("unknown_button")
    return step


def _order(talk: Talk, reading: Reading) -> Order:
    return talk.orders(reading.order or "")[0]


def _which(talk: Talk, reading: Reading) -> Question | None:
    """Of several that a number may mean, the one that waits for this person is meant."""
    if not reading.order:
        orders = pending(talk.tx, talk.person, _MOST_ORDERS)
        if not orders:
            raise Refused("nothing_to_approve")
        return _choose(questions.WHICH_APPROVAL, orders)
    found = talk.orders(reading.order)
    return None if len(found) == 1 else _choose(questions.several_orders(reading.order), found)


def _choose(title: str, orders: list[Order]) -> Question:
    return Question(title, tuple(Choice(order.no, order.no) for order in orders), [order_item(order) for order in orders])


def _ask_reason(talk: Talk, reading: Reading) -> Question | None:
    if reading.reason:
        return None
    order = _order(talk, reading)
    deciding.may_decide(talk.tx, order, talk.person)
    return _why(order)


def _why(order: Order) -> Question:
    return Question(questions.why_rejected(order.no), tuple(Choice(reason, reason) for reason in wording.REASONS))


def _type_order(talk: Talk, reading: Reading, text: str) -> Reading:
    return _filled(reading, order=talk.read(f"签收 {text}").order or reading.order)


def _filled(reading: Reading, **fields: Any) -> Reading:
    return reading.model_copy(update=fields)


ORDER = Field("order", _which, _type_order, lambda reading, value: _filled(reading, order=value))
REASON = Field(
    "reason",
    _ask_reason,
    lambda _talk, reading, text: _filled(reading, reason=text.strip() or None),
    lambda reading, value: _filled(reading, reason=value),
    free=True,
)
APPROVE_FIELDS = (ORDER,)
REJECT_FIELDS = (ORDER, REASON)
