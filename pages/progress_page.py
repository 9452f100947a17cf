"""`/t/{token}`: where an order is, for its customer: no prices, no telephone numbers, nobody else's data."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from orders.parts import parcel_goods, rest_goods
from orders.progress import where_now
from orders.words import moment, plain, stage_name
from store.events import Fact
from store.models import Event, Fulfilment, Order, OrderLine, Stage, TraceEvent
from store.transaction import Transaction

STEPS = {
    Stage.PLACED: Fact.ORDER_PLACED,
    Stage.APPROVED: Fact.ORDER_APPROVED,
    Stage.ALLOCATED: Fact.ORDER_ALLOCATED,
    Stage.PICKED: Fact.ORDER_PICKED,
    Stage.SHIPPED: Fact.ORDER_SHIPPED,
    Stage.SIGNED: Fact.ORDER_SIGNED,
}
"""The stages that a customer sees, and the event that reaching one left."""
_ORDERED = list(Stage)


def progress_page(tx: Transaction, no: str) -> dict[str, Any] | None:
    """What the page shows. None: no such order."""
    order = tx.session.scalar(
        select(Order)
        .where(Order.no == no)
        .options(
            joinedload(Order.customer),
            selectinload(Order.lines).joinedload(OrderLine.product),
            selectinload(Order.lines).selectinload(OrderLine.reservations),
            selectinload(Order.fulfilments).selectinload(Fulfilment.reservations),
        )
    )
    if order is None:
        return None
    stage = Stage(order.stage)
    return {
        "no": order.no,
        "customer": order.customer.name,
        "cancelled": stage is Stage.CANCELLED,
        "signed": stage in (Stage.SIGNED, Stage.CLOSED),
        "date": order.promised_date.isoformat() if order.promised_date else None,
        "where": where_now(order, stage),
        "steps": _steps(tx, order, stage),
        "parcels": [_parcel(tx, part) for part in order.fulfilments if part.waybill],
        "rest": _rest(order),
        "lines": [{"name": line.product.name, "quantity": plain(line.quantity), "unit": line.product.unit} for line in order.lines],
    }


def _steps(tx: Transaction, order: Order, stage: Stage) -> list[dict[str, Any]]:
    # Of a split order the last part's event counts: the order stands where its slowest part stands.
    query = select(Event.kind, Event.at).where(Event.order_id == order.id, Event.kind.in_(STEPS.values())).order_by(Event.id)
    at = {row.kind: row.at for row in tx.session.execute(query)}
    shown = [step for step in STEPS if _ORDERED.index(step) <= _ORDERED.index(stage)]
    return [
        {
            "name": stage_name(step),
            "state": "ahead" if step not in shown else "now" if step is shown[-1] else "done",
            "at": moment(at.get(STEPS[step]), tx.zone) if step in shown else None,
        }
        for step in STEPS
    ]


def _parcel(tx: Transaction, part: Fulfilment) -> dict[str, Any]:
    query = select(TraceEvent).where(TraceEvent.fulfilment_id == part.id).order_by(TraceEvent.at.desc(), TraceEvent.id.desc())
    traces = [{"at": moment(trace.at, tx.zone), "text": trace.text} for trace in tx.session.scalars(query)]
    goods = parcel_goods(part) if len(part.order.fulfilments) + part.order.short > 1 else []
    return {"carrier": part.carrier or "快递", "waybill": part.waybill, "traces": traces, "goods": goods}


def _rest(order: Order) -> list[str]:
    """What follows the parcels that are on their way; empty while there are none."""
    sent = [part for part in order.fulfilments if part.waybill]
    return rest_goods(order, *sent) if sent else []
