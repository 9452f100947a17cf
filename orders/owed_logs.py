"""Logs that are owed 待补纪要: a talk with a customer was mentioned, and nobody has written down what was agreed."""

from datetime import timedelta

from sqlalchemy import select

from orders.links import staff_link
from orders.tasks import OPEN, OWED_LOG, close, give
from orders.words import moment
from store.models import Order, Staff, Task
from store.outbox import Urgency, tell, to_staff
from store.transaction import Transaction


def owe_log(tx: Transaction, order: Order, person: Staff, said: str) -> Task:
    """Has a person write the log of a talk that they mentioned, within minutes; one that they owe already stays as it is."""
    for task in owed_logs(tx, order):
        if task.assignee_id == person.id:
            return task
    due_at = tx.now + timedelta(minutes=tx.settings.trade.log_minutes)
    return give(tx, person, OWED_LOG, f"补写订单 {order.no} 的沟通纪要", order=order, due_at=due_at, said=said)


def ask_for_log(tx: Transaction, order: Order, person: Staff, why: str) -> Task:
    """Has a person who is not in this talk write a log, and tells them so."""
    task = owe_log(tx, order, person, why)
    data = {
        "order_no": order.no,
        "customer": order.customer.name,
        "why": why,
        "due_at": moment(task.due_at, tx.zone),
        "url": staff_link(tx, order),
    }
    tell(tx, to_staff(person), "log_owed", data, key=f"log:{task.id}", urgency=Urgency.ALERT, order=order)
    return task


def owed_logs(tx: Transaction, order: Order) -> list[Task]:
    """The open demands for a log of this order, the oldest first."""
    query = select(Task).where(Task.order_id == order.id, Task.kind == OWED_LOG, Task.state == OPEN)
    return list(tx.session.scalars(query.order_by(Task.id)))


def settle_owed(tx: Transaction, order: Order, by: Staff) -> None:
    """Closes what was owed: the log has been written, or the one who owed it says that there was no talk."""
    for task in owed_logs(tx, order):
        close(tx, task, by)
