"""The order in which parallel transactions wait for each other: products by id, then orders by id.

The row of a product stands for all its stock: who reserves, takes or adds some of it holds that row. Then whoever looks
for waiting orders sees every order that came before. SQLite has one writer at a time, so there it is an ordinary read.
"""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from store.models import Order, OrderLine, Product, Reservation
from store.transaction import Transaction


def lock_products(tx: Transaction, product_ids: Iterable[int]) -> dict[int, Product]:
    """The products with their stock held for this transaction; unknown ids are left out."""
    # FOR NO KEY UPDATE: new order lines, whose foreign keys look at the product, need not wait.
    query = select(Product).where(Product.id.in_(set(product_ids))).order_by(Product.id).with_for_update(key_share=True)
    return {product.id: product for product in tx.session.scalars(query.execution_options(populate_existing=True))}


def lock_orders(tx: Transaction, order_ids: Iterable[int]) -> list[Order]:
    """The orders by id, fresh, with lines, reservations and fulfilments; products first, if stock is touched too."""
    query = (
        select(Order)
        .where(Order.id.in_(set(order_ids)))
        .order_by(Order.id)
        .with_for_update(of=Order, key_share=True)
        .options(
            selectinload(Order.lines).selectinload(OrderLine.product),
            selectinload(Order.lines).selectinload(OrderLine.reservations).joinedload(Reservation.batch),
            selectinload(Order.fulfilments),
            selectinload(Order.customer),
            selectinload(Order.salesperson),
        )
        .execution_options(populate_existing=True)
    )
    return list(tx.session.scalars(query))
