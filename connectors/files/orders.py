"""Files of orders 订单: history, and open orders from elsewhere, which are watched like any other from then on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import inspect, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from connectors.files import cells, references
from connectors.files.cells import number, text
from connectors.files.kind import Kind
from connectors.files.rows import Column, Problem, Progress, Row, in_parts
from orders.carriers import carrier
from orders.numbers import parse_number
from orders.pricing import line_amount, line_price
from orders.promising import ship_by
from orders.snapshots import first_of
from store.events import BULK, REACTIONS, Fact, chained
from store.models import (
    OPEN_STAGES,
    Base,
    Customer,
    Event,
    Fulfilment,
    Order,
    OrderLine,
    Product,
    Snapshot,
    Stage,
    UnreadEvent,
)
from store.staging import Move, Staging
from store.transaction import Transaction

_Model = TypeVar("_Model", bound=Base)
_LINE_COLUMNS = {"no", "product_id", "quantity", "price"}
_PART = 2000
"""Orders that are built at a time, so that they need little memory."""
_UNSERVED = (Stage.PLACED, Stage.APPROVED, Stage.ALLOCATED, Stage.SCHEDULED)
"""What these were given elsewhere is not reserved here yet: they wait until the import is taken up, a moment later."""
_GONE = (Stage.SHIPPED, Stage.SIGNED, Stage.CLOSED)
_WATCHED = (*OPEN_STAGES, Stage.SHIPPED)


def _settle(tx: Transaction, rows: list[Row]) -> Iterator[Problem]:
    yield from references.replace(rows, "customer", "customer_id", references.customers(tx), "客户")
    yield from references.replace(rows, "product", "product_id", references.products(tx), "产品")
    yield from references.replace(rows, "salesperson", "salesperson_id", references.staff(tx), "员工")
    standing = set(tx.session.scalars(select(Order.no)))
    for no, group in _by_number(rows).items():
        if no in standing:
            yield group[0].problem(f"订单 {no} 系统里已经有了")
        yield from _agreeing(group)
        if _head(group)["stage"] not in _GONE and any(row.values.get("waybill") or row.values.get("shipped_at") for row in group):
            yield group[0].problem("有运单号或发货时间，环节要填 已发货 或更后面的；只发走一部分的，写还没发的数量，运单和发货时间空着")


def _by_number(rows: list[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.values["no"], []).append(row)
    return groups


def _agreeing(group: list[Row]) -> Iterator[Problem]:
    """The rows of one order may leave out what an earlier one said, but not say otherwise."""
    said: dict[str, Any] = {}
    for row in group:
        for code, value in row.values.items():
            if code not in _LINE_COLUMNS and value is not None and said.setdefault(code, value) != value:
                name = next((column.name for column in ORDERS.columns if column.code == code.removesuffix("_id")), code)
                yield row.problem(f"{name}与第 {group[0].line} 行不同，它们是同一张订单 {row.values['no']}")


def _head(group: list[Row]) -> dict[str, Any]:
    """What the rows say of the order as a whole."""
    head: dict[str, Any] = dict.fromkeys(column.code for column in ORDERS.columns) | {"salesperson_id": None}
    for row in reversed(group):
        head |= {code: value for code, value in row.values.items() if value is not None}
    head["stage"] = head["stage"] or (Stage.SHIPPED if head["shipped_at"] or head["waybill"] else Stage.APPROVED)
    return head


def _stage(tx: Transaction, staging: Staging, rows: list[Row], progress: Progress[Any]) -> Move:
    groups = sorted(_by_number(rows).values(), key=lambda group: _head(group)["created_at"])
    numbered = list(zip(staging.reserve(Order, len(groups)), staging.reserve(Event, len(groups)), groups))
    builder = _Builder.of(tx)
    parts = in_parts(progress(numbered, "整理订单"), _PART)
    moves = [move for part in parts for move in _load(staging, [builder.build(*one) for one in part])]

    def move_all(swap: Transaction) -> None:
        for move in moves:
            move(swap)
        swap.wakes.add(BULK)

    return move_all


def _load(staging: Staging, built: "list[_Built]") -> list[Move]:
    orders = [one.order for one in built]
    return [
        staging.load(Order, _rows(orders)),
        staging.load(OrderLine, _rows([line for order in orders for line in order.lines], "id")),
        staging.load(Fulfilment, _rows([part for order in orders for part in order.fulfilments], "id")),
        staging.load(Snapshot, _rows([one.snapshot for one in built], "id")),
        staging.load(Event, _rows([one.event for one in built])),
        staging.load(UnreadEvent, _rows([_unread(one.event) for one in built if one.order.stage in _WATCHED])),
    ]


def _unread(event: Event) -> UnreadEvent:
    return _loose(UnreadEvent, event_id=event.id, reader=REACTIONS, attempts=0)


def _rows(instances: Sequence[Base], *left_out: str) -> list[dict[str, Any]]:
    """What stands in the columns of instances that no session keeps."""
    if not instances:
        return []
    names = [attribute.key for attribute in inspect(type(instances[0])).column_attrs if attribute.key not in left_out]
    return [{name: vars(instance).get(name) for name in names} for instance in instances]


def _loose(model: type[_Model], **values: Any) -> _Model:
    """An instance that no session will ever keep, without the bookkeeping of changes: a hundred thousand take seconds."""
    instance = model()
    vars(instance).update(_defaults(model) | values)
    return instance


@cache
def _defaults(model: type[Base]) -> dict[str, Any]:
    """What columns hold where nothing is said."""
    columns = inspect(model).local_table.c
    return {column.key: column.default.arg for column in columns if isinstance(column.default, ScalarElementColumnDefault)}


@dataclass(frozen=True)
class _Built:
    order: Order
    snapshot: Snapshot
    event: Event


@dataclass(frozen=True)
class _Builder:
    """Builds orders from rows, outside of any session."""

    tx: Transaction
    products: dict[int, Product]
    customers: dict[int, Customer]

    @classmethod
    def of(cls, tx: Transaction) -> "_Builder":
        return cls(
            tx,
            {product.id: product for product in tx.session.scalars(select(Product))},
            {customer.id: customer for customer in tx.session.scalars(select(Customer))},
        )

    def build(self, order_id: int, event_id: int, group: list[Row]) -> _Built:
        order = self._order(order_id, _head(group))
        vars(order)["lines"] = [self._line(order_id, position, row.values) for position, row in enumerate(group, 1)]
        order.total = sum((line.amount for line in order.lines), Decimal(0))
        snapshot = first_of(order, self.tx.now, self.tx.zone, None)
        event = _loose(
            Event, id=event_id, at=self.tx.now, kind=Fact.ORDER_IMPORTED, order_id=order_id, data={"stage": order.stage}, previous_hash=""
        )
        event.hash = order.chain = chained(event)
        return _Built(order, snapshot, event)

    def _order(self, order_id: int, head: dict[str, Any]) -> Order:
        customer = self.customers[head["customer_id"]]
        day, sequence = parse_number(head["no"]) or (None, None)
        return _loose(
            Order,
            id=order_id,
            no=head["no"],
            day=day,
            sequence=sequence,
            version=1,
            stage=head["stage"],
            short=head["stage"] in _UNSERVED,
            customer=customer,
            customer_id=customer.id,
            salesperson_id=head["salesperson_id"] or customer.salesperson_id,
            urgent=False,
            trial=False,
            free_shipping=False,
            address=customer.address,
            wanted_date=head["wanted_date"],
            promised_date=head["wanted_date"],
            promised_ship_at=head["promised_ship_at"] or self._ship_moment(head),
            created_at=head["created_at"],
            origin="import",
            fulfilments=[self._part(order_id, head)] if head["stage"] in _GONE else [],
        )

    def _ship_moment(self, head: dict[str, Any]) -> datetime | None:
        if head["wanted_date"] is None or head["stage"] not in OPEN_STAGES:
            return None
        return ship_by(self.tx, head["wanted_date"])

    def _line(self, order_id: int, position: int, values: dict[str, Any]) -> OrderLine:
        product = self.products[values["product_id"]]
        price = line_price(product, values.get("price"))
        return _loose(
            OrderLine,
            order_id=order_id,
            position=position,
            product=product,
            product_id=product.id,
            quantity=values["quantity"],
            price=price,
            amount=line_amount(values["quantity"], price),
            processes=[],
            splits=[],
        )

    def _part(self, order_id: int, head: dict[str, Any]) -> Fulfilment:
        name, code = carrier(head["carrier"]) or (head["carrier"], None) if head["carrier"] else (None, None)
        return _loose(
            Fulfilment,
            order_id=order_id,
            warehouse=self.tx.settings.trade.default_warehouse,
            stage=head["stage"],
            carrier=name,
            carrier_code=code,
            waybill=head["waybill"],
            waybill_from="import" if head["waybill"] else None,
            subscribed=False,
            shipped_at=head["shipped_at"],
            last_trace_at=head["last_trace_at"],
            moved_at=head["last_trace_at"] or head["shipped_at"],
        )


def _read(tx: Transaction) -> Iterator[dict[str, Any]]:
    query = (
        select(Order)
        .order_by(Order.id)
        .options(
            joinedload(Order.customer),
            joinedload(Order.salesperson),
            selectinload(Order.lines).joinedload(OrderLine.product),
            selectinload(Order.fulfilments),
        )
        .execution_options(yield_per=1000)
    )
    for order in tx.session.scalars(query):
        part = next(iter(sorted(order.fulfilments, key=lambda part: not part.waybill)), Fulfilment())
        for line in order.lines:
            yield {
                "no": order.no,
                "customer": order.customer.code,
                "product": line.product.code,
                "quantity": line.quantity,
                "price": line.price,
                "created_at": order.created_at,
                "wanted_date": order.wanted_date,
                "promised_ship_at": order.promised_ship_at,
                "stage": order.stage,
                "carrier": part.carrier,
                "waybill": part.waybill,
                "shipped_at": part.shipped_at,
                "last_trace_at": part.last_trace_at,
                "salesperson": order.salesperson.name if order.salesperson else None,
            }


ORDERS = Kind(
    name="orders",
    chinese="订单",
    model=Order,
    columns=(
        Column("no", "单号", text(Order.no), required=True),
        Column("customer", "客户", cells.name, required=True),
        Column("product", "产品", cells.name, required=True),
        Column("quantity", "数量", number(above_zero=True), required=True),
        Column("price", "单价", number()),
        Column("created_at", "下单时间", cells.moment, required=True, write=cells.write_moment),
        Column("wanted_date", "期望交付日", cells.day),
        Column("promised_ship_at", "承诺发货时间", cells.moment, write=cells.write_moment),
        Column("stage", "环节", cells.stage),
        Column("carrier", "快递公司", text(Fulfilment.carrier)),
        Column("waybill", "运单号", text(Fulfilment.waybill)),
        Column("shipped_at", "发货时间", cells.moment, write=cells.write_moment),
        Column("last_trace_at", "最后轨迹时间", cells.moment, write=cells.write_moment),
        Column("salesperson", "销售", cells.name),
    ),
    key=(),
    settle=_settle,
    stage=_stage,
    read_out=_read,
)
