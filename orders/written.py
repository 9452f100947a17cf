"""What was written of orders over time, as other programs and the order's page see it: snapshots, logs, approvals, tasks, events."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from orders.approval_view import approvals_of
from orders.negotiation_view import offer_document
from orders.words import moment, money
from store.models import Amendment, CommunicationLog, Event, Invoice, Offer, Snapshot, Staff, Task, TaskLine
from store.transaction import Transaction

_Documents = dict[int, list[dict[str, Any]]]


def written_of(tx: Transaction, ids: Sequence[int]) -> dict[int, dict[str, list[dict[str, Any]]]]:
    """For each order, by its id, the parts of `/api/orders` that only grow; as many queries as for one order."""
    names = {person.id: person.name for person in tx.session.execute(select(Staff.id, Staff.name))}
    found = {part: documents(tx, ids, names) for part, documents in _PARTS.items()}
    return {id_: {part: documents[id_] for part, documents in found.items()} for id_ in ids}


def _snapshots(tx: Transaction, ids: Iterable[int], names: dict[int, str]) -> _Documents:
    found: _Documents = defaultdict(list)
    for row in tx.session.scalars(select(Snapshot).where(Snapshot.order_id.in_(ids)).order_by(Snapshot.order_id, Snapshot.version)):
        found[row.order_id].append(
            {
                "version": row.version,
                "at": moment(row.at, tx.zone),
                "by": names.get(row.staff_id or 0),
                "content": row.content,
                "changes": row.changes,
                "impact": row.impact,
                "hash": row.hash,
            }
        )
    return found


def _amendments(tx: Transaction, ids: Iterable[int], names: dict[int, str]) -> _Documents:
    found: _Documents = defaultdict(list)
    for row in tx.session.scalars(select(Amendment).where(Amendment.order_id.in_(ids)).order_by(Amendment.id)):
        found[row.order_id].append(
            {
                "kind": row.kind,
                "state": row.state,
                "base_version": row.base_version,
                "version": row.version,
                "by": names.get(row.staff_id),
                "created_at": moment(row.created_at, tx.zone),
                "settled_at": moment(row.settled_at, tx.zone),
                "changes": row.changes,
                "impact": row.impact,
                "outcome": row.outcome,
            }
        )
    return found


def _events(tx: Transaction, ids: Iterable[int], names: dict[int, str]) -> _Documents:
    found: _Documents = defaultdict(list)
    for row in tx.session.scalars(select(Event).where(Event.order_id.in_(ids)).order_by(Event.order_id, Event.id)):
        event = {"at": moment(row.at, tx.zone), "kind": row.kind, "by": names.get(row.staff_id or 0), "data": row.data, "hash": row.hash}
        found[row.order_id or 0].append(event)
    return found


def _tasks(tx: Transaction, ids: Sequence[int], names: dict[int, str]) -> _Documents:
    """The tasks that are about an order, or ask for something that it lacks."""
    asked_for = select(TaskLine.task_id).where(TaskLine.order_id.in_(ids))
    query = select(Task).where(or_(Task.order_id.in_(ids), Task.id.in_(asked_for))).order_by(Task.id)
    found: _Documents = defaultdict(list)
    for task in tx.session.scalars(query.options(selectinload(Task.lines))):
        about = {task.order_id, *(line.order_id for line in task.lines)}
        for order_id in about.intersection(ids):
            found[order_id or 0].append(_task(tx, task, names))
    return found


def _task(tx: Transaction, task: Task, names: dict[int, str]) -> dict[str, Any]:
    return {
        "id": task.id,
        "kind": task.kind,
        "title": task.title,
        "role": task.role,
        "assignee": names.get(task.assignee_id or 0),
        "state": task.state,
        "created_at": moment(task.created_at, tx.zone),
        "due_at": moment(task.due_at, tx.zone),
        "done_at": moment(task.done_at, tx.zone),
        "done_by": names.get(task.done_by_id or 0),
    }


def _logs(tx: Transaction, ids: Iterable[int], names: dict[int, str]) -> _Documents:
    found: _Documents = defaultdict(list)
    query = select(CommunicationLog).where(CommunicationLog.order_id.in_(ids)).order_by(CommunicationLog.order_id, CommunicationLog.id)
    for row in tx.session.scalars(query):
        found[row.order_id].append(
            {
                "at": moment(row.at, tx.zone),
                "by": names.get(row.staff_id),
                "contact": row.contact,
                "channel": row.channel,
                "talked_at": moment(row.talked_at, tx.zone),
                "conclusion": row.conclusion,
                "todo": row.todo,
                "todo_due": moment(row.todo_due, tx.zone),
                "occasion": row.occasion,
                "hash": row.hash,
            }
        )
    return found


def _offers(tx: Transaction, ids: Iterable[int], _names: dict[int, str]) -> _Documents:
    found: _Documents = defaultdict(list)
    query = select(Offer).where(Offer.order_id.in_(ids)).order_by(Offer.order_id, Offer.id)
    for row in tx.session.scalars(query.options(joinedload(Offer.staff))):
        found[row.order_id].append(offer_document(tx, row))
    return found


def _invoices(tx: Transaction, ids: Iterable[int], names: dict[int, str]) -> _Documents:
    """At most one of an order."""
    found: _Documents = defaultdict(list)
    for row in tx.session.scalars(select(Invoice).where(Invoice.order_id.in_(ids))):
        written = {"at": moment(row.at, tx.zone), "by": names.get(row.staff_id), "version": row.version, "amount": money(row.amount)}
        found[row.order_id].append(written)
    return found


_PARTS: dict[str, Callable[[Transaction, Sequence[int], dict[int, str]], _Documents]] = {
    "snapshots": _snapshots,
    "amendments": _amendments,
    "logs": _logs,
    "approvals": approvals_of,
    "tasks": _tasks,
    "offers": _offers,
    "invoices": _invoices,
    "events": _events,
}
"""Every part with what finds it."""
