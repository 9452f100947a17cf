"""Who has to hear of an amendment 改单 or a cancellation, beside the warehouses, whose picks change, and the customer."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from orders import approval
from orders.effects import Effects, lacks_of
from orders.words import role_name
from store.models import Invoice, Role, Staff, Stage
from store.transaction import Transaction

FELT = frozenset({"quantity", "product", "price", "date", "split", "address", "pickup", "freight"})
"""Kinds of change that a customer feels."""


@dataclass(frozen=True)
class Concerned:
    """A person who is told, and why."""

    person: Staff
    why: str


def concerned(tx: Transaction, effects: Effects, by: Staff) -> list[Concerned]:
    """Everybody once, but for who makes the change."""
    order, people = effects.order, list(tx.session.scalars(select(Staff).where(Staff.active).order_by(Staff.id)))
    found: dict[int, Concerned] = {}
    if order.salesperson:
        found[order.salesperson.id] = Concerned(order.salesperson, "业务员")
    for person in approval.signers_of(tx, order):
        found.setdefault(person.id, Concerned(person, "审批人"))
    for role in _roles(tx, effects):
        for person in people:
            if person.has(role):
                found.setdefault(person.id, Concerned(person, role_name(role)))
    return [one for one in found.values() if one.person.active and one.person is not by]


def customer_feels(effects: Effects) -> bool:
    """Whether the customer is told."""
    return effects.is_cancellation or bool(effects.touched & FELT) or effects.promised != effects.order.promised_date


def told_names(tx: Transaction, effects: Effects, by: Staff) -> list[str]:
    """Everybody who will be told, for the preview: 主仓, 王会计(审批人), 客户."""
    warehouses = dict.fromkeys(part.warehouse for part in [*effects.parts(Stage.ALLOCATED), *effects.out])
    people = [f"{one.person.name}({one.why})" for one in concerned(tx, effects, by)]
    return [*warehouses, *people, *(["客户"] if customer_feels(effects) else [])]


def _roles(tx: Transaction, effects: Effects) -> Iterator[Role]:
    order = effects.order
    if lacks_of(order) != effects.lacks:
        yield Role.PURCHASING
    made = any(shift.line and shift.line.product.made for shift in effects.shifts if shift.is_moved)
    if order.stage == Stage.SCHEDULED or made:
        yield Role.PRODUCTION
    if tx.session.scalar(select(Invoice.id).where(Invoice.order_id == order.id)):
        yield Role.FINANCE
