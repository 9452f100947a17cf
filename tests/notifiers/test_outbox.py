"""The engine of the outbox: nothing lost, order kept, dead workers' work taken up, doubles marked."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Thread
from time import monotonic

import pytest
from redis import Redis

from notifiers import jobs
from notifiers.jobs import open_office
from notifiers.retry import LEASE
from sandbox.server import Sandbox
from store.deliveries import anything_due, figures
from store.models import Delivery
from store.outbox import DELIVER, Urgency, to_group, to_staff
from store.queues import waiting_key
from store.transaction import Store
from tests.notifiers.conftest import Desk, restock
from tests.support.clock import TestClock
from tests.support.waiting import wait_until


def texts(sandbox: Sandbox, who: str) -> list[str]:
    return [message.content["content"].strip() for message in sandbox.messages(who)]


def test_one_person_is_told_in_order(desk: Desk, sandbox: Sandbox) -> None:
    for number in range(12):
        desk.notice(to_staff(desk.firm.wugang), f"第{number}条", key=str(number), deliver=False)
    desk.office.deliver()
    assert texts(sandbox, "wecom/wugang") == [f"第{number}条" for number in range(12)]


def test_who_waits_is_told_before_bulk(desk: Desk, sandbox: Sandbox) -> None:
    desk.notice(to_staff(desk.firm.wugang), "不急", key="bulk", urgency=Urgency.BULK, deliver=False)
    desk.notice(to_staff(desk.firm.wugang), "急", key="waiting", urgency=Urgency.WAITING)
    assert texts(sandbox, "wecom/wugang") == ["急", "不急"]


def test_a_key_is_told_once(desk: Desk, sandbox: Sandbox) -> None:
    desk.notice(to_staff(desk.firm.wugang), "一", key="same")
    desk.notice(to_staff(desk.firm.wugang), "二", key="same")
    assert texts(sandbox, "wecom/wugang") == ["一"]


def test_two_workers_send_each_message_once(desk: Desk, sandbox: Sandbox, store: Store, redis: Redis) -> None:
    people = [desk.firm.wugang, desk.firm.zhaomin, desk.firm.sunlei, desk.firm.zhoufang]
    for number in range(40):
        desk.notice(to_staff(people[number % 4]), f"第{number}条", key=str(number), deliver=False)
    other = open_office(store, redis, store.settings, "run")
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda office: office.deliver(), (desk.office, other)))
    for place, person in enumerate(people):
        assert texts(sandbox, f"wecom/{person.wecom_userid}") == [f"第{number}条" for number in range(place, 40, 4)]


@pytest.mark.parametrize("fault", ["drop_after", "html502"])
def test_an_unknown_outcome_is_sent_again_and_marked(desk: Desk, sandbox: Sandbox, fault: str) -> None:
    sandbox.faults.add("message/send", fault)
    desk.tell(to_staff(desk.firm.wugang), "restock", restock(1), key="restock:1")
    assert desk.states() == [("wecom_app", "due")]
    desk.due_again()
    desk.office.deliver()
    (delivery,) = desk.deliveries()
    assert (delivery.state, delivery.attempts, delivery.possibly_double) == ("sent", 2, True)
    assert len(sandbox.messages("wecom/wugang")) == 1


@pytest.mark.parametrize("fault", ["drop_after", "html502"])
def test_a_message_for_which_no_token_came_is_not_double(desk: Desk, sandbox: Sandbox, fault: str) -> None:
    sandbox.faults.add("gettoken", fault)
    desk.notice(to_staff(desk.firm.wugang), "你好", key="1")
    assert [(one.state, one.possibly_double) for one in desk.deliveries()] == [("due", False)]
    desk.due_again()
    desk.office.deliver()
    assert [(one.state, one.possibly_double) for one in desk.deliveries()] == [("sent", False)]


def test_an_unknown_outcome_after_many_harmless_ones_is_not_the_end(desk: Desk, sandbox: Sandbox) -> None:
    sandbox.faults.add("message/send", "-1", times=6)
    desk.notice(to_staff(desk.firm.wugang), "你好", key="1")
    for _ in range(5):
        desk.due_again()
        desk.office.deliver()
    sandbox.faults.add("message/send", "html502")
    desk.due_again()
    desk.office.deliver()
    (delivery,) = desk.deliveries()
    assert (delivery.state, delivery.attempts, delivery.possibly_double) == ("due", 7, True)
    assert delivery.due_at - delivery.addressed_at < timedelta(seconds=60), "the first of its kind"
    desk.due_again()
    desk.office.deliver()
    assert desk.states() == [("wecom_app", "sent")]
    assert texts(sandbox, "wecom/wugang") == ["你好"]


def test_a_slow_answer_is_an_unknown_outcome_and_holds_up_nobody_else(desk: Desk, sandbox: Sandbox) -> None:
    sandbox.faults.add("message/send", "slow", seconds=6)
    desk.notice(to_staff(desk.firm.wugang), "慢", key="slow", deliver=False)
    desk.notice(to_group("stock"), "群", key="group", urgency=Urgency.BULK, deliver=False)
    delivering = Thread(target=desk.office.deliver)
    delivering.start()
    wait_until(lambda: sandbox.messages("group/stock"), 3)
    assert delivering.is_alive()
    delivering.join()
    assert [(delivery.state, delivery.possibly_double) for delivery in desk.deliveries()] == [("due", True), ("sent", False)]


def test_a_busy_platform_is_tried_again_without_a_mark(desk: Desk, sandbox: Sandbox) -> None:
    sandbox.faults.add("message/send", "-1")
    desk.notice(to_staff(desk.firm.wugang), "你好", key="1")
    desk.due_again()
    desk.office.deliver()
    (delivery,) = desk.deliveries()
    assert (delivery.state, delivery.possibly_double) == ("sent", False)


def test_what_is_over_the_rate_limit_is_put_off_and_not_lost(desk: Desk, sandbox: Sandbox, redis: Redis, clock: TestClock) -> None:
    for number in range(33):
        desk.notice(to_staff(desk.firm.wugang), f"第{number}条", key=str(number), deliver=False)
    desk.office.deliver()
    assert len(sandbox.messages("wecom/wugang")) == 28, "a little less than the platform takes"
    waiting = [delivery for delivery in desk.deliveries() if delivery.state == "due"]
    assert [delivery.attempts for delivery in waiting] == [0] * 5
    assert timedelta(seconds=30) < waiting[0].due_at - waiting[0].addressed_at <= timedelta(seconds=61)
    redis.flushdb()
    clock.forward(timedelta(seconds=61))
    desk.due_again()
    desk.office.deliver()
    assert texts(sandbox, "wecom/wugang") == [f"第{number}条" for number in range(33)]


def test_a_platform_that_says_too_fast_is_left_alone(desk: Desk, sandbox: Sandbox, redis: Redis) -> None:
    sandbox.faults.add("message/send", "45009")
    for number, person in enumerate([desk.firm.wugang, desk.firm.zhaomin]):
        desk.notice(to_staff(person), "你好", key=str(number))
    desk.due_again()
    desk.office.deliver()
    assert sandbox.calls["wecom message/send"] == 1
    redis.flushdb()
    desk.due_again()
    desk.office.deliver()
    assert desk.states() == [("wecom_app", "sent")] * 2


def test_the_work_of_a_killed_worker_is_taken_up_and_marked(desk: Desk, sandbox: Sandbox, store: Store, redis: Redis) -> None:
    sandbox.faults.add("message/send", "slow", seconds=1)
    desk.notice(to_staff(desk.firm.wugang), "你好", key="1", deliver=False)
    worker = multiprocessing.get_context("fork").Process(target=lambda: open_office(store, redis, store.settings, "run").deliver())
    worker.start()
    wait_until(lambda: not sandbox.faults.on)
    worker.kill()
    worker.join()
    desk.office.deliver()
    assert desk.states() == [("wecom_app", "due")], "another worker may still have it in hand"
    with store.reading() as tx:
        assert not anything_due(tx.session)
    assert LEASE.total_seconds() <= 20, "what is promised"
    desk.lease_over()
    desk.office.deliver()
    (delivery,) = desk.deliveries()
    assert (delivery.state, delivery.possibly_double, delivery.attempts) == ("sent", True, 2)


def test_a_message_that_cannot_be_rendered_holds_up_nobody_for_long(desk: Desk, sandbox: Sandbox) -> None:
    desk.tell(to_staff(desk.firm.wugang), "served", {"nothing": "right"}, key="bad", urgency=Urgency.BULK, deliver=False)
    desk.notice(to_staff(desk.firm.wugang), "你好", key="good")
    assert texts(sandbox, "wecom/wugang") == ["你好"]
    for _ in range(5):
        desk.due_again()
        desk.office.deliver()
    assert ("wecom_app", "failed") in desk.states()


def test_a_receiver_without_a_channel_is_a_dead_letter_of_which_the_admin_hears(desk: Desk, sandbox: Sandbox) -> None:
    desk.notice(to_staff(desk.firm.zhenggong), "你好", key="1")
    desk.notice(to_group("nowhere"), "你好", key="2")
    desk.notice("staff:424242", "你好", key="3")
    assert [state for state in desk.states() if state[0] == "none"] == [("none", "failed")] * 3
    told = "".join(texts(sandbox, "wecom/admin"))
    assert "郑工" in told
    assert "group:nowhere" in told
    with desk.store.reading() as tx:
        assert figures(tx.session).states[("none", "failed")] == 3


def test_what_stays_undeliverable_is_given_up_and_said(desk: Desk, sandbox: Sandbox) -> None:
    sandbox.faults.add("message/send", "-1")
    desk.notice(to_staff(desk.firm.wugang), "你好", key="1")
    with desk.store.transaction() as tx:
        delivery = tx.session.query(Delivery).one()
        delivery.addressed_at -= timedelta(hours=1)
        delivery.due_at = delivery.addressed_at
    sandbox.faults.add("message/send", "-1")
    desk.office.deliver()
    assert desk.states()[0] == ("wecom_app", "failed")
    assert "吴刚" in texts(sandbox, "wecom/admin")[0]


def test_a_wrong_secret_pauses_the_channel_and_nothing_is_lost(desk: Desk, sandbox: Sandbox, redis: Redis) -> None:
    sandbox.faults.add("gettoken", "40001", times=5)
    for number, person in enumerate([desk.firm.wugang, desk.firm.zhaomin]):
        desk.notice(to_staff(person), "你好", key=str(number))
    assert sandbox.calls["wecom gettoken"] == 1
    sandbox.faults.clear()
    redis.flushdb()
    desk.due_again()
    desk.office.deliver()
    assert texts(sandbox, "wecom/wugang") == ["你好"]
    assert "40001" in texts(sandbox, "wecom/admin")[0]


def test_the_job_takes_the_wake_up_and_delivers_within_a_second(store: Store, redis: Redis, desk: Desk, sandbox: Sandbox) -> None:
    jobs.configure(store, redis, store.settings)
    redis.set(waiting_key(DELIVER), 1)
    desk.notice(to_staff(desk.firm.wugang), "你好", key="1", deliver=False)
    started = monotonic()
    jobs.deliver()
    assert monotonic() - started < 1
    assert redis.exists(waiting_key(DELIVER)) == 0
    assert texts(sandbox, "wecom/wugang") == ["你好"]
