"""The clock that the demo and the tests move."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from redis import RedisError

from store.clock import MovableClock
from store.embedded import leave
from store.embedded import redis_url as embedded_redis
from store.queues import connect
from store.settings import Settings
from tests.support.servers import redis_server


def test_every_process_reads_the_same_offset(redis_url: str) -> None:
    with connect(redis_url) as one, connect(redis_url) as other:
        MovableClock(one).forward(timedelta(hours=48))
        ahead = MovableClock(other).now() - datetime.now(UTC)
    assert timedelta(hours=47, minutes=59) < ahead <= timedelta(hours=48)


def test_time_goes_on_from_the_last_offset_while_redis_is_away_and_is_not_invented() -> None:
    with redis_server() as url, connect(url) as redis:
        clock = MovableClock(redis)
        clock.forward(timedelta(hours=5))
        assert clock.offset() == timedelta(hours=5)
        redis.shutdown(nosave=True)
        assert clock.offset() == timedelta(hours=5)
        with pytest.raises(RedisError):
            MovableClock(redis, patience=0).now()


def test_who_did_not_move_the_clock_waits_for_redis_rather_than_read_a_time_that_has_passed(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with connect(embedded_redis(settings)) as redis:
        reader = MovableClock(redis)
        assert reader.offset() == timedelta()
        MovableClock(redis).forward(timedelta(hours=50))
        os.kill(int(redis.info("server")["process_id"]), signal.SIGKILL)
        with ThreadPoolExecutor(1) as beside:
            read = beside.submit(reader.offset)
            embedded_redis(settings)
            assert read.result() == timedelta(hours=50)
    leave(settings)
