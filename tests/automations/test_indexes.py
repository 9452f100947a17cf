"""A sweep reads what fires, not what is open: the queries use the partial indexes on both databases."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, Executable, insert, text

from automations.episodes import beginning, sweep
from automations.rules import load_rules
from store.models import Fulfilment, Order, OrderLine, Stage
from store.transaction import Store, Transaction
from tests.support.firm import Firm

ORDERS = 20_000
INDEX = {"stock_shortage": "ix_orders_ship_due", "shipping_timeout": "ix_fulfilments_silent"}


def _seed(tx: Transaction, firm: Firm) -> None:
    """Many open orders, of which few are due soon and few parcels are silent."""
    products = [firm.bolt.id, firm.small_bolt.id, firm.nut.id]
    orders, lines, parcels = [], [], []
    for number in range(1, ORDERS + 1):
        shipped = number % 2 == 0
        stage = Stage.SHIPPED if shipped else Stage.APPROVED
        ship_at = tx.now + timedelta(hours=1 if number % 499 == 0 else 5 + number % 2000)
        orders.append(_order(tx, firm, number, stage) | {"promised_ship_at": ship_at})
        lines.append({"id": number, "order_id": number, "position": 1, "product_id": products[number % 3], "quantity": 1})
        if shipped:
            moved_at = tx.now - timedelta(hours=49 if number % 1000 == 0 else number % 48)
            parcels.append({"order_id": number, "warehouse": "主仓", "stage": stage, "moved_at": moved_at, "waybill_from": "person"})
    tx.session.execute(insert(Order), orders)
    tx.session.execute(insert(OrderLine), lines)
    tx.session.execute(insert(Fulfilment), parcels)


def _order(tx: Transaction, firm: Firm, number: int, stage: Stage) -> dict[str, Any]:
    no = {"id": number, "no": f"SO260302-{number:05}", "day": tx.today, "sequence": number, "stage": stage}
    return no | {"customer_id": firm.ruigu.id, "salesperson_id": firm.zhaomin.id, "created_at": tx.now}


def _plan(engine: Engine, query: Executable) -> str:
    sqlite = engine.dialect.name == "sqlite"
    compiled = query.compile(engine, compile_kwargs={"render_postcompile": True})  # type: ignore[attr-defined]
    with engine.connect() as connection:
        rows: Iterable[Any] = connection.exec_driver_sql(
            f"EXPLAIN {'QUERY PLAN ' if sqlite else ''}{compiled}", _bound(compiled, sqlite)
        ).all()
    return "\n".join(str(row[-1]) for row in rows)


def _bound(compiled: Any, sqlite: bool) -> Any:
    values = compiled.construct_params()
    ready = {name: compiled._bind_processors.get(name, lambda same: same)(value) for name, value in values.items()}
    return tuple(ready[name] for name in compiled.positiontup) if sqlite else ready


@pytest.mark.parametrize("name", sorted(INDEX))
def test_the_index_is_used(store: Store, firm: Firm, name: str) -> None:
    rule = next(rule for rule in load_rules()[0] if rule.name == name)
    with store.transaction() as tx:
        _seed(tx, firm)
    with store.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    with store.reading() as look:
        query = beginning(look, rule)
    assert INDEX[name] in (plan := _plan(store.engine, query)), plan
    assert 0 < sweep(store, [rule]) < ORDERS / 100
    assert sweep(store, [rule]) == 0
