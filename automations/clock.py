"""The clock: one leader of all machines looks each second whether something is due that nobody is waking for.

It does nothing itself: it wakes the queues, so a job that was lost is made up and one that comes twice finds nothing to do.
"""

import secrets
from collections.abc import Callable, Sequence

import structlog
from redis import Redis, RedisError
from sqlalchemy.exc import OperationalError

from automations.timers import Duty, due
from automations.unread import anything_unread
from store.deliveries import anything_due
from store.events import BULK
from store.outbox import DELIVER
from store.queues import wake
from store.transaction import Store

log = structlog.get_logger()

LEADER_KEY = "gendan:clock:leader"
LEASE_SECONDS = 5
"""Real time; a leader that dies is followed by another within this and one second."""
_KEEP = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('expire', KEYS[1], ARGV[2]) else return 0 end"
_GIVE_UP = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end"


class Leader:
    """Leadership over the clock, held in Redis for a lease that is renewed."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._name = secrets.token_hex(8)

    def leads(self) -> bool:
        """Whether this one leads now; renews its lease, or takes what is free. Raises RedisError."""
        if self._redis.eval(_KEEP, 1, LEADER_KEY, self._name, LEASE_SECONDS):
            return True
        taken = bool(self._redis.set(LEADER_KEY, self._name, nx=True, ex=LEASE_SECONDS))
        if taken:
            log.info("leads the clock")
        return taken

    def resign(self) -> None:
        """Lets another lead at once."""
        self._redis.eval(_GIVE_UP, 1, LEADER_KEY, self._name)


def waiting(store: Store, duties: Sequence[Duty]) -> set[str]:
    """The queues that have something to do now."""
    with store.reading() as look:
        deliver = {DELIVER} if anything_due(look.session) else set()
        bulk = {BULK} if due(look, duties) or anything_unread(look.session) else set()
    return deliver | bulk


def tick(store: Store, redis: Redis, leader: Leader, duties: Sequence[Duty]) -> None:
    """One second of the clock. A Redis or a database that is away is tried again with the next."""
    try:
        if leader.leads():
            wake(redis, waiting(store, duties))
    except (RedisError, OperationalError) as error:
        log.warning("the clock cannot see what is due", error=type(error).__name__)


def run(store: Store, redis: Redis, duties: Sequence[Duty], pause: Callable[[float], bool]) -> None:
    """Ticks each second until `pause`, which waits so many seconds, says that it is time to stop."""
    leader = Leader(redis)
    while not pause(1):
        tick(store, redis, leader, duties)
    leader.resign()
