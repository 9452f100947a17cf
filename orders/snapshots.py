"""Snapshots 订单快照: every version of an order for good, each carrying the hash of the one before."""

import hashlib
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, insert, select

from orders.words import moment, money, plain
from store.database import to_json
from store.models import Order, Snapshot, Staff
from store.transaction import Transaction

_KEEP = insert(Snapshot)
_NEWEST = select(Snapshot).where(Snapshot.order_id == bindparam("order")).order_by(Snapshot.version.desc()).limit(1)
_KEPT = ("order_id", "version", "at", "staff_id", "content", "changes", "previous_hash", "hash")


def keep_first(tx: Transaction, order: Order, by: Staff) -> None:
    """Keeps version 1 of a new order, which must be flushed."""
    first = first_of(order, tx.now, tx.zone, by)
    # Straight to the table, as events are: nobody looks at it again in its transaction.
    tx.connection.execute(_KEEP, {column: getattr(first, column) for column in _KEPT})


def keep_next(tx: Transaction, order: Order, by: Staff, changes: list[dict[str, str]], impact: str) -> Snapshot:
    """Keeps the version that an amendment has made, chained to the one before; the order must be held and flushed."""
    before = tx.session.scalars(_NEWEST, {"order": order.id}).one()
    snapshot = Snapshot(
        order_id=order.id,
        version=order.version,
        at=tx.now,
        staff_id=by.id,
        content=_content(order, tx.zone),
        changes=changes,
        impact=impact,
        previous_hash=before.hash,
    )
    snapshot.hash = chained(snapshot)
    tx.session.add(snapshot)
    return snapshot


def first_of(order: Order, at: datetime, zone: ZoneInfo, by: Staff | None) -> Snapshot:
    """Version 1 of an order, by nobody when it is imported."""
    staff_id = by.id if by else None
    snapshot = Snapshot(order_id=order.id, version=1, at=at, staff_id=staff_id, content=_content(order, zone), changes=[], previous_hash="")
    snapshot.hash = chained(snapshot)
    return snapshot


def chained(snapshot: Snapshot) -> str:
    """The hash of a version: over the hash before it and everything it says."""
    said = [
        snapshot.previous_hash,
        snapshot.order_id,
        snapshot.version,
        snapshot.at.isoformat(),
        snapshot.staff_id,
        snapshot.content,
        snapshot.changes,
        snapshot.impact,
    ]
    return hashlib.sha256(to_json(said).encode()).hexdigest()


def _content(order: Order, zone: ZoneInfo) -> dict[str, Any]:
    """What was agreed: everything that an amendment could change."""
    return {
        "no": order.no,
        "customer": {"code": order.customer.code, "name": order.customer.name},
        "lines": [
            {
                "product": line.product.code,
                "name": line.product.name,
                "quantity": plain(line.quantity),
                "unit": line.product.unit,
                "price": plain(line.price),
                "amount": money(line.amount),
                "tax_included": bool(line.tax_included),
                "processes": line.processes,
                "splits": line.splits or [],
            }
            for line in order.lines
        ],
        "total": money(order.total),
        "wanted_date": str(order.wanted_date) if order.wanted_date else None,
        "promised_date": str(order.promised_date) if order.promised_date else None,
        "promised_ship_at": moment(order.promised_ship_at, zone),
        "address": order.address,
        "contact": order.contact,
        "phone": order.phone,
        "carrier": order.carrier,
        "pickup": bool(order.pickup),
        "freight_collect": bool(order.freight_collect),
        "urgent": order.urgent,
        "trial": order.trial,
        "free_shipping": order.free_shipping,
        "remarks": order.remarks,
    }
