"""Placing 下单: a wish is shown as a draft, and on confirmation becomes an order in one transaction."""

from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, insert, inspect, select
from sqlalchemy.orm import make_transient_to_detached

from orders import approval, lifecycle, negotiating, numbers, onward, snapshots, waiting
from orders.approval_facts import facts
from orders.calendar import calendar_of
from orders.locking import lock_products
from orders.planning import Plan, PlannedLine, make_plan
from orders.progress import tell_customer
from orders.promise import gap_days, promised_date
from orders.promising import set_promise
from orders.reserving import lacking, missing_lines, reserve
from orders.wish import Wish, WishLine
from orders.words import money, plain
from store.events import Fact, record
from store.models import Order, OrderLine, Product, Role, Staff, Stage
from store.transaction import Transaction

__all__ = ["Wish", "WishLine", "place_order", "preview"]

_INSERT = insert(Order).returning(Order.id)
_COLUMNS = [column.key for column in inspect(Order).column_attrs if column.key != "id"]
_PRODUCTS = select(Product).where(Product.id.in_(bindparam("ids", expanding=True)))


def preview(tx: Transaction, wish: Wish, by: Staff) -> dict[str, Any]:
    """What placing the wish would come to: the data of the card `order_draft`; checks everything and writes nothing."""
    lifecycle.may_reach(Stage.PLACED, by)
    products = tx.session.scalars(_PRODUCTS, {"ids": list({line.product_id for line in wish.lines})})
    plan = make_plan(tx, wish, {product.id: product for product in products})
    trade = tx.settings.trade
    promised = promised_date(wish.wanted_date, plan.promisable)
    gap = gap_days(wish.wanted_date, plan.promisable)
    return {
        "customer": plan.customer.name,
        "salesperson": _salesperson(plan, by).name,
        "lines": [_draft_line(line, trade.transit_days) for line in plan.lines],
        "wanted_date": str(wish.wanted_date) if wish.wanted_date else "",
        "promisable_date": str(plan.promisable),
        "promised_date": str(promised),
        "gap_days": gap,
        "red": gap > trade.gap_days,
        "freight": _freight(wish),
        "total": money(plan.total),
        "approvers": _approvers(tx, wish, plan, _salesperson(plan, by)),
        "address": wish.address or plan.customer.address or "",
        "urgent": wish.urgent,
        "trial": wish.trial,
        "assumptions": _assumptions(tx, plan),
        "by_habit": False,
        "changed": [],
        "url": "",
        "earliest": str(plan.earliest),
    }


def place_order(tx: Transaction, wish: Wish, by: Staff) -> Order:
    """Places the order: number, lines, first snapshot, reservations, fulfilments, events and messages."""
    lifecycle.may_reach(Stage.PLACED, by)
    plan = make_plan(tx, wish, lock_products(tx, {line.product_id for line in wish.lines}))
    order = _write(tx, wish, plan, by)
    record(tx, Fact.ORDER_PLACED, by=by, order=order, data={"total": money(order.total), "lines": len(plan.lines)})
    approval.open_steps(tx, order)
    order.short = plan.is_short
    onward.go_on(tx, order)
    if order.short:
        record(tx, Fact.ORDER_SHORT, by=None, order=order, data={"missing": waiting.lack_data(missing_lines(order))})
        tx.session.flush()
        waiting.ask_for_goods(tx, [order])
    if order.date_open:
        tx.session.flush()
        negotiating.follow(tx, [order])
    tell_customer(tx, order, first=True)
    if order.short and order.urgent:
        waiting.repromise(tx, lacking(order))
    return order


def _freight(wish: Wish) -> str:
    if wish.pickup:
        return "客户自提"
    return "免运费" if wish.free_shipping else "运费到付" if wish.freight_collect else "运费另计"


def _write(tx: Transaction, wish: Wish, plan: Plan, by: Staff) -> Order:
    number, day, sequence = numbers.next_number(tx)
    order = Order(
        no=number,
        day=day,
        sequence=sequence,
        version=1,
        stage=Stage.PLACED,
        on_hold=None,
        short=False,
        customer_id=plan.customer.id,
        salesperson_id=_salesperson(plan, by).id,
        urgent=wish.urgent,
        trial=wish.trial,
        free_shipping=wish.free_shipping,
        contact=wish.contact,
        phone=wish.phone,
        carrier=wish.carrier,
        pickup=wish.pickup,
        freight_collect=wish.freight_collect,
        address=wish.address or plan.customer.address,
        remarks=wish.remarks,
        total=plan.total,
        wanted_date=wish.wanted_date,
        agreed_date=None,
        agreed_against=None,
        created_at=tx.now,
        origin="chat",
        chain="",
        lines=[],
        fulfilments=[],
        steps=[],
    )
    set_promise(tx, order, [line.leaves_on for line in plan.lines])
    _insert(tx, order)
    for position, planned in enumerate(plan.lines, 1):
        order.lines.append(_line(position, planned))
    snapshots.keep_first(tx, order, by)
    return order


def _insert(tx: Transaction, order: Order) -> None:
    """Writes the row of an order all of whose columns are set: its events are chained over its id. All else goes with the
    one flush at the end, since every flush takes as long as half a dozen statements."""
    order.id = tx.connection.execute(_INSERT, {name: getattr(order, name) for name in _COLUMNS}).scalar_one()
    make_transient_to_detached(order)
    tx.session.add(order)


def _line(position: int, planned: PlannedLine) -> OrderLine:
    line = OrderLine(
        position=position,
        product=planned.product,
        quantity=planned.quantity,
        said_quantity=planned.wish.said_quantity,
        said_unit=planned.wish.said_unit,
        price=planned.price,
        amount=planned.amount,
        tax_included=planned.wish.tax_included,
        processes=list(planned.wish.processes),
        splits=list(planned.wish.splits),
    )
    reserve(line, planned.taken)
    return line


def _salesperson(plan: Plan, by: Staff) -> Staff:
    """Who answers for the order: who places it, unless an admin does it for the customer's own salesperson."""
    return by if by.has(Role.SALES, Role.SALES_MANAGER) else plan.customer.salesperson or by


def _draft_line(line: PlannedLine, transit_days: int) -> dict[str, Any]:
    said = ""
    if line.wish.said_unit and line.wish.said_quantity is not None and line.wish.said_unit != line.product.unit:
        said = plain(line.wish.said_quantity) + line.wish.said_unit
    return {
        "words": "",
        "name": line.product.name,
        "code": line.product.code,
        "quantity": plain(line.quantity),
        "unit": line.product.unit,
        "said": said,
        "price": plain(line.price),
        "amount": money(line.amount),
        "available": plain(line.available),
        "missing": plain(line.missing),
        "promise": str(line.leaves_on + timedelta(days=transit_days)),
    }


def _approvers(tx: Transaction, wish: Wish, plan: Plan, seller: Staff) -> list[str]:
    prices = [(line.product.price, line.price) for line in plan.lines]
    found = facts(tx, plan.customer, prices, plan.total, wish.wanted_date, wish.urgent, wish.trial)
    warehouses = {batch.warehouse for line in plan.lines for batch, _ in line.taken} or {tx.settings.trade.default_warehouse}
    return approval.approvers(tx, found, seller, warehouses)


def _assumptions(tx: Transaction, plan: Plan) -> list[str]:
    """What the desk took for granted and the salesperson should see."""
    free = [f"{line.product.name} 没有价格，按 0 元计" for line in plan.lines if not line.price]
    year = plan.promisable.year
    unknown = [] if calendar_of(tx.settings).is_published(year) else [f"{year} 年调休尚未公布，按周一至周五算工作日"]
    return free + unknown
