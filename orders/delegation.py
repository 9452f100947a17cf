"""Delegation 委托: somebody signs approvals in another's place for some days, and ends it early."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased

from orders import approval_telling, signers, steps
from orders.checking import check_day
from orders.locking import lock_orders
from orders.refusals import Refused
from store.models import ApprovalSeat, ApprovalSigner, ApprovalStep, Delegation, Order, Staff
from store.outbox import Urgency, tell, to_staff
from store.transaction import Transaction


def delegate(tx: Transaction, person: Staff, name: str, from_day: date, until_day: date) -> Delegation:
    """Lets the member of staff of this name sign for a person; what waits for that person is asked of both.

    Refuses days that are over or overlap with another delegation, oneself, and somebody who has delegated back.
    """
    # One at a time: two that are made at once would not see each other.
    tx.session.get_one(Staff, person.id, with_for_update=True)
    to = tx.session.scalar(select(Staff).where(Staff.name == name.strip(), Staff.active))
    if to is None:
        raise Refused("no_such_colleague", name=name[:64])
    if to.id == person.id:
        raise Refused("delegate_to_self")
    if until_day < from_day or until_day < tx.today:
        raise Refused("delegation_past", since=str(from_day), until=str(until_day))
    check_day(tx, until_day)
    from_day = max(from_day, tx.today)
    _check_others(tx, person, to, from_day, until_day)
    made = Delegation(staff_id=person.id, to_id=to.id, from_day=from_day, until_day=until_day, created_at=tx.now)
    tx.session.add(made)
    tx.session.flush()
    if from_day == tx.today:
        _ask_too(tx, person)
    data = {
        "title": f"{person.name}委托您审批",
        "text": "这段时间里该由他审的订单也会请您审。",
        "fields": [{"name": "从", "value": str(from_day)}, {"name": "到", "value": str(until_day)}],
    }
    tell(tx, to_staff(to), "notice", data, key=f"delegation:{made.id}", urgency=Urgency.PROGRESS)
    return made


def end_delegations(tx: Transaction, person: Staff, name: str | None = None) -> list[Delegation]:
    """Ends what a person has delegated and is not over yet, to everybody or to somebody; refuses when there is nothing."""
    query = _standing(tx).where(Delegation.staff_id == person.id)
    found = [one for one in tx.session.scalars(query) if name is None or one.to.name == name.strip()]
    if not found:
        raise Refused("no_delegation")
    for delegation in found:
        delegation.ended_at = tx.now
        data = {"title": f"{person.name}的委托已结束", "text": "不用再替他审批。", "fields": []}
        tell(tx, to_staff(delegation.to), "notice", data, key=f"delegation:{delegation.id}:ended", urgency=Urgency.PROGRESS)
    return found


def unasked(tx: Transaction) -> list[int]:
    """The orders that wait for a person whose delegation has begun since they were asked, and whose delegate has not been asked.

    Nobody is asked before the working hours of the day begin.
    """
    if tx.now.astimezone(tx.zone).time() < tx.settings.trade.working_hours[0][0]:
        return []
    asked = aliased(ApprovalSigner)
    is_asked = select(asked.id).where(asked.seat_id == ApprovalSeat.id, asked.staff_id == Delegation.to_id).exists()
    waiting = (
        signers.in_force(tx)
        .join(ApprovalSigner, ApprovalSigner.staff_id == Delegation.staff_id)
        .join(ApprovalSigner.seat)
        .join(ApprovalSeat.step)
        .join(ApprovalStep.order)
        .join(Delegation.to)
        .where(ApprovalStep.state == steps.OPEN, ApprovalSeat.decided.is_(None), Staff.active, ~is_asked)
        .where(or_(Order.salesperson_id.is_(None), Order.salesperson_id != Delegation.to_id))
    )
    return list(dict.fromkeys(tx.session.scalars(waiting.with_only_columns(Order.id))))


def ask_delegates(tx: Transaction, order_id: int) -> None:
    """Asks who stands in today, in the place of those whose word an order waits for, and has not been asked."""
    (order,) = lock_orders(tx, [order_id])
    if step := steps.open_step(order):
        _ask_of(tx, step, lambda _: True)


def _check_others(tx: Transaction, person: Staff, to: Staff, from_day: date, until_day: date) -> None:
    overlapping = _standing(tx).where(Delegation.from_day <= until_day, Delegation.until_day >= from_day)
    if other := tx.session.scalars(overlapping.where(Delegation.staff_id == person.id)).first():
        raise Refused("delegation_overlaps", name=other.to.name, since=str(other.from_day), until=str(other.until_day))
    if back := tx.session.scalars(overlapping.where(Delegation.staff_id == to.id)).first():
        raise Refused("delegation_circular", name=to.name, to=back.to.name, since=str(back.from_day), until=str(back.until_day))


def _standing(tx: Transaction) -> Select[Delegation]:
    running = or_(Delegation.ended_at.is_(None), Delegation.ended_at > tx.now)
    return select(Delegation).where(Delegation.until_day >= tx.today, running).order_by(Delegation.id)


def _ask_too(tx: Transaction, person: Staff) -> None:
    """Asks the new delegate what waits for the person already."""
    waiting = (
        select(ApprovalStep.order_id)
        .join(ApprovalStep.seats)
        .join(ApprovalSeat.signers)
        .where(ApprovalStep.state == steps.OPEN, ApprovalSeat.decided.is_(None), ApprovalSigner.staff_id == person.id)
    )
    for order in lock_orders(tx, tx.session.scalars(waiting).all()):
        if step := steps.open_step(order):
            _ask_of(tx, step, lambda signer: signer.staff_id == person.id)


def _ask_of(tx: Transaction, step: ApprovalStep, of: Callable[[ApprovalSigner], bool]) -> None:
    """Asks who stands in for these signers of the seats whose word is awaited."""
    standing = [(seat, signer.staff) for seat in steps.undecided(step) for signer in list(seat.signers) if of(signer)]
    added = [fresh for seat, person in standing for fresh in signers.stand_in(tx, seat, person)]
    tx.session.flush()
    approval_telling.ask(tx, step, added)
