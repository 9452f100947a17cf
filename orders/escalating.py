"""Escalation: who keeps silent over an approval is joined by their manager, one level after the other, last by the admins."""

from sqlalchemy import select

from orders import approval, approval_telling, signers, steps
from orders.locking import lock_orders
from store.events import Fact, record
from store.models import ApprovalSeat, ApprovalSigner, ApprovalStep, Role, Staff
from store.transaction import Transaction


def overdue(tx: Transaction) -> list[int]:
    """The orders of which a step has waited longer than its working time."""
    late = select(ApprovalStep.order_id).where(ApprovalStep.state == steps.OPEN, ApprovalStep.due_at <= tx.now)
    return list(tx.session.scalars(late.order_by(ApprovalStep.due_at)))


def escalate(tx: Transaction, order_id: int) -> None:
    """Lets the managers of those who keep silent sign as well, and tells both; nothing when somebody was quicker.

    At the end of the line the admins are asked, once; then nobody is left.
    """
    (order,) = lock_orders(tx, [order_id])
    step = steps.open_step(order)
    if step is None or step.due_at is None or step.due_at > tx.now:
        return
    step.level += 1
    staff = signers.everybody(tx)
    seats = {seat: _climb(tx, seat, step.level, staff) for seat in steps.undecided(step)}
    added = [signer for found in seats.values() for signer in found]
    silent = {signer.staff_id: signer.staff for seat in seats for signer in seat.signers if signer not in added and signer.staff.active}
    tx.session.flush()
    step.due_at = approval.due_after(tx, step.minutes) if added else None
    if added:
        managers = list({signer.staff_id: signer.staff for signer in added}.values())
        approval_telling.ask(tx, step, added)
        approval_telling.tell_escalated(tx, step, silent.values(), managers)
        data = {"step": step.name, "level": step.level, "to": [person.name for person in managers]}
        record(tx, Fact.APPROVAL_ESCALATED, by=None, order=order, data=data)


def _climb(tx: Transaction, seat: ApprovalSeat, level: int, staff: list[Staff]) -> list[ApprovalSigner]:
    """Adds to a seat those who stand `level` above the people it named; the admins, where nobody stands there."""
    added = []
    for signer in [signer for signer in seat.signers if signer.because == signers.NAMED]:
        if manager := signers.above(signer.staff, level, staff):
            added += signers.seat_people(tx, seat, [manager], signers.ESCALATION, signer.staff)
    if not added:
        first = next((signer.staff for signer in seat.signers), None)
        added = signers.seat_people(tx, seat, [person for person in staff if person.has(Role.ADMIN)], signers.ESCALATION, first)
    return added
