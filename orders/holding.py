"""Materials that are held 备料: components in stock that belong to a line from its scheduling (排产) until its goods are taken in.

They are held where they lie: a component that is in stock itself, or what it is made of. Everything here wants the products
locked, with their materials (orders/bills.py).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import func, select, type_coerce
from sqlalchemy.orm import joinedload

from orders.bills import Bill, bill_of
from orders.materials import Way
from orders.reserving import choose_batches, give_up, stock_of
from orders.words import plain
from store.events import Fact, record
from store.models import MaterialReservation, Order, OrderLine, StockBatch
from store.models.base import Quantity
from store.transaction import Transaction

_NONE = Decimal(0)
Held = Mapping[int, Decimal]
"""By product, how much of it is held."""


def held_materials(tx: Transaction) -> dict[int, dict[int, Decimal]]:
    """By line, what is held for it of which product."""
    total = type_coerce(func.sum(MaterialReservation.quantity), Quantity)
    query = select(MaterialReservation.order_line_id, StockBatch.product_id, total).join(MaterialReservation.batch)
    found: dict[int, dict[int, Decimal]] = {}
    for line_id, product_id, quantity in tx.session.execute(query.group_by(MaterialReservation.order_line_id, StockBatch.product_id)):
        found.setdefault(line_id, {})[product_id] = quantity
    return found


def held_of(tx: Transaction, line_ids: Collection[int]) -> list[MaterialReservation]:
    """What is held for lines, each with its place and product."""
    place = joinedload(MaterialReservation.batch).joinedload(StockBatch.product)
    query = select(MaterialReservation).where(MaterialReservation.order_line_id.in_(line_ids)).order_by(MaterialReservation.id)
    return list(tx.session.scalars(query.options(place)))


def hold(tx: Transaction, line: OrderLine, way: Way, among: Collection[int] | None = None) -> dict[int, Decimal]:
    """Reserves what a scheduled line takes out of stock and does not hold yet; `among`: of these products only.

    Answers with what was taken, by product.
    """
    before = summed_by_product(held_of(tx, [line.id]))
    wanted = {part.product_id: part.need - part.missing for part in way.all() if part is not way}
    lacking = {id_: much - before.get(id_, _NONE) for id_, much in wanted.items() if among is None or id_ in among}
    lacking = {id_: much for id_, much in lacking.items() if much > 0}
    stock = stock_of(tx, lacking) if lacking else {}
    taken: dict[int, Decimal] = {}
    for product_id, much in lacking.items():
        for batch, quantity in choose_batches(much, stock.get(product_id, []), _NONE):
            batch.reserved += quantity
            tx.session.add(MaterialReservation(order_line_id=line.id, batch=batch, quantity=quantity))
            taken[product_id] = taken.get(product_id, _NONE) + quantity
    tx.session.flush()
    return taken


def free(tx: Transaction, order: Order) -> dict[int, Decimal]:
    """Gives back all that is held for the lines of an order; answers with how much of which product."""
    rows = held_of(tx, [line.id for line in order.lines])
    freed = summed_by_product(rows)
    for row in rows:
        give_up(tx, row, row.quantity)
    tx.session.flush()
    return freed


def take_off(tx: Transaction, line: OrderLine, product_id: int, quantity: Decimal, *, made: bool, last: bool = False) -> set[int]:
    """So much of a line's goods, or of a component of them, is there: what was held to make it is used up, or free if it came otherwise.

    `last`: nothing more has to be made for the line, and all that is held is given back. Answers with the products that became free.
    """
    use = _Use(tx, held_of(tx, [line.id]), bill_of(tx, [product_id]), made)
    if quantity > 0:
        use.take(product_id, quantity, ())
    if last:
        use.give_back()
    tx.session.flush()
    return use.freed


def use_free(tx: Transaction, product_id: int, quantity: Decimal) -> set[int]:
    """Uses up what so much of a product was made of, of what nobody holds, as far as it is there.

    Of a component that is made itself and not there, what that is made of. Answers with the products of which some was used.
    """
    use = _FreeUse(tx, bill_of(tx, [product_id]))
    use.take(product_id, quantity, ())
    tx.session.flush()
    return use.used


@dataclass
class _FreeUse:
    """What nobody holds, as it is used up."""

    tx: Transaction
    bill: Bill
    used: set[int] = field(default_factory=set)

    def take(self, product_id: int, quantity: Decimal, above: tuple[int, ...]) -> None:
        """Takes off what so much of a product takes, as `_Use` does."""
        for part, each in self.bill.get(product_id, ()):
            left = self._off(part, quantity * each)
            if left > 0 and part not in above:
                self.take(part, left, (*above, product_id))

    def _off(self, product_id: int, quantity: Decimal) -> Decimal:
        """Answers with what is not there of it."""
        for batch, part in choose_batches(quantity, stock_of(self.tx, [product_id]).get(product_id, []), _NONE):
            batch.on_hand -= part
            quantity -= part
            self.used.add(product_id)
            _record_use(self.tx, batch, part)
        return quantity


@dataclass
class _Use:
    """What is held for one line, as it is used up."""

    tx: Transaction
    rows: list[MaterialReservation]
    bill: Bill
    made: bool
    freed: set[int] = field(default_factory=set)

    def take(self, product_id: int, quantity: Decimal, above: tuple[int, ...]) -> None:
        """Takes off what so much of a product takes: components that are held, and for the rest what those are made of."""
        for part, each in self.bill.get(product_id, ()):
            left = self._off(part, quantity * each)
            if left > 0 and part not in above:
                self.take(part, left, (*above, product_id))

    def give_back(self) -> None:
        for row in [row for row in self.rows if row.quantity]:
            self.freed.add(row.batch.product_id)
            give_up(self.tx, row, row.quantity)

    def _off(self, product_id: int, quantity: Decimal) -> Decimal:
        """Answers with what is not held of it."""
        for row in [row for row in self.rows if row.quantity and row.batch.product_id == product_id]:
            part = min(row.quantity, quantity)
            quantity -= part
            give_up(self.tx, row, part)
            if self.made:
                row.batch.on_hand -= part
                _record_use(self.tx, row.batch, part)
            else:
                self.freed.add(product_id)
        return quantity


def summed_by_product(rows: Iterable[MaterialReservation]) -> dict[int, Decimal]:
    """How much is held of each product."""
    found: dict[int, Decimal] = {}
    for row in rows:
        found[row.batch.product_id] = found.get(row.batch.product_id, _NONE) + row.quantity
    return found


def _record_use(tx: Transaction, place: StockBatch, quantity: Decimal) -> None:
    where = {"warehouse": place.warehouse, "location": place.location, "batch": place.batch}
    data = where | {"change": plain(-quantity), "on_hand": plain(place.on_hand), "why": "used"}
    record(tx, Fact.STOCK_CHANGED, by=None, product=place.product, data=data)
