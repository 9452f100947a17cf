"""What time makes due of approvals: overdue ones climb, and the company's matrix is read again."""

from collections.abc import Callable

import structlog

from orders import approval_rules
from orders.delegation import ask_delegates, unasked
from orders.escalating import escalate, overdue
from store.transaction import Store, Transaction

log = structlog.get_logger()


def watch(store: Store) -> None:
    """Lets overdue approvals climb, and asks those whose delegation has begun meanwhile."""
    with store.reading() as look:
        late, joined = overdue(look), unasked(look)
    for order_id in late:
        _each(store, order_id, escalate, "an overdue approval could not climb")
    for order_id in joined:
        _each(store, order_id, ask_delegates, "a delegate could not be asked")


def _each(store: Store, order_id: int, deed: Callable[[Transaction, int], None], failure: str) -> None:
    """Each order in a transaction of its own: one that fails does not keep the others waiting."""
    try:
        with store.transaction() as tx:
            deed(tx, order_id)
    except Exception:
        log.exception(failure, order=order_id)


def read_matrix(store: Store) -> None:
    """Keeps what the company's file says when it is sound; tells the admins when it is not."""
    with store.transaction() as tx:
        approval_rules.look_again(tx)
