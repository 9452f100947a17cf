"""The programs as real processes, each test in a home of its own: an SQLite database and an embedded Redis."""

import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from redis import Redis

from store.clock import SystemClock
from store.embedded import leave, redis_url
from store.migrate import bring_up_to_date
from store.queues import connect
from store.settings import Settings
from store.transaction import Store
from store.workers import WORKER_KEY
from tests.support.approvals import NO_APPROVALS
from tests.support.product import ROOT, outside
from tests.support.servers import own_folder
from tests.support.waiting import wait_until

STARTED_SECONDS = 90
"""Generous: a machine that tests is a busy one."""


class Program:
    """A running `worker.py` or `bot.py`."""

    def __init__(self, home: Path, *command: str, **environment: str) -> None:
        self.log = home / f"{len(list(home.glob('*.log')))}.log"
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=_environment(home) | environment, stdout=output, stderr=output
            )

    @property
    def children(self) -> set[int]:
        found = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True).stdout
        rows = [line.split() for line in found.splitlines()]
        return {int(pid) for pid, parent, state in rows if int(parent) == self.process.pid and not state.startswith("Z")}

    def says(self, text: str) -> bool:
        return text in self.log.read_text(encoding="utf-8")

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(20)


def _environment(home: Path) -> dict[str, str]:
    return outside() | {"GENDAN_HOME": str(home), "GENDAN_CONFIG": str(home / "gendan.toml"), "PYTHONUNBUFFERED": "1"}


@pytest.fixture
def home() -> Iterator[Path]:
    with own_folder("gendan-") as folder:
        yield folder


@pytest.fixture
def settings(home: Path) -> Settings:
    return Settings(home=home, trade=NO_APPROVALS)


@pytest.fixture
def here(settings: Settings) -> Iterator[Store]:
    """The database of the programs, seen by the test."""
    bring_up_to_date(settings)
    store = Store(settings, SystemClock())
    yield store
    store.close()


@pytest.fixture
def redis_here(settings: Settings) -> Iterator[Redis]:
    """The embedded Redis of the programs; the test counts as one of its users, so it outlives the programs."""
    with connect(redis_url(settings)) as redis:
        yield redis
    leave(settings)


Start = Callable[..., Program]


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    """Starts a program; whatever still runs at the end of the test is killed."""
    running: list[Program] = []

    def begin(*command: str, **environment: str) -> Program:
        running.append(Program(home, *command, **environment))
        return running[-1]

    yield begin
    for program in running:
        with suppress(ProcessLookupError):
            program.process.kill()
        program.process.wait(20)


@pytest.fixture
def start_worker(start: Start, redis_here: Redis) -> Callable[[], Program]:
    """Starts `worker.py` and waits until it works."""

    def begin() -> Program:
        program = start("worker.py", "--processes", "1")
        wait_until(lambda: redis_here.exists(_key(program)) and len(program.children) == 3, STARTED_SECONDS)
        return program

    return begin


def _key(program: Program) -> str:
    return f"{WORKER_KEY}{socket.gethostname()}:{program.process.pid}"
