"""The plan of an order: everything checked, batches chosen, dates worked out, and nothing written."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import bindparam, select

from orders.calendar import calendar_of
from orders.checking import check_day, check_quantity, check_text
from orders.materials import Way
from orders.pricing import line_amount, line_price, order_total
from orders.promise import promisable_date
from orders.promising import leaves_on, look_ahead
from orders.refusals import Refused
from orders.reserving import choose_batches, stock_of
from orders.wish import Wish, WishLine
from store.models import Customer, Product, StockBatch
from store.transaction import Transaction

MOST_LINES = 200
_CUSTOMER = select(Customer).where(Customer.id == bindparam("customer"))


@dataclass(frozen=True)
class PlannedLine:
    """A line with its price, the batches that serve it, what is missing, how that can be met, and the day on which it can leave."""

    wish: WishLine
    product: Product
    quantity: Decimal
    price: Decimal
    amount: Decimal
    available: Decimal
    taken: list[tuple[StockBatch, Decimal]]
    missing: Decimal
    way: Way
    leaves_on: date


@dataclass(frozen=True)
class Plan:
    """What placing a wish comes to at this moment."""

    customer: Customer
    lines: list[PlannedLine]
    total: Decimal
    earliest: date
    promisable: date

    @property
    def is_short(self) -> bool:
        return any(line.missing for line in self.lines)


@dataclass
class _Shelf:
    """A batch of which earlier lines of the same order have taken some."""

    batch: StockBatch
    available: Decimal

    @property
    def expires_on(self) -> date | None:
        return self.batch.expires_on


@dataclass(frozen=True)
class _Taking:
    product: Product
    available: Decimal
    taken: list[tuple[StockBatch, Decimal]]
    missing: Decimal


def make_plan(tx: Transaction, wish: Wish, products: dict[int, Product]) -> Plan:
    """Checks a wish and works it out; `products` are those of its lines, locked by who goes on to place the order."""
    customer = tx.session.scalar(_CUSTOMER, {"customer": wish.customer_id})
    if customer is None:
        raise Refused("unknown_customer")
    _check_texts(wish)
    earliest = _check_date(tx, wish)
    quantities = _check_lines(wish, products)
    takings = _take(tx, wish, products, quantities)
    ways = _ways(tx, wish, takings)
    departures = [leaves_on(tx, way) for way in ways]
    lines = [_planned(*parts) for parts in zip(wish.lines, quantities, takings, ways, departures)]
    total = order_total(line.amount for line in lines)
    return Plan(customer, lines, total, earliest, promisable_date(departures, tx.settings.trade.transit_days))


def _check_texts(wish: Wish) -> None:
    """Refuses what the order has no room for."""
    given = (("送货地址", wish.address, 256), ("联系人", wish.contact, 64), ("联系电话", wish.phone, 64), ("备注", wish.remarks, 1024))
    for name, text, longest in given:
        if text is not None:
            check_text(name, text, longest)
    for process in (process for line in wish.lines for process in line.processes):
        check_text("工艺", process, 64)


def _check_date(tx: Transaction, wish: Wish) -> date:
    """Answers with the earliest date that may be wanted."""
    days = tx.settings.trade.earliest_working_days
    earliest = tx.today if wish.urgent else calendar_of(tx.settings).add_working_days(tx.today, days)
    if wish.wanted_date:
        check_day(tx, wish.wanted_date)
        if wish.wanted_date < earliest:
            raise Refused("short_of_time", wanted=str(wish.wanted_date), earliest=str(earliest), days=days)
    return earliest


def _check_lines(wish: Wish, products: dict[int, Product]) -> list[Decimal]:
    if not wish.lines:
        raise Refused("no_lines")
    if len(wish.lines) > MOST_LINES:
        raise Refused("too_many_lines", count=len(wish.lines), limit=MOST_LINES)
    if any(line.product_id not in products for line in wish.lines):
        raise Refused("unknown_product")
    return [check_quantity(products[line.product_id], line.quantity) for line in wish.lines]


def _take(tx: Transaction, wish: Wish, products: dict[int, Product], quantities: Sequence[Decimal]) -> list[_Taking]:
    shelves = {id_: [_Shelf(batch, batch.available) for batch in batches] for id_, batches in stock_of(tx, products).items()}
    takings = []
    for line, quantity in zip(wish.lines, quantities):
        product, own = products[line.product_id], shelves.get(line.product_id, [])
        available = sum((shelf.available for shelf in own), Decimal(0))
        taken = choose_batches(quantity, own, product.min_surplus)
        for shelf, part in taken:
            shelf.available -= part
        missing = quantity - sum((part for _, part in taken), Decimal(0))
        takings.append(_Taking(product, available, [(shelf.batch, part) for shelf, part in taken], missing))
    return takings


def _ways(tx: Transaction, wish: Wish, takings: Sequence[_Taking]) -> list[Way]:
    """How what stock lacks for each line can be met, the other lines having taken what they take of it."""
    taken: defaultdict[int, Decimal] = defaultdict(Decimal)
    for taking in takings:
        taken[taking.product.id] += sum((part for _, part in taking.taken), Decimal(0))
    return look_ahead(tx, [(taking.product.id, taking.missing) for taking in takings], urgent=wish.urgent, taken=taken)


def _planned(wish: WishLine, quantity: Decimal, taking: _Taking, way: Way, day: date) -> PlannedLine:
    price = line_price(taking.product, wish.price)
    amount = line_amount(quantity, price)
    return PlannedLine(wish, taking.product, quantity, price, amount, taking.available, taking.taken, taking.missing, way, day)
