"""What a promise is worked out from, and writing it on an order."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select, type_coerce

from orders.calendar import calendar_of
from orders.promise import Supply, promisable_date, promised_date, ship_moment
from store.models import Inbound, Order, Product
from store.models.base import Quantity
from store.transaction import Transaction

Arrivals = tuple[tuple[date, Decimal], ...]


def arrivals(tx: Transaction, product_ids: Iterable[int]) -> dict[int, Arrivals]:
    """What is still to come of each product, by the day expected."""
    to_come = type_coerce(Inbound.quantity - Inbound.received, Quantity)
    query = select(Inbound.product_id, Inbound.expected_on, to_come)
    query = query.where(Inbound.product_id.in_(set(product_ids)), Inbound.quantity > Inbound.received)
    found: dict[int, Arrivals] = {}
    for product_id, expected_on, left in tx.session.execute(query.order_by(Inbound.expected_on, Inbound.id)):
        found[product_id] = (*found.get(product_id, ()), (expected_on, left))
    return found


def supply_of(tx: Transaction, product: Product, coming: Arrivals, ahead: Decimal) -> Supply:
    """Where more of `product` comes from; `ahead` is what earlier orders take out of it."""
    lead_days = tx.settings.trade.default_lead_days if product.lead_days is None else product.lead_days
    return Supply(lead_days, product.safety_stock, coming, ahead)


def set_promise(tx: Transaction, order: Order, departures: Iterable[date]) -> None:
    """Writes what can be promised now: from the days on which the lines can leave, and the date wanted.

    What an imported order was promised elsewhere stays.
    """
    order.promisable_date = promisable_date(departures, tx.settings.trade.transit_days)
    if order.origin == "import" and order.promised_ship_at:
        return
    order.promised_date = promised_date(order.wanted_date, order.promisable_date)
    order.promised_ship_at = ship_by(tx, order.promised_date)


def ship_by(tx: Transaction, promised: date) -> datetime:
    """When the goods have to leave to be with the customer on the day promised."""
    trade = tx.settings.trade
    return ship_moment(calendar_of(tx.settings), promised, tx.today, trade.transit_days, trade.ship_hour, tx.zone)
