"""Time is an argument: nothing in the product calls now() on its own (design: house.md, decision 8)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from redis import Redis, RedisError

OFFSET_KEY = "gendan:clock:offset"


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

    While Redis is away the last offset that was seen counts on; a process that has seen none raises RedisError, for by a time
    months off what was sent yesterday would be thrown away as old.
    """

    redis: Redis
    _seen: timedelta | None = None

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset()

    def offset(self) -> timedelta:
        """How far it is ahead of the machine's."""
        try:
            self._seen = timedelta(seconds=float(self.redis.get(OFFSET_KEY) or 0))
        except RedisError:
            if self._seen is None:
                raise
        return self._seen

    def forward(self, by: timedelta) -> None:
        """Moves the time of all processes on by `by`."""
        self.redis.incrbyfloat(OFFSET_KEY, by.total_seconds())

    def set_to(self, moment: datetime) -> None:
        """Makes it `moment` now for all processes."""
        self.redis.set(OFFSET_KEY, (moment - datetime.now(UTC)).total_seconds())
