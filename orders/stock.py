"""Stock 库存: what there is, and goods that come in or are counted; waiting orders are served in the same transaction."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, TypeCoerce, bindparam, func, inspect, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from orders import waiting
from orders.bills import with_materials
from orders.checking import check_quantity, check_text
from orders.inbound import use_up
from orders.locking import lock_products
from orders.people import require, workplace
from orders.reserving import release
from orders.words import plain
from store.events import Fact, record
from store.models import Inbound, Order, Product, Role, Staff, StockBatch
from store.models.base import Quantity
from store.transaction import Transaction

_NONE = Decimal(0)
# For a look: rows, past the ORM, which takes twice as long to make objects of them.
_LIES = select(*inspect(StockBatch).columns).where(StockBatch.product_id == bindparam("product"), StockBatch.on_hand > 0)
_COMES = (
    select(*inspect(Inbound).columns)
    .where(Inbound.product_id == bindparam("product"), Inbound.quantity > Inbound.received)
    .order_by(Inbound.expected_on, Inbound.id)
)


@dataclass(frozen=True)
class Received:
    """Goods that came in: where they lie, which purchase orders they were, and the waiting orders that have all now."""

    batch: StockBatch
    quantity: Decimal
    inbound: list[tuple[str, Decimal]]
    used: list[tuple[Product, Decimal]]
    """Materials that it was made of, which have gone off the stock."""
    served: list[Order]


@dataclass(frozen=True)
class Count:
    """What was counted at one place."""

    product_id: int
    warehouse: str
    location: str
    quantity: Decimal
    batch: str = ""
    expires_on: date | None = None

    @property
    def place(self) -> tuple[int, str, str, str]:
        return self.product_id, self.warehouse, self.location, self.batch


def stock_data(tx: Transaction, product: Product) -> dict[str, Any]:
    """One product's stock for the card `stock`: the figures, the places by expiry, and what is on its way."""
    batches = tx.connection.execute(_LIES, {"product": product.id}).all()
    arrivals = tx.connection.execute(_COMES, {"product": product.id})
    on_hand = sum((batch.on_hand for batch in batches), _NONE)
    reserved = sum((batch.reserved for batch in batches), _NONE)
    return {
        "name": product.name,
        "code": product.code,
        "unit": product.unit,
        "on_hand": plain(on_hand),
        "reserved": plain(reserved),
        "available": plain(on_hand - reserved),
        "safety_stock": plain(product.safety_stock),
        "places": [_place(batch) for batch in sorted(batches, key=lambda batch: (batch.expires_on or date.max, batch.id))],
        "inbound": [_arrival(order) for order in arrivals],
    }


def figures(tx: Transaction, product_ids: Sequence[int]) -> list[dict[str, Any]]:
    """The stock of several products, in their order, for the card `stocks`: the sums only."""
    query = (
        select(Product, _sum(StockBatch.on_hand), _sum(StockBatch.reserved))
        .outerjoin(StockBatch)
        .where(Product.id.in_(product_ids))
        .group_by(Product.id)
    )
    found = {product.id: (product, on_hand, reserved) for product, on_hand, reserved in tx.session.execute(query)}
    return [
        {
            "name": product.name,
            "code": product.code,
            "unit": product.unit,
            "on_hand": plain(on_hand),
            "available": plain(on_hand - reserved),
            "safety_stock": plain(product.safety_stock),
        }
        for product, on_hand, reserved in (found[id_] for id_ in product_ids if id_ in found)
    ]


def _sum(column: InstrumentedAttribute[Decimal]) -> TypeCoerce[Decimal]:
    return type_coerce(func.coalesce(func.sum(column), 0), Quantity)


def _arrival(order: Row[Any]) -> dict[str, Any]:
    return {"number": order.number, "quantity": plain(order.quantity - order.received), "expected_on": str(order.expected_on)}


def _place(batch: Row[Any]) -> dict[str, Any]:
    return {
        "warehouse": batch.warehouse,
        "location": batch.location,
        "batch": batch.batch,
        "expires_on": str(batch.expires_on) if batch.expires_on else "",
        "available": plain(batch.on_hand - batch.reserved),
    }


def receive(
    tx: Transaction,
    product: Product,
    quantity: Decimal,
    location: str,
    by: Staff,
    warehouse: str | None = None,
    batch: str = "",
    expires_on: date | None = None,
    number: str | None = None,
    returned: bool = False,
) -> Received:
    """Takes goods in (入库) and gives them to the orders that wait; `number` is the purchase order they are of, if said.

    What was made, and neither bought nor `returned` by a customer, uses up its materials: those held for it, else those free.
    Of two expiry dates of one batch the nearer one holds.
    """
    require(by, (Role.WAREHOUSE, Role.ADMIN), "入库")
    quantity = check_quantity(product, quantity)
    location = check_text("库位", location, 64)
    warehouse = workplace(tx, by, warehouse)
    materials = with_materials(tx, [product.id])
    lock_products(tx, materials)
    before = _on_hand(tx, materials - {product.id})
    place = _batch_at(tx, product, warehouse, location, batch.strip())
    place.expires_on = min((day for day in (place.expires_on, expires_on) if day), default=None)
    check_quantity(product, place.on_hand + quantity)
    place.on_hand += quantity
    used = use_up(tx, product, quantity, number)
    _record_change(tx, place, quantity, "received", by)
    bought = sum((part for _, part in used), _NONE)
    made = _NONE if returned or not product.made else quantity - bought
    served = waiting.serve(tx, [product.id], waiting.Made(product.id, made))
    return Received(place, quantity, used, _used_up(tx, before), served)


def _on_hand(tx: Transaction, product_ids: Collection[int]) -> dict[int, Decimal]:
    """What lies of each product in all places; those of which nothing ever lay are left out."""
    if not product_ids:
        return {}
    query = select(StockBatch.product_id, _sum(StockBatch.on_hand)).where(StockBatch.product_id.in_(product_ids))
    return dict(row for row in tx.session.execute(query.group_by(StockBatch.product_id)))


def _used_up(tx: Transaction, before: dict[int, Decimal]) -> list[tuple[Product, Decimal]]:
    after = _on_hand(tx, before)
    gone = {product_id: lay - after[product_id] for product_id, lay in before.items() if lay > after[product_id]}
    return [(tx.session.get_one(Product, product_id), quantity) for product_id, quantity in sorted(gone.items())]


def count(
    tx: Transaction,
    product: Product,
    warehouse: str,
    location: str,
    quantity: Decimal,
    batch: str = "",
    expires_on: date | None = None,
) -> None:
    """Sets what lies at a place (盘点), as `count_all` does."""
    count_all(tx, [Count(product.id, warehouse, location, quantity, batch, expires_on)])


def count_all(tx: Transaction, counts: Sequence[Count]) -> None:
    """Sets what lies at places. Found less than was held: the newest orders give theirs back and wait again.

    Quantities may be 0, and are checked by the caller, who reads them from a file.
    """
    products = lock_products(tx, with_materials(tx, {one.product_id for one in counts}))
    places = _places(tx, products)
    deprived: dict[int, Order] = {}
    changed: set[int] = set()
    for one in counts:
        place = places.get(one.place) or _open(tx, products[one.product_id], one.warehouse, one.location, one.batch)
        place.expires_on = one.expires_on or place.expires_on
        change = one.quantity - place.on_hand
        if change:
            deprived |= {order.id: order for order in release(tx, place, place.reserved - one.quantity)}
            place.on_hand = one.quantity
            _record_change(tx, place, change, "counted", None)
            changed.add(one.product_id)
    tx.session.flush()
    waiting.serve_again(tx, changed, deprived.values())


def _places(tx: Transaction, product_ids: Iterable[int]) -> dict[tuple[int, str, str, str], StockBatch]:
    query = select(StockBatch).where(StockBatch.product_id.in_(product_ids)).options(joinedload(StockBatch.product))
    found = tx.session.scalars(query.execution_options(populate_existing=True))
    return {(place.product_id, place.warehouse, place.location, place.batch): place for place in found}


def _batch_at(tx: Transaction, product: Product, warehouse: str, location: str, batch: str) -> StockBatch:
    """The batch of a product at a place, opened when it is new."""
    query = select(StockBatch).where(
        StockBatch.product_id == product.id, StockBatch.warehouse == warehouse, StockBatch.location == location, StockBatch.batch == batch
    )
    place = tx.session.scalar(query.execution_options(populate_existing=True))
    return place or _open(tx, product, warehouse, location, batch)


def _open(tx: Transaction, product: Product, warehouse: str, location: str, batch: str) -> StockBatch:
    place = StockBatch(product=product, warehouse=warehouse, location=location, batch=batch, on_hand=_NONE, reserved=_NONE)
    tx.session.add(place)
    return place


def change_data(warehouse: str, location: str, batch: str, change: Decimal, on_hand: Decimal, why: str) -> dict[str, str]:
    """What the event of a changed place says."""
    where = {"warehouse": warehouse, "location": location, "batch": batch}
    return where | {"change": plain(change), "on_hand": plain(on_hand), "why": why}


def _record_change(tx: Transaction, place: StockBatch, change: Decimal, why: str, by: Staff | None) -> None:
    data = change_data(place.warehouse, place.location, place.batch, change, place.on_hand, why)
    record(tx, Fact.STOCK_CHANGED, by=by, product=place.product, data=data)
