"""Fulfilment 发货单: one warehouse's part of an order is picked, shipped and signed."""

import re
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from orders import lifecycle
from orders.allocation import set_next_departure
from orders.amendments import check_none_waits, check_version
from orders.carriers import check_carrier, check_waybill
from orders.locking import lock_order, lock_orders
from orders.parts import before, may_leave_early
from orders.people import own_warehouse, workplace
from orders.progress import tell_customer
from orders.promising import leaving_day
from orders.refusals import Refused
from orders.telling import tell_picked
from store.models import OPEN_STAGES, Fulfilment, Order, Staff, Stage
from store.outbox import Urgency, tell, to_service
from store.transaction import Transaction

_TRACKING = "kuaidi100"
_PHONE_TAIL = 4
"""Digits of the receiver's phone that some carriers want before they tell where a parcel is."""
_AT_HAND = (Stage.ALLOCATED, Stage.PICKED)
"""Parts that a warehouse has still to send off."""


def parts_to_ship(tx: Transaction, person: Staff, limit: int) -> tuple[list[Fulfilment], int]:
    """What waits in the person's own warehouse to be picked or shipped, due first, at most `limit`; and how many there are."""
    warehouse = own_warehouse(tx, person)
    if warehouse is None:
        return [], 0
    query = (
        select(Fulfilment, func.count().over())
        .join(Fulfilment.order)
        # the stage of the order has an index, and is never ahead of its parts
        .where(Order.stage.in_(OPEN_STAGES), Fulfilment.stage.in_(_AT_HAND), Fulfilment.warehouse == warehouse)
        .order_by(Order.promised_ship_at.is_(None), Order.promised_ship_at, Order.id, Fulfilment.part)
        .options(contains_eager(Fulfilment.order).joinedload(Order.customer))
        .limit(limit)
    )
    rows = tx.session.execute(query).all()
    return [part for part, _ in rows], rows[0][1] if rows else 0


def pick(
    tx: Transaction,
    order: Order,
    by: Staff,
    warehouse: str | None = None,
    version: int | None = None,
    number: int | None = None,
) -> Fulfilment:
    """Takes a warehouse's part off the shelves (出库) and tells the customer; `number` is the one of an order in parts, else the next.

    `version` is the one that the person has before them; refused when it is not in force any more.
    """
    order = lock_order(tx, order.id)[0]
    check_version(tx, order, version)
    check_none_waits(tx, order, "出库")
    part = _part(tx, order, by, warehouse, Stage.PICKED, number)
    _check_turn(tx, part)
    _take_off(tx, part, by)
    tell_customer(tx, order, part)
    return part


def ship(
    tx: Transaction,
    order: Order,
    carrier_name: str,
    waybill: str,
    by: Staff,
    warehouse: str | None = None,
    version: int | None = None,
) -> Fulfilment:
    """Gives a warehouse's part to a carrier (发货), picked or not, tells the customer and has the waybill tracked.

    `version` is the one that the person has before them; refused when it is not in force any more.
    """
    name, code = check_carrier(carrier_name)
    number = check_waybill(waybill)
    order = lock_order(tx, order.id)[0]
    check_version(tx, order, version)
    check_none_waits(tx, order, "发货")
    part = _part(tx, order, by, warehouse, Stage.SHIPPED)
    _check_new(part, number)
    if part.stage == Stage.ALLOCATED:
        _check_turn(tx, part)
        _take_off(tx, part, by)
    part.carrier, part.carrier_code = name, code
    part.waybill, part.waybill_from = number, "person"
    part.shipped_at = part.moved_at = tx.now
    lifecycle.advance_part(tx, part, Stage.SHIPPED, by, {"carrier": name, "waybill": number})
    set_next_departure(tx, order)
    _subscribe(tx, part)
    tell_customer(tx, order, part)
    return part


def sign(tx: Transaction, order: Order, by: Staff | None) -> list[Fulfilment]:
    """Writes that the customer has everything that was shipped (签收) and tells them; `by` none: the carrier says so.

    Of an order that the customer fetches (自提), what was picked.
    """
    order = lock_orders(tx, [order.id])[0]
    own = own_warehouse(tx, by)
    leaves_at = (Stage.SHIPPED, Stage.PICKED) if order.pickup else (Stage.SHIPPED,)
    gone = [part for part in order.fulfilments if part.stage in leaves_at and own in (None, part.warehouse)]
    if not gone:
        raise _refusal(order, order.fulfilments, Stage.SIGNED)
    if any(part.stage == Stage.PICKED for part in gone):
        check_none_waits(tx, order, "签收")
    sign_parts(tx, order, gone, by)
    set_next_departure(tx, order)
    return gone


def sign_parts(tx: Transaction, order: Order, parts: Sequence[Fulfilment], by: Staff | None) -> None:
    """Signs warehouses' parts of an order that is held for this transaction, and tells the customer once."""
    for part in parts:
        lifecycle.advance_part(tx, part, Stage.SIGNED, by)
        part.signed_at = tx.now
    tell_customer(tx, order, *parts)


def _part(tx: Transaction, order: Order, by: Staff, warehouse: str | None, target: Stage, number: int | None = None) -> Fulfilment:
    """The part that is meant: of the warehouse that is named or the person's own, and not yet as far as `target`."""
    lifecycle.may_reach(target, by)
    if warehouse or own_warehouse(tx, by):
        warehouse = workplace(tx, by, warehouse)
    parts = order.fulfilments or _imported_part(tx, order, by, warehouse)
    own = [part for part in parts if warehouse in (None, part.warehouse) and number in (None, part.part)]
    if parts and not own:
        raise Refused("nothing_there", order_no=order.no, warehouse=warehouse, warehouses=[part.warehouse for part in parts])
    waiting = [part for part in own if lifecycle.has_passed(target, Stage(part.stage))]
    if not waiting:
        raise _refusal(order, own, target)
    if len({part.warehouse for part in waiting}) > 1:
        raise Refused("which_warehouse", order_no=order.no, warehouses=[part.warehouse for part in waiting])
    return min(waiting, key=lambda part: part.part)


def _check_turn(tx: Transaction, part: Fulfilment) -> None:
    """Refuses a part before those that leave earlier, and long before its day."""
    if earlier := before(part.order, part):
        raise Refused("earlier_part_first", order_no=part.order.no, part=earlier[0].part, warehouse=earlier[0].warehouse)
    if part.due_on is None or may_leave_early(part.order, part):
        return
    leaves = leaving_day(tx, part.due_on)
    if tx.today < leaves:
        raise Refused("part_not_due", order_no=part.order.no, part=part.part, day=str(part.due_on), leaves=str(leaves))


def _check_new(part: Fulfilment, waybill: str) -> None:
    """Refuses the waybill of an earlier part: the same message sent twice does not ship the next one."""
    for other in part.order.fulfilments:
        if other is not part and (other.warehouse, other.waybill) == (part.warehouse, waybill):
            raise _refusal(part.order, [other], Stage.SHIPPED)


def _imported_part(tx: Transaction, order: Order, by: Staff, warehouse: str | None) -> list[Fulfilment]:
    """The one part of an order that came from elsewhere already allocated; none of an order that still waits."""
    if order.short or order.stage not in _AT_HAND:
        return []
    order.fulfilments.append(Fulfilment(warehouse=workplace(tx, by, warehouse), part=1, stage=order.stage))
    return order.fulfilments


def _refusal(order: Order, parts: Sequence[Fulfilment], target: Stage) -> Refused:
    """Why no part of the order can go to `target`: it is there already, or not yet ready for it."""
    last = parts[-1] if parts else None
    if last and last.stage == Stage.SIGNED:
        return Refused("already_signed", order_no=order.no)
    if last and last.stage == Stage.SHIPPED and target is not Stage.SIGNED:
        return Refused("already_shipped", order_no=order.no, warehouse=last.warehouse, carrier=last.carrier, waybill=last.waybill)
    if last and last.stage == target:
        return Refused("already_picked", order_no=order.no, warehouse=last.warehouse)
    return lifecycle.not_now(order, Stage(last.stage if last else order.stage), target)


def _take_off(tx: Transaction, part: Fulfilment, by: Staff) -> None:
    lifecycle.advance_part(tx, part, Stage.PICKED, by)
    for line in part.order.lines:
        for reservation in line.reservations:
            if reservation.fulfilment_id == part.id and not reservation.picked:
                reservation.picked = True
                reservation.batch.on_hand -= reservation.quantity
                reservation.batch.reserved -= reservation.quantity
    tell_picked(tx, part, by)


def _subscribe(tx: Transaction, part: Fulfilment) -> None:
    """Has the tracking service follow the waybill, where it is set up."""
    if not tx.settings.kuaidi100.is_open:
        return
    tx.session.flush()
    digits = re.sub(r"\D", "", part.order.customer.phone or "")
    data = {"company": part.carrier_code, "number": part.waybill, "fulfilment": part.id, "phone_tail": digits[-_PHONE_TAIL:]}
    key = f"subscribe:{part.carrier_code}:{part.waybill}"
    tell(tx, to_service(_TRACKING), "subscribe", data, key=key, urgency=Urgency.PROGRESS, order=part.order)
