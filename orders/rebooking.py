"""What a changed order gives back of its reservations and what it takes anew: worked out first, booked afterwards.

Booking wants the products and the order locked (orders/locking.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from orders.content import Item
from orders.reserving import choose_batches, give_back, missing, reserve, stock_of
from orders.standing import has_left, write_line
from store.models import Order, OrderLine, Product, Reservation, StockBatch
from store.transaction import Transaction

_NONE = Decimal(0)


@dataclass
class Shift:
    """What happens to the goods of one line: `line` stands and `item` is what it becomes; none of either: it goes, or is new."""

    line: OrderLine | None
    item: Item | None
    freed: list[tuple[Reservation, Decimal]] = field(default_factory=list)
    taken: list[tuple[StockBatch, Decimal]] = field(default_factory=list)
    missing: Decimal = _NONE

    @property
    def is_other(self) -> bool:
        """True when the line is of another product from now on, or the line is new or goes."""
        return self.line is None or self.item is None or self.line.product_id != self.item.goods.id

    @property
    def is_moved(self) -> bool:
        """True when goods are touched at all."""
        return self.is_other or (self.line is not None and self.item is not None and self.line.quantity != self.item.quantity)


@dataclass
class _Shelf:
    """A batch with what this order itself gives back to it."""

    batch: StockBatch
    available: Decimal

    @property
    def expires_on(self) -> date | None:
        return self.batch.expires_on


def work_out(tx: Transaction, order: Order, items: Sequence[Item]) -> list[Shift]:
    """How the goods of an order move when it becomes these lines; writes nothing."""
    now = {item.row: item for item in items if item.row}
    shifts = [Shift(line, now.get(line.position)) for line in order.lines]
    shifts += [Shift(None, item) for item in items if not item.row]
    for shift in shifts:
        _free(shift)
    _take(tx, order, shifts)
    return shifts


def book(tx: Transaction, order: Order, shifts: Sequence[Shift], products: dict[int, Product]) -> None:
    """Moves the goods and rewrites the lines; what is taken from a shelf goes back on it before."""
    for shift in shifts:
        for reservation, quantity in shift.freed:
            give_back(tx, reservation, quantity)
    for shift in shifts:
        if shift.line is not None and shift.is_other:
            order.lines.remove(shift.line)
            tx.session.delete(shift.line)
    tx.session.flush()
    kept = [shift for shift in shifts if shift.item]
    for position, shift in enumerate(kept, 1):
        line = shift.line if shift.line is not None and not shift.is_other else _new_line(order, products, shift.item)
        if shift.item:
            write_line(line, shift.item, position)
        reserve(line, shift.taken)
    order.lines.sort(key=lambda line: line.position)
    tx.session.flush()


def free_all(tx: Transaction, shifts: Sequence[Shift]) -> None:
    """Gives back all that a cancelled order holds; its lines stay as the record of what was ordered."""
    for reservation, quantity in (freed for shift in shifts for freed in shift.freed):
        give_back(tx, reservation, quantity)
    tx.session.flush()


def _new_line(order: Order, products: dict[int, Product], item: Item | None) -> OrderLine:
    assert item is not None
    line = OrderLine(product=products[item.goods.id], quantity=item.quantity, reservations=[])
    order.lines.append(line)
    return line


def _free(shift: Shift) -> None:
    """Gives back what the line holds beyond what it needs, of what expires last first; what has left stays what it is."""
    if shift.line is None or not shift.is_moved:
        return
    needed = _NONE if shift.is_other or shift.item is None else shift.item.quantity
    held = sorted(shift.line.reservations, key=lambda one: (one.batch.expires_on or date.max, one.id or 0), reverse=True)
    excess = sum((reservation.quantity for reservation in held), _NONE) - needed
    for reservation in [one for one in held if not has_left(one)]:
        if excess <= 0:
            break
        shift.freed.append((reservation, min(reservation.quantity, excess)))
        excess -= reservation.quantity


def _take(tx: Transaction, order: Order, shifts: Sequence[Shift]) -> None:
    """Takes what each line needs more, from stock and from what the order's other lines give back."""
    for shift in shifts:
        if shift.item and shift.line and not shift.is_moved:
            shift.missing = missing(shift.line) if order.short else _NONE
    growing = [shift for shift in shifts if shift.item and shift.is_moved]
    shelves = _shelves(tx, shifts, {shift.item.goods.id for shift in growing if shift.item})
    for shift in growing:
        assert shift.item is not None
        need = shift.item.quantity - _held(shift)
        own = shelves.get(shift.item.goods.id, [])
        taken = choose_batches(need, own, _min_surplus(own))
        for shelf, quantity in taken:
            shelf.available -= quantity
        shift.taken = [(shelf.batch, quantity) for shelf, quantity in taken]
        shift.missing = max(need - sum((quantity for _, quantity in taken), _NONE), _NONE)


def _held(shift: Shift) -> Decimal:
    """What the line goes on holding."""
    if shift.line is None or shift.is_other:
        return _NONE
    return shift.line.quantity - missing(shift.line) - sum((quantity for _, quantity in shift.freed), _NONE)


def _shelves(tx: Transaction, shifts: Sequence[Shift], products: set[int]) -> dict[int, list[_Shelf]]:
    found = {batch.id: _Shelf(batch, batch.available) for batches in stock_of(tx, products).values() for batch in batches}
    for reservation, quantity in (freed for shift in shifts for freed in shift.freed):
        batch = reservation.batch
        if batch.product_id in products:
            found.setdefault(batch.id, _Shelf(batch, batch.available)).available += quantity
    shelves: dict[int, list[_Shelf]] = {}
    for _, shelf in sorted(found.items()):
        shelves.setdefault(shelf.batch.product_id, []).append(shelf)
    return shelves


def _min_surplus(shelves: Sequence[_Shelf]) -> Decimal:
    return shelves[0].batch.product.min_surplus if shelves else _NONE
