"""Ends parts of the running product as a power cut does, at moments that a seed decides."""

import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from redis import Redis, RedisError

from tests.bench.processes import family
from tests.support.product import Product, Program
from tests.support.waiting import wait_until

VICTIMS = ("serve", "a child of serve", "worker", "a child of worker", "redis")
"""Programs are started again by whoever keeps them; children and the embedded Redis by the programs themselves."""


@dataclass(frozen=True)
class Blow:
    """Who is killed, so many seconds after the blow before it."""

    victim: str
    after: float


@dataclass
class Killer:
    """Strikes at one product; `told` is what it did, for a failure to be understood by."""

    product: Product
    redis: Redis
    random: Random
    told: list[str] = field(default_factory=list)
    _began: float = field(default_factory=time.monotonic)

    def strike(self, victim: str) -> None:
        """Kills, and starts again what nothing else does."""
        self.tell(f"kill {victim}")
        name, _, program = victim.rpartition(" of ")
        if victim == "redis":
            self._kill_redis()
        elif name:
            self._kill_child(self._program(program))
        else:
            kill_family(self._program(victim))
            self._program(victim).start()

    @contextmanager
    def striking(self, blows: Sequence[Blow]) -> Iterator[None]:
        """Deals the blows one after the other beside the block, which ends when all are dealt."""
        thread = threading.Thread(target=self._deal, args=(blows,), name="killer")
        thread.start()
        try:
            yield
        finally:
            thread.join()

    def tell(self, what: str) -> None:
        self.told.append(f"{time.monotonic() - self._began:7.2f} s  {what}")

    def _deal(self, blows: Sequence[Blow]) -> None:
        never = threading.Event()
        for blow in blows:
            never.wait(blow.after)
            self.strike(blow.victim)

    def _program(self, name: str) -> Program:
        return {"serve": self.product.serve, "worker": self.product.worker}[name]

    def _kill_child(self, program: Program) -> None:
        """One that dies meanwhile, or a program that is still starting, is a blow in the air."""
        children = family(program.pid)[1:]
        if children:
            with suppress(ProcessLookupError):
                os.kill(self.random.choice(children), signal.SIGKILL)

    def _kill_redis(self) -> None:
        with suppress(RedisError, ProcessLookupError):
            os.kill(int(self.redis.info("server")["process_id"]), signal.SIGKILL)


def kill_family(program: Program) -> None:
    """Kills a program by its parent; its children end with it, and only then is its port free."""
    members = family(program.pid)
    program.kill()
    wait_until(lambda: not any(map(_lives, members)), 30)


def _lives(pid: int) -> bool:
    """A process that waits for its burial holds nothing any more."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
