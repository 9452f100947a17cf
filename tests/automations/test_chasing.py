"""Tasks past their time climb: to their holder, from manager to manager, last to the admins; and they stop when done."""

from datetime import timedelta

import pytest

from automations.chasing import chase
from orders.communication import Agreed, write_log
from orders.locking import lock_orders
from orders.owed_logs import ask_for_log, owed_logs
from orders.tasks import finish
from store.models import Order, Staff
from store.transaction import Store
from tests.automations.orders import refuse_messages_of
from tests.orders.trade import Trade, same
from tests.support.clock import TestClock
from tests.support.firm import Firm

STEP = timedelta(minutes=30)


@pytest.fixture
def trade(store: Store, firm: Firm) -> Trade:
    return Trade(store, firm)


def owe(trade: Trade, order: Order, person: Staff) -> int:
    with trade.store.transaction() as tx:
        return ask_for_log(tx, lock_orders(tx, [order.id])[0], same(tx, person), "王会计 等着开票").id


def asked(trade: Trade) -> list[str]:
    return [message.audience for message in trade.told("overdue")]


def after(trade: Trade, clock: TestClock, span: timedelta) -> list[str]:
    clock.forward(span)
    chase(trade.store)
    return asked(trade)


def test_a_log_that_nobody_writes_climbs_to_the_manager_and_ends_at_the_admin(trade: Trade, clock: TestClock) -> None:
    firm = trade.firm
    task = owe(trade, trade.place((firm.bolt, 500)), firm.zhaomin)
    assert [message.audience for message in trade.told("log_owed")] == [f"staff:{firm.zhaomin.id}"]

    own, manager, admin = f"staff:{firm.zhaomin.id}", f"staff:{firm.sunlei.id}", "role:admin"
    assert after(trade, clock, timedelta(minutes=9)) == []
    assert after(trade, clock, timedelta(minutes=1)) == [own]
    assert after(trade, clock, timedelta(minutes=29)) == [own]
    assert after(trade, clock, timedelta(minutes=1)) == [own, manager]
    assert after(trade, clock, STEP) == [own, manager, admin]
    assert after(trade, clock, STEP * 10) == [own, manager, admin]
    assert {message.data["task"] for message in trade.told("overdue")} == {task}


def test_a_task_that_cannot_be_asked_for_does_not_keep_the_others_waiting(trade: Trade, clock: TestClock) -> None:
    firm = trade.firm
    broken, sound = trade.place((firm.bolt, 500)), trade.place((firm.bolt, 500))
    owe(trade, broken, firm.zhaomin)
    owe(trade, sound, firm.zhaomin)
    refuse_messages_of(trade.store, broken)
    assert after(trade, clock, STEP) == [f"staff:{firm.zhaomin.id}"]
    assert trade.told("overdue")[0].order_id == sound.id


def test_a_log_ends_the_chase_and_only_a_log_does(trade: Trade, clock: TestClock) -> None:
    order, zhaomin = trade.place((trade.firm.bolt, 500)), trade.firm.zhaomin
    task = owe(trade, order, zhaomin)
    with trade.refuses("log_first", order_no=order.no), trade.store.transaction() as tx:
        finish(tx, task, same(tx, zhaomin))
    with trade.store.transaction() as tx:
        locked = lock_orders(tx, [order.id])[0]
        write_log(tx, locked, same(tx, zhaomin), Agreed("王经理", tx.now, "照旧"))
        assert owed_logs(tx, locked) == []
    assert after(trade, clock, STEP) == []


def test_what_is_promised_until_a_moment_becomes_a_task_that_is_chased(trade: Trade, clock: TestClock) -> None:
    order, zhaomin = trade.place((trade.firm.bolt, 500)), trade.firm.zhaomin
    with trade.store.transaction() as tx:
        agreed = Agreed("王经理", tx.now, "规格改了", todo="重发确认单", todo_due=tx.now + timedelta(hours=8))
        write_log(tx, lock_orders(tx, [order.id])[0], same(tx, zhaomin), agreed)
    assert after(trade, clock, timedelta(hours=7)) == []
    assert after(trade, clock, timedelta(hours=1)) == [f"staff:{zhaomin.id}"]
    assert trade.told("overdue")[0].data["title"] == "重发确认单"


def test_a_task_of_somebody_who_left_goes_to_the_admins(trade: Trade, clock: TestClock) -> None:
    order, zhaomin = trade.place((trade.firm.bolt, 500)), trade.firm.zhaomin
    owe(trade, order, zhaomin)
    with trade.store.transaction() as tx:
        same(tx, zhaomin).active = False
    assert after(trade, clock, STEP) == ["role:admin"]
    assert trade.told("overdue")[0].data["holders"] == []


def test_managers_of_each_other_are_asked_once(trade: Trade, clock: TestClock) -> None:
    order, firm = trade.place((trade.firm.bolt, 500)), trade.firm
    with trade.store.transaction() as tx:
        same(tx, firm.sunlei).manager_id = firm.zhaomin.id
    owe(trade, order, firm.zhaomin)
    for _ in range(5):
        after(trade, clock, STEP)
    assert asked(trade) == [f"staff:{firm.zhaomin.id}", f"staff:{firm.sunlei.id}", "role:admin"]
