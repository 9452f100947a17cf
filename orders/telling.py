"""What staff are told of an order: the data of their cards, written to the outbox with the change."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select

from orders.links import staff_link
from orders.promising import ship_by
from orders.reserving import in_parts
from orders.words import moment, plain
from store.models import Fulfilment, Order, OrderLine, OutboxMessage, Role, Staff
from store.outbox import Urgency, tell, to_role, to_staff
from store.transaction import Transaction

_PICKS = (
    select(OutboxMessage.audience, OutboxMessage.key, OutboxMessage.data, OutboxMessage.created_at)
    .where(OutboxMessage.order_id == bindparam("order"), OutboxMessage.card.in_(("pick", "pick_over")))
    .order_by(OutboxMessage.id)
)


def tell_pick(tx: Transaction, part: Fulfilment, packers: Iterable[Staff], *, leaves_today: bool = False) -> None:
    """Hands a warehouse its part to pick: to its own people, or to everybody in the role when it has none.

    `leaves_today`: they have had it before, and its day has come. A card that changes in its place would not be noticed.
    """
    order, number = part.order, part.part if in_parts(part.order) else 0
    data = {
        "order_no": order.no,
        "version": order.version,
        "customer": order.customer.name,
        "warehouse": part.warehouse,
        "part": number,
        "due_on": str(part.due_on or ""),
        "leaves_today": leaves_today,
        "lines": _pick_lines(part),
        "splits": _splits(part),
        "ship_by": moment(ship_by(tx, part.due_on) if part.due_on else order.promised_ship_at, tx.zone),
        "address": order.address or "",
        "receiver": " ".join(part for part in (order.contact, order.phone) if part),
        "carrier": "客户自提" if order.pickup else order.carrier or "",
        "remarks": order.remarks or "",
        "url": staff_link(tx, order, part.warehouse),
    }
    earlier = {} if leaves_today else _earlier_picks(tx, order, part.warehouse, number)
    place = part.warehouse + (f"#{part.part}" if part.part > 1 else "")
    for audience in _packing(packers):
        # the chain tells apart the same part handed out again after the order had to wait once more
        key = f"pick:{order.no}:{place}:{order.chain[:12]}:{audience}" + (f":{tx.today}" if leaves_today else "")
        tell(tx, audience, "pick", data, key=key, urgency=Urgency.PROGRESS, order=order, updates=earlier.get(audience))


def told_to_pick(tx: Transaction, part: Fulfilment) -> datetime | None:
    """When a warehouse was told last to pick its part of an order in parts."""
    rows = tx.session.execute(_PICKS, {"order": part.order_id})
    return max((row.created_at for row in rows if _is_of(row.data, part.warehouse, part.part)), default=None)


def tell_picked(tx: Transaction, part: Fulfilment, by: Staff) -> None:
    """Changes the card of a part whose day has come for all but who has picked it just now."""
    if not in_parts(part.order):
        return
    rows = tx.session.execute(_PICKS, {"order": part.order_id})
    shown = {row.audience: row for row in rows if _is_of(row.data, part.warehouse, part.part)}
    data = {"title": f"{part.order.no} 第{part.part}批已出库", "text": f"{by.name} 已配好，不用再配。", "fields": []}
    for audience, row in shown.items():
        if row.data.get("leaves_today") and audience != to_staff(by):
            tell(tx, audience, "notice", data, key=f"{row.key}:picked", urgency=Urgency.BULK, order=part.order, updates=row.key)


def tell_pick_over(tx: Transaction, order: Order, warehouse: str, packers: Iterable[Staff], why: str) -> None:
    """Tells a warehouse that it has nothing to pick of an order any more, in the place of the card that asked for it."""
    data = {"order_no": order.no, "customer": order.customer.name, "warehouse": warehouse, "why": why, "url": staff_link(tx, order)}
    earlier = _earlier_picks(tx, order, warehouse)
    for audience in _packing(packers):
        key = f"pick_over:{order.no}:{warehouse}:{order.version}:{audience}"
        tell(tx, audience, "pick_over", data, key=key, urgency=Urgency.ALERT, order=order, updates=earlier.get(audience))


def _packing(packers: Iterable[Staff]) -> list[str]:
    return [to_staff(person) for person in packers] or [to_role(Role.WAREHOUSE)]


def _earlier_picks(tx: Transaction, order: Order, warehouse: str, part: int = 0) -> dict[str, str]:
    """By audience, the key of the last card that told of picking an order there, or this part of it."""
    if order.version == 1 and not part:
        return {}
    rows = tx.session.execute(_PICKS, {"order": order.id})
    return {row.audience: row.key for row in rows if _is_of(row.data, warehouse, part)}


def _is_of(data: dict[str, Any], warehouse: str, part: int) -> bool:
    return data["warehouse"] == warehouse and data.get("part", 0) in (0, part)


def _pick_lines(part: Fulfilment) -> list[dict[str, Any]]:
    return [
        {
            "product": reservation.line.product.name,
            "quantity": plain(reservation.quantity),
            "unit": reservation.line.product.unit,
            "location": reservation.batch.location,
            "batch": reservation.batch.batch,
            "processes": reservation.line.processes,
        }
        for reservation in part.reservations
        if not reservation.picked
    ]


def _splits(part: Fulfilment) -> list[dict[str, Any]]:
    """The lines that are to leave at different times, with how much of each is for which day."""
    lines = {reservation.line.position: reservation.line for reservation in part.reservations if not reservation.picked}
    return [
        {"product": line.product.name, "unit": line.product.unit, "parts": line.splits} for _, line in sorted(lines.items()) if line.splits
    ]


def tell_suggestion(tx: Transaction, order: Order, lacks: Iterable[tuple[OrderLine, Decimal]]) -> None:
    """Tells the salesperson what a waiting order lacks and which date can be kept."""
    data = {
        "order_no": order.no,
        "customer": order.customer.name,
        "lines": [
            {"product": line.product.name, "missing": plain(lack), "unit": line.product.unit, "made": line.product.made}
            for line, lack in lacks
        ],
        "suggested_date": str(order.promisable_date),
        "wanted_date": str(order.wanted_date) if order.wanted_date else "",
        "url": staff_link(tx, order),
    }
    tell(tx, seller(order), "suggestion", data, key=f"suggestion:{order.no}:{order.chain[:12]}", urgency=Urgency.PROGRESS, order=order)


def tell_served(tx: Transaction, order: Order) -> None:
    """Tells the salesperson that a waiting order has its goods."""
    data = {
        "order_no": order.no,
        "customer": order.customer.name,
        "promised_date": str(order.promised_date or ""),
        "url": staff_link(tx, order),
    }
    tell(tx, seller(order), "served", data, key=f"served:{order.no}:{order.chain[:12]}", urgency=Urgency.PROGRESS, order=order)


def seller(order: Order) -> str:
    """Who answers for the order: its salesperson, or the managers of sales where an imported order names none."""
    return to_staff(order.salesperson) if order.salesperson else to_role(Role.SALES_MANAGER)
