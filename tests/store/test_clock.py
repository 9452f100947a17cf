"""The clock that the demo and the tests move."""

from datetime import UTC, datetime, timedelta

import pytest
from redis import RedisError

from store.clock import MovableClock
from store.queues import connect
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
            MovableClock(redis).now()
