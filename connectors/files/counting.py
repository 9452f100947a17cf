"""A count 盘点 of thousands of places: the database moves what concerns nobody, the rest is counted place by place.

A place concerns somebody when an order waits for its product, a task asks for it, or less was found than is held. That is looked
at outside of any write lock, and again in the swap, since orders are placed and goods move while rows are staged.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select, union

from connectors.files.rows import in_parts
from orders.locking import lock_stock
from orders.stock import Count, change_data, count_all
from orders.tasks import OPEN
from store.events import BULK, REACTIONS, Fact, unchained
from store.models import Event, Order, OrderLine, StockBatch, Task, TaskLine, UnreadEvent
from store.staging import Move, Staging
from store.transaction import Transaction

_PART = 5000
"""Databases take so many values in one query; parts are in the order in which products are locked."""
_PLACE = ("product_id", "warehouse", "location", "batch")
_NONE = Decimal(0)


@dataclass(frozen=True)
class _Shelves:
    """What lies at places and is held there, and the products that somebody waits for."""

    levels: dict[tuple[int, str, str, str], tuple[Decimal, Decimal]]
    wanted: frozenset[int]

    @classmethod
    def of(cls, tx: Transaction, product_ids: Collection[int]) -> "_Shelves":
        levels: dict[tuple[int, str, str, str], tuple[Decimal, Decimal]] = {}
        columns = (StockBatch.product_id, StockBatch.warehouse, StockBatch.location, StockBatch.batch)
        for part in in_parts(product_ids, _PART):
            query = select(*columns, StockBatch.on_hand, StockBatch.reserved).where(StockBatch.product_id.in_(part))
            levels |= {(row[0], row[1], row[2], row[3]): (row[4], row[5]) for row in tx.connection.execute(query)}
        waiting = select(OrderLine.product_id).join(OrderLine.order).where(Order.short)
        asked = select(TaskLine.product_id).join(TaskLine.task).where(Task.state == OPEN, ~TaskLine.done)
        return cls(levels, frozenset(tx.connection.scalars(union(waiting, asked))))

    def on_hand(self, one: Count) -> Decimal:
        return self.levels.get(one.place, (_NONE, _NONE))[0]

    def concerns_somebody(self, one: Count) -> bool:
        return one.product_id in self.wanted or one.quantity < self.levels.get(one.place, (_NONE, _NONE))[1]


def stage_count(tx: Transaction, staging: Staging, counts: Sequence[Count]) -> Move:
    """Stages counts; the move sets what lies at all their places, in one transaction."""
    products = sorted({one.product_id for one in counts})
    before = _Shelves.of(tx, products)
    changed = [one for one in counts if one.quantity != before.on_hand(one) and not before.concerns_somebody(one)]
    numbers = dict(zip(changed, staging.reserve(Event, len(changed))))
    late: list[int] = []
    moves = [
        *(_places(staging, counts, dated=dated) for dated in (True, False)),
        staging.load(Event, [_event(tx, number, one, before) for one, number in numbers.items()], unless=lambda row: row.c.id.in_(late)),
        staging.load(UnreadEvent, [_unread(number) for number in numbers.values()], unless=lambda row: row.c.event_id.in_(late)),
    ]

    def move(swap: Transaction) -> None:
        lock_stock(swap, products)
        now = _Shelves.of(swap, products)
        concerned = [one for one in counts if _must_look(one, before, now)]
        for part in in_parts(concerned, _PART):
            count_all(swap, part)
        swap.session.flush()
        late.extend(numbers[one] for one in concerned if one in numbers)
        for each in moves:
            each(swap)
        swap.wakes.add(BULK)

    return move


def _must_look(one: Count, before: _Shelves, now: _Shelves) -> bool:
    return before.concerns_somebody(one) or now.concerns_somebody(one) or now.on_hand(one) != before.on_hand(one)


def _places(staging: Staging, counts: Sequence[Count], *, dated: bool) -> Move:
    """An expiry date that the file does not say stays as it is."""
    rows = [_place(one) for one in counts if bool(one.expires_on) == dated]
    return staging.load(StockBatch, rows, key=_PLACE, changing=("on_hand", "expires_on") if dated else ("on_hand",))


def _place(one: Count) -> dict[str, Any]:
    place = dict(zip(_PLACE, one.place))
    return place | {"on_hand": one.quantity, "reserved": _NONE, "expires_on": one.expires_on}


def _event(tx: Transaction, number: int, one: Count, before: _Shelves) -> dict[str, Any]:
    data = change_data(one.warehouse, one.location, one.batch, one.quantity - before.on_hand(one), one.quantity, "counted")
    return unchained(number, tx.now, Fact.STOCK_CHANGED, one.product_id, data)


def _unread(number: int) -> dict[str, Any]:
    return {"event_id": number, "reader": REACTIONS, "attempts": 0}
