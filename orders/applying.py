"""A change that counts: written on the order, kept as a version, and told to everybody whom it concerns.

The order and the products of all its goods must be held (orders/amending.py, orders/intercepting.py).
"""

from orders import alerts, allocation, approval, lifecycle, making, negotiating, onward, rebooking, restock, snapshots, waiting
from orders.amendments import APPLIED, DEEDS
from orders.concerned import Concerned, concerned, customer_feels
from orders.content import DELIVERY
from orders.effects import Effects, lacks_of
from orders.links import staff_link
from orders.progress import tell_amended, tell_customer
from orders.promising import judge_date, ship_by
from orders.standing import write_fields
from orders.telling import tell_pick_over
from orders.words import moment
from store.models import Amendment, Order, Product, Stage
from store.outbox import Urgency, tell, to_staff
from store.transaction import Transaction


def apply(tx: Transaction, amendment: Amendment, effects: Effects, products: dict[int, Product]) -> None:
    """Makes the change: a new version, its goods moved, its approvals asked for again, everybody told once."""
    order = effects.order
    people, felt = concerned(tx, effects, amendment.staff), customer_feels(effects)
    picking = {part.warehouse for part in effects.parts(Stage.ALLOCATED)}
    lacked, lacks = lacks_of(order), effects.lacks
    freed = {reservation.batch.product_id for shift in effects.shifts for reservation, _ in shift.freed}
    freed |= _move_goods(tx, effects, products)
    _write(tx, amendment, effects)
    if lacks != lacked:
        restock.ask_no_more(tx, order)
    if lacks and lacks != lacked:
        waiting.ask_for_goods(tx, [order])
    _go_on(tx, effects)
    _tell_warehouses(tx, amendment, picking)
    _tell_people(tx, amendment, effects, people)
    if felt:
        _tell_customer(tx, effects)
    waiting.serve(tx, freed)
    if lacks != lacked or "urgent" in effects.touched:
        waiting.repromise(tx, {*lacks, *lacked})


def _move_goods(tx: Transaction, effects: Effects, products: dict[int, Product]) -> set[int]:
    """Moves what is held; a parcel of which only the label changes stays as it is. Answers with the materials that became free."""
    order, freed = effects.order, set[int]()
    if effects.moves_goods or not effects.is_delivery_only:
        freed = set(making.unbook(tx, order))
        allocation.take_back(tx, order)
    if effects.is_cancellation:
        rebooking.free_all(tx, effects.shifts)
    else:
        alerts.end(tx, order, [shift.line for shift in effects.shifts if shift.line and shift.is_other])
        rebooking.book(tx, order, effects.shifts, products)
    return freed


def _write(tx: Transaction, amendment: Amendment, effects: Effects) -> None:
    order = effects.order
    order.version += 1
    order.short = bool(effects.lacks)
    said = {"version": order.version, "touched": sorted(effects.touched), "amendment": amendment.id}
    if effects.is_cancellation:
        order.on_hold, order.date_open = None, False
        lifecycle.advance(tx, order, Stage.CANCELLED, amendment.staff, said)
        approval.withdraw(tx, order)
    else:
        write_fields(order, effects.after)
        _promise(tx, effects)
        target = Stage(order.stage) if effects.is_delivery_only else Stage.APPROVED
        lifecycle.amend(tx, order, target, amendment.staff, said)
        lifecycle.stand_with_parts(order)
    tx.session.flush()
    snapshots.keep_next(tx, order, amendment.staff, [one.to_dict() for one in effects.differences], amendment.impact)
    amendment.state, amendment.settled_at, amendment.version = APPLIED, tx.now, order.version


def _promise(tx: Transaction, effects: Effects) -> None:
    order = effects.order
    if effects.promised and effects.promised != order.promised_date:
        order.promised_ship_at = ship_by(tx, effects.promised)
    is_new = "date" in effects.touched or effects.promisable != order.promisable_date
    order.promisable_date, order.promised_date = effects.promisable, effects.promised
    if is_new:
        order.agreed_date = order.agreed_against = None
        judge_date(tx, order, is_new=True)


def _go_on(tx: Transaction, effects: Effects) -> None:
    """Puts the order to the approvals that are touched, and lets it go as far as it may."""
    order = effects.order
    if effects.is_cancellation:
        negotiating.end_cancelled(tx, order)
        return
    approval.reopen(tx, order, effects.touched)
    negotiating.follow(tx, [order])
    if effects.is_delivery_only:
        allocation.instruct(tx, order)
    else:
        onward.go_on(tx, order)


def _tell_warehouses(tx: Transaction, amendment: Amendment, picking: set[str]) -> None:
    """Tells those that were to pick and have nothing to pick now; who has, was told with the new instruction."""
    order = amendment.order
    over = picking - {part.warehouse for part in order.fulfilments if part.stage in (Stage.ALLOCATED, Stage.PICKED)}
    packers = allocation.packers_of(tx, over) if over else {}
    for warehouse in sorted(over):
        tell_pick_over(tx, order, warehouse, packers.get(warehouse, []), _why_over(order))


def _why_over(order: Order) -> str:
    return "订单已取消" if order.stage == Stage.CANCELLED else f"订单改到第{order.version}版：{order.on_hold or '这里不用配货了'}"


def _tell_people(tx: Transaction, amendment: Amendment, effects: Effects, people: list[Concerned]) -> None:
    order = amendment.order
    data = card_data(tx, amendment, effects)
    for one in people:
        key = f"amended:{order.no}:{order.version}:{one.person.id}"
        tell(tx, to_staff(one.person), "amended", data | {"why": one.why}, key=key, urgency=Urgency.PROGRESS, order=order)


def card_data(tx: Transaction, amendment: Amendment, effects: Effects) -> dict[str, object]:
    """What the card `amended` shows of a change that counts."""
    order = amendment.order
    return {
        "order_no": order.no,
        "version": order.version,
        "customer": order.customer.name,
        "deed": DEEDS[amendment.kind],
        "by": amendment.staff.name,
        "at": moment(tx.now, tx.zone),
        "differences": [one.to_dict() for one in effects.differences],
        "impact": amendment.impact,
        "outcome": amendment.outcome or "",
        "on_hold": order.on_hold or "",
        "promised_date": str(order.promised_date or ""),
        "url": staff_link(tx, order),
    }


def _tell_customer(tx: Transaction, effects: Effects) -> None:
    order = effects.order
    if effects.is_cancellation:
        tell_customer(tx, order)
        return
    words = [one.words for one in effects.differences if one.kind not in DELIVERY or one.kind in ("address", "pickup")]
    tell_amended(tx, order, "，".join(words) or f"预计送达日改为 {order.promised_date}")
