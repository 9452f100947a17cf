"""What the approval matrix may ask of an order, taken from the order or from the draft of one."""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import func, select, type_coerce

from orders.approval_matrix import Facts
from orders.calendar import Calendar, calendar_of
from orders.content import Content
from store.models import OPEN_STAGES, Customer, Order, Stage
from store.models.base import Money
from store.transaction import Transaction

_OWED_STAGES = (*OPEN_STAGES, Stage.SHIPPED)
"""Orders that the customer still has to take, and to pay."""


def facts_of(tx: Transaction, order: Order) -> Facts:
    """The facts of an order as it stands."""
    prices = [(line.product.price, line.price) for line in order.lines]
    return facts(tx, order.customer, prices, order.total, order.wanted_date, order.urgent, order.trial, order.id)


def facts_after(tx: Transaction, order: Order, after: Content) -> Facts:
    """The facts of an order once it has been amended."""
    prices = [(item.goods.price, item.price) for item in after.items]
    return facts(tx, order.customer, prices, after.total, after.wanted_date, after.urgent, order.trial, order.id)


def facts(
    tx: Transaction,
    customer: Customer,
    prices: Iterable[tuple[Decimal | None, Decimal]],
    total: Decimal,
    wanted: date | None,
    urgent: bool,
    trial: bool,
    order_id: int = 0,
) -> Facts:
    """The facts of a draft, or of the order with this id, which does not count twice; `prices`: of each line the list's and its own."""
    return Facts(
        level=customer.level,
        urgent=urgent,
        trial=trial,
        amount=total,
        days=_working_days(calendar_of(tx.settings), tx.today, wanted) if wanted else None,
        discount=max((_discount(listed, price) for listed, price in prices), default=Decimal(0)),
        credit_limit=customer.credit_limit,
        exposure=lambda: total + _owed(tx, customer, order_id),
    )


def _owed(tx: Transaction, customer: Customer, order_id: int) -> Decimal:
    query = select(type_coerce(func.coalesce(func.sum(Order.total), 0), Money))
    query = query.where(Order.customer_id == customer.id, Order.id != order_id, Order.stage.in_(_OWED_STAGES))
    return Decimal(tx.session.scalar(query) or 0)


def _working_days(calendar: Calendar, today: date, wanted: date) -> int:
    days = 0
    day = today
    while (day := calendar.next_working_day(day)) <= wanted:
        days += 1
    return days


def _discount(listed: Decimal | None, price: Decimal) -> Decimal:
    """By how many percent a price is below the list; 0 where there is no list price."""
    if not listed or price >= listed:
        return Decimal(0)
    return ((listed - price) / listed * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
