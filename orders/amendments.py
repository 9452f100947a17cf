"""The amendments of an order as they are kept: one may wait for an interception, and meanwhile nothing else moves."""

from collections.abc import Sequence

from sqlalchemy import select

from orders.refusals import Refused
from store.models import Amendment, Order, Snapshot
from store.transaction import Transaction

AMEND, CANCEL = "amend", "cancel"
"""The kinds of an amendment."""
WAITING, APPLIED, REFUSED = "waiting", "applied", "refused"
"""The states of an amendment."""
DEEDS = {AMEND: "改单", CANCEL: "取消"}


def waiting_amendment(tx: Transaction, order: Order) -> Amendment | None:
    """The amendment of an order that waits for an interception, if one does."""
    return tx.session.scalar(select(Amendment).where(Amendment.order_id == order.id, Amendment.state == WAITING))


def check_none_waits(tx: Transaction, order: Order, doing: str) -> None:
    """Refuses to go on with an order while a change of it waits for an interception."""
    if waits := waiting_amendment(tx, order):
        raise Refused("amendment_waits", order_no=order.no, doing=doing, by=waits.staff.name, deed=DEEDS[waits.kind])


def check_version(tx: Transaction, order: Order, version: int | None) -> None:
    """Refuses to act on an old version: its cards, pages and drafts say what does not hold any more. None: the one in force."""
    if version is not None and version != order.version:
        raise Refused("old_version", order_no=order.no, version=version, current=order.version, changes=changed_since(tx, order, version))


def changed_since(tx: Transaction, order: Order, version: int) -> list[str]:
    """What was changed after a version, field by field, in words."""
    later: Sequence[Snapshot] = tx.session.scalars(
        select(Snapshot).where(Snapshot.order_id == order.id, Snapshot.version > version).order_by(Snapshot.version)
    ).all()
    return [f"{change['what']} {change['before']}→{change['after']}" for snapshot in later for change in snapshot.changes]
