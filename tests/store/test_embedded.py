import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import BusyLoadingError
from redis.exceptions import ConnectionError as RedisConnectionError

from store.embedded import RedisDidNotStart, leave, redis_url
from store.queues import connect
from store.settings import Settings
from tests.support.waiting import wait_until


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    settings = Settings(home=tmp_path / "home")
    yield settings
    redis_url(settings)
    leave(settings)


def process_of(settings: Settings) -> int:
    with connect(redis_url(settings)) as redis:
        return int(redis.info("server")["process_id"])


def process_from_elsewhere(settings: Settings) -> int:
    """What another process sees that ends without leaving, as by kill -9."""
    return process_of(settings)


def is_alive(process: int) -> bool:
    return Path(f"/proc/{process}").exists() if sys.platform == "linux" else not os.system(f"kill -0 {process} 2>/dev/null")


def kill(process: int) -> None:
    os.kill(process, signal.SIGKILL)
    wait_until(lambda: not is_alive(process))


def test_three_that_come_at_once_share_one_server(settings: Settings) -> None:
    with ProcessPoolExecutor(3, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert len(set(pool.map(process_from_elsewhere, [settings] * 3))) == 1


def test_a_killed_server_is_started_again_with_what_it_kept(settings: Settings) -> None:
    with connect(redis_url(settings)) as redis:
        redis.set("kept", "1")
    before = process_of(settings)
    kill(before)
    with connect(redis_url(settings)) as redis:
        assert redis.get("kept") == b"1"
    assert process_of(settings) != before


def test_the_last_one_out_stops_it_and_the_data_stays(settings: Settings) -> None:
    user = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"from store.embedded import *; print(redis_url(Settings(home={str(settings.home)!r})), flush=True); input()",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with user:
        assert user.stdout
        url = user.stdout.readline().decode().strip()
        with connect(url) as redis:
            redis.set("kept", "1")
        server = process_of(settings)
        leave(settings)
        assert is_alive(server)
        user.kill()
    assert process_of(settings) == server
    leave(settings)
    wait_until(lambda: not is_alive(server))
    with connect(redis_url(settings)) as redis:
        assert redis.get("kept") == b"1"


def test_leaving_twice_or_without_having_come_does_nothing(settings: Settings) -> None:
    leave(settings)
    redis_url(settings)
    leave(settings)
    leave(settings)


def test_a_home_too_deep_for_a_socket_is_reached_by_a_short_link(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / ("深" * 40) / "the home")
    with connect(redis_url(settings)) as redis:
        redis.set("kept", "1")
    assert (settings.home / "redis.sock").exists()
    leave(settings)


def test_a_frozen_server_is_reported_and_no_second_one_started(settings: Settings) -> None:
    server = process_of(settings)
    os.kill(server, signal.SIGSTOP)
    with pytest.raises(RedisDidNotStart, match=r"redis\.log"):
        redis_url(settings)
    os.kill(server, signal.SIGCONT)
    assert process_of(settings) == server


def test_a_server_that_still_loads_when_its_starter_is_killed_is_waited_for(settings: Settings) -> None:
    with Redis.from_url(redis_url(settings)) as redis:
        redis.eval("for i = 1, 400000 do redis.call('set', i, i) end", 0)
    kill(process_of(settings))
    starting = ["-c", f"from store.embedded import *; redis_url(Settings(home={str(settings.home)!r}))"]
    with subprocess.Popen([sys.executable, *starting]) as starter:
        wait_until(lambda: loads(settings))
        starter.kill()
    with ThreadPoolExecutor(1) as beside:
        assert beside.submit(process_of, settings).result(30)


def loads(settings: Settings) -> bool:
    try:
        with Redis.from_url(f"unix://{settings.home}/redis.sock", retry=None) as redis:
            redis.ping()
    except BusyLoadingError:
        return True
    except RedisConnectionError:
        return False
    raise AssertionError("has loaded before anybody was killed")


def test_a_server_from_outside_is_taken_as_it_is() -> None:
    assert redis_url(Settings(redis_url="redis://elsewhere:6379/3")) == "redis://elsewhere:6379/3"


def test_the_server_listens_on_no_port(settings: Settings) -> None:
    with connect(redis_url(settings)) as redis:
        assert redis.config_get("port") == {"port": "0"}
        assert isinstance(redis, Redis)
