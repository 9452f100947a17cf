"""The order in which parallel transactions wait for each other: products by id, then orders by id.

The row of a product stands for all its stock: who reserves, takes or adds some of it holds that row. Then whoever looks
for waiting orders sees every order that came before. SQLite has one writer at a time, so there it is an ordinary read.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import selectinload

from orders.bills import with_materials
from store.models import ApprovalSeat, ApprovalStep, Order, OrderLine, Product, Reservation
from store.transaction import Transaction

_PRODUCTS = (
    select(Product)
    .where(Product.id.in_(bindparam("ids", expanding=True)))
    .order_by(Product.id)
    # FOR NO KEY UPDATE: new order lines, whose foreign keys look at the product, need not wait.
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)
_WITH_PARTS = (
    selectinload(Order.lines).selectinload(OrderLine.product),
    selectinload(Order.lines).selectinload(OrderLine.reservations).joinedload(Reservation.batch),
    selectinload(Order.fulfilments),
    selectinload(Order.steps).selectinload(ApprovalStep.seats).selectinload(ApprovalSeat.signers),
    selectinload(Order.customer),
    selectinload(Order.salesperson),
)
_PRODUCT_IDS = (
    select(Product.id).where(Product.id.in_(bindparam("ids", expanding=True))).order_by(Product.id).with_for_update(key_share=True)
)
_AT_ONCE = 5000
"""Values that every database takes in one query."""
_WANTED = (
    select(Order)
    .where(Order.id.in_(bindparam("ids", expanding=True)))
    .order_by(Order.id)
    .options(*_WITH_PARTS)
    .execution_options(populate_existing=True)
)
_ORDERS = _WANTED.with_for_update(of=Order, key_share=True)


def lock_products(tx: Transaction, product_ids: Iterable[int]) -> dict[int, Product]:
    """The products with their stock held for this transaction; unknown ids are left out."""
    return {product.id: product for product in tx.session.scalars(_PRODUCTS, {"ids": list(set(product_ids))})}


def lock_stock(tx: Transaction, product_ids: Sequence[int]) -> None:
    """As lock_products does, for thousands at once, in ascending order, which need not be looked at."""
    for start in range(0, len(product_ids), _AT_ONCE):
        tx.connection.execute(_PRODUCT_IDS, {"ids": product_ids[start : start + _AT_ONCE]}).all()


def lock_orders(tx: Transaction, order_ids: Iterable[int]) -> list[Order]:
    """The orders by id, fresh, with lines, reservations and fulfilments; products first, if stock is touched too."""
    return list(tx.session.scalars(_ORDERS, {"ids": list(set(order_ids))}))


def load_order(tx: Transaction, order_id: int) -> Order:
    """An order with all its parts, fresh, but not held: for a preview."""
    return tx.session.scalars(_WANTED, {"ids": [order_id]}).one()


def lock_order(tx: Transaction, order_id: int, more_products: Iterable[int] = ()) -> tuple[Order, dict[int, Product]]:
    """An order with the stock of its lines, what those are made of, and of more products, held for this transaction."""
    own = tx.session.execute(select(OrderLine.product_id, Product.made).join(OrderLine.product).where(OrderLine.order_id == order_id)).all()
    ids = {product_id for product_id, _ in own} | set(more_products)
    products = lock_products(tx, with_materials(tx, ids) if any(made for _, made in own) else ids)
    return lock_orders(tx, [order_id])[0], products
