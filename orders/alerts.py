"""Alerts 异常 that end because what they watch is gone, not because their condition is over."""

from collections.abc import Iterable

from sqlalchemy import update

from orders.restock import alert_over
from store.events import Fact, record
from store.models import Episode, Order, OrderLine
from store.transaction import Transaction


def end(tx: Transaction, order: Order, lines: Iterable[OrderLine]) -> None:
    """Ends the alerts of lines that an amendment takes away, with what they asked for."""
    for line in lines:
        own = (Episode.subject == "line", Episode.subject_id == line.id, Episode.resolved_at.is_(None))
        for rule in tx.session.scalars(update(Episode).where(*own).values(resolved_at=tx.now).returning(Episode.rule)).all():
            alert_over(tx, line.product, order)
            record(tx, Fact.ALERT_RESOLVED, by=None, order=order, data={"rule": rule, "product": line.product.code})
