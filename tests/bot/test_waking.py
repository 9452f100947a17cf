"""Workers are woken after a commit; a Redis that is away holds nobody up."""

import time
from multiprocessing import get_context

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from bot.waking import Waker
from store.events import BULK
from store.outbox import DELIVER
from store.queues import connect


def test_a_wake_enqueues_one_job(redis: Redis):
    waker = Waker(redis)
    for _ in range(10):
        waker({DELIVER})
    waker.close()
    assert Queue(DELIVER, connection=redis, serializer=JSONSerializer).count == 1


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_process_wakes_too(redis: Redis):
    waker = Waker(redis)
    waker({BULK})
    child = get_context("fork").Process(target=lambda: (waker({DELIVER}), waker.close()))
    child.start()
    child.join(10)
    waker.close()
    assert Queue(DELIVER, connection=redis, serializer=JSONSerializer).count == 1


def test_a_redis_that_is_away_costs_no_time():
    waker = Waker(connect("redis://127.0.0.1:1/0"))
    began = time.monotonic()
    waker({DELIVER})
    assert time.monotonic() - began < 0.2
    waker.close()
