"""The worker: delivers messages, reacts to events, watches the rules and keeps the clock. Any number of machines may run it.

`python worker.py [--processes N]`: N processes deliver messages; one more does everything else that is due, one keeps the
clock. So every queue is served whatever N is.
"""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from textwrap import indent

import click
import structlog
from redis import Redis, RedisError
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

import automations.jobs
import notifiers.jobs
from bot.waking import Waker
from connectors import kuaidi100
from notifiers import channels
from orders import seal_keys
from store import log, sqlite, workers
from store.checks import check_database
from store.clock import MovableClock, SystemClock
from store.embedded import RedisDidNotStart, leave, redis_url
from store.events import BULK
from store.migrate import bring_up_to_date
from store.outbox import DELIVER
from store.processes import Child, Stop, run_family
from store.queues import connect
from store.setting_names import unknown_variables
from store.settings import Settings, WrongSettings, load_settings
from store.transaction import Store

logger = structlog.get_logger("worker")


@dataclass(frozen=True)
class Desk:
    """What every process of a program works with; made before the forks, connected after them."""

    settings: Settings
    store: Store
    redis: Redis
    redis_url: str


def ready_settings() -> Settings:
    """The settings, with logging set up by them; raises ClickException that names what is wrong with them."""
    try:
        settings = load_settings()
    except WrongSettings as error:
        raise click.ClickException(f"配置有误，请改 gendan.toml 或 GENDAN_ 环境变量：\n{indent(str(error), '  ')}") from None
    log.configure(settings.log_level)
    return settings


def ready_database(settings: Settings) -> None:
    """Brings an SQLite database up to date; a server's is upgraded only when somebody says so. Raises ClickException."""
    try:
        if make_url(settings.database).get_backend_name() == "sqlite":
            bring_up_to_date(settings)
    except (SQLAlchemyError, OSError) as error:
        raise click.ClickException(f"数据库打不开（{type(error).__name__}），请检查 GENDAN_DATABASE_URL 和 GENDAN_HOME") from error
    if not (found := check_database(settings)).ok:
        raise click.ClickException(f"{found.what}{found.text}")


def open_desk(settings: Settings) -> Desk:
    """Everything that a process works with, the embedded Redis started; raises ClickException."""
    for variable in unknown_variables(Settings):
        structlog.get_logger().warning("unknown setting", variable=variable.name, nearest=variable.nearest)
    ready_database(settings)
    try:
        url = redis_url(settings)
        redis = connect(url)
    except (RedisDidNotStart, ValueError, OSError) as error:
        raise click.ClickException(f"Redis 用不了，请检查 GENDAN_REDIS_URL：{error}") from error
    clock = MovableClock(redis) if settings.movable_clock else SystemClock()
    return Desk(settings, Store(settings, clock, Waker(redis)), redis, url)


def work_children(desk: Desk, deliverers: int) -> list[Child]:
    """The processes that do the work in the background."""
    if desk.settings.kuaidi100.is_open:
        channels.register(kuaidi100.SERVICE, kuaidi100.Subscriptions(desk.store))
    notifiers.jobs.configure(desk.store, desk.redis, desk.settings)
    automations.jobs.configure(desk.store, desk.redis)
    with desk.store.transaction() as tx:
        seal_keys.own(tx)
    # RQ raises the time-outs of its connection, so each worker has one of its own.
    work = [Child(f"{DELIVER}-{number + 1}", partial(_serve, desk, DELIVER)) for number in range(deliverers)]
    return [*work, Child(BULK, partial(_serve, desk, BULK)), Child("clock", _keep_time)]


def _serve(desk: Desk, queue: str) -> None:
    sqlite.stand_back()
    workers.serve(queue, connect(desk.redis_url))


def _keep_time() -> None:
    sqlite.stand_back()
    automations.jobs.keep_time(Stop().pause)


def watcher(desk: Desk) -> Callable[[set[str]], None]:
    """What the parent does every few seconds: starts the embedded Redis again when it is gone, and says that workers live."""
    key = worker_key()

    def watch(living: set[str]) -> None:
        try:
            redis_url(desk.settings)
            if BULK in living:
                desk.redis.set(key, len(living), ex=workers.WORKER_TTL)
        except (RedisError, RedisDidNotStart) as error:
            logger.warning("Redis is away", error=str(error))

    return watch


def worker_key() -> str:
    """What says in Redis that the workers of this program live."""
    return f"{workers.WORKER_KEY}{socket.gethostname()}:{os.getpid()}"


def run(desk: Desk, children: list[Child]) -> None:
    """Keeps `children` running until this process is told to end, then leaves everything in order."""
    run_family(children, watcher(desk))
    try:
        desk.redis.delete(worker_key())
    except RedisError as error:
        logger.warning("Redis is away", error=str(error))
    desk.redis.close()
    desk.store.close()
    leave(desk.settings)


@click.command(help="派送消息、响应事件、看规则、守时钟。", context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--processes", type=click.IntRange(1, 64), default=2, show_default=True, help="派送消息的进程数；其余的活另有进程做。")
def main(processes: int) -> None:
    """Runs until SIGTERM or SIGINT."""
    desk = open_desk(ready_settings())
    run(desk, work_children(desk, processes))


if __name__ == "__main__":
    main()
