"""Deciding 同意、驳回: who may, once for each seat, and what follows when a step has its signatures."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from orders import approval, approval_telling, onward, signers, steps
from orders.checking import check_text
from orders.locking import lock_orders
from orders.progress import tell_news
from orders.refusals import Refused
from orders.steps import APPROVE, REJECT
from orders.words import moment
from store.database import to_json
from store.events import Fact, record
from store.models import ApprovalDecision, ApprovalSeat, ApprovalSigner, ApprovalStep, Order, Snapshot, Staff
from store.transaction import Transaction

LONGEST_REASON = 512
_PENDING = (
    select(ApprovalStep.order_id)
    .join(ApprovalStep.seats)
    .join(ApprovalSeat.signers)
    .where(ApprovalStep.state == steps.OPEN, ApprovalSeat.decided.is_(None), ApprovalSigner.staff_id == bindparam("person"))
    .order_by(ApprovalStep.order_id)
    .distinct()
    .limit(bindparam("most"))
)
_THESE = select(Order).where(Order.id.in_(bindparam("ids", expanding=True))).order_by(Order.id)


@dataclass(frozen=True)
class _Right:
    """That a person may sign for a seat, and for whom, if not in their own name."""

    seat: ApprovalSeat
    for_id: int | None


def decide(tx: Transaction, order: Order, by: Staff, decision: str, platform: str, reason: str = "", step_id: int = 0) -> ApprovalStep:
    """Signs for every seat of the open step that is this person's, and takes the order as far as it may go then.

    `step_id` is the step whose card was pressed. Refuses who is not asked, a second word, and a card that was overtaken.
    """
    (order,) = lock_orders(tx, [order.id])
    step = _step(order, step_id)
    rights = _rights(tx, step, by)
    if decision == REJECT and not reason.strip():
        raise Refused("reject_without_reason", order_no=order.no)
    said = check_text("原因", reason, LONGEST_REASON) if reason.strip() else None
    for right in rights:
        _sign(tx, step, right, by, decision, platform, said)
    _settle(tx, step, by)
    return step


def may_decide(tx: Transaction, order: Order, by: Staff, step_id: int = 0) -> ApprovalStep:
    """The step that a person may decide now; refuses as `decide` does, and writes nothing."""
    step = _step(order, step_id)
    _rights(tx, step, by)
    return step


def pending(tx: Transaction, by: Staff, most: int) -> list[Order]:
    """The orders that wait for a person's word, the oldest first."""
    # Most people have nothing to sign: no objects are made to find that out.
    found = tx.connection.execute(_PENDING, {"person": by.id, "most": most}).scalars().all()
    return list(tx.session.scalars(_THESE, {"ids": found})) if found else []


def _step(order: Order, step_id: int) -> ApprovalStep:
    """The open step, which must be the one that is meant."""
    step = steps.open_step(order)
    pressed = next((one for one in order.steps if one.id == step_id), None)
    if step is not None and (pressed is None or pressed is step):
        return step
    if pressed is not None and pressed.state == steps.VOID:
        raise Refused("approval_overtaken", order_no=order.no, version=order.version)
    if pressed is not None:
        raise Refused("approval_step_over", order_no=order.no, step=pressed.name, agreed=pressed.state == steps.APPROVED)
    if not steps.current(order):
        raise Refused("approval_not_asked", order_no=order.no)
    agreed = steps.is_settled(order)
    raise Refused("approval_over", order_no=order.no, agreed=agreed, on_hold=order.on_hold or "")


def _rights(tx: Transaction, step: ApprovalStep, by: Staff) -> list[_Right]:
    order = step.order
    if not by.active:
        raise Refused("approval_left", order_no=order.no, name=by.name)
    rights = [right for seat in step.seats if (right := _right(tx, seat, by))]
    mine = [right for right in rights if right.seat.decided is None]
    if mine:
        return mine
    if rights:
        _refuse_second(tx, rights[0].seat, by)
    if any(signer.staff_id == by.id for seat in step.seats for signer in seat.signers):
        raise Refused("delegation_over", order_no=order.no)
    people = {signer.staff.name for seat in steps.undecided(step) for signer in seat.signers}
    raise Refused("approval_not_yours", order_no=order.no, step=step.name, people=sorted(people))


def _right(tx: Transaction, seat: ApprovalSeat, by: Staff) -> _Right | None:
    """A delegate's right lasts as long as the delegation; one that began after the step was opened counts as well."""
    signer = next((signer for signer in seat.signers if signer.staff_id == by.id), None)
    if signer is not None and signer.because != signers.DELEGATE:
        return _Right(seat, signer.for_id)
    principals = [other.staff_id for other in seat.signers if other.because != signers.DELEGATE]
    principal = signers.represents(tx, by, principals) if by.id != seat.step.order.salesperson_id else None
    if principal is None:
        return None
    if signer is None:
        seat.signers.append(ApprovalSigner(staff=by, staff_id=by.id, because=signers.DELEGATE, for_id=principal))
    return _Right(seat, principal)


def _refuse_second(tx: Transaction, seat: ApprovalSeat, by: Staff) -> None:
    decided = tx.session.scalars(select(ApprovalDecision).where(ApprovalDecision.seat_id == seat.id)).one()
    details = {
        "order_no": seat.step.order.no,
        "seat": seat.name,
        "own": decided.staff_id == by.id,
        "by": tx.session.get_one(Staff, decided.staff_id).name,
        "agreed": decided.decision == APPROVE,
        "at": moment(decided.at, tx.zone),
    }
    raise Refused("decided_already", **details)


def _sign(tx: Transaction, step: ApprovalStep, right: _Right, by: Staff, decision: str, platform: str, reason: str | None) -> None:
    order = step.order
    last = select(ApprovalDecision.hash).where(ApprovalDecision.order_id == order.id).order_by(ApprovalDecision.id.desc()).limit(1)
    said = select(Snapshot.hash).where(Snapshot.order_id == order.id, Snapshot.version == order.version)
    row = ApprovalDecision(
        order_id=order.id,
        step_id=step.id,
        seat_id=right.seat.id,
        at=tx.now,
        staff_id=by.id,
        for_id=right.for_id,
        decision=decision,
        reason=reason,
        platform=platform,
        version=order.version,
        snapshot_hash=tx.session.scalar(said) or "",
        previous_hash=tx.session.scalar(last) or "",
    )
    row.hash = chained(row)
    right.seat.decided = decision
    tx.session.add(row)
    tx.session.flush()
    data = {"step": step.name, "seat": right.seat.name, "decision": decision, "reason": reason or "", "hash": row.hash}
    record(tx, Fact.APPROVAL_DECIDED, by=by, order=order, data=data)


def _settle(tx: Transaction, step: ApprovalStep, by: Staff) -> None:
    """Closes a step that has its signatures, or can no longer get them."""
    order, open_seats = step.order, len(steps.undecided(step))
    if steps.agreed(step) >= step.need:
        step.state = steps.APPROVED
    elif steps.agreed(step) + open_seats < step.need:
        step.state = steps.REJECTED
    else:
        approval_telling.tell_signed(tx, step, besides=by)
        order.on_hold = onward.why_held(order)
        return
    step.closed_at, step.due_at = tx.now, None
    approval_telling.tell_over(tx, step, besides=by)
    approval.open_next(tx, order)
    if steps.is_settled(order):
        record(tx, Fact.APPROVAL_ENDED, by=None, order=order, data={"round": step.round, "version": order.version})
    onward.go_on(tx, order)
    if step.state == steps.REJECTED or steps.is_settled(order):
        approval_telling.tell_result(tx, order, step)
        tell_news(tx, [order])


def chained(decision: ApprovalDecision) -> str:
    """The hash of a decision: over the hash before it and everything it says."""
    who = [decision.order_id, decision.step_id, decision.seat_id, decision.at, decision.staff_id, decision.for_id, decision.platform]
    said = [decision.previous_hash, *who, decision.decision, decision.reason, decision.version, decision.snapshot_hash]
    return hashlib.sha256(to_json(said).encode()).hexdigest()
