"""A program of several processes: one parent that has imported everything, and children that it forks and watches.

Forked children share the parent's memory, which keeps the whole desk small. Written here, since multiprocessing neither
starts a dead child again nor ends children whose parent was killed.
"""

import ctypes
import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

import structlog

log = structlog.get_logger()

GRACE_SECONDS = 10
"""How long a child may finish what it is doing."""
_LOOK_SECONDS = 0.2
_WATCH_SECONDS = 3
_FIRST_DELAY, _LONGEST_DELAY = 0.2, 10.0
_WELL_AFTER_SECONDS = 30
_PR_SET_PDEATHSIG = 1


class Stop:
    """Whether this process has been asked to end (SIGTERM or SIGINT)."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True

    def pause(self, seconds: float) -> bool:
        """Waits so long, or until it is asked to end, which it answers."""
        end = time.monotonic() + seconds
        while not self.asked and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, _LOOK_SECONDS))
        return self.asked


@dataclass
class Child:
    """A process that `run` makes up; while the family lives it is started again whenever it ends."""

    name: str
    run: Callable[[], None]
    pid: int = 0
    started: float = 0
    start_at: float = 0
    delay: float = field(default=_FIRST_DELAY)

    def start(self) -> None:
        parent = os.getpid()
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if self.pid == 0:
            _live(self.name, self.run, parent)
        self.started = time.monotonic()

    def buried(self, status: int) -> None:
        """Notes its end: it starts again soon, later each time that it ends early."""
        now = time.monotonic()
        log.error("a process ended", child=self.name, pid=self.pid, status=os.waitstatus_to_exitcode(status))
        self.delay = _FIRST_DELAY if now - self.started > _WELL_AFTER_SECONDS else min(self.delay * 2, _LONGEST_DELAY)
        self.pid, self.start_at = 0, now + self.delay


def run_family(children: Sequence[Child], watch: Callable[[set[str]], None]) -> None:
    """Keeps all `children` alive until SIGTERM or SIGINT, then ends them.

    `watch` is called every few seconds with the names of the living children; a child must not outlive this process, however
    it ends (Linux; elsewhere only when it ends in good order).
    """
    stop = Stop()
    gc.freeze()
    next_watch = 0.0
    while not stop.asked:
        _bury(children)
        for child in children:
            if not child.pid and time.monotonic() >= child.start_at:
                child.start()
        if time.monotonic() >= next_watch:
            watch({child.name for child in children if child.pid})
            next_watch = time.monotonic() + _WATCH_SECONDS
        time.sleep(_LOOK_SECONDS)
    _end(children)


def _bury(children: Sequence[Child]) -> None:
    for child in children:
        if child.pid:
            pid, status = os.waitpid(child.pid, os.WNOHANG)
            if pid:
                child.buried(status)


def _end(children: Sequence[Child]) -> None:
    living = [child for child in children if child.pid]
    for child in living:
        os.kill(child.pid, signal.SIGTERM)
    end = time.monotonic() + GRACE_SECONDS
    while living and time.monotonic() < end:
        living = [child for child in living if os.waitpid(child.pid, os.WNOHANG)[0] == 0]
        time.sleep(0.02)
    for child in living:
        log.warning("a process did not end in time", child=child.name, pid=child.pid)
        os.kill(child.pid, signal.SIGKILL)
        os.waitpid(child.pid, 0)


def _live(name: str, run: Callable[[], None], parent: int) -> None:
    """The life of a child, from the fork to the end of its process."""
    code = 1
    try:
        _end_with(parent)
        os.setpgid(0, 0)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        run()
        code = 0
    except BaseException:
        log.exception("a process failed", child=name)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _end_with(parent: int) -> None:
    """Asks the kernel to kill this process when its parent dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
