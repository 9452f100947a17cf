"""What an event may have made true is told at once; an event that nobody finished is found again."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from automations.reactions import react
from automations.rules import Rule, load_rules
from automations.unread import LEASES, MOST_ATTEMPTS, anything_unread, take
from store.clock import SystemClock
from store.events import BULK, EVIDENCE, REACTIONS, Fact, record
from store.models import Episode, Order, Product, StockBatch, UnreadEvent
from store.transaction import Store
from tests.automations.orders import line_for, order_for
from tests.support.clock import TestClock
from tests.support.firm import Firm


@pytest.fixture
def rules() -> list[Rule]:
    return load_rules()[0]


@pytest.fixture
def order(store: Store, firm: Firm, clock: TestClock) -> Order:
    """Due in an hour, of a product of which there is enough."""
    with store.transaction() as tx:
        order = order_for(tx, firm, 7, ship_at=clock.now() + timedelta(hours=1))
        line_for(tx, order, firm.bolt, 500)
    return order


def _lose_stock(store: Store, firm: Firm) -> set[str]:
    """A stock change that leaves 100, with its event; answers what its commit wakes."""
    with store.transaction() as tx:
        for number, batch in enumerate(firm.batches):
            tx.session.get_one(StockBatch, batch.id).on_hand = Decimal(100 if number == 0 else 0)
        record(tx, Fact.STOCK_CHANGED, by=None, product=tx.session.get_one(Product, firm.bolt.id))
    return tx.wakes


def _episodes(store: Store) -> int:
    with store.reading() as look:
        return look.session.scalar(select(func.count()).select_from(Episode)) or 0


def _unread(store: Store) -> list[UnreadEvent]:
    with store.reading() as look:
        return list(look.session.scalars(select(UnreadEvent).order_by(UnreadEvent.event_id)))


def test_a_stock_change_fires_the_alert_and_is_then_read(store: Store, firm: Firm, order: Order, rules: list[Rule]) -> None:
    assert BULK in _lose_stock(store, firm)
    assert react(store, rules) == 1
    assert _episodes(store) == 1
    assert _unread(store) == []
    assert react(store, rules) == 0


def test_an_event_in_another_worker_s_hands_is_left_until_its_lease_ends(store: Store, firm: Firm, order: Order, rules: list[Rule]) -> None:
    _lose_stock(store, firm)
    now = SystemClock().now()
    for lease_until, taken_up in [(now + LEASES[REACTIONS], 0), (now - timedelta(seconds=1), 1)]:
        with store.transaction() as tx:
            tx.session.scalars(select(UnreadEvent)).one().lease_until = lease_until
        with store.reading() as look:
            assert anything_unread(look.session) == bool(taken_up)
        assert react(store, rules) == taken_up
    assert _episodes(store) == 1


def test_an_event_that_fails_stops_no_other_and_is_left_at_last(store: Store, firm: Firm, order: Order, rules: list[Rule]) -> None:
    class Broken(Rule):
        def numbers(self, now: object) -> dict[str, object]:  # type: ignore[override]
            raise RuntimeError("a rule that cannot be worked out")

    broken = [Broken.model_validate(rules[1].model_dump(by_alias=True))]
    _lose_stock(store, firm)
    for attempt in range(1, MOST_ATTEMPTS + 1):
        react(store, broken)
        (row,) = _unread(store)
        assert row.attempts == attempt
        with store.transaction() as tx:
            tx.session.merge(row).lease_until = None
    with store.reading() as look:
        assert not anything_unread(look.session)
    _lose_stock(store, firm)
    assert react(store, rules) == 1
    assert len(_unread(store)) == 1


def test_an_imported_order_is_served_however_often_that_failed(store: Store, firm: Firm, order: Order, rules: list[Rule]) -> None:
    with store.transaction() as tx:
        record(tx, Fact.ORDER_IMPORTED, by=None, order=tx.session.get_one(Order, order.id))
        tx.session.scalars(select(UnreadEvent)).one().attempts = MOST_ATTEMPTS
    with store.reading() as look:
        assert anything_unread(look.session)
    assert react(store, rules) == 1
    assert _unread(store) == []


def test_what_a_dead_worker_had_in_hand_is_free_within_20_seconds() -> None:
    assert max(LEASES.values()) < timedelta(seconds=20), "what is promised"


def test_a_few_records_are_taken_at_a_time(store: Store, firm: Firm, order: Order) -> None:
    with store.transaction() as tx:
        for _ in range(7):
            record(tx, Fact.APPROVAL_ENDED, by=None, order=tx.session.get_one(Order, order.id))
    assert [len(take(store, EVIDENCE)) for _ in range(3)] == [5, 2, 0]


def test_many_events_are_taken_up_in_few_transactions(store: Store, firm: Firm, order: Order, rules: list[Rule]) -> None:
    for _ in range(3):
        _lose_stock(store, firm)
    assert react(store, rules) == 3
    assert _episodes(store) == 1
