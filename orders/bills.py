"""Bills of materials 物料清单: what made products are made of, through all levels."""

from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal

from sqlalchemy import select

from store.models import Component, Product
from store.transaction import Transaction

Bill = dict[int, tuple[tuple[int, Decimal], ...]]
"""By made product, its components and how much of each one of it takes."""


def bill_of(tx: Transaction, roots: Collection[int]) -> Bill:
    """What the made ones of these products are made of, and what that is made of; a bill that bites its tail ends too."""
    columns = (Component.product_id, Component.component_id, Component.quantity)
    own = select(*columns).join(Component.product).where(Component.product_id.in_(roots), Product.made)
    bill = own.cte("bill", recursive=True)
    bill = bill.union(select(*columns).join(Component.product).join(bill, Component.product_id == bill.c.component_id).where(Product.made))
    found: defaultdict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    for product_id, component_id, quantity in tx.session.execute(select(bill)):
        found[product_id].append((component_id, quantity))
    return {product_id: tuple(sorted(parts)) for product_id, parts in found.items()}


def with_materials(tx: Transaction, product_ids: Collection[int]) -> set[int]:
    """These products and all that the made ones of them take: whose stock moves along when they are taken in or given back."""
    ids = set(product_ids)
    if not tx.session.scalar(select(Product.id).where(Product.id.in_(ids), Product.made).limit(1)):
        return ids
    return ids.union(*({part for part, _ in parts} for parts in bill_of(tx, ids).values()))
