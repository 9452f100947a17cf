"""The approvals of orders as other programs see them: every step of every round, with who was asked and what was decided."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from orders.words import moment
from store.models import ApprovalDecision, ApprovalSeat, ApprovalStep, Evidence, Order
from store.transaction import Transaction


def approvals_of(tx: Transaction, ids: Iterable[int], names: dict[int, str]) -> dict[int, list[dict[str, Any]]]:
    """The steps of these orders, round by round; `names` are those of all staff by id."""
    ids = list(ids)
    query = select(ApprovalDecision).where(ApprovalDecision.order_id.in_(ids))
    decided = {row.seat_id: _decision(tx, row, names) for row in tx.session.scalars(query)}
    steps = select(ApprovalStep).where(ApprovalStep.order_id.in_(ids)).order_by(ApprovalStep.round, ApprovalStep.position)
    steps = steps.options(selectinload(ApprovalStep.seats).selectinload(ApprovalSeat.signers))
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for step in tx.session.scalars(steps):
        found[step.order_id].append(_step(tx, step, decided, names))
    return found


def evidence_of(tx: Transaction, order: Order) -> Evidence | None:
    """The signed record of the last approval of an order that has ended, once it is made."""
    query = select(Evidence).where(Evidence.order_id == order.id).order_by(Evidence.round.desc()).limit(1)
    return tx.session.scalar(query)


def _step(tx: Transaction, step: ApprovalStep, decided: dict[int, dict[str, Any]], names: dict[int, str]) -> dict[str, Any]:
    return {
        "round": step.round,
        "position": step.position,
        "name": step.name,
        "reason": step.reason,
        "version": step.version,
        "state": step.state,
        "need": step.need,
        "level": step.level,
        "opened_at": moment(step.opened_at, tx.zone),
        "due_at": moment(step.due_at, tx.zone),
        "closed_at": moment(step.closed_at, tx.zone),
        "seats": [
            {
                "name": seat.name,
                "signers": [
                    {"name": names[signer.staff_id], "because": signer.because, "for": names.get(signer.for_id or 0)}
                    for signer in seat.signers
                ],
                "decision": decided.get(seat.id),
            }
            for seat in step.seats
        ],
    }


def _decision(tx: Transaction, row: ApprovalDecision, names: dict[int, str]) -> dict[str, Any]:
    return {
        "decision": row.decision,
        "by": names[row.staff_id],
        "for": names.get(row.for_id or 0),
        "reason": row.reason,
        "at": moment(row.at, tx.zone),
        "platform": row.platform,
        "version": row.version,
        "snapshot_hash": row.snapshot_hash,
        "hash": row.hash,
    }
