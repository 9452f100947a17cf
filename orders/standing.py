"""An order that stands, as the plain values of orders/content.py; and a content written back on it."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from orders.content import Content, Goods, Item, Part
from orders.words import plain
from store.models import OPEN_STAGES, Order, OrderLine, Product, Reservation, Stage
from store.transaction import Transaction

_FIELDS = (
    "wanted_date",
    "address",
    "contact",
    "phone",
    "carrier",
    "pickup",
    "free_shipping",
    "freight_collect",
    "urgent",
    "remarks",
)


def content_of(order: Order) -> Content:
    """What the order says now."""
    fields = {field: getattr(order, field) for field in _FIELDS}
    return Content(items=tuple(_item(line) for line in order.lines), promised_date=order.promised_date, **fields)


def goods_of(tx: Transaction, product_ids: Iterable[int]) -> dict[int, Goods]:
    """Products by id; unknown ids are left out."""
    query = select(Product).where(Product.id.in_(set(product_ids)))
    return {product.id: _goods(product) for product in tx.session.scalars(query)}


def write_fields(order: Order, content: Content) -> None:
    """Writes everything but the lines, which move goods (orders/rebooking.py)."""
    for field in _FIELDS:
        setattr(order, field, getattr(content, field))
    order.total = content.total


def write_line(line: OrderLine, item: Item, position: int) -> None:
    """Writes what a line says; of another quantity than before, nobody has said it in a unit of their own."""
    if line.quantity != item.quantity:
        line.said_quantity = line.said_unit = None
    line.position = position
    line.quantity, line.price, line.amount = item.quantity, item.price, item.amount
    line.processes, line.tax_included = list(item.processes), item.tax_included
    line.splits = [{"quantity": plain(part.quantity), "date": str(part.day) if part.day else None} for part in item.splits]


def left_of(line: OrderLine) -> Decimal:
    """How much of a line has left the house before the rest of its order; none where nothing is left to leave."""
    if line.order.stage not in OPEN_STAGES:
        return Decimal(0)
    return sum((held.quantity for held in line.reservations if has_left(held)), Decimal(0))


def has_left(held: Reservation) -> bool:
    """Whether goods are with a carrier or the customer."""
    return held.picked and held.fulfilment is not None and held.fulfilment.stage in (Stage.SHIPPED, Stage.SIGNED)


def _item(line: OrderLine) -> Item:
    return Item(
        row=line.position,
        goods=_goods(line.product),
        quantity=line.quantity,
        price=line.price,
        processes=tuple(line.processes),
        tax_included=line.tax_included,
        splits=tuple(_part(part) for part in line.splits),
        left=left_of(line),
    )


def _part(part: dict[str, str | None]) -> Part:
    day = part["date"]
    return Part(Decimal(part["quantity"] or 0), date.fromisoformat(day) if day else None)


def _goods(product: Product) -> Goods:
    units = {unit: Decimal(size) for unit, size in product.units.items()}
    return Goods(product.id, product.code, product.name, product.unit, units, product.price)
