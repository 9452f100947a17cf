"""What is thrown away when nobody can need it any more."""

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select, tuple_

from store.events import REACTIONS
from store.models import Base, Delivery, Event, Incoming, UnreadEvent
from store.transaction import Store

KEEP_INCOMING = timedelta(days=7)
"""Platforms repeat a callback for minutes; a pressed button may be pressed again for three days."""
KEEP_DELIVERIES = timedelta(days=180)
"""How long one can see what was sent to whom; the outbox rows stay, since their keys keep a thing from being told twice."""
KEEP_UNREAD = timedelta(days=7)
_AT_ONCE = 2000
"""Rows of one transaction, so that none holds the database for half a second."""


def clean(store: Store) -> None:
    """Deletes old callbacks, old deliveries and events that nobody could take up."""
    now = store.clock.now()
    _delete(store, Incoming, Incoming.received_at < now - KEEP_INCOMING)
    _delete(store, Delivery, Delivery.sent_at < now - KEEP_DELIVERIES)
    old = select(Event.id).where(Event.id == UnreadEvent.event_id, Event.at < now - KEEP_UNREAD)
    _delete(store, UnreadEvent, (UnreadEvent.reader == REACTIONS) & old.exists())


def _delete(store: Store, table: type[Base], old: ColumnElement[bool]) -> None:
    key = tuple_(*table.__table__.primary_key)
    some = select(*table.__table__.primary_key).where(old).limit(_AT_ONCE)
    deleted = _AT_ONCE
    while deleted == _AT_ONCE:
        with store.transaction() as tx:
            deleted = len(tx.session.execute(delete(table).where(key.in_(some)).returning(*table.__table__.primary_key)).all())
