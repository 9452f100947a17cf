"""Files of products 产品, words 词表, bills of materials 物料清单 and capacity 产能."""

from collections.abc import Iterator
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from connectors.files import cells, references
from connectors.files.cells import number, text
from connectors.files.kind import Kind, table_move
from connectors.files.rows import Column, Problem, Progress, Row
from store.models import Capacity, Component, Product, Word
from store.staging import Move, Staging
from store.transaction import Transaction

_PRODUCT_DEFAULTS: dict[str, Any] = {"units": {}, "aliases": [], "safety_stock": Decimal(0), "min_surplus": Decimal(0), "made": False}


def _settle_products(_tx: Transaction, rows: list[Row]) -> Iterator[Problem]:
    for row in rows:
        unit, units = row.values["unit"], row.values.get("units")
        if units and units.pop(unit, "1") != "1":
            yield row.problem(f"包装 里的 {unit} 就是单位，只能是 1")


def _stage_products(tx: Transaction, staging: Staging, rows: list[Row], _progress: Progress[Row]) -> Move:
    return table_move(staging, Product, rows, key=["code"], defaults=_PRODUCT_DEFAULTS, fixed={"updated_at": tx.now})


def _read_products(tx: Transaction) -> Iterator[dict[str, Any]]:
    for product in tx.session.scalars(select(Product).order_by(Product.code)):
        yield {column.code: getattr(product, column.code) for column in PRODUCTS.columns}


def _nothing_to_settle(_tx: Transaction, _rows: list[Row]) -> Iterator[Problem]:
    return iter(())


def _stage_words(_tx: Transaction, staging: Staging, rows: list[Row], _progress: Progress[Row]) -> Move:
    return table_move(staging, Word, rows, key=["word", "kind"], defaults={}, fixed={})


def _read_words(tx: Transaction) -> Iterator[dict[str, Any]]:
    for word in tx.session.scalars(select(Word).order_by(Word.kind, Word.word)):
        yield {"word": word.word, "means": word.means, "kind": word.kind}


def _settle_components(tx: Transaction, rows: list[Row]) -> Iterator[Problem]:
    for row in rows:
        if row.values["product"] == row.values["component"]:
            yield row.problem("产品不能是自己的组件")
    find = references.products(tx)
    yield from references.replace(rows, "product", "product_id", find, "产品")
    yield from references.replace(rows, "component", "component_id", find, "产品")
    yield from _circles(tx, rows)


def _circles(tx: Transaction, rows: list[Row]) -> Iterator[Problem]:
    """A row for each circle that a bill of materials would close: what it names is made of itself."""
    last = {(row.values["product_id"], row.values["component_id"]): row for row in rows}
    bill: dict[int, set[int]] = {}
    for product_id, component_id in [*tx.session.execute(select(Component.product_id, Component.component_id)), *last]:
        if product_id != component_id:
            bill.setdefault(product_id, set()).add(component_id)
    while circle := _circle(bill):
        links = set(pairwise(circle))
        closing = max((row for link, row in last.items() if link in links), key=lambda row: row.line, default=None)
        if closing is None:
            bill[circle[0]].discard(circle[1])
        else:
            names = {row.id: row.code for row in tx.session.execute(select(Product.id, Product.code).where(Product.id.in_(circle)))}
            bill[closing.values["product_id"]].discard(closing.values["component_id"])
            yield closing.problem(f"物料清单绕成了圈：{' → '.join(names[id_] for id_ in circle)}")


def _circle(bill: dict[int, set[int]]) -> list[int]:
    """One circle of a bill, from a product down to itself; empty where there is none."""
    try:
        TopologicalSorter(bill).prepare()
    except CycleError as error:
        # it is told from each component up to what takes it
        return list(reversed(error.args[1]))
    return []


def _stage_components(_tx: Transaction, staging: Staging, rows: list[Row], _progress: Progress[Row]) -> Move:
    return table_move(staging, Component, rows, key=["product_id", "component_id"], defaults={}, fixed={})


def _read_components(tx: Transaction) -> Iterator[dict[str, Any]]:
    query = select(Component).join(Component.product).order_by(Product.code, Component.id)
    for part in tx.session.scalars(query.options(contains_eager(Component.product), joinedload(Component.component))):
        yield {"product": part.product.code, "component": part.component.code, "quantity": part.quantity}


def _stage_capacity(_tx: Transaction, staging: Staging, rows: list[Row], _progress: Progress[Row]) -> Move:
    return table_move(staging, Capacity, rows, key=["work_center", "day"], defaults={}, fixed={})


def _read_capacity(tx: Transaction) -> Iterator[dict[str, Any]]:
    for one in tx.session.scalars(select(Capacity).order_by(Capacity.work_center, Capacity.day)):
        yield {"work_center": one.work_center, "day": one.day, "quantity": one.quantity}


PRODUCTS = Kind(
    name="products",
    chinese="产品",
    model=Product,
    columns=(
        Column("code", "编码", text(Product.code), required=True),
        Column("name", "名称", text(Product.name), required=True),
        Column("spec", "规格", text(Product.spec)),
        Column("unit", "单位", text(Product.unit), required=True),
        Column("units", "包装", cells.packs, write=cells.write_packs),
        Column("moq", "起订量", number()),
        Column("price", "单价", number()),
        Column("type", "品类", text(Product.type)),
        Column("material", "材质", text(Product.material)),
        Column("finish", "表面", text(Product.finish)),
        Column("grade", "等级", text(Product.grade)),
        Column("safety_stock", "安全库存", number()),
        Column("min_surplus", "最小余量", number()),
        Column("lead_days", "补货天数", cells.whole),
        Column("made", "自制", cells.yes_no),
        Column("work_center", "工作中心", text(Product.work_center)),
        Column("aliases", "别名", cells.items, write=cells.write_items),
    ),
    key=("code",),
    settle=_settle_products,
    stage=_stage_products,
    read_out=_read_products,
)
WORDS = Kind(
    name="words",
    chinese="词表",
    model=Word,
    columns=(
        Column("word", "词", text(Word.word), required=True),
        Column("means", "含义", text(Word.means), required=True),
        Column("kind", "类别", cells.word_kind, required=True),
    ),
    key=("word", "kind"),
    settle=_nothing_to_settle,
    stage=_stage_words,
    read_out=_read_words,
)
COMPONENTS = Kind(
    name="components",
    chinese="物料清单",
    model=Component,
    columns=(
        Column("product", "产品", cells.name, required=True),
        Column("component", "组件", cells.name, required=True),
        Column("quantity", "用量", number(above_zero=True), required=True),
    ),
    key=("product_id", "component_id"),
    settle=_settle_components,
    stage=_stage_components,
    read_out=_read_components,
)
CAPACITY = Kind(
    name="capacity",
    chinese="产能",
    model=Capacity,
    columns=(
        Column("work_center", "工作中心", text(Capacity.work_center), required=True),
        Column("day", "日期", cells.day, required=True),
        Column("quantity", "可产数量", number(), required=True),
    ),
    key=("work_center", "day"),
    settle=_nothing_to_settle,
    stage=_stage_capacity,
    read_out=_read_capacity,
)
