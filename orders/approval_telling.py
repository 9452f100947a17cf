"""What an approval tells: the request to each signer, its outcome on the same card, and to the salesperson how it ended."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from orders.links import staff_link
from orders.steps import APPROVE, APPROVED, OPEN
from orders.telling import seller
from orders.words import LEVEL_NAMES, moment, money, plain
from store.models import ApprovalDecision, ApprovalSigner, ApprovalStep, Level, Order, Staff
from store.outbox import INTERIM, Urgency, tell, to_staff
from store.transaction import Transaction


def ask(tx: Transaction, step: ApprovalStep, signers: Iterable[ApprovalSigner]) -> None:
    """Asks people for their signature."""
    for staff in {signer.staff_id: signer.staff for signer in signers}.values():
        data = card_data(tx, step, staff)
        tell(tx, to_staff(staff), "approval", data, key=card_key(step, staff), urgency=Urgency.PROGRESS, order=step.order)


def card_key(step: ApprovalStep, person: Staff) -> str:
    """The key of the card on which a person is asked."""
    return f"approval:{step.id}:{person.id}"


def tell_over(tx: Transaction, step: ApprovalStep, besides: Staff | None = None) -> None:
    """Changes the cards of a step that is over for all who were asked, except the one who is answered anyway."""
    _change(tx, step, step.state, (signer for seat in step.seats for signer in seat.signers), besides)


def tell_signed(tx: Transaction, step: ApprovalStep, besides: Staff) -> None:
    """Changes the cards of those who are not needed any more, because others have signed for all of their seats."""
    waiting = {signer.staff_id for seat in step.seats if seat.decided is None for signer in seat.signers}
    done = [signer for seat in step.seats for signer in seat.signers if signer.staff_id not in waiting]
    _change(tx, step, "signed", done, besides)


def _change(tx: Transaction, step: ApprovalStep, what: str, signers: Iterable[ApprovalSigner], besides: Staff | None) -> None:
    for staff in {signer.staff_id: signer.staff for signer in signers}.values():
        if besides is None or staff.id != besides.id:
            card = card_key(step, staff)
            # whose word is not needed any more hears once more, how the step ends
            data = card_data(tx, step, staff) | ({INTERIM: True} if step.state == OPEN else {})
            key = f"{card}:{what}"
            tell(tx, to_staff(staff), "approval", data, key=key, urgency=Urgency.BULK, order=step.order, updates=card)


def tell_result(tx: Transaction, order: Order, step: ApprovalStep) -> None:
    """Tells the salesperson how the approval ended, and after a rejection what can be done."""
    approved = step.state == APPROVED
    decisions = [(decision, staff) for decision, staff in decisions_of(tx, order) if decision.version == order.version]
    data = {
        "order_no": order.no,
        "customer": order.customer.name,
        "approved": approved,
        "decisions": [_decision(tx, decision, staff) for decision, staff in decisions],
        "reason": next((decision.reason or "" for decision, _ in reversed(decisions) if decision.decision != APPROVE), ""),
        "on_hold": order.on_hold or "",
        "url": staff_link(tx, order),
    }
    key = f"approval_result:{step.id}:{step.state}"
    tell(tx, seller(order), "approval_result", data, key=key, urgency=Urgency.PROGRESS, order=order)


def tell_escalated(tx: Transaction, step: ApprovalStep, silent: Iterable[Staff], managers: Iterable[Staff]) -> None:
    """Tells those who kept silent that others are asked in their place as well."""
    order, names = step.order, "、".join(person.name for person in managers)
    for person in silent:
        data = {
            "title": f"订单 {order.no} 的审核已超时",
            "text": f"“{step.name}”等您审核已超过 {step.minutes} 分钟，现在也请{names}来审。您仍可以审。",
            "fields": [{"name": "客户", "value": order.customer.name}],
        }
        key = f"approval:{step.id}:{person.id}:late:{step.level}"
        tell(tx, to_staff(person), "notice", data, key=key, urgency=Urgency.ALERT, order=order)


def card_data(tx: Transaction, step: ApprovalStep, person: Staff) -> dict[str, Any]:
    """The data of the card `approval` as this person sees it."""
    order, mine = step.order, [seat for seat in step.seats for signer in seat.signers if signer.staff_id == person.id]
    decided = {decision.seat_id: (decision, staff) for decision, staff in decisions_of(tx, order)}
    return {
        "step": str(step.id),
        "order_no": order.no,
        "customer": order.customer.name,
        "level": LEVEL_NAMES[Level(order.customer.level)],
        "salesperson": order.salesperson.name if order.salesperson else "",
        "urgent": order.urgent,
        "trial": order.trial,
        "version": order.version,
        "lines": [
            {
                "name": line.product.name,
                "quantity": plain(line.quantity),
                "unit": line.product.unit,
                "price": plain(line.price),
                "amount": money(line.amount),
            }
            for line in order.lines
        ],
        "total": money(order.total),
        "wanted_date": str(order.wanted_date or ""),
        "promisable_date": str(order.promisable_date or ""),
        "name": step.name,
        "reason": step.reason,
        "because": _because(tx, step, person),
        "seats": [
            {
                "name": seat.name,
                "people": [signer.staff.name for signer in seat.signers],
                "decision": _decision(tx, *decided[seat.id]) if seat.id in decided else None,
            }
            for seat in step.seats
        ],
        "state": step.state,
        "open": step.state == OPEN and any(seat.decided is None for seat in mine),
        "url": staff_link(tx, order),
    }


def decisions_of(tx: Transaction, order: Order) -> list[tuple[ApprovalDecision, Staff]]:
    """Everything that was decided of an order, in order, each with who did."""
    query = select(ApprovalDecision, Staff).join(Staff, Staff.id == ApprovalDecision.staff_id)
    query = query.where(ApprovalDecision.order_id == order.id).order_by(ApprovalDecision.id)
    return [(decision, staff) for decision, staff in tx.session.execute(query)]


def _decision(tx: Transaction, decision: ApprovalDecision, staff: Staff) -> dict[str, Any]:
    return {
        "by": staff.name,
        "decision": decision.decision,
        "reason": decision.reason or "",
        "at": moment(decision.at, tx.zone),
    }


def _because(tx: Transaction, step: ApprovalStep, person: Staff) -> str:
    """Why somebody is asked whom the matrix does not name."""
    mine = next((signer for seat in step.seats for signer in seat.signers if signer.staff_id == person.id and signer.for_id), None)
    if mine is None or mine.for_id is None:
        return ""
    principal = tx.session.get_one(Staff, mine.for_id).name
    return f"受{principal}委托" if mine.because == "delegate" else f"{principal}超过 {step.minutes} 分钟未审，升级到您"
