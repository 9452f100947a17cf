"""What rules may be about: a line of an order that has not left yet, or a parcel on its way; and the fields of each.

Every field has its English and its Chinese name; both may be used in a rule.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, func, literal_column, or_, select
from sqlalchemy.sql.elements import SQLCoreOperations

from automations.values import Hours, Text, Truth, Value, flag, quantity
from store.models import OPEN_STAGES, Customer, Fulfilment, Order, OrderLine, Product, Reservation, Stage, StockBatch


@dataclass(frozen=True)
class Scope:
    """A part of all subjects: those of some orders or some products."""

    orders: frozenset[int] = field(default=frozenset())
    products: frozenset[int] = field(default=frozenset())


@dataclass(frozen=True)
class Subject:
    """One kind of thing that rules watch."""

    name: str
    entity: type[OrderLine] | type[Fulfilment]
    source: FromClause
    watched: tuple[ColumnElement[bool], ...]
    fields: Mapping[str, Value]

    def select(self, *more: SQLCoreOperations[Any]) -> Select[Any]:
        """All that are watched, as rows of id, order_id and `more`."""
        return select(self.entity.id, self.entity.order_id, *more).select_from(self.source).where(*self.watched)

    def within(self, scope: Scope) -> ColumnElement[bool]:
        """The condition that a subject belongs to `scope`."""
        found: list[ColumnElement[bool]] = [self.entity.order_id.in_(scope.orders)]
        if issubclass(self.entity, OrderLine):
            found.append(self.entity.product_id.in_(scope.products))
        return or_(*found)


def _named(fields: Iterable[tuple[str, str, Value]]) -> dict[str, Value]:
    return {name: value for english, chinese, value in fields for name in (english, chinese)}


def _stock() -> FromClause:
    """What lies in all warehouses, by product."""
    on_hand, reserved = func.sum(StockBatch.on_hand), func.sum(StockBatch.reserved)
    columns = (StockBatch.product_id, on_hand.label("on_hand"), (on_hand - reserved).label("available"))
    return select(*columns).group_by(StockBatch.product_id).subquery("stock")


def _order_line() -> Subject:
    stock = _stock()
    unshipped = Order.stage.in_(OPEN_STAGES)
    held = select(func.sum(Reservation.quantity)).where(Reservation.order_line_id == OrderLine.id)
    reserved, picked = held.scalar_subquery(), held.where(Reservation.picked).scalar_subquery()
    lines = (
        Order.__table__.join(OrderLine.__table__).join(Product.__table__).join(Customer.__table__, Order.customer_id == Customer.id)
    ).outerjoin(stock, stock.c.product_id == OrderLine.product_id)
    fields = _named(
        [
            ("available", "可用库存", quantity(func.coalesce(stock.c.available, 0))),
            ("on_hand", "在库数量", quantity(func.coalesce(stock.c.on_hand, 0))),
            ("safety_stock", "安全库存", quantity(Product.safety_stock)),
            ("quantity", "订购数量", quantity(OrderLine.quantity)),
            ("unserved", "未配数量", quantity(OrderLine.quantity - func.coalesce(reserved, 0))),
            ("hours_to_ship", "距承诺发货小时", Hours(Order.promised_ship_at, 1)),
            ("stage", "环节", Text(Order.stage)),
            ("product", "产品编码", Text(Product.code)),
            ("product_type", "品类", Text(Product.type)),
            ("customer_level", "客户等级", Text(Customer.level)),
            ("urgent", "加急", flag(Order.urgent)),
            ("trial", "试产", flag(Order.trial)),
        ]
    )
    # of an order in parts, or of several warehouses, one line may have left while the order waits for another
    watched = (unshipped, Order.stage != Stage.PICKED, OrderLine.quantity > func.coalesce(picked, 0))
    return Subject("line", OrderLine, lines, watched, fields)


def _fulfilment() -> Subject:
    parcels = Fulfilment.__table__.join(Order.__table__).join(Customer.__table__)
    fields = _named(
        [
            ("hours_since_trace", "轨迹静默小时", Hours(Fulfilment.moved_at, -1)),
            ("hours_since_shipping", "发货后小时", Hours(Fulfilment.shipped_at, -1)),
            ("subscribed", "已订阅", flag(Fulfilment.subscribed)),
            ("traced", "有轨迹", Truth(Fulfilment.last_trace_at.is_not(None))),
            ("waybill_from", "运单来源", Text(Fulfilment.waybill_from)),
            ("carrier", "快递公司", Text(Fulfilment.carrier)),
            ("warehouse", "仓库", Text(Fulfilment.warehouse)),
            ("customer_level", "客户等级", Text(Customer.level)),
            ("urgent", "加急", flag(Order.urgent)),
        ]
    )
    shipped = Fulfilment.stage == literal_column(f"'{Stage.SHIPPED}'")
    return Subject("fulfilment", Fulfilment, parcels, (shipped,), fields)


SUBJECTS = {"order_line": _order_line(), "fulfilment": _fulfilment()}
"""The kinds by the name that a rule's `about` gives them."""
