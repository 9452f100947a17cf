"""`worker.py` as a real program: whatever is killed, the work is done and nothing is left behind."""

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import func, select

from automations.clock import LEADER_KEY
from store.clock import SystemClock
from store.events import Fact, record
from store.models import Episode, Event, OutboxMessage, UnreadEvent
from store.transaction import Store
from store.workers import WORKER_KEY
from tests.automations.orders import line_for, order_for
from tests.programs.conftest import Program
from tests.support.firm import make_firm
from tests.support.waiting import wait_until

Worker = Callable[[], Program]


@pytest.fixture
def shortage(here: Store) -> int:
    """A line that is short of stock and due in an hour, in no transaction that woke anybody: the id of its product."""
    with here.transaction() as tx:
        firm = make_firm(tx)
        order = order_for(tx, firm, 7, ship_at=tx.now + timedelta(hours=1))
        line_for(tx, order, firm.bolt, 9000)
        for batch in firm.batches:
            batch.on_hand = Decimal(0)
        return firm.bolt.id


def _episodes(store: Store) -> int:
    with store.reading() as look:
        return look.session.scalar(select(func.count()).select_from(Episode)) or 0


def _addressed(store: Store) -> bool:
    with store.reading() as look:
        waiting = look.session.scalars(select(OutboxMessage.addressed)).all()
    return bool(waiting) and all(waiting)


def _unread(store: Store) -> int:
    with store.reading() as look:
        return look.session.scalar(select(func.count()).select_from(UnreadEvent)) or 0


def test_children_that_die_are_started_again_and_what_time_made_true_is_told(start_worker: Worker, here: Store, shortage: int) -> None:
    worker = start_worker()
    before = worker.children
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: len(worker.children) == 3 and not worker.children & before, 20)
    wait_until(lambda: _episodes(here) == 1 and _addressed(here), 20)


def test_what_a_dead_worker_held_is_done_by_another_which_leaves_in_order(start_worker: Worker, here: Store, redis_here: Redis) -> None:
    with here.transaction() as tx:
        event = record(tx, Fact.STOCK_CHANGED, by=None, data={})
        row = tx.session.get_one(UnreadEvent, (event, "reactions"))
        row.lease_until, row.attempts = SystemClock().now() + timedelta(seconds=5), 1
    worker = start_worker()
    wait_until(lambda: _unread(here) == 0, 20)
    children = worker.children
    assert worker.stop() == 0
    assert not worker.children & children
    assert not list(redis_here.scan_iter(f"{WORKER_KEY}*"))
    assert not redis_here.exists(LEADER_KEY)
    assert not worker.says("Traceback")


def test_another_machine_keeps_the_clock_when_the_leader_s_dies(start_worker: Worker, here: Store, redis_here: Redis) -> None:
    first = start_worker()
    leader = wait_until(lambda: redis_here.get(LEADER_KEY))
    second = start_worker()
    assert redis_here.get(LEADER_KEY) == leader
    orphans = first.children
    first.kill()
    wait_until(lambda: redis_here.get(LEADER_KEY) not in (None, leader), 15)
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in orphans))
    assert len(second.children) == 3


def test_a_redis_that_was_killed_comes_back_and_the_work_goes_on(start_worker: Worker, here: Store, redis_here: Redis) -> None:
    worker = start_worker()
    os.kill(redis_here.info("server")["process_id"], signal.SIGKILL)
    with here.transaction() as tx:
        make_firm(tx)
        record(tx, Fact.STOCK_CHANGED, by=None, data={})

    def taken_up() -> bool:
        with here.reading() as look:
            return bool(look.session.scalar(select(Event.id))) and not _unread(here)

    wait_until(taken_up, 30)
    wait_until(lambda: list(redis_here.scan_iter(f"{WORKER_KEY}*")), 20)
    assert worker.process.poll() is None
