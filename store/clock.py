"""Time is an argument: nothing in the product calls now() on its own (design: house.md, decision 8)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from redis import Redis

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


@dataclass(frozen=True)
class MovableClock:
    """The machine's clock plus one offset kept in Redis: every process of a demo or a test reads the same time."""

    redis: "Redis"

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset()

    def offset(self) -> timedelta:
        value = self.redis.get(OFFSET_KEY)
        return timedelta(seconds=float(value)) if value else timedelta()

    def forward(self, by: timedelta) -> None:
        """Moves the time of all processes on by `by`."""
        self.redis.incrbyfloat(OFFSET_KEY, by.total_seconds())

    def set_to(self, moment: datetime) -> None:
        """Makes it `moment` now for all processes."""
        self.redis.set(OFFSET_KEY, (moment - datetime.now(UTC)).total_seconds())
