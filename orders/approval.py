"""Approval 审批: an order is put to the steps that the matrix asks for, and an amended one to those that it touches."""

from collections.abc import Collection, Sequence
from datetime import datetime

from orders import approval_telling, signers
from orders.approval_facts import facts_after, facts_of
from orders.approval_matrix import Facts, Step
from orders.approval_rules import matrix_in_force
from orders.calendar import calendar_of
from orders.content import Content
from orders.steps import OPEN, REJECTED, VOID, WAITING, current
from orders.working_time import after_working
from store.events import Fact, record
from store.models import ApprovalSeat, ApprovalStep, Order, Role, Staff
from store.transaction import Transaction


def open_steps(tx: Transaction, order: Order) -> list[ApprovalStep]:
    """Puts a new order to approval: writes the steps that the matrix asks for and opens the first; answers with all."""
    asked, why = matrix_in_force(tx).asked(facts_of(tx, order))
    steps = _write(order, list(enumerate(asked, 1)), why, 1)
    open_next(tx, order)
    return steps


def reopen(tx: Transaction, order: Order, touched: Collection[str]) -> list[ApprovalStep]:
    """Opens anew the steps of an amended order that changes of these kinds touch; answers with them.

    The order must be locked and carry its new version and snapshot; `onward.go_on` decides afterwards how far it may go.
    """
    asked, why = matrix_in_force(tx).asked(facts_of(tx, order))
    kept, fresh = _review(order, asked, touched)
    void(tx, [step for step in current(order) if step not in kept])
    steps = _write(order, fresh, why, 1 + max((step.round for step in order.steps), default=0))
    for step in kept:
        step.position = next(place for place, one in enumerate(asked, 1) if one.name == step.name)
    open_next(tx, order)
    return steps


def would_reopen(tx: Transaction, order: Order, touched: Collection[str], after: Content) -> list[str]:
    """The names of the steps that `reopen` would open anew once the order says `after`; writes nothing."""
    asked, _ = matrix_in_force(tx).asked(facts_after(tx, order, after))
    return [step.name for _, step in _review(order, asked, touched)[1]]


def signers_of(tx: Transaction, order: Order) -> list[Staff]:
    """Who has decided on the order so far."""
    return list(dict.fromkeys(staff for _, staff in approval_telling.decisions_of(tx, order)))


def withdraw(tx: Transaction, order: Order) -> None:
    """Takes back what a cancelled order still asks people to sign."""
    void(tx, [step for step in order.steps if step.state in (OPEN, WAITING)])


def void(tx: Transaction, steps: Collection[ApprovalStep]) -> None:
    """Takes steps out of force, because the order was amended or cancelled; their open cards say so."""
    for step in steps:
        was_open = step.state == OPEN
        step.state, step.closed_at, step.due_at = VOID, tx.now, None
        if was_open:
            approval_telling.tell_over(tx, step)


def approvers(tx: Transaction, facts: Facts, seller: Staff, warehouses: set[str]) -> list[str]:
    """Who would be asked for a draft with these facts, in words, one for each signature: 财务（王会计）; nobody: empty."""
    asked, _ = matrix_in_force(tx).asked(facts)
    staff = signers.everybody(tx) if asked else []
    said = []
    for place, step in enumerate(asked):
        for name, role in step.seats:
            people = "、".join(person.name for person in signers.named_for(seller.id, name, role, staff, warehouses))
            said.append(f"{'再由' if place else ''}{name}（{people}）" if role else f"{'再由' if place else ''}{name}")
    return said


def open_next(tx: Transaction, order: Order) -> None:
    """Opens the first step that waits, unless one is open or was rejected."""
    steps = current(order)
    step = next((step for step in steps if step.state == WAITING), None)
    if step is not None and not any(step.state in (OPEN, REJECTED) for step in steps):
        tx.session.flush()
        _open(tx, step)


def _review(order: Order, asked: Sequence[Step], touched: Collection[str]) -> tuple[list[ApprovalStep], list[tuple[int, Step]]]:
    """Which steps stay in force, and which are written anew, with their place in the sequence.

    A rejection is answered by any amendment, so a rejected step never stays.
    """
    standing = {step.name: step for step in current(order) if step.state != REJECTED and not set(step.touches) & set(touched)}
    kept = [standing[step.name] for step in asked if step.name in standing]
    return kept, [(place, step) for place, step in enumerate(asked, 1) if step.name not in standing]


def _write(order: Order, asked: Sequence[tuple[int, Step]], why: str, round_: int) -> list[ApprovalStep]:
    steps = []
    for place, step in asked:
        seats = [ApprovalSeat(name=name, role=role, signers=[]) for name, role in step.seats]
        row = ApprovalStep(
            round=round_,
            version=order.version,
            position=place,
            name=step.name,
            reason=why[:256],
            need=step.count,
            touches=list(step.touched_by),
            minutes=step.minutes,
            state=WAITING,
            level=0,
            seats=seats,
        )
        order.steps.append(row)
        steps.append(row)
    return steps


def _open(tx: Transaction, step: ApprovalStep) -> None:
    step.state, step.opened_at, step.version = OPEN, tx.now, step.order.version
    step.due_at = due_after(tx, step.minutes)
    staff = signers.everybody(tx)
    warehouses = signers.warehouses_of(tx, step.order)
    for seat in step.seats:
        named = signers.named_for(step.order.salesperson_id, seat.name, Role(seat.role) if seat.role else None, staff, warehouses)
        signers.seat_people(tx, seat, named, signers.NAMED)
    tx.session.flush()
    data = {"step": step.name, "round": step.round, "reason": step.reason, "seats": [seat.name for seat in step.seats]}
    record(tx, Fact.APPROVAL_OPENED, by=None, order=step.order, data=data)
    approval_telling.ask(tx, step, [signer for seat in step.seats for signer in seat.signers])


def due_after(tx: Transaction, minutes: int) -> datetime:
    """The moment after so many minutes of working time from now."""
    return after_working(tx.now, minutes, calendar_of(tx.settings), tx.settings.trade.working_hours, tx.zone)
