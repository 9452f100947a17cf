"""Rate limits in Redis: so many messages in a moving window, or none at all during a pause.

A few lines of Lua of our own rather than a limiter library: they answer how long to wait, so that a delivery is put off
instead of dropped, and they see all workers of all machines. Time is Redis's own, real time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from redis import Redis

_TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local pauses = tonumber(ARGV[2])
local wait = 0
for i = 1, pauses do
    wait = math.max(wait, redis.call('PTTL', KEYS[i]))
end
for i = pauses + 1, #KEYS do
    local most, length = tonumber(ARGV[2 * (i - pauses) + 1]), tonumber(ARGV[2 * (i - pauses) + 2])
    redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now - length)
    if redis.call('ZCARD', KEYS[i]) >= most then
        local oldest = redis.call('ZRANGE', KEYS[i], -most, -most, 'WITHSCORES')
        wait = math.max(wait, oldest[2] + length - now + 1)
    end
end
if wait <= 0 then
    for i = pauses + 1, #KEYS do
        redis.call('ZADD', KEYS[i], now, ARGV[1])
        redis.call('PEXPIRE', KEYS[i], tonumber(ARGV[2 * (i - pauses) + 2]))
    end
end
return wait
"""


@dataclass(frozen=True)
class Window:
    """At most `most` messages in any `seconds` for whatever `name` names."""

    name: str
    most: int
    seconds: int


class Limits:
    """The windows and pauses of all channels."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._take = redis.register_script(_TAKE)

    def take(self, windows: Sequence[Window], pauses: Sequence[str] = ()) -> float:
        """Takes a place in all windows, or in none: then the seconds until there may be one. 0: go on."""
        keys = [_pause(name) for name in pauses] + [f"gendan:rate:{window.name}:{window.seconds}" for window in windows]
        sizes = [number for window in windows for number in (window.most, window.seconds * 1000)]
        return max(0, int(self._take(keys=keys, args=[uuid4().hex, len(pauses), *sizes]))) / 1000

    def pause(self, name: str, seconds: float) -> None:
        """Nothing goes out under this name for so long."""
        self._redis.set(_pause(name), 1, px=max(1, int(seconds * 1000)))


def _pause(name: str) -> str:
    return f"gendan:pause:{name}"
