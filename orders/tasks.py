"""Tasks 待办: whose they are, who may finish them, and how the others hear that it is done."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import selectinload

from orders.people import is_above
from orders.refusals import Refused
from orders.words import moment, role_name
from store.events import Fact, record
from store.models import Order, Role, Staff, Task, TaskLine
from store.outbox import TODO, Urgency, tell, to_service, to_staff
from store.transaction import Transaction

OWED_LOG = "log"
"""The kind of task that asks for a communication log."""
OPEN = "open"
DONE = "done"
INTERCEPT, REROUTE = "intercept", "reroute"
"""Kinds of task: catch what is picked and has not left; have the carrier take a parcel elsewhere."""
NEED_ANSWERS = {INTERCEPT: ("拦截成功", "已经发出"), REROUTE: ("已改派", "改不了")}
"""Tasks that are not just done: what is answered when it was achieved, and when it was not."""
_OPEN = (
    select(Task)
    .where(Task.state == OPEN, or_(Task.assignee_id == bindparam("person"), Task.role.in_(bindparam("roles", expanding=True))))
    .order_by(Task.due_at.is_(None), Task.due_at, Task.id)
    .options(selectinload(Task.order), selectinload(Task.lines))
)


def open_tasks(tx: Transaction, person: Staff) -> list[Task]:
    """What a person has to do, the most pressing first; an admin also has what belongs to a role that nobody holds."""
    roles = list(person.roles)
    if person.has(Role.ADMIN):
        held = {role for other in _everybody(tx) for role in other.roles}
        roles += [role for role in Role if role not in held]
    return list(tx.session.scalars(_OPEN, {"person": person.id, "roles": roles}))


def give(tx: Transaction, person: Staff, kind: str, title: str, *, order: Order, due_at: datetime, **data: Any) -> Task:
    """Gives a person something to do for an order until a moment, from which on it is asked for (automations/chasing.py)."""
    task = Task(kind=kind, title=title, assignee_id=person.id, order_id=order.id, created_at=tx.now, due_at=due_at, chase_at=due_at)
    task.data = data
    tx.session.add(task)
    tx.session.flush()
    record(tx, Fact.TASK_OPENED, by=None, data={"task": task.id, "kind": kind})
    return task


def finish(tx: Transaction, task_id: int, by: Staff) -> Task:
    """Marks a task as done and changes the cards of the others who had it.

    Refuses unknown, done and other people's tasks, and one that only a communication log can finish.
    """
    query = select(Task).where(Task.id == task_id).with_for_update(of=Task)
    task = tx.session.scalar(query.options(selectinload(Task.lines), selectinload(Task.done_by), selectinload(Task.assignee)))
    if task is None:
        raise Refused("unknown_task", task=task_id)
    if task.state == DONE:
        done_by = task.done_by.name if task.done_by else ""
        raise Refused("task_done", task=task_id, title=task.title, by=done_by, at=moment(task.done_at, tx.zone))
    everybody = _everybody(tx)
    holders = _holders(task, everybody)
    if not (by.has(Role.ADMIN) or by in holders or any(is_above(by, holder, everybody) for holder in holders)):
        raise Refused("not_your_task", task=task_id, title=task.title, owner=_owner(task))
    if task.kind == OWED_LOG:
        raise Refused("log_first", task=task_id, order_no=task.order.no if task.order else "")
    if task.kind in NEED_ANSWERS:
        answers = [f"{word} {task_id}" for word in NEED_ANSWERS[task.kind]]
        raise Refused("task_needs_answer", task=task_id, title=task.title, answers=answers)
    close(tx, task, by)
    _tell_others(tx, task, by, holders)
    return task


def close(tx: Transaction, task: Task, by: Staff | None) -> None:
    """Writes that a task is done; `by` none: the desk itself saw that nothing is left to do."""
    task.state = DONE
    task.done_at = tx.now
    task.done_by_id = by.id if by else None
    for line in task.lines:
        line.done = True
    record(tx, Fact.TASK_DONE, by=by, data={"task": task.id, "kind": task.kind})
    tell(tx, to_service(TODO), "todo_done", {"task": task.id}, key=f"todo:{task.id}:done", urgency=Urgency.BULK)


def open_lines(tx: Transaction, *conditions: Any) -> list[TaskLine]:
    """The lines of open tasks that still ask for something, each with its task."""
    query = select(TaskLine).join(TaskLine.task).where(Task.state == OPEN, ~TaskLine.done, *conditions)
    return list(tx.session.scalars(query.order_by(TaskLine.id).options(selectinload(TaskLine.task).selectinload(Task.lines))))


def close_if_empty(tx: Transaction, tasks: Iterable[Task]) -> None:
    """Finishes the tasks of which every line is done."""
    for task in dict.fromkeys(tasks):
        if all(line.done for line in task.lines):
            close(tx, task, None)


def holders(tx: Transaction, task: Task) -> list[Staff]:
    """Whose task it is, of those who are still with the firm."""
    return _holders(task, _everybody(tx))


def _everybody(tx: Transaction) -> list[Staff]:
    return list(tx.session.scalars(select(Staff).where(Staff.active).order_by(Staff.id)))


def _holders(task: Task, everybody: Iterable[Staff]) -> list[Staff]:
    """Whose task it is: the assignee, or everybody in the role."""
    return [person for person in everybody if person.id == task.assignee_id or (task.role and task.role in person.roles)]


def _owner(task: Task) -> str:
    if task.assignee:
        return task.assignee.name
    return role_name(task.role) if task.role else ""


def _tell_others(tx: Transaction, task: Task, by: Staff, holders: Iterable[Staff]) -> None:
    """Changes the card in place for those who still have it open."""
    data = {"title": f"待办 {task.id} 已完成", "text": f"{by.name} 已完成：{task.title}", "fields": []}
    for person in holders:
        if person is not by:
            key = f"task:{task.id}:done:{person.id}"
            tell(tx, to_staff(person), "notice", data, key=key, urgency=Urgency.BULK, updates=task.data.get("card"))
