"""The morning of every working day: the warehouses hear which parts of orders have to leave."""

import structlog

from orders.leaving import leaving, tell_leaving
from store.transaction import Store

log = structlog.get_logger()


def remind(store: Store) -> None:
    """Tells of each order in a transaction of its own: one that fails does not keep the others waiting."""
    with store.reading() as look:
        found = leaving(look)
    for order_id in found:
        try:
            with store.transaction() as tx:
                tell_leaving(tx, order_id)
        except Exception:
            log.exception("a warehouse could not be told what has to leave", order=order_id)
