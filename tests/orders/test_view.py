from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from orders.placing import place_order
from orders.view import order_data, orders_data
from store.models import Order
from store.transaction import Store
from tests.orders.trade import Trade, same

KEYS = [
    "no",
    "version",
    "stage",
    "on_hold",
    "customer",
    "salesperson",
    "urgent",
    "trial",
    "free_shipping",
    "lines",
    "total",
    "wanted_date",
    "promisable_date",
    "promised_date",
    "promised_ship_at",
    "created_at",
    "fulfilments",
    "snapshots",
    "amendments",
    "logs",
    "approvals",
    "tasks",
    "invoices",
    "events",
]


def data(trade: Trade, order: Order) -> dict[str, Any]:
    with trade.store.reading() as tx:
        return order_data(tx, same(tx, order))


@contextmanager
def counted(store: Store) -> Iterator[Callable[[], int]]:
    """Counts the statements that both engines run meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    for engine in (store.engine, store.reader):
        event.listen(engine, "before_cursor_execute", note)
    yield lambda: len(seen)
    for engine in (store.engine, store.reader):
        event.remove(engine, "before_cursor_execute", note)


def test_an_order_is_told_complete(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500), free_shipping=True)
    trade.ship(order)
    found = data(trade, order)
    assert set(KEYS) <= set(found)
    assert found["customer"] == {"code": "C001", "name": "锐固建材"}
    assert (found["no"], found["version"], found["stage"], found["salesperson"], found["total"]) == (
        order.no,
        1,
        "shipped",
        "赵敏",
        "600.00",
    )
    assert found["lines"] == [
        {
            "product": "LS-M12x80-Z",
            "name": "M12×80镀锌螺栓",
            "quantity": "500",
            "unit": "支",
            "price": "1.2",
            "amount": "600.00",
            "splits": [],
            "materials": [],
            "reservations": [{"warehouse": "主仓", "location": "A-03-1", "batch": "B2601", "quantity": "500"}],
        }
    ]
    assert found["fulfilments"] == [
        {
            "warehouse": "主仓",
            "part": 1,
            "due_on": None,
            "lines": [{"product": "LS-M12x80-Z", "name": "M12×80镀锌螺栓", "quantity": "500", "unit": "支"}],
            "stage": "shipped",
            "carrier": "顺丰",
            "waybill": "SF1234567890123",
            "shipped_at": "2026-03-02T09:30:00+08:00",
            "last_trace_at": None,
        }
    ]
    assert (found["promised_date"], found["promised_ship_at"], found["created_at"]) == (
        "2026-03-05",
        "2026-03-03T17:00:00+08:00",
        "2026-03-02T09:30:00+08:00",
    )
    assert [version["version"] for version in found["snapshots"]] == [1]
    assert [fact["kind"].split(".")[1] for fact in found["events"]] == ["placed", "approved", "allocated", "picked", "shipped"]
    assert (found["logs"], found["approvals"], found["tasks"], found["on_hold"], found["wanted_date"]) == ([], [], [], None, None)


def test_the_tasks_that_ask_for_its_goods_belong_to_an_order(trade: Trade) -> None:
    trade.place((trade.firm.nut, 100))
    second = trade.place((trade.firm.nut, 50))
    assert [(task["id"], task["role"], task["state"]) for task in data(trade, second)["tasks"]] == [(1, "purchasing", "open")]


def test_many_orders_take_no_more_queries_than_one(trade: Trade) -> None:
    orders = [trade.place((trade.firm.bolt, 5), (trade.firm.nut, 5)) for _ in range(5)]
    with counted(trade.store) as statements:
        data(trade, orders[0])
        for_one = statements()
        with trade.store.reading() as tx:
            orders_data(tx, [same(tx, order) for order in orders])
        for_five = statements() - for_one
    assert for_five - len(orders) <= for_one - 1
    assert for_one <= 16


def test_placing_asks_no_more_of_the_database_for_more_lines(trade: Trade) -> None:
    def statements_for(lines: int) -> int:
        with trade.store.transaction() as tx:
            by = same(tx, trade.firm.zhaomin)
            wish = trade.wish(*[(trade.firm.bolt, 1)] * lines)
            with counted(trade.store) as statements:
                place_order(tx, wish, by)
                tx.session.flush()
                return statements()

    rows = 0 if trade.store.engine.dialect.name == "postgresql" else 2 * 19  # SQLite inserts lines and reservations row by row
    assert statements_for(20) <= statements_for(1) + rows + 1
    assert statements_for(1) <= 20
