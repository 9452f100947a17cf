"""Interceptions 拦截: a change after picking counts once the warehouse has caught the goods; after shipping, once the carrier
has been asked to take them elsewhere (改派). The task says which; its answer settles the amendment.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from orders import lifecycle
from orders.allocation import packers_of
from orders.amendments import APPLIED, CANCEL, DEEDS, REFUSED, WAITING
from orders.applying import apply, card_data
from orders.changes import load
from orders.effects import Effects, effects_of, effects_of_cancelling, named_goods
from orders.links import staff_link
from orders.locking import lock_order
from orders.people import own_warehouse, require
from orders.refusals import Refused
from orders.tasks import DONE, INTERCEPT, NEED_ANSWERS, OPEN, REROUTE, close
from orders.words import moment
from store.events import Fact, record
from store.models import OPEN_STAGES, Amendment, Fulfilment, Order, Product, Role, Staff, Stage, Task
from store.outbox import Urgency, tell, to_role, to_staff
from store.transaction import Transaction

_ANSWER_WITHIN = timedelta(minutes=30)
_PACKERS = (Role.WAREHOUSE, Role.ADMIN)


def ask(tx: Transaction, amendment: Amendment, effects: Effects, parts: Sequence[Fulfilment]) -> None:
    """Gives each warehouse whose part is out the task to get hold of it."""
    packers = packers_of(tx, {part.warehouse for part in parts})
    for part in parts:
        task = _open(tx, amendment, part, packers.get(part.warehouse, []))
        data = _card(tx, amendment, effects, part, task)
        for audience in [to_staff(person) for person in packers.get(part.warehouse, [])] or [to_role(Role.WAREHOUSE)]:
            key = f"{task.kind}:{task.id}:{audience}"
            tell(tx, audience, task.kind, data, key=key, urgency=Urgency.ALERT, order=amendment.order)


def answer(tx: Transaction, task_id: int, achieved: bool, by: Staff) -> Amendment:
    """Takes a warehouse's answer; the last one that is awaited, or the first goods that are gone, settles the amendment."""
    amendment, products, task = _hold(tx, task_id, by)
    close(tx, task, by)
    task.data = task.data | {"achieved": achieved}
    _tell_other_packers(tx, task, achieved, by)
    tasks = _tasks_of(tx, amendment)
    if task.kind == INTERCEPT and not achieved:
        for other in tasks:
            if other.state == OPEN:
                close(tx, other, None)
    if all(other.state == DONE for other in tasks):
        _settle(tx, amendment, tasks, products, by)
    return amendment


def _open(tx: Transaction, amendment: Amendment, part: Fulfilment, packers: Sequence[Staff]) -> Task:
    order, kind = amendment.order, REROUTE if part.stage == Stage.SHIPPED else INTERCEPT
    what = f"请{part.carrier}改派 {order.no}" if kind == REROUTE else f"拦截 {order.no}（{DEEDS[amendment.kind]}）"
    task = Task(
        kind=kind,
        title=f"{what}：{part.warehouse}",
        role=None if len(packers) == 1 else Role.WAREHOUSE,
        assignee_id=packers[0].id if len(packers) == 1 else None,
        order=order,
        data={"amendment": amendment.id, "part": part.id, "warehouse": part.warehouse},
        created_at=tx.now,
        due_at=tx.now + _ANSWER_WITHIN,
        chase_at=tx.now + _ANSWER_WITHIN,
    )
    tx.session.add(task)
    tx.session.flush()
    record(tx, Fact.TASK_OPENED, by=None, order=order, data={"task": task.id, "kind": kind})
    return task


def _card(tx: Transaction, amendment: Amendment, effects: Effects, part: Fulfilment, task: Task) -> dict[str, Any]:
    order = amendment.order
    return {
        "task": task.id,
        "order_no": order.no,
        "version": order.version,
        "customer": order.customer.name,
        "warehouse": part.warehouse,
        "carrier": part.carrier or "",
        "waybill": part.waybill or "",
        "deed": DEEDS[amendment.kind],
        "by": amendment.staff.name,
        "differences": [one.to_dict() for one in effects.differences],
        "impact": amendment.impact,
        "due_at": moment(task.due_at, tx.zone),
        "url": staff_link(tx, order),
    }


def _hold(tx: Transaction, task_id: int, by: Staff) -> tuple[Amendment, dict[int, Product], Task]:
    """The amendment with its order and all their goods, and the task, if it is theirs to answer."""
    task = tx.session.get(Task, task_id)
    if task is None or task.kind not in NEED_ANSWERS:
        raise Refused("unknown_interception", task=task_id)
    require(by, _PACKERS, NEED_ANSWERS[task.kind][0])
    own = own_warehouse(tx, by)
    if own not in (None, task.data["warehouse"]):
        raise Refused("other_warehouse", warehouse=task.data["warehouse"], own=own)
    amendment = tx.session.get_one(Amendment, task.data["amendment"])
    goods = named_goods(tx, load(amendment.changes)) if amendment.kind != CANCEL else {}
    _, products = lock_order(tx, amendment.order_id, goods)
    tx.session.refresh(task, with_for_update={"of": Task})
    if task.state != OPEN:
        done_by = task.done_by.name if task.done_by else ""
        raise Refused("task_done", task=task.id, title=task.title, by=done_by, at=moment(task.done_at, tx.zone))
    tx.session.refresh(amendment)
    return amendment, products, task


def _tasks_of(tx: Transaction, amendment: Amendment) -> list[Task]:
    query = select(Task).where(Task.order_id == amendment.order_id, Task.kind.in_(NEED_ANSWERS)).order_by(Task.id)
    return [task for task in tx.session.scalars(query) if task.data["amendment"] == amendment.id]


def _settle(tx: Transaction, amendment: Amendment, tasks: Sequence[Task], products: dict[int, Product], by: Staff) -> None:
    """Makes the change, or says why it cannot be made, and tells who asked for it what was achieved."""
    assert amendment.state == WAITING
    effects = _effects(tx, amendment)
    amendment.outcome = "；".join(_said(task) for task in tasks if "achieved" in task.data)
    rerouted = [task for task in tasks if task.kind == REROUTE]
    caught = all(task.data.get("achieved") for task in tasks if task.kind == INTERCEPT)
    # what has not left is changed whatever becomes of the parcels that have
    is_any_changed = not rerouted or amendment.order.stage in OPEN_STAGES or any(task.data.get("achieved") for task in rerouted)
    if caught and is_any_changed:
        if not effects.is_delivery_only:
            _put_back(tx, amendment.order, by)
        apply(tx, amendment, effects, products)
    else:
        amendment.state, amendment.settled_at = REFUSED, tx.now
    _tell_asker(tx, amendment, effects)


def _effects(tx: Transaction, amendment: Amendment) -> Effects:
    if amendment.kind == CANCEL:
        return effects_of_cancelling(tx, amendment.order)
    # the day was near enough when the change was asked for; the answer may take a while
    return effects_of(tx, amendment.order, load(amendment.changes), is_checked=True)


def _said(task: Task) -> str:
    achieved, failed = NEED_ANSWERS[task.kind]
    return f"{task.data['warehouse']}{achieved if task.data['achieved'] else failed}"


def _put_back(tx: Transaction, order: Order, by: Staff) -> None:
    """Puts what was picked back on its shelf; the order holds it there as before."""
    for part in [part for part in order.fulfilments if part.stage == Stage.PICKED]:
        for reservation in part.reservations:
            reservation.picked = False
            reservation.batch.on_hand += reservation.quantity
            reservation.batch.reserved += reservation.quantity
        lifecycle.advance_part(tx, part, Stage.ALLOCATED, by)


def _tell_other_packers(tx: Transaction, task: Task, achieved: bool, by: Staff) -> None:
    """Changes the card of the others who had it, in place."""
    warehouse = task.data["warehouse"]
    data = {"title": f"{task.title}已答复", "text": f"{by.name}：{NEED_ANSWERS[task.kind][0 if achieved else 1]}", "fields": []}
    for person in packers_of(tx, {warehouse}).get(warehouse, []):
        if person is not by:
            audience = to_staff(person)
            key = f"{task.kind}:{task.id}:done:{audience}"
            tell(tx, audience, "notice", data, key=key, urgency=Urgency.BULK, updates=f"{task.kind}:{task.id}:{audience}")


def _tell_asker(tx: Transaction, amendment: Amendment, effects: Effects) -> None:
    data = card_data(tx, amendment, effects) | {"state": amendment.state, "is_applied": amendment.state == APPLIED}
    key = f"settled:{amendment.id}"
    tell(tx, to_staff(amendment.staff), "amendment_settled", data, key=key, urgency=Urgency.WAITING, order=amendment.order)
