"""Inbound purchase orders 在途: announced by purchasing, used up as goods come in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from orders import waiting
from orders.checking import check_day, check_quantity, check_text
from orders.locking import lock_products
from orders.people import require
from orders.refusals import Refused
from orders.words import plain
from store.events import Fact, record
from store.models import Component, Inbound, Order, OrderLine, Product, Role, Staff
from store.transaction import Transaction


@dataclass(frozen=True)
class Announced:
    """A purchase order as it stands now, and the waiting orders whose suggested date it has moved."""

    inbound: Inbound
    orders: list[Order]


def announce(tx: Transaction, number: str, product: Product, quantity: Decimal, expected_on: date, by: Staff) -> Announced:
    """Writes that a purchase order is on its way, or corrects what is known of it; waiting orders get new dates."""
    require(by, (Role.PURCHASING, Role.ADMIN), "登记在途")
    number = check_text("采购单号", number, 64)
    quantity = check_quantity(product, quantity)
    check_day(tx, expected_on)
    lock_products(tx, [product.id])
    inbound = _write(tx, number, product, quantity, expected_on, by)
    return Announced(inbound, waiting.repromise(tx, [product.id]))


def announced(tx: Transaction, product_ids: Collection[int]) -> list[Order]:
    """Gives waiting orders new dates once purchase orders of many products have been written, as `announce` does of one."""
    short = set(tx.session.scalars(select(OrderLine.product_id).join(OrderLine.order).where(Order.short)))
    if not short:
        return []
    # A file may name more products than one query takes values.
    parts = set(tx.session.scalars(select(Component.component_id).distinct()))
    return waiting.repromise(tx, (short | parts).intersection(product_ids))


def _write(tx: Transaction, number: str, product: Product, quantity: Decimal, expected_on: date, by: Staff) -> Inbound:
    order = tx.session.scalar(select(Inbound).where(Inbound.number == number, Inbound.product_id == product.id))
    if order is None:
        order = Inbound(number=number, product=product, quantity=quantity, received=Decimal(0), expected_on=expected_on)
        tx.session.add(order)
    elif quantity < order.received:
        raise Refused("less_than_received", number=number, product=product.name, received=plain(order.received), unit=product.unit)
    else:
        order.quantity, order.expected_on = quantity, expected_on
    record(tx, Fact.INBOUND_CHANGED, by=by, product=product, data=change_data(number, quantity, expected_on))
    return order


def change_data(number: str, quantity: Decimal, expected_on: date) -> dict[str, str]:
    """What the event of a changed purchase order says."""
    return {"number": number, "quantity": plain(quantity), "expected_on": str(expected_on)}


def use_up(tx: Transaction, product: Product, quantity: Decimal, number: str | None) -> list[tuple[str, Decimal]]:
    """Takes goods that came in off what was on its way: of one purchase order, or of the earliest expected ones.

    Answers with how much of which; more than was announced is no mistake.
    """
    query = select(Inbound).where(Inbound.product_id == product.id, Inbound.quantity > Inbound.received)
    if number is not None:
        query = query.where(Inbound.number == number)
    used = []
    for order in tx.session.scalars(query.order_by(Inbound.expected_on, Inbound.id).execution_options(populate_existing=True)):
        part = min(quantity, order.quantity - order.received)
        if part <= 0:
            break
        order.received += part
        quantity -= part
        used.append((order.number, part))
    if number is not None and not used:
        raise Refused("unknown_inbound", number=number, product=product.name)
    return used
