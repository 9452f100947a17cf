"""Tracing 物流轨迹: what carriers report, in any order and as often as they like, is kept once and moves the order on."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from orders.fulfilment import sign_parts
from orders.locking import lock_orders
from store.database import to_json
from store.events import Fact, record
from store.models import Fulfilment, Stage, TraceEvent
from store.transaction import Transaction

_TEXT_LENGTH, _PLACE_LENGTH = 512, 128


@dataclass(frozen=True)
class Trace:
    """One line of a carrier's trace; `status` is of the neutral set, `at` an aware moment."""

    at: datetime
    text: str
    place: str | None
    status: str

    @property
    def digest(self) -> str:
        """What makes a repeated report the same one; the carrier's own numbering is not to be trusted."""
        return hashlib.sha256(to_json([self.at.timestamp(), self.text, self.status]).encode()).hexdigest()


def trace(tx: Transaction, carrier_code: str, waybill: str, traces: list[Trace], delivered: bool) -> int:
    """Keeps what is new of a waybill's trace and answers with how much that was; `delivered` signs what it carried.

    One waybill may carry parts of several orders. An unknown one is no error: 0.
    """
    query = select(Fulfilment.id, Fulfilment.order_id).where(Fulfilment.waybill == waybill, Fulfilment.carrier_code == carrier_code)
    found = {row.id: row.order_id for row in tx.session.execute(query)}
    orders = lock_orders(tx, found.values())
    parts = [part for order in orders for part in order.fulfilments if part.id in found]
    count = sum(_keep(tx, part, traces) for part in parts)
    for order in orders if delivered else ():
        arrived = [part for part in parts if part.order is order and part.stage == Stage.SHIPPED]
        if arrived:
            sign_parts(tx, order, arrived, None)
    return count


def _keep(tx: Transaction, part: Fulfilment, traces: Iterable[Trace]) -> int:
    known = set(tx.session.scalars(select(TraceEvent.digest).where(TraceEvent.fulfilment_id == part.id)))
    fresh = {item.digest: item for item in traces if item.digest not in known}
    if not fresh:
        return 0
    for digest, item in fresh.items():
        place = item.place[:_PLACE_LENGTH] if item.place else None
        text = item.text[:_TEXT_LENGTH]
        tx.session.add(TraceEvent(fulfilment_id=part.id, at=item.at, text=text, place=place, status=item.status, digest=digest))
    newest = max(fresh.values(), key=lambda item: item.at)
    # a carrier's clock that runs ahead must not hide that the parcel falls silent
    last = min(max(newest.at, part.last_trace_at or newest.at), tx.now)
    part.last_trace_at = part.moved_at = last
    data = {"warehouse": part.warehouse, "waybill": part.waybill, "new": len(fresh), "status": newest.status}
    record(tx, Fact.SHIPMENT_TRACED, by=None, order=part.order, data=data)
    return len(fresh)
