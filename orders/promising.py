"""What a promise is worked out from, and writing it on an order."""

import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, type_coerce

from orders.bills import Bill, bill_of
from orders.calendar import calendar_of
from orders.capacity import Capacity, Slot
from orders.holding import held_materials
from orders.materials import Arrival, Booked, How, Item, Outlook, Way
from orders.promise import gap_days, promisable_date, promised_date, ship_moment
from orders.turns import Need, queue, waiting_made
from store.models import Booking, Inbound, Order, OrderLine, Product, StockBatch
from store.models import Capacity as CapacityDay
from store.models.base import Quantity
from store.transaction import Transaction


def look_ahead(
    tx: Transaction,
    needs: Sequence[tuple[int, Decimal]],
    *,
    urgent: bool = False,
    place_of: Order | None = None,
    taken: Mapping[int, Decimal] | None = None,
    start: date | None = None,
) -> list[Way]:
    """How each need, a product and what stock lacks of it, can be met after what waits before it; writes nothing.

    A new order comes after those that wait, an urgent one after the urgent ones; `place_of` is an order whose turn the needs
    have, instead of its own. `taken` is what they take out of the stock besides; nothing is made before `start`.
    """
    if not any(missing > 0 for _, missing in needs):
        return [Way(product_id, missing, Decimal(0), How.STOCK, tx.today) for product_id, missing in needs]
    outlook, turns, booked, held = _look(tx, {product_id for product_id, _ in needs})
    rank = (not urgent, place_of.created_at, place_of.id) if place_of else (not urgent, tx.now, sys.maxsize)
    for need in turns:
        own = place_of is not None and need.order_id == place_of.id
        if not own and (need.line_id in booked or need.rank < rank):
            outlook.meet(need.product_id, need.missing, booked.get(need.line_id), held=held.get(need.line_id))
    for need in turns:
        if place_of is not None and need.order_id == place_of.id:
            outlook.give_back(held.get(need.line_id, {}))
    for product_id, quantity in (taken or {}).items():
        outlook.take(product_id, quantity)
    return [outlook.meet(product_id, missing, start=start) for product_id, missing in needs]


def look_at(tx: Transaction, orders: Collection[Order]) -> dict[int, dict[int, Way]]:
    """How what the orders wait for can be met, by order and line, each line in its turn."""
    wanted = {order.id for order in orders if order.short}
    found: dict[int, dict[int, Way]] = {order.id: {} for order in orders}
    if wanted:
        products = select(OrderLine.product_id).where(OrderLine.order_id.in_(wanted))
        outlook, turns, booked, held = _look(tx, set(tx.session.scalars(products)))
        for need in turns:
            way = outlook.meet(need.product_id, need.missing, booked.get(need.line_id), held=held.get(need.line_id))
            if need.order_id in found:
                found[need.order_id][need.line_id] = way
    return found


def departures(tx: Transaction, ways: Iterable[Way]) -> list[date]:
    """The days on which lines that are met so can leave; those with nothing to wait for on the next working day."""
    calendar = calendar_of(tx.settings)
    return [calendar.next_working_day(tx.today), *(leaves_on(tx, way) for way in ways)]


def leaves_on(tx: Transaction, way: Way) -> date:
    """The day on which what is met so can leave the warehouse."""
    return way.leaves(calendar_of(tx.settings))


def using(tx: Transaction, product_ids: Collection[int]) -> set[int]:
    """The made products that some order waits for and that take one of these products, through any number of levels."""
    made = waiting_made(tx)
    bill = bill_of(tx, made) if made else {}
    found = set(product_ids)
    while more := {product for product, parts in bill.items() if product not in found and any(part in found for part, _ in parts)}:
        found |= more
    return found & made


def _look(tx: Transaction, product_ids: set[int]) -> tuple[Outlook, list[Need], dict[int, Booked], dict[int, dict[int, Decimal]]]:
    """The outlook on these products, what waits in its turn, what is scheduled first, and the days and materials that lines have."""
    roots = product_ids | waiting_made(tx)
    bill = bill_of(tx, roots)
    items = _items(tx, roots.union(*({part for part, _ in parts} for parts in bill.values())), bill)
    centers = {item.work_center for item in items.values() if item.work_center and item.parts}
    booked = _booked(tx) if centers else {}
    capacity = Capacity(_capacity(tx, centers))
    for of in booked.values():
        for center, slots in of.items():
            capacity.book(center, slots)
    turns = sorted(queue(tx, items), key=lambda need: need.line_id not in booked)
    return Outlook(calendar_of(tx.settings), tx.today, items, capacity), turns, booked, held_materials(tx) if booked else {}


def _items(tx: Transaction, product_ids: set[int], bill: Bill) -> dict[int, Item]:
    free = func.coalesce(func.sum(StockBatch.on_hand - StockBatch.reserved), 0)
    query = (
        select(Product.id, Product.lead_days, Product.safety_stock, Product.work_center, type_coerce(free, Quantity))
        .outerjoin(StockBatch)
        .where(Product.id.in_(product_ids))
        .group_by(Product.id)
    )
    coming = _arrivals(tx, product_ids)
    usual = tx.settings.trade.default_lead_days
    return {
        id_: Item(usual if lead is None else lead, safety, in_stock, coming.get(id_, ()), bill.get(id_, ()), center)
        for id_, lead, safety, center, in_stock in tx.session.execute(query)
    }


def _arrivals(tx: Transaction, product_ids: set[int]) -> dict[int, tuple[Arrival, ...]]:
    """What is still to come of each product, by the day expected."""
    to_come = type_coerce(Inbound.quantity - Inbound.received, Quantity)
    query = select(Inbound.product_id, Inbound.expected_on, to_come, Inbound.number)
    query = query.where(Inbound.product_id.in_(product_ids), Inbound.quantity > Inbound.received)
    found: dict[int, tuple[Arrival, ...]] = {}
    for product_id, day, quantity, number in tx.session.execute(query.order_by(Inbound.expected_on, Inbound.id)):
        found[product_id] = (*found.get(product_id, ()), Arrival(day, quantity, number))
    return found


def _capacity(tx: Transaction, centers: set[str]) -> dict[str, dict[date, Decimal]]:
    """What each work centre can make from today on; one that no day was ever given for is left out."""
    if not centers:
        return {}
    known = select(CapacityDay.work_center).where(CapacityDay.work_center.in_(centers)).distinct()
    found: dict[str, dict[date, Decimal]] = {center: {} for center in tx.session.scalars(known)}
    days = select(CapacityDay).where(CapacityDay.work_center.in_(centers), CapacityDay.day >= tx.today)
    for one in tx.session.scalars(days.order_by(CapacityDay.day)):
        found[one.work_center][one.day] = one.quantity
    return found


def _booked(tx: Transaction) -> dict[int, Booked]:
    """Where and when the lines that still lack goods are scheduled."""
    columns = (Booking.order_line_id, Booking.work_center, Booking.day, Booking.quantity)
    query = select(*columns).join(Booking.line).join(OrderLine.order).where(Order.short).order_by(Booking.day)
    found: dict[int, dict[str, list[Slot]]] = {}
    for line_id, center, day, quantity in tx.session.execute(query):
        found.setdefault(line_id, {}).setdefault(center, []).append((day, quantity))
    return dict[int, Any](found)


def set_promise(tx: Transaction, order: Order, departures: Iterable[date]) -> None:
    """Writes what can be promised now: from the days on which the lines can leave, and the date wanted.

    What an imported order was promised elsewhere stays, and so does a day that was agreed on: once it can be kept no more,
    it is open again.
    """
    trade = tx.settings.trade
    order.promisable_date = promisable_date(departures, trade.transit_days)
    if order.origin == "import" and order.promised_ship_at:
        return
    is_new = order.promised_date is None
    order.promised_date = order.agreed_date or promised_date(order.wanted_date, order.promisable_date)
    order.promised_ship_at = ship_by(tx, order.promised_date)
    judge_date(tx, order, is_new=is_new)


def judge_date(tx: Transaction, order: Order, *, is_new: bool = False) -> None:
    """Writes whether sales and who answers for the goods have to agree on a date: what can be promised is far behind what is wanted.

    `is_new`: what is wanted has just been said.
    """
    accepted = [day for day in (order.agreed_date, order.agreed_against) if day]
    wanted = max(accepted, default=order.wanted_date)
    is_late = order.promisable_date is not None and gap_days(wanted, order.promisable_date) > tx.settings.trade.gap_days
    # goods that have come late need nobody's word any more: the sooner they leave, the better
    order.date_open = is_late and order.origin != "import" and (order.short or order.date_open or is_new)


def leaving_day(tx: Transaction, due_on: date) -> date:
    """The working day on which goods leave the warehouse that are due with the customer on a day."""
    return calendar_of(tx.settings).working_day_until(due_on - timedelta(days=tx.settings.trade.transit_days))


def ship_by(tx: Transaction, promised: date) -> datetime:
    """When the goods have to leave to be with the customer on the day promised."""
    trade = tx.settings.trade
    return ship_moment(calendar_of(tx.settings), promised, tx.today, trade.transit_days, trade.ship_hour, tx.zone)
