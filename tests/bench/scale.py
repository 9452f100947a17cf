"""A firm with 100,000 open orders: how soon 查单 finds one, and how long a sweep of the rules takes."""

import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, insert, select, text

from automations.episodes import sweep
from automations.rules import load_rules
from handlers import desk
from platforms.words import Message, Platform
from store.clock import FixedClock
from store.models import (
    OPEN_STAGES,
    Base,
    Customer,
    Event,
    Fulfilment,
    Order,
    OrderLine,
    Product,
    Reservation,
    Role,
    Snapshot,
    Staff,
    Stage,
    StockBatch,
)
from store.transaction import Store
from tests.bench.figures import Figure, milliseconds, show
from tests.bench.stage import fresh

NOW = datetime(2026, 3, 2, 14, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A Monday at two: what is promised for today has less than four hours."""
_FIND_MS, _SWEEP_MS = 50, 100
_DAYS = 60
_CUSTOMERS, _PRODUCTS, _STAFF = 2_000, 500, 40
_AT_ONCE = 5_000
_HELD = (Stage.APPROVED, Stage.ALLOCATED, Stage.ALLOCATED, Stage.ALLOCATED, Stage.PICKED)
_random = Random(7)


def run(*, quick: bool, databases: list[str]) -> None:
    """Both figures, on each of the databases."""
    orders = 10_000 if quick else 100_000
    for database in databases:
        with fresh(database, FixedClock(NOW)) as store:
            began = time.perf_counter()
            seed(store, orders)
            print(f"\n{orders:,} open orders written in {time.perf_counter() - began:.0f} s")
            _find(store, database, orders, times=50 if quick else 300)
            _sweep(store, database, orders, times=5 if quick else 20)


def _find(store: Store, database: str, orders: int, times: int) -> None:
    with store.reading() as tx:
        person = tx.session.scalars(select(Staff).limit(1)).one()
        names = list(tx.session.scalars(select(Customer.name)))
        numbers = list(tx.session.scalars(select(Order.no)))
    began = time.perf_counter()
    desk.prepare(store)
    _ask(store, person.id, numbers[0])
    figures = [Figure("the first question, which reads the catalogue", (time.perf_counter() - began) * 1000, "ms")]
    wanted: dict[str, Callable[[], str]] = {
        "by number": lambda: _random.choice(numbers),
        "by customer": lambda: _random.choice(names),
        "by tail": lambda: _random.choice(numbers).rpartition("-")[2],
    }
    for how, what in wanted.items():
        seconds = [_timed(lambda: _ask(store, person.id, what())) for _ in range(times)]  # noqa: B023 -- called at once
        figures += milliseconds(f"查单 {how}", seconds, {0.99: _FIND_MS})
    show(f"finding among {orders:,} open orders, {database}", figures)


def _ask(store: Store, staff_id: int, what: str) -> None:
    with store.transaction() as tx:
        person = tx.session.get_one(Staff, staff_id)
        reply = desk.answer(tx, person, Message(Platform.WECOM, "bench", "bench", f"查单 {what}"))
        assert reply.card in ("order", "orders"), reply


def _sweep(store: Store, database: str, orders: int, times: int) -> None:
    rules, problems = load_rules()
    assert not problems
    fired = 0
    began = time.perf_counter()
    while found := sweep(store, rules):
        fired += found
    first = Figure(f"the first sweep, in which {fired} orders fire", (time.perf_counter() - began) * 1000, "ms")
    later = milliseconds("a sweep, nothing new", [_timed(lambda: sweep(store, rules)) for _ in range(times)], {0.99: _SWEEP_MS})
    show(f"a sweep of both triggers over {orders:,} open orders, {database}", [first, *later])


def _timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def seed(store: Store, orders: int) -> None:
    """Writes the firm: `orders` open ones over 60 days and a fifth as many parcels on their way, with all that belongs to them."""
    with store.engine.begin() as connection:
        _firm(connection)
        for start in range(1, orders + 1, _AT_ONCE):
            _orders(connection, [_order(number, orders) for number in range(start, min(start + _AT_ONCE, orders + 1))])
        parcels = orders // 5
        for start in range(orders + 1, orders + parcels + 1, _AT_ONCE):
            shipped = range(start, min(start + _AT_ONCE, orders + parcels + 1))
            _orders(connection, [_order(number, parcels) | {"stage": Stage.SHIPPED} for number in shipped])
        _stock(connection)
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _firm(connection: Connection) -> None:
    staff = [{"name": f"销售{n:03}", "roles": [Role.SALES], "wecom_userid": f"seller{n:03}"} for n in range(_STAFF)]
    customers = [
        {"code": f"C{n:04}", "name": f"{_place(n)}第{n}五金商行", "aliases": [f"老店{n}"], "salesperson_id": n % _STAFF + 1}
        for n in range(_CUSTOMERS)
    ]
    products = [
        {
            "code": f"HB-{n:04}",
            "name": f"六角螺栓 M{n % 20 + 3}×{n} 镀锌",
            "spec": f"M{n % 20 + 3}×{n}",
            "unit": "支",
            "price": Decimal(1),
            "safety_stock": Decimal(1000),
        }
        for n in range(_PRODUCTS)
    ]
    batches = [
        {
            "product_id": n // 2 + 1,
            "warehouse": "主仓" if n % 2 else "二仓",
            "location": f"A-{n}",
            "batch": "B1",
            "on_hand": Decimal(10**7),
            "reserved": Decimal(0),
        }
        for n in range(_PRODUCTS * 2)
    ]
    for model, rows in ((Staff, staff), (Customer, customers), (Product, products), (StockBatch, batches)):
        _insert(connection, model, rows)


def _place(number: int) -> str:
    return ("杭州", "宁波", "温州", "义乌", "苏州", "无锡", "台州", "嘉兴")[number % 8]


def _order(number: int, of: int) -> dict[str, Any]:
    per_day = max(of // _DAYS, 1)
    back, sequence = divmod(number - 1, per_day)
    day = date(2025, 1, 1) + timedelta(days=back) if number > of else NOW.date() - timedelta(days=back)
    return {
        "id": number,
        "no": f"SO{day:%y%m%d}-{sequence + 1:04}",
        "day": day,
        "sequence": sequence + 1,
        "version": 1,
        "stage": _HELD[number % len(_HELD)],
        "short": False,
        "customer_id": number % _CUSTOMERS + 1,
        "salesperson_id": number % _STAFF + 1,
        "total": Decimal(500),
        "promised_date": NOW.date() + timedelta(days=number % _DAYS + 2),
        "promised_ship_at": NOW.replace(hour=17) + timedelta(days=number % _DAYS),
        "created_at": NOW - timedelta(days=back),
        "chain": f"{number:064}",
    }


def _orders(connection: Connection, orders: list[dict[str, Any]]) -> None:
    _insert(connection, Order, orders)
    _insert(connection, OrderLine, [line for order in orders for line in _lines(order)])
    _insert(connection, Fulfilment, [_part(order) for order in orders if order["stage"] != Stage.APPROVED])
    _insert(connection, Reservation, [_reservation(order, line) for order in orders for line in _lines(order)])
    _insert(
        connection,
        Snapshot,
        [
            {"order_id": order["id"], "version": 1, "at": order["created_at"], "content": {"no": order["no"]}, "hash": order["chain"]}
            for order in orders
        ],
    )
    kinds = ("order.placed", "order.approved", "order.allocated")
    _insert(
        connection,
        Event,
        [{"at": order["created_at"], "kind": kind, "order_id": order["id"], "hash": order["chain"]} for order in orders for kind in kinds],
    )


def _lines(order: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for position in (1, 2):
        number = order["id"] * 2 + position
        product = number * 7919 // 13 % _PRODUCTS + 1
        yield {
            "id": number,
            "order_id": order["id"],
            "position": position,
            "product_id": product,
            "quantity": Decimal(50),
            "price": Decimal(1),
            "amount": Decimal(50),
        }


def _part(order: dict[str, Any]) -> dict[str, Any]:
    """A parcel is silent for up to 50 hours: a few of them for too long."""
    part = {
        "id": order["id"],
        "order_id": order["id"],
        "warehouse": "主仓",
        "stage": order["stage"],
        "waybill_from": None,
        "moved_at": None,
        "shipped_at": None,
    }
    if order["stage"] == Stage.SHIPPED:
        hours = 10 + order["id"] % 400 / 10
        moved = NOW - timedelta(hours=hours)
        part |= {"waybill_from": "person", "moved_at": moved, "shipped_at": moved}
    return part


def _reservation(order: dict[str, Any], line: dict[str, Any]) -> dict[str, Any]:
    gone = order["stage"] in (Stage.PICKED, Stage.SHIPPED)
    part = None if order["stage"] == Stage.APPROVED else order["id"]
    return {"order_line_id": line["id"], "batch_id": line["product_id"] * 2, "fulfilment_id": part, "quantity": Decimal(50), "picked": gone}


def _stock(connection: Connection) -> None:
    """Batches hold what is reserved of them, and plenty more; of every fiftieth product there is too little."""
    held = select(func.coalesce(func.sum(Reservation.quantity), 0)).where(Reservation.batch_id == StockBatch.id, ~Reservation.picked)
    connection.execute(StockBatch.__table__.update().values(reserved=held.scalar_subquery()))
    scarce = StockBatch.product_id % 50 == 0
    connection.execute(StockBatch.__table__.update().where(scarce).values(on_hand=StockBatch.reserved))


def _insert(connection: Connection, model: type[Base], rows: list[dict[str, Any]]) -> None:
    connection.execute(insert(model.__table__), rows)  # type: ignore[arg-type]


assert set(_HELD) <= set(OPEN_STAGES)
