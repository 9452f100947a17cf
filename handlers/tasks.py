"""待办: what the person has to do."""

from typing import Any

from handlers.talk import Talk
from language import Reading
from orders.tasks import open_tasks
from orders.words import moment
from platforms.words import Reply
from store.models import Task


def run(talk: Talk, _reading: Reading) -> Reply:
    """The open tasks, the most pressing first."""
    return Reply("tasks", {"name": talk.person.name, "items": [_item(talk, task) for task in open_tasks(talk.tx, talk.person)]})


def _item(talk: Talk, task: Task) -> dict[str, Any]:
    late = task.due_at is not None and task.due_at < talk.tx.now
    return {
        "id": task.id,
        "title": task.title,
        "order_no": task.order.no if task.order else "",
        "due_at": moment(task.due_at, talk.tx.zone),
        "state": "overdue" if late else "open",
    }
