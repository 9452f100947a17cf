"""Waking the workers after a commit, off the thread that committed (design: house.md, decision 2)."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import structlog
from redis import Redis, RedisError

from store.queues import wake

log = structlog.get_logger()
_GATHERING_SECONDS = 0.02
"""How long commits are gathered before one wake-up for all of them: at hundreds of messages a second, one each would cost
them a twentieth of the processor."""


class Waker:
    """The `wake` of a Store: notes the queues and returns at once. A Redis that is away costs a line in the log: the leader
    of the clock wakes again while due rows stand."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._begin()
        # A thread does not live on in a forked process, though its pool believes so.
        os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._noted: set[str] = set()
        self._guard = threading.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="wake")

    def __call__(self, queues: set[str]) -> None:
        """Wakes `queues` soon; what is already noted is woken once."""
        with self._guard:
            fresh = not self._noted
            self._noted |= queues
        if fresh:
            self._thread.submit(self._wake)

    def close(self) -> None:
        """Wakes what is still noted, and ends."""
        self._thread.shutdown()

    def _wake(self) -> None:
        time.sleep(_GATHERING_SECONDS)
        with self._guard:
            queues, self._noted = self._noted, set()
        try:
            wake(self._redis, queues)
        except RedisError as error:
            log.warning("nobody was woken", queues=sorted(queues), error=type(error).__name__)
