"""The clock: what time makes due is done, once, by whoever leads; skipped calendar times run once."""

from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis
from sqlalchemy import select

from automations import retention
from automations.clock import LEADER_KEY, LEASE_SECONDS, Leader, tick, waiting
from automations.jobs import duties
from automations.timers import Calendar, Duty, Every, run_due
from store.events import BULK
from store.models import Incoming, OutboxMessage, Timer
from store.outbox import DELIVER, Urgency
from store.queues import connect, waiting_key
from store.transaction import Store
from tests.support.clock import TestClock

MINUTE = timedelta(minutes=1)


class Diary:
    """Duties that note when they were done."""

    def __init__(self, clock: TestClock) -> None:
        self.clock = clock
        self.done: list[datetime] = []

    def note(self, _store: Store) -> None:
        self.done.append(self.clock.now())


@pytest.fixture
def diary(clock: TestClock) -> Diary:
    return Diary(clock)


class TestTimers:
    def test_an_interval_comes_again_and_again(self, store: Store, clock: TestClock, diary: Diary) -> None:
        duties = [Duty("often", Every(MINUTE), diary.note)]
        for _ in range(5):
            run_due(store, duties)
            clock.forward(MINUTE / 2)
        assert len(diary.done) == 2

    def test_calendar_times_are_the_company_s(self, store: Store, clock: TestClock, diary: Diary) -> None:
        run_due(store, [Duty("daily", Calendar("30 17 * * *"), diary.note)])
        with store.reading() as look:
            assert look.session.scalars(select(Timer.due_at)).one() == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
        assert diary.done == []

    def test_calendar_times_that_were_skipped_run_once(self, store: Store, clock: TestClock, diary: Diary) -> None:
        duties = [Duty("daily", Calendar("30 17 * * *"), diary.note)]
        run_due(store, duties)
        clock.forward(timedelta(days=5))
        run_due(store, duties)
        run_due(store, duties)
        assert diary.done == [clock.now()]

    def test_a_clock_that_was_set_back_does_not_silence_a_duty(self, store: Store, clock: TestClock, diary: Diary) -> None:
        duties = [Duty("often", Every(MINUTE), diary.note)]
        run_due(store, duties)
        clock.forward(-timedelta(days=30))
        run_due(store, duties)
        assert len(diary.done) == 1

    def test_a_duty_that_fails_stops_no_other(self, store: Store, clock: TestClock, diary: Diary) -> None:
        def fail(_store: Store) -> None:
            raise RuntimeError("no")

        duties = [Duty("a", Every(MINUTE), fail), Duty("b", Every(MINUTE), diary.note)]
        run_due(store, duties)
        clock.forward(MINUTE)
        run_due(store, duties)
        run_due(store, duties)
        assert len(diary.done) == 1


def test_whatever_time_makes_due_is_looked_for_in_time_for_ten_seconds() -> None:
    """The clock's own second, a dead leader's lease and the work itself come on top."""
    looked_for = {duty.name: duty.rhythm.interval for duty in duties([]) if isinstance(duty.rhythm, Every)}
    told = {"rules.sweep", "approvals.climb", "tasks.chase"}
    assert told <= set(looked_for)
    assert max(looked_for[name] for name in told) + timedelta(seconds=LEASE_SECONDS + 1) <= timedelta(seconds=10)


class TestLeader:
    def test_one_leads_and_another_takes_over_when_its_lease_ends(self, redis: Redis) -> None:
        first, second = Leader(redis), Leader(redis)
        assert first.leads()
        assert not second.leads()
        assert first.leads()
        assert 0 < redis.ttl(LEADER_KEY) <= LEASE_SECONDS < 15
        redis.delete(LEADER_KEY)
        assert second.leads()
        assert not first.leads()

    def test_who_resigns_lets_another_lead_at_once(self, redis: Redis) -> None:
        first, second = Leader(redis), Leader(redis)
        first.leads()
        second.resign()
        assert not second.leads()
        first.resign()
        assert second.leads()


class TestTick:
    def _message(self, store: Store) -> None:
        with store.transaction() as tx:
            tx.session.add(OutboxMessage(key="a", audience="role:admin", card="notice", urgency=Urgency.BULK, created_at=tx.now))

    def test_wakes_only_queues_with_something_to_do(self, store: Store, redis: Redis) -> None:
        assert waiting(store, []) == set()
        self._message(store)
        assert waiting(store, []) == {DELIVER}
        assert waiting(store, [Duty("new", Every(MINUTE), lambda _store: None)]) == {DELIVER, BULK}

    def test_a_lost_wake_up_is_made_up_by_the_leader_only(self, store: Store, redis: Redis) -> None:
        self._message(store)
        leader, other = Leader(redis), Leader(redis)
        assert leader.leads()
        tick(store, redis, other, [])
        assert not redis.exists(waiting_key(DELIVER))
        tick(store, redis, leader, [])
        assert redis.exists(waiting_key(DELIVER))
        assert redis.llen("rq:queue:deliver") == 1
        tick(store, redis, leader, [])
        assert redis.llen("rq:queue:deliver") == 1

    def test_a_redis_that_is_away_does_not_end_the_clock(self, store: Store) -> None:
        nowhere = connect("redis://127.0.0.1:1")
        tick(store, nowhere, Leader(nowhere), [])


def test_old_callbacks_are_thrown_away_and_fresh_ones_kept(store: Store, clock: TestClock) -> None:
    with store.transaction() as tx:
        for key, age in (("old", timedelta(days=8)), ("fresh", timedelta(days=6))):
            tx.session.add(Incoming(platform="wecom", key=key, received_at=tx.now - age))
    retention.clean(store)
    with store.reading() as look:
        assert look.session.scalars(select(Incoming.key)).all() == ["fresh"]
