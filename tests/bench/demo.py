"""`python bot.py demo` on a machine where it ran before: how soon the page is there, how much memory everything takes idle."""

import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store.settings import Settings
from tests.bench.figures import Figure, show
from tests.bench.processes import everybody, family, memory, works_in
from tests.support.product import ROOT, environment, free_port
from tests.support.servers import own_folder
from tests.support.waiting import wait_until

_PAGE_SECONDS, _MEGABYTES = 5, 400
_IDLE_SECONDS = 20


def run(*, quick: bool, databases: list[str]) -> None:
    """A first start, then the one that is measured."""
    with own_folder("demo-") as home:
        settings = Settings(home=home, http_port=free_port())
        with _demo(settings) as first:
            pass
        with _demo(settings) as second:
            time.sleep(3 if quick else _IDLE_SECONDS)
            sizes = {pid: memory(pid) for pid in _processes(second.pid, home)}
    figures = [
        Figure("first start to the page", first.seconds, "s"),
        Figure("second start to the page", second.seconds, "s", _PAGE_SECONDS),
        *(Figure(f"memory of {name}", size, "MB") for name, size in sizes.values()),
        Figure(f"idle memory of {len(sizes)} processes (PSS)", sum(size for _, size in sizes.values()), "MB", _MEGABYTES),
    ]
    show("the demo", figures)


class _Demo:
    """The demo while it runs."""

    def __init__(self, settings: Settings) -> None:
        self._address = f"http://127.0.0.1:{settings.http_port}/sandbox"
        self._log = (settings.home / "demo.log").open("ab")
        began = time.perf_counter()
        self._process = subprocess.Popen(
            [sys.executable, "bot.py", "demo"], cwd=ROOT, env=environment(settings), stdout=self._log, stderr=self._log
        )
        wait_until(self._has_page, 60)
        self.seconds = time.perf_counter() - began

    @property
    def pid(self) -> int:
        return self._process.pid

    def stop(self) -> None:
        self._process.send_signal(signal.SIGINT)
        self._process.wait(30)
        self._log.close()

    def _has_page(self) -> bool:
        assert self._process.poll() is None, "the demo ended"
        try:
            with urllib.request.urlopen(self._address, timeout=2) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False


@contextmanager
def _demo(settings: Settings) -> Iterator[_Demo]:
    demo = _Demo(settings)
    try:
        yield demo
    finally:
        demo.stop()


def _processes(root: int, home: Path) -> list[int]:
    """The demo's processes, and the Redis that works in its home."""
    own = family(root)
    return own + [pid for pid in everybody() if pid not in own and works_in(pid) == home.resolve()]
