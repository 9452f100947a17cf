"""What is acknowledged is kept: serve dies while it still waits for the database, and no message is lost or done twice."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from random import Random

import pytest
from sqlalchemy import func, select

from sandbox.callbacks import Answer
from store.models import Inbound, Staff
from tests.scenes.conftest import Desk
from tests.scenes.test_journey import available
from tests.support.killing import Killer

RECEIVED, ANNOUNCED = "入库 M12×80镀锌 500支 A-01-5", "在途 PO88 M12×80镀锌 700支 3月9日"


@contextmanager
def busy(desk: Desk) -> Iterator[None]:
    """Another process has the people's rows (on SQLite: the whole database) in hand until the block ends."""
    with desk.store.transaction() as tx:
        tx.session.execute(select(Staff.id).with_for_update()).all()
        yield


def received(desk: Desk) -> Answer:
    """WeCom brings the warehouse's message, three times if it must."""
    return desk.threaded.do(desk.sandbox.wecom_caller.say("wugang", RECEIVED, "8100000000000001"))


def announced(desk: Desk) -> Answer:
    """DingTalk brings purchasing's message, once."""
    return desk.threaded.do(desk.sandbox.dingtalk_caller.say("zhoufang", ANNOUNCED, "msg8100000000000001"))


@pytest.mark.timeout(120)
def test_a_message_whose_work_serve_had_in_hand_when_it_was_killed_is_done_once(desk: Desk) -> None:
    before = available(desk)
    killer = Killer(desk.product, desk.redis, Random(1))
    with ThreadPoolExecutor(1) as beside:
        with busy(desk):
            of_wecom = beside.submit(received, desk)
            of_dingtalk = announced(desk)
            killer.strike("a child of serve")
        assert of_wecom.result().status == 200
    desk.wait("wugang", "已入库")
    if of_dingtalk.status != 200:
        assert announced(desk).status == 200
    desk.wait("dingtalk/zhoufang", "PO88")

    assert received(desk).status == announced(desk).status == 200
    assert available(desk) == before + 500
    assert desk.look(select(func.count()).where(Inbound.number == "PO88")) == [(1,)]
