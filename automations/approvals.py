"""What time makes due of approvals: overdue ones climb, and the company's matrix is read again."""

import structlog

from orders import approval_rules
from orders.escalating import escalate, overdue
from store.transaction import Store

log = structlog.get_logger()


def watch(store: Store) -> None:
    """Each order in a transaction of its own: one that fails does not keep the others waiting."""
    with store.reading() as look:
        late = overdue(look)
    for order_id in late:
        try:
            with store.transaction() as tx:
                escalate(tx, order_id)
        except Exception:
            log.exception("an overdue approval could not climb", order=order_id)


def read_matrix(store: Store) -> None:
    """Keeps what the company's file says when it is sound; tells the admins when it is not."""
    with store.transaction() as tx:
        approval_rules.look_again(tx)
