"""Time is an argument: nothing in the product calls now() on its own (design: house.md, decision 8)."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from redis import Redis, RedisError

OFFSET_KEY = "gendan:clock:offset"
_LOOK_AGAIN = 0.05


class Clock(Protocol):
    """Tells the time of the trade. Leases and key lifetimes use real time instead."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True)
class FixedClock:
    """One moment for ever, for calculations and tests."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


@dataclass
class MovableClock:
    """The machine's clock plus one offset kept in Redis: every process of a demo or a test reads the same time.

    While Redis is away only who moved the clock knows the offset. Everybody else waits for Redis, which is started again within
    seconds, and raises RedisError after `patience` of them: by a time hours off a trace would be written down as older than it is,
    and what was sent yesterday thrown away as old.
    """

    redis: Redis
    patience: float = 10
    _moved: timedelta | None = None

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset()

    def offset(self) -> timedelta:
        """How far it is ahead of the machine's."""
        end = time.monotonic() + self.patience
        while True:
            try:
                return timedelta(seconds=float(self.redis.get(OFFSET_KEY) or 0))
            except RedisError:
                if self._moved is not None:
                    return self._moved
                if time.monotonic() > end:
                    raise
                time.sleep(_LOOK_AGAIN)

    def forward(self, by: timedelta) -> None:
        """Moves the time of all processes on by `by`."""
        self._moved = timedelta(seconds=self.redis.incrbyfloat(OFFSET_KEY, by.total_seconds()))

    def set_to(self, moment: datetime) -> None:
        """Makes it `moment` now for all processes."""
        offset = moment - datetime.now(UTC)
        self.redis.set(OFFSET_KEY, offset.total_seconds())
        self._moved = offset
