"""Waking the workers: RQ jobs that say "deliver what is due" or "do what is due", never what (house.md, decision 9).

A wake-up that is still waiting makes another one needless; one that is lost is made up by the leader of the clock.
"""

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

from store.events import BULK
from store.outbox import DELIVER

JOBS = {DELIVER: "notifiers.jobs.deliver", BULK: "automations.jobs.work"}
"""The function that serves each queue, by its import path."""
_WAITING_SECONDS = 5


def connect(url: str) -> Redis:
    """Redis with short time-outs: a dead or frozen server may not hold up a person (packages.md, 2)."""
    return Redis.from_url(url, socket_timeout=2, socket_connect_timeout=1, retry=Retry(NoBackoff(), 1))


def wake(redis: Redis, queues: set[str]) -> None:
    """Enqueues one job for each queue that has none waiting; raises redis.RedisError when Redis is away."""
    for name in queues:
        if redis.set(waiting_key(name), 1, nx=True, ex=_WAITING_SECONDS):
            Queue(name, connection=redis, serializer=JSONSerializer).enqueue(JOBS[name], result_ttl=0, failure_ttl=3600, job_timeout=60)


def waiting_key(queue: str) -> str:
    """Stands in Redis from the enqueueing of a wake-up until a worker takes it."""
    return f"gendan:woken:{queue}"
