"""Whatever is killed while the firm is at work, and whatever the platforms do, nothing is left undone and nothing is done twice.

`make soak` deals any blow at any moment.
"""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from sqlalchemy import select

from sandbox.faults import Fault
from store.deliveries import DUE
from store.models import Delivery
from tests.bench.processes import family
from tests.scenes.conftest import Desk
from tests.scenes.day import Day, Trouble, impatient, survive
from tests.support.killing import Blow, Killer
from tests.support.waiting import wait_until

pytestmark = pytest.mark.timeout(300)
_REST_SECONDS = 100
_TAKEN_UP_SECONDS = 20
_BUSY_MACHINE_SECONDS = 10

_SLOW = Fault("wechat message/template/send", "slow", seconds=5)
_FAULTS = {
    "orders are placed": [_SLOW, Fault("wecom message/send", "token_death"), Fault("dingtalk /robot/send", "drop_after")],
    "goods arrive and leave": [Fault("wecom message/send", "html502"), Fault("dingtalk /v1.0", "qps"), Fault("kuaidi100", "drop")],
    "the carrier falls silent": [Fault("dingtalk /robot/send", "html502")],
    "the parcels arrive": [Fault("wechat message/template/send", "busy")],
}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_nothing_is_left_undone_by_whatever_is_killed(desk: Desk) -> None:
    victims = {
        "orders are placed": ["a child of worker", "serve", "redis"],
        "goods arrive and leave": ["worker", "a child of serve"],
        "the carrier falls silent": ["redis", "a child of worker"],
        "the parcels arrive": ["serve"],
    }
    _survive(desk, victims)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_is_left_undone_by_what_is_killed_while_people_are_answered(desk: Desk) -> None:
    victims = {
        "orders are placed": ["serve"],
        "goods arrive and leave": ["a child of serve", "redis"],
        "the parcels arrive": ["serve"],
    }
    with ThreadPoolExecutor(1) as beside:
        taken_up = beside.submit(_taken_up_after, desk)
        _survive(desk, victims)
        assert taken_up.result() < _TAKEN_UP_SECONDS + _BUSY_MACHINE_SECONDS


def _survive(desk: Desk, victims: dict[str, list[str]]) -> None:
    random = Random(7)
    killer = Killer(desk.product, desk.redis, random)

    def trouble_of(act: str) -> Trouble:
        return Trouble([Blow(victim, random.uniform(0, 0.8)) for victim in victims.get(act, [])], _FAULTS[act])

    try:
        with impatient(desk.store):
            survive(Day(desk), killer, trouble_of, _REST_SECONDS)
    finally:
        print("\n".join(killer.told))


def _taken_up_after(desk: Desk) -> float:
    """Kills every worker while one has a customer's message in hand; the seconds until another has taken it up."""
    of_customer = select(Delivery.id, Delivery.attempts).where(Delivery.channel == "wechat_template")
    in_hand = of_customer.where(Delivery.state == DUE, Delivery.lease_until.is_not(None))
    [(number, attempts)] = wait_until(lambda: desk.look(in_hand.limit(1)), _REST_SECONDS)
    for child in family(desk.product.worker.pid)[1:]:
        os.kill(child, signal.SIGKILL)
    killed = time.monotonic()
    wait_until(lambda: desk.look(of_customer.where(Delivery.id == number, Delivery.attempts > attempts)), _REST_SECONDS)
    return time.monotonic() - killed
