"""待办: what the person has to do, and what their warehouse has to send off."""

from typing import Any

from handlers.talk import Talk
from language import Reading
from orders.fulfilment import parts_to_ship
from orders.tasks import open_tasks
from orders.words import moment
from platforms.words import Reply
from store.models import Fulfilment, Task

_MOST_PARTS = 10


def run(talk: Talk, _reading: Reading) -> Reply:
    """The open tasks, the most pressing first, then the orders of the person's warehouse."""
    parts, count = parts_to_ship(talk.tx, talk.person, _MOST_PARTS)
    data = {
        "name": talk.person.name,
        "items": [_item(talk, task) for task in open_tasks(talk.tx, talk.person)],
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


def _part(talk: Talk, part: Fulfilment) -> dict[str, Any]:
    return {
        "order_no": part.order.no,
        "customer": part.order.customer.name,
        "stage": part.stage,
        "ship_by": moment(part.order.promised_ship_at, talk.tx.zone),
    }
