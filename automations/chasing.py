"""Chasing 催办: a task past its time is asked for at its holder's, then at one manager after the other, last at the admins'."""

from datetime import timedelta

import structlog
from sqlalchemy import ColumnElement, select

from orders.links import staff_link
from orders.tasks import OPEN, holders
from orders.words import moment
from store.events import Fact, record
from store.models import Role, Staff, Task
from store.outbox import Urgency, tell, to_role, to_staff
from store.transaction import Store, Transaction

log = structlog.get_logger()


def chase(store: Store) -> None:
    """Asks once more for every open task whose time to be asked for has come; one that fails does not keep the others waiting."""
    with store.reading() as look:
        late = look.session.scalars(select(Task.id).where(*_due(look)).order_by(Task.chase_at, Task.id)).all()
    for number in late:
        try:
            with store.transaction() as tx:
                task = tx.session.scalar(select(Task).where(Task.id == number, *_due(tx)).with_for_update(of=Task))
                if task is not None:
                    _chase(tx, task)
        except Exception:
            log.exception("a late task could not be asked for", task=number)


def _due(tx: Transaction) -> tuple[ColumnElement[bool], ...]:
    return Task.state == OPEN, Task.chase_at <= tx.now


def _chase(tx: Transaction, task: Task) -> None:
    own = holders(tx, task)
    asked = _above(own, task.chased)
    task.chased += 1
    for person in asked:
        _ask(tx, task, to_staff(person), str(person.id), own, person in own)
    if not asked:
        _ask(tx, task, to_role(Role.ADMIN), Role.ADMIN, own, mine=False)
    task.chase_at = tx.now + timedelta(minutes=tx.settings.trade.chase_minutes) if asked else None
    record(tx, Fact.TASK_CHASED, by=None, data={"task": task.id, "time": task.chased, "asked": [person.name for person in asked]})


def _above(people: list[Staff], levels: int) -> list[Staff]:
    """Their managers so many levels above, the people themselves at none; nobody above the top, nor who was passed on the way."""
    passed: set[int] = set()
    for _ in range(levels):
        passed |= {person.id for person in people}
        managers = dict.fromkeys(person.manager for person in people)
        people = [manager for manager in managers if manager and manager.active and manager.id not in passed]
    return people


def _ask(tx: Transaction, task: Task, audience: str, name: str, own: list[Staff], mine: bool) -> None:
    data = {
        "task": task.id,
        "kind": task.kind,
        "title": task.title,
        "order_no": task.order.no if task.order else "",
        "customer": task.order.customer.name if task.order else "",
        "due_at": moment(task.due_at, tx.zone),
        "holders": [person.name for person in own],
        "mine": mine,
        "url": staff_link(tx, task.order) if task.order else "",
    }
    tell(tx, audience, "overdue", data, key=f"overdue:{task.id}:{task.chased}:{name}", urgency=Urgency.ALERT, order=task.order)
