"""Scheduling 排产: production books the days of work centres on which the goods of an order are made."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from orders import holding, lifecycle, making, negotiating, onward, waiting
from orders.amendments import check_none_waits, check_version
from orders.checking import check_day
from orders.links import staff_link
from orders.locking import load_order, lock_order
from orders.materials import How, Way
from orders.people import require
from orders.progress import tell_news
from orders.promising import departures, look_ahead, set_promise
from orders.refusals import Refused
from orders.reserving import missing_lines, to_be_made
from orders.words import plain
from store.events import Fact, record
from store.models import Booking, Capacity, Order, OrderLine, OutboxMessage, Product, Role, Staff, Stage
from store.outbox import Urgency, tell, to_role, to_staff
from store.transaction import Transaction

SCHEDULERS = (Role.PRODUCTION, Role.ADMIN)


@dataclass(frozen=True)
class Slot:
    """So much of a work centre's day, for a line of the order or for a component of it."""

    line_id: int
    work_center: str
    day: date
    quantity: Decimal


def propose(tx: Transaction, order: Order, by: Staff, start: date | None = None, version: int | None = None) -> dict[str, Any]:
    """The data of the card `schedule_draft`: the days on which the work centres have room; refuses what cannot be, writes nothing."""
    require(by, SCHEDULERS, "排产")
    order = load_order(tx, order.id)
    check_version(tx, order, version)
    ways = _ways(tx, order, start)
    return _data(tx, order, _slots(order, ways), ways)


def schedule(tx: Transaction, order: Order, by: Staff, version: int, shown: Sequence[dict[str, str]], start: date | None = None) -> Order:
    """Books the days that were shown; refuses those of an old version, and days that were given away meanwhile."""
    require(by, SCHEDULERS, "排产")
    order, _ = lock_order(tx, order.id)
    check_version(tx, order, version)
    check_none_waits(tx, order, "排产")
    _lock_capacity(tx)
    ways = _ways(tx, order, start)
    slots = _slots(order, ways)
    if _days(slots) != list(shown):
        raise Refused("schedule_moved", order_no=order.no)
    before = making.unbook(tx, order)
    tx.session.add_all(_booking(order, slot) for slot in slots)
    held = _hold(tx, order, ways)
    if order.stage == Stage.ALLOCATED:
        lifecycle.advance(tx, order, Stage.SCHEDULED, by, {"days": _days(slots)})
    else:
        record(tx, Fact.ORDER_SCHEDULED, by=by, order=order, data={"days": _days(slots)})
    tx.session.flush()
    set_promise(tx, order, departures(tx, ways))
    negotiating.follow(tx, [order])
    order.on_hold = onward.why_held(order)
    _tell(tx, order, _data(tx, order, slots, ways), by)
    tell_news(tx, [order])
    waiting.serve(tx, [product for product, quantity in before.items() if quantity > held.get(product, Decimal(0))])
    return order


def _hold(tx: Transaction, order: Order, ways: Sequence[Way]) -> dict[int, Decimal]:
    """Holds the materials of what is scheduled; answers with how much of which product."""
    tx.session.flush()
    held: dict[int, Decimal] = {}
    for (line, _), way in zip(missing_lines(order), ways):
        for product_id, quantity in holding.hold(tx, line, way).items():
            held[product_id] = held.get(product_id, Decimal(0)) + quantity
    return held


def _ways(tx: Transaction, order: Order, start: date | None) -> list[Way]:
    """How what has to be made of an order can be made; refuses where production cannot say on which days."""
    if order.stage not in (Stage.ALLOCATED, Stage.SCHEDULED) or not to_be_made(order):
        raise lifecycle.not_now(order, Stage(order.stage), Stage.SCHEDULED)
    if start:
        check_day(tx, start)
    needs = [(line.product_id, lack) for line, lack in missing_lines(order)]
    ways = look_ahead(tx, needs, urgent=order.urgent, place_of=order, start=start)
    names = {product.id: product for product in tx.session.scalars(_named(ways))}
    # the materials first: what is made of them waits for them
    for part in (part for way in ways for part in reversed(list(way.all())) if part.missing):
        _check(order, part, names[part.product_id])
    return ways


def _check(order: Order, way: Way, product: Product) -> None:
    if way.how is not How.MADE:
        raise Refused("materials_missing", order_no=order.no, product=product.name, missing=plain(way.missing), unit=product.unit)
    if not way.work_center:
        raise Refused("no_work_center", product=product.name)
    if way.load is None:
        raise Refused("no_capacity", work_center=way.work_center, product=product.name)
    if way.load.beyond:
        raise Refused("capacity_full", work_center=way.work_center, product=product.name, missing=plain(way.missing), unit=product.unit)


def _named(ways: Sequence[Way]) -> Any:
    return select(Product).where(Product.id.in_({part.product_id for way in ways for part in way.all()}))


def _slots(order: Order, ways: Sequence[Way]) -> list[Slot]:
    """The days that each line takes, those of its components included, summed for each work centre."""
    sums: dict[tuple[int, str, date], Decimal] = {}
    for (line, _), way in zip(missing_lines(order), ways):
        for center, day, quantity in _taken(way):
            sums[line.id, center, day] = sums.get((line.id, center, day), Decimal(0)) + quantity
    return [Slot(*place, quantity) for place, quantity in sorted(sums.items(), key=lambda item: (item[0][2], item[0][1], item[0][0]))]


def _taken(way: Way) -> Iterator[tuple[str, date, Decimal]]:
    for part in way.all():
        if part.work_center and part.load and part.missing:
            yield from ((part.work_center, day, quantity) for day, quantity in part.load.slots)


def _lock_capacity(tx: Transaction) -> None:
    """Who books days waits for who does before: one at a time sees what is left of them."""
    tx.session.scalars(select(Capacity.id).where(Capacity.day >= tx.today).order_by(Capacity.id).with_for_update()).all()


def _booking(order: Order, slot: Slot) -> Booking:
    place = {"work_center": slot.work_center, "day": slot.day, "quantity": slot.quantity}
    return Booking(order_line_id=slot.line_id, version=order.version, firm=True, **place)


def _days(slots: Sequence[Slot]) -> list[dict[str, str]]:
    return [
        {"line": str(slot.line_id), "work_center": slot.work_center, "day": str(slot.day), "quantity": plain(slot.quantity)}
        for slot in slots
    ]


def _data(tx: Transaction, order: Order, slots: Sequence[Slot], ways: Sequence[Way]) -> dict[str, Any]:
    products: dict[str, OrderLine] = {str(line.id): line for line in order.lines}
    days = [day | {"product": products[day["line"]].product.name, "unit": products[day["line"]].product.unit} for day in _days(slots)]
    return {
        "order_no": order.no,
        "version": order.version,
        "customer": order.customer.name,
        "days": days,
        "materials": _materials(tx, ways),
        "done_on": str(max(way.there for way in ways)),
        "promisable_date": str(order.promisable_date or ""),
        "promised_date": str(order.promised_date or ""),
        "again": order.stage == Stage.SCHEDULED,
        "url": staff_link(tx, order),
    }


def _materials(tx: Transaction, ways: Sequence[Way]) -> list[str]:
    """What is held in stock for it, in words: M12镀锌螺母 120个."""
    taken: dict[int, Decimal] = {}
    for part in (part for way in ways for part in way.all() if part is not way and part.need > part.missing):
        taken[part.product_id] = taken.get(part.product_id, Decimal(0)) + part.need - part.missing
    products = {product.id: product for product in tx.session.scalars(_named(ways))}
    return [f"{products[id_].name} {plain(quantity)}{products[id_].unit}" for id_, quantity in sorted(taken.items())]


def _tell(tx: Transaction, order: Order, data: dict[str, Any], by: Staff) -> None:
    """Tells sales, the warehouse that will take the goods in and send them off, and production in the place of the card that asked it."""
    seller = to_staff(order.salesperson) if order.salesperson else to_role(Role.SALES_MANAGER)
    for audience, updates in ((seller, None), (to_role(Role.WAREHOUSE), None), (to_role(Role.PRODUCTION), _asked(tx, order))):
        key = f"scheduled:{order.no}:{order.chain[:12]}:{audience}"
        tell(tx, audience, "scheduled", data | {"by": by.name}, key=key, urgency=Urgency.PROGRESS, order=order, updates=updates)


def _asked(tx: Transaction, order: Order) -> str | None:
    """The key of the card that asked production last to schedule the order."""
    asked = select(OutboxMessage.key).where(OutboxMessage.order_id == order.id, OutboxMessage.card == "to_schedule")
    return tx.session.scalars(asked.order_by(OutboxMessage.id.desc()).limit(1)).first()
