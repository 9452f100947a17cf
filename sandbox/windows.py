"""Counting in time windows: so many per minute, so many per month, by the movable clock."""

from collections import defaultdict, deque
from datetime import datetime, timedelta

from store.clock import Clock


class Window:
    """At most `limit` in `span` for each key; what is over the limit is not counted."""

    def __init__(self, clock: Clock, limit: int, span: timedelta) -> None:
        self._clock, self.limit, self._span = clock, limit, span
        self._times: dict[str, deque[datetime]] = defaultdict(deque)

    def admits(self, key: str) -> bool:
        """True and counted, or False when the window is full."""
        now, times = self._clock.now(), self._times[key]
        while times and times[0] <= now - self._span:
            times.popleft()
        if len(times) >= self.limit:
            return False
        times.append(now)
        return True


class Recent:
    """The answer that was given for a key, for as long as the platform takes a repetition for the same."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._answers: dict[str, tuple[datetime, str]] = {}

    def get(self, key: str) -> str | None:
        """What was kept for `key` and has not ended."""
        until, value = self._answers.get(key, (None, None))
        return value if until is not None and self._clock.now() < until else None

    def keep(self, key: str, value: str, span: timedelta) -> None:
        """Keeps `value` for `span` from now."""
        self._answers[key] = (self._clock.now() + span, value)
