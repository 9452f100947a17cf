"""Rate limits in Redis: a place in all windows or in none, and how long to wait for one."""

from concurrent.futures import ThreadPoolExecutor

from redis import Redis

from notifiers.limits import Limits, Window
from tests.support.waiting import wait_until

MINUTE, HOUR = Window("wugang", 2, 60), Window("wugang", 3, 3600)


def test_a_full_window_says_how_long_to_wait(redis: Redis) -> None:
    limits = Limits(redis)
    assert [limits.take([MINUTE, HOUR]) for _ in range(2)] == [0, 0]
    assert 59 < limits.take([MINUTE, HOUR]) <= 60.001


def test_what_one_window_refuses_takes_no_place_in_another(redis: Redis) -> None:
    limits = Limits(redis)
    for _ in range(5):
        limits.take([MINUTE, HOUR])
    assert limits.take([HOUR]) == 0
    assert limits.take([HOUR]) > 3599


def test_one_receiver_does_not_hold_up_another(redis: Redis) -> None:
    limits = Limits(redis)
    for _ in range(3):
        limits.take([MINUTE])
    assert limits.take([Window("zhaomin", 2, 60)]) == 0


def test_a_pause_stops_everything_under_its_name(redis: Redis) -> None:
    limits = Limits(redis)
    limits.pause("wecom_app", 0.2)
    assert 0 < limits.take([MINUTE], ["wecom_app"]) <= 0.2
    assert limits.take([MINUTE], ["dingtalk"]) == 0
    wait_until(lambda: limits.take([MINUTE], ["wecom_app"]) == 0, 2)


def test_a_window_moves_on(redis: Redis) -> None:
    limits, second = Limits(redis), Window("fast", 1, 1)
    assert limits.take([second]) == 0
    assert limits.take([second]) > 0
    wait_until(lambda: limits.take([second]) == 0, 3)


def test_parallel_workers_never_take_more_than_there_is(redis: Redis) -> None:
    wide = Window("all", 20, 60)
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: Limits(redis).take([wide]), range(60)))
    assert waits.count(0) == 20
