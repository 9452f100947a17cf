"""Events that a reader has still to take up: each has a row until then, leased in real time to the worker that has it in hand.

So those of a dead worker are found again (design: house.md, decision 5).
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, true
from sqlalchemy.orm import Session, joinedload

from store.clock import SystemClock
from store.events import EVIDENCE, REACTIONS, Fact
from store.models import Event, UnreadEvent
from store.transaction import Store, Transaction

LEASES = {REACTIONS: timedelta(seconds=15), EVIDENCE: timedelta(seconds=15)}
MOST_ATTEMPTS = 5
"""A reaction that fails again and again is left to the ordinary sweep, which needs no event; what no sweep makes up, a record and
the serving of an imported order, is tried until it succeeds."""
_AT_ONCE = {REACTIONS: 100, EVIDENCE: 5}
"""As many as are surely done with before their lease ends: to draw and sign a record takes half a second."""


def anything_unread(session: Session) -> bool:
    """Whether an event waits that no worker has in hand."""
    now = SystemClock().now()
    return bool(session.scalar(select(exists().where(or_(*(_free(reader, now) for reader in LEASES))))))


def take(store: Store, reader: str) -> list[Event]:
    """Leases some unread events, the oldest first."""
    now = SystemClock().now()
    with store.transaction() as tx:
        chosen = select(UnreadEvent).where(_free(reader, now)).order_by(UnreadEvent.event_id).limit(_AT_ONCE[reader])
        rows = tx.session.scalars(chosen.options(joinedload(UnreadEvent.event)).with_for_update(skip_locked=True, of=UnreadEvent)).all()
        for row in rows:
            row.lease_until = now + LEASES[reader]
            row.attempts += 1
        return [row.event for row in rows]


def taken_up(tx: Transaction, reader: str, events: Collection[Event]) -> None:
    """Says that these are done with."""
    done = UnreadEvent.event_id.in_([event.id for event in events])
    tx.session.execute(delete(UnreadEvent).where(done, UnreadEvent.reader == reader))


def _free(reader: str, now: datetime) -> ColumnElement[bool]:
    """Rows of a reader that nobody has in hand."""
    imported = exists().where(Event.id == UnreadEvent.event_id, Event.kind == Fact.ORDER_IMPORTED)
    tries = or_(UnreadEvent.attempts < MOST_ATTEMPTS, imported) if reader == REACTIONS else true()
    return and_(UnreadEvent.reader == reader, tries, or_(UnreadEvent.lease_until.is_(None), UnreadEvent.lease_until < now))
