"""The promise of a made product: three levels of components, as it is worked out for a draft."""

from datetime import timedelta
from decimal import Decimal
from time import perf_counter

from orders.promising import look_ahead
from store.models import Capacity, Component, Inbound, Product, StockBatch
from store.transaction import Store, Transaction
from tests.bench.figures import milliseconds, show
from tests.bench.stage import SQLITE, fresh
from tests.support.firm import make_firm

_BRANCHES, _LEAVES, _DAYS = 10, 19, 60
_LIMIT = 50


def run(*, quick: bool, databases: list[str]) -> None:
    """Once on each of the databases; the limit is that of SQLite."""
    for database in databases:
        with fresh(database) as store:
            product_id = _settle(store)
            seconds = [_promise(store, product_id) for _ in range(20 if quick else 200)]
            limits = {0.99: _LIMIT} if database == SQLITE else {0.99: None}
            title = f"promise of a made product, {_BRANCHES * (_LEAVES + 1)} components on 3 levels, {database}"
            show(title, milliseconds("promise", seconds, limits))


def _promise(store: Store, product_id: int) -> float:
    with store.reading() as tx:
        started = perf_counter()
        look_ahead(tx, [(product_id, Decimal(100))])
        return perf_counter() - started


def _settle(store: Store) -> int:
    with store.transaction() as tx:
        make_firm(tx)
        top = _product(tx, "TOP", made=True)
        for branch in range(_BRANCHES):
            middle = _product(tx, f"MID-{branch}", made=True)
            tx.session.add(Component(product=top, component=middle, quantity=Decimal(2)))
            for leaf in range(_LEAVES):
                part = _product(tx, f"LEAF-{branch}-{leaf}", made=False)
                tx.session.add(Component(product=middle, component=part, quantity=Decimal(3)))
                tx.session.add(StockBatch(product=part, warehouse="主仓", location="A", on_hand=Decimal(300)))
                tx.session.add(Inbound(number=f"PO{leaf}", product=part, quantity=Decimal(900), expected_on=tx.today))
        days = (tx.today + timedelta(days=n) for n in range(_DAYS))
        tx.session.add_all(Capacity(work_center="组装", day=day, quantity=Decimal(150)) for day in days)
        tx.session.flush()
        return top.id


def _product(tx: Transaction, code: str, *, made: bool) -> Product:
    product = Product(code=code, name=code, unit="个", made=made, work_center="组装" if made else None, units={}, aliases=[])
    tx.session.add(product)
    return product
