"""An RQ worker as this house needs it: one queue, JSON, no scheduler, soon noticed when it is dead (design: house.md, 9)."""

import signal

from redis import Redis
from rq import Queue, SimpleWorker
from rq.job import Job
from rq.serializers import JSONSerializer

WORKER_KEY = "gendan:worker:"
"""Stands in Redis for each program whose workers live: `gendan:worker:<machine>:<pid>`."""
WORKER_TTL = 15


class QueueWorker(SimpleWorker):  # type: ignore[misc]
    """Works in its own process without forking (four times faster); RQ's defaults notice a dead worker after 13 minutes.

    One queue only: RQ moves a job safely to the worker only then. What is lost all the same is woken for again.
    """

    max_connection_wait_time = 2.0
    log_result_lifespan = False

    def __init__(self, queue: str, redis: Redis) -> None:
        # The connection's time-outs are raised by RQ to outlast its blocking reads.
        super().__init__(
            [Queue(queue, connection=redis, serializer=JSONSerializer)],
            connection=redis,
            serializer=JSONSerializer,
            worker_ttl=20,
            maintenance_interval=10,
            job_monitoring_interval=5,
            log_job_description=False,
        )

    def get_heartbeat_ttl(self, job: Job, working_time: float = 0.0) -> int:
        return int(job.timeout or 0) + WORKER_TTL

    def subscribe(self) -> None:
        """No commands from afar, so no thread and no second connection."""

    def unsubscribe(self) -> None:
        """Nothing was subscribed."""

    def _install_signal_handlers(self) -> None:
        """The parent asks by SIGTERM; the terminal's SIGINT is the parent's alone."""
        signal.signal(signal.SIGTERM, self.request_stop)


def serve(queue: str, redis: Redis) -> None:
    """Works on one queue until SIGTERM; finishes the job in hand first."""
    QueueWorker(queue, redis).work()
