"""Reactions: what an event may have made true or ended is looked at within a second, not at the next sweep."""

from collections.abc import Sequence

import structlog

from automations.episodes import sweep
from automations.rules import Rule
from automations.subjects import Scope
from automations.unread import take, taken_up
from orders.waiting import serve_imported
from store.events import REACTIONS, Fact
from store.models import Event
from store.transaction import Store

log = structlog.get_logger()


def react(store: Store, rules: Sequence[Rule]) -> int:
    """Takes up the unread events, oldest first; answers how many."""
    done = 0
    while events := take(store, REACTIONS):
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


def _take_up(store: Store, rules: Sequence[Rule], events: Sequence[Event]) -> None:
    orders = frozenset(event.order_id for event in events if event.order_id)
    products = frozenset(event.product_id for event in events if event.product_id)
    if imported := [event for event in events if event.kind == Fact.ORDER_IMPORTED]:
        with store.transaction() as tx:
            serve_imported(tx, imported)
    sweep(store, rules, Scope(orders, products))
    with store.transaction() as tx:
        taken_up(tx, REACTIONS, events)
