"""Invoicing 开票: once for an order, and not while a communication log is missing (design: trade.md, Communication log)."""

from dataclasses import dataclass

from sqlalchemy import exists, select

from orders.locking import lock_orders
from orders.owed_logs import ask_for_log, owed_logs
from orders.people import require
from orders.refusals import Refused
from orders.words import moment, money, stage_name
from store.events import Fact, record
from store.models import CommunicationLog, Invoice, Order, Role, Staff, Stage
from store.outbox import Urgency, tell, to_staff
from store.transaction import Transaction

_NOT_YET = (Stage.PLACED, Stage.CANCELLED)
WHO = (Role.FINANCE, Role.ADMIN)


@dataclass(frozen=True)
class MissingLog:
    """A log without which an order is not invoiced; `owner` is none where the order has no salesperson."""

    what: str
    owner: Staff | None


def missing_logs(tx: Transaction, order: Order) -> list[MissingLog]:
    """What is missing, and who owes it: every log that is asked for, and at least one at all."""
    owed = owed_logs(tx, order)
    if owed:
        return [MissingLog(task.title, task.assignee) for task in owed]
    if tx.session.scalar(select(exists().where(CommunicationLog.order_id == order.id))):
        return []
    return [MissingLog(f"订单 {order.no} 还没有沟通纪要", order.salesperson)]


def check_billable(tx: Transaction, order: Order, by: Staff) -> None:
    """Refuses who may not invoice, an order invoiced before, and one that is not in force; logs are another matter."""
    require(by, WHO, "开票")
    _check_not_invoiced(tx, order)
    if order.stage in _NOT_YET:
        raise Refused("not_invoiced_yet", order_no=order.no, stage=stage_name(order.stage))


def invoice(tx: Transaction, order: Order, by: Staff) -> Invoice:
    """Records that an order is invoiced; refuses one not approved, cancelled, invoiced before, or with a log missing."""
    order = lock_orders(tx, [order.id])[0]
    check_billable(tx, order, by)
    if missing := missing_logs(tx, order):
        names = [one.owner.name if one.owner else "销售主管" for one in missing]
        raise Refused("log_missing", order_no=order.no, missing=[one.what for one in missing], owners=list(dict.fromkeys(names)))
    written = Invoice(order_id=order.id, version=order.version, at=tx.now, staff_id=by.id, amount=order.total)
    tx.session.add(written)
    record(tx, Fact.ORDER_INVOICED, by=by, order=order, data={"amount": money(order.total), "version": order.version})
    _tell_seller(tx, order, by)
    return written


def demand_missing(tx: Transaction, order: Order, by: Staff) -> list[Staff]:
    """Asks those who owe a log for it, since finance waits; answers with who was asked."""
    require(by, WHO, "催纪要")
    order = lock_orders(tx, [order.id])[0]
    owners = [one.owner for one in missing_logs(tx, order) if one.owner]
    for owner in owners:
        ask_for_log(tx, order, owner, f"{by.name} 等着开票")
    return owners


def _check_not_invoiced(tx: Transaction, order: Order) -> None:
    found = tx.session.scalar(select(Invoice).where(Invoice.order_id == order.id))
    if found:
        raise Refused("invoiced", order_no=order.no, by=found.staff.name, at=moment(found.at, tx.zone), amount=money(found.amount))


def _tell_seller(tx: Transaction, order: Order, by: Staff) -> None:
    if order.salesperson:
        data = {"title": f"订单 {order.no} 已开票", "text": f"{by.name} 已登记开票，金额 {money(order.total)} 元。", "fields": []}
        tell(tx, to_staff(order.salesperson), "notice", data, key=f"invoice:{order.no}", urgency=Urgency.BULK, order=order)
