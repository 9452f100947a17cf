"""Reactions: what an event may have made true or ended is looked at within a second, not at the next sweep.

Each fact that concerns the rules has a row in `unread_events` until it has been taken up; a worker takes some with a lease of
real time, so that those of a dead worker are found again (design: house.md, decision 5).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, and_, delete, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from automations.episodes import sweep
from automations.rules import Rule
from automations.subjects import Scope
from orders.waiting import serve_imported
from store.clock import SystemClock
from store.events import REACTIONS, Fact
from store.models import Event, UnreadEvent
from store.transaction import Store

log = structlog.get_logger()

LEASE = timedelta(seconds=15)
MOST_ATTEMPTS = 5
_AT_ONCE = 100


def anything_unread(session: Session) -> bool:
    """Whether an event waits that no worker has in hand."""
    return bool(session.scalar(select(exists().where(_free(SystemClock().now())))))


def react(store: Store, rules: Sequence[Rule]) -> int:
    """Takes up the unread events, oldest first; answers how many."""
    done = 0
    while events := _take(store):
        try:
            _take_up(store, rules, events)
        except Exception:
            log.exception("events could not be taken up together", events=len(events))
            _one_by_one(store, rules, events)
        done += len(events)
    return done


def _one_by_one(store: Store, rules: Sequence[Rule], events: Sequence[Event]) -> None:
    """A failing event keeps its lease and comes again later; the others go on."""
    for event in events:
        try:
            _take_up(store, rules, [event])
        except Exception:
            log.exception("an event could not be taken up", event_id=event.id, kind=event.kind)


def _take(store: Store) -> list[Event]:
    """Leases some unread events. One that fails again and again is left to the ordinary sweep, which needs no event."""
    now = SystemClock().now()
    with store.transaction() as tx:
        chosen = select(UnreadEvent).where(_free(now)).order_by(UnreadEvent.event_id).limit(_AT_ONCE)
        rows = tx.session.scalars(chosen.options(joinedload(UnreadEvent.event)).with_for_update(skip_locked=True, of=UnreadEvent)).all()
        for row in rows:
            row.lease_until = now + LEASE
            row.attempts += 1
        return [row.event for row in rows]


def _free(now: datetime) -> ColumnElement[bool]:
    """Rows that nobody has in hand."""
    return and_(
        UnreadEvent.reader == REACTIONS,
        UnreadEvent.attempts < MOST_ATTEMPTS,
        or_(UnreadEvent.lease_until.is_(None), UnreadEvent.lease_until < now),
    )


def _take_up(store: Store, rules: Sequence[Rule], events: Sequence[Event]) -> None:
    orders = frozenset(event.order_id for event in events if event.order_id)
    products = frozenset(event.product_id for event in events if event.product_id)
    if imported := [event for event in events if event.kind == Fact.ORDER_IMPORTED]:
        with store.transaction() as tx:
            serve_imported(tx, imported)
    sweep(store, rules, Scope(orders, products))
    with store.transaction() as tx:
        taken_up = UnreadEvent.event_id.in_([event.id for event in events])
        tx.session.execute(delete(UnreadEvent).where(taken_up, UnreadEvent.reader == REACTIONS))
