"""The product as it runs: serve and worker as processes of their own, told by environment variables only."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr

from store.database import to_json
from store.settings import Settings
from tests.support.waiting import wait_until

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def outside() -> dict[str, str]:
    """What every process needs: no setting of the machine that tests, and Python may keep what it compiled, or each start takes seconds."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GENDAN_") and name != "PYTHONDONTWRITEBYTECODE"}


def environment(settings: Settings) -> dict[str, str]:
    """`settings` as `GENDAN_…` variables, beside those of `outside`."""
    return outside() | dict(_variables("GENDAN", settings)) | {"GENDAN_CONFIG": os.devnull, "PYTHONWARNINGS": "default"}


def _variables(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, BaseModel):
        for name in sorted(value.model_fields_set):
            yield from _variables(f"{path}_{name.upper()}" if path == "GENDAN" else f"{path}__{name.upper()}", getattr(value, name))
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _variables(f"{path}__{name.upper()}", one)
    elif isinstance(value, SecretStr):
        yield path, value.get_secret_value()
    elif isinstance(value, frozenset):
        yield path, to_json(sorted(value))
    elif value is not None:
        yield path, str(value)


class Program:
    """One program of the product; `kill` is what a power cut does, `stop` what an administrator does."""

    def __init__(self, settings: Settings, *command: str) -> None:
        self._settings, self._command = settings, command
        self.log = settings.home / f"{command[0]}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, *self._command], cwd=ROOT, env=environment(self._settings), stdout=output, stderr=output
            )

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(30)
            self._process = None


class Product:
    """serve and worker over one set of settings."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.serve = Program(settings, "bot.py", "serve")
        self.worker = Program(settings, "worker.py")

    def start(self) -> None:
        self.serve.start()
        self.worker.start()
        wait_until(self.is_ready, 60)

    def stop(self) -> None:
        self.worker.stop()
        self.serve.stop()

    def is_ready(self) -> bool:
        return self.status("/readyz") == 200

    def status(self, path: str) -> int:
        """The HTTP status of a page; 0 when nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.settings.http_port}{path}", timeout=5) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except OSError:
            return 0


@contextmanager
def running_product(settings: Settings) -> Iterator[Product]:
    """The product while it runs; what it wrote is printed when the block fails."""
    product = Product(settings)
    try:
        product.start()
        yield product
    except BaseException:
        for program in (product.serve, product.worker):
            print(f"--- {program.log.name}\n{program.log.read_text(errors='replace')[-6000:]}")
        raise
    finally:
        product.stop()
