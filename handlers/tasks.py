"""待办: what the person has to do, what waits for their signature or for a date, and what their warehouse has to send off."""

from typing import Any

from handlers.notices import part_number
from handlers.talk import Talk
from language import Reading
from orders import negotiating
from orders.deciding import pending
from orders.fulfilment import parts_to_ship
from orders.promising import ship_by
from orders.steps import open_step
from orders.tasks import open_tasks
from orders.words import moment
from platforms.words import Reply
from store.models import Fulfilment, Order, Task

_MOST_PARTS = 10
_MOST_TO_SIGN = 50
_SHOWN_TO_SIGN = 10


def run(talk: Talk, _reading: Reading) -> Reply:
    """The open tasks, the most pressing first, then what the person has to sign and to agree on, then the orders of their warehouse."""
    to_agree = negotiating.to_agree(talk.tx, talk.person, _MOST_TO_SIGN)
    to_sign = pending(talk.tx, talk.person, _MOST_TO_SIGN)
    parts, count = parts_to_ship(talk.tx, talk.person, _MOST_PARTS)
    data = {
        "name": talk.person.name,
        "items": [_item(talk, task) for task in open_tasks(talk.tx, talk.person)],
        "to_sign": [_to_sign(talk, order) for order in to_sign[:_SHOWN_TO_SIGN]],
        "to_sign_count": len(to_sign),
        "to_agree": [_to_agree(order) for order in to_agree[:_SHOWN_TO_SIGN]],
        "to_agree_count": len(to_agree),
        "parts": [_part(talk, part) for part in parts],
        "parts_count": count,
    }
    return Reply("tasks", data)


def _item(talk: Talk, task: Task) -> dict[str, Any]:
    late = task.due_at is not None and task.due_at < talk.tx.now
    return {
        "id": task.id,
        "title": task.title,
        "order_no": task.order.no if task.order else "",
        "due_at": moment(task.due_at, talk.tx.zone),
        "state": "overdue" if late else "open",
    }


def _to_sign(talk: Talk, order: Order) -> dict[str, Any]:
    step = open_step(order)
    return {
        "order_no": order.no,
        "customer": order.customer.name,
        "step": step.name if step else "",
        "due_at": moment(step.due_at, talk.tx.zone) if step else None,
    }


def _to_agree(order: Order) -> dict[str, Any]:
    return {
        "order_no": order.no,
        "customer": order.customer.name,
        "wanted_date": str(order.wanted_date or ""),
        "promisable_date": str(order.promisable_date or ""),
    }


def _part(talk: Talk, part: Fulfilment) -> dict[str, Any]:
    return {
        "order_no": part.order.no,
        "customer": part.order.customer.name,
        "stage": part.stage,
        "part": part_number(part.order, part),
        "ship_by": moment(ship_by(talk.tx, part.due_on) if part.due_on else part.order.promised_ship_at, talk.tx.zone),
    }
