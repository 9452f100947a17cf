"""The effect preview of an order of 50 lines, in a firm with 100,000 open orders: what 改单 shows before anything is saved."""

import time
from decimal import Decimal

from sqlalchemy import select

from orders.amending import amend_order, preview_amendment
from orders.changes import AnyChange, Scale, SetPhone, SetQuantity
from orders.communication import Agreed
from orders.impact import suggested
from orders.placing import Wish, WishLine, place_order
from store.clock import FixedClock
from store.models import Order, Product, Staff
from store.transaction import Store
from tests.bench.figures import milliseconds, show
from tests.bench.scale import NOW, seed
from tests.bench.stage import SQLITE, fresh

_LINES = 50
_PREVIEW_MS = 150
_SALESPERSON = 1


def run(*, quick: bool, databases: list[str]) -> None:
    """The preview of small and of large changes, and the saving of one; the limit is that of SQLite."""
    orders, times = (10_000, 20) if quick else (100_000, 100)
    for database in databases:
        with fresh(database, FixedClock(NOW)) as store:
            seed(store, orders)
            order = _place(store)
            limits = {0.99: _PREVIEW_MS} if database == SQLITE else {}
            wishes: dict[str, list[AnyChange]] = {
                "a phone number": [SetPhone(value="13905718866")],
                "one line": [SetQuantity(row=1, quantity=Decimal(90))],
                "every line": [Scale(factor=Decimal(2))],
            }
            figures = []
            for what, changes in wishes.items():
                seconds = [_preview(store, order, changes) for _ in range(times)]
                figures += milliseconds(f"preview of {what}", seconds, limits)
            figures += milliseconds("saving one line", [_save(store, order, 100 + turn) for turn in range(times)], {})
            show(f"amending an order of {_LINES} lines among {orders:,}, {database}", figures)


def _place(store: Store) -> int:
    with store.transaction() as tx:
        products = tx.session.scalars(select(Product.id).order_by(Product.id).limit(_LINES)).all()
        lines = tuple(WishLine(product, Decimal(60)) for product in products)
        return place_order(tx, Wish(1, lines), tx.session.get_one(Staff, _SALESPERSON)).id


def _preview(store: Store, order: int, changes: list[AnyChange]) -> float:
    began = time.perf_counter()
    with store.reading() as tx:
        effects = preview_amendment(tx, order, changes, tx.session.get_one(Staff, _SALESPERSON))
        assert suggested(effects)
    return time.perf_counter() - began


def _save(store: Store, order_id: int, quantity: int) -> float:
    began = time.perf_counter()
    with store.transaction() as tx:
        order, by = tx.session.get_one(Order, order_id), tx.session.get_one(Staff, _SALESPERSON)
        changes = [SetQuantity(row=1, quantity=Decimal(quantity))]
        amend_order(tx, order, order.version, changes, "客户加量", Agreed("李总", tx.now, "加量"), by)
    return time.perf_counter() - began
