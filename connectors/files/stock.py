"""Files of stock 库存, which is a count 盘点, and of inbound purchase orders 在途采购."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from connectors.files import cells, references
from connectors.files.cells import number, text
from connectors.files.counting import stage_count
from connectors.files.kind import ChangedMeanwhile, Kind
from connectors.files.rows import Column, Problem, Progress, Row
from orders.inbound import announced, change_data
from orders.locking import lock_stock
from orders.stock import Count
from orders.words import plain
from store.events import Fact, unchained
from store.models import Event, Inbound, Product, StockBatch
from store.staging import Move, Staging
from store.transaction import Transaction


def _settle(tx: Transaction, rows: list[Row]) -> Iterator[Problem]:
    yield from references.replace(rows, "product", "product_id", references.products(tx), "产品")
    for row in rows:
        if row.values.get("batch", "") is None:
            row.values["batch"] = ""


def _settle_inbound(tx: Transaction, rows: list[Row]) -> Iterator[Problem]:
    yield from _settle(tx, rows)
    received = {(coming.number, coming.product_id): coming.received for coming in tx.session.scalars(select(Inbound))}
    for row in rows:
        came = received.get((row.values["number"], row.values["product_id"]), Decimal(0))
        if row.values["quantity"] < came:
            yield row.problem(f"{row.values['number']} 已经到了 {plain(came)}，数量不能更少")


def _stage_stock(tx: Transaction, staging: Staging, rows: list[Row], progress: Progress[Row]) -> Move:
    counts = [Count(**row.values) for row in progress(rows, "盘点")]
    return stage_count(tx, staging, sorted(counts, key=lambda one: one.product_id))


def _read_stock(tx: Transaction) -> Iterator[dict[str, Any]]:
    query = select(StockBatch).join(StockBatch.product).where(StockBatch.on_hand > 0).options(contains_eager(StockBatch.product))
    query = query.order_by(Product.code, StockBatch.warehouse, StockBatch.location, StockBatch.batch)
    for place in tx.session.scalars(query):
        yield {
            "product": place.product.code,
            "warehouse": place.warehouse,
            "location": place.location,
            "quantity": place.on_hand,
            "batch": place.batch or None,
            "expires_on": place.expires_on,
        }


def _stage_inbound(tx: Transaction, staging: Staging, rows: list[Row], progress: Progress[Row]) -> Move:
    coming = [row.values for row in progress(rows, "在途")]
    products = sorted({one["product_id"] for one in coming})
    numbers = staging.reserve(Event, len(coming))
    orders = [one | {"received": Decimal(0)} for one in coming]
    moves = [
        staging.load(Inbound, orders, key=("number", "product_id"), changing=("quantity", "expected_on")),
        staging.load(Event, [_announced(tx, number, **one) for number, one in zip(numbers, coming)]),
    ]

    def move(swap: Transaction) -> None:
        lock_stock(swap, products)
        for each in moves:
            each(swap)
        if swap.session.scalar(select(Inbound.id).where(Inbound.received > Inbound.quantity).limit(1)):
            raise ChangedMeanwhile
        announced(swap, products)

    return move


def _announced(tx: Transaction, event: int, number: str, product_id: int, quantity: Decimal, expected_on: date) -> dict[str, Any]:
    data = change_data(number, quantity, expected_on)
    return unchained(event, tx.now, Fact.INBOUND_CHANGED, product_id, data)


def _read_inbound(tx: Transaction) -> Iterator[dict[str, Any]]:
    query = select(Inbound).where(Inbound.quantity > Inbound.received).options(joinedload(Inbound.product)).order_by(Inbound.id)
    for coming in tx.session.scalars(query):
        yield {
            "number": coming.number,
            "product": coming.product.code,
            "quantity": coming.quantity,
            "expected_on": coming.expected_on,
        }


STOCK = Kind(
    name="stock",
    chinese="库存",
    model=StockBatch,
    columns=(
        Column("product", "产品", cells.name, required=True),
        Column("warehouse", "仓库", text(StockBatch.warehouse), required=True),
        Column("location", "库位", text(StockBatch.location), required=True),
        Column("quantity", "数量", number(), required=True),
        Column("batch", "批次", text(StockBatch.batch)),
        Column("expires_on", "有效期", cells.day),
    ),
    key=("product_id", "warehouse", "location", "batch"),
    settle=_settle,
    stage=_stage_stock,
    read_out=_read_stock,
)
INBOUND = Kind(
    name="inbound",
    chinese="在途采购",
    model=Inbound,
    columns=(
        Column("number", "采购单号", text(Inbound.number), required=True),
        Column("product", "产品", cells.name, required=True),
        Column("quantity", "数量", number(above_zero=True), required=True),
        Column("expected_on", "预计到货日", cells.day, required=True),
    ),
    key=("number", "product_id"),
    settle=_settle_inbound,
    stage=_stage_inbound,
    read_out=_read_inbound,
)
