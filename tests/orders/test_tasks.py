from datetime import timedelta
from decimal import Decimal

import pytest

from orders.locking import lock_orders, lock_products
from orders.restock import alert_over, restock
from orders.tasks import finish, open_tasks
from store.models import Order, Role, Staff, Task
from tests.orders.trade import Trade, same
from tests.support.clock import TestClock


@pytest.fixture
def task(trade: Trade) -> Task:
    """A restock task: 100 nuts are missing."""
    trade.place((trade.firm.nut, 100))
    return listed(trade, trade.firm.zhoufang)[0]


def listed(trade: Trade, person: Staff) -> list[Task]:
    with trade.store.reading() as tx:
        return open_tasks(tx, same(tx, person))


def finished(trade: Trade, task: int, by: Staff) -> Task:
    with trade.store.transaction() as tx:
        return finish(tx, task, same(tx, by))


def alert(trade: Trade, order: Order, quantity: int) -> None:
    with trade.store.transaction() as tx:
        lock_products(tx, [trade.firm.bolt.id])
        restock(tx, [(same(tx, trade.firm.bolt), Decimal(quantity), lock_orders(tx, [order.id])[0])], urgent=True)


def test_tasks_stand_with_those_who_hold_the_role(trade: Trade, task: Task) -> None:
    assert task.due_at == trade.order(same_order(trade)).promised_ship_at
    assert listed(trade, trade.firm.wugang) == listed(trade, trade.firm.admin) == []


def same_order(trade: Trade) -> Order:
    with trade.store.reading() as tx:
        return tx.session.get_one(Order, 1)


def test_the_admin_has_the_tasks_of_a_role_that_nobody_holds(trade: Trade, task: Task) -> None:
    with trade.store.transaction() as tx:
        same(tx, trade.firm.zhoufang).active = False
    assert [found.id for found in listed(trade, trade.firm.admin)] == [task.id]


def test_the_most_pressing_task_comes_first(trade: Trade) -> None:
    trade.place((trade.firm.nut, 100))
    trade.place((trade.firm.small_bolt, 100), urgent=True)
    with trade.store.transaction() as tx:
        tx.session.get_one(Task, 2).due_at = tx.now + timedelta(hours=1)
        tx.session.add(Task(kind="call", title="回电", role=Role.PURCHASING, created_at=tx.now))
    assert [found.id for found in listed(trade, trade.firm.zhoufang)] == [2, 1, 3]


def test_a_finished_task_is_gone_and_is_not_finished_again(trade: Trade, task: Task, clock: TestClock) -> None:
    done = finished(trade, task.id, trade.firm.zhoufang)
    assert (done.state, done.done_by_id, done.done_at) == ("done", trade.firm.zhoufang.id, clock.now())
    assert listed(trade, trade.firm.zhoufang) == []
    assert not trade.told("notice")
    with trade.refuses("task_done", by="周芳", title="补货：M12镀锌螺母"):
        finished(trade, task.id, trade.firm.admin)


def test_the_others_see_in_place_that_it_is_done(trade: Trade, task: Task) -> None:
    with trade.store.transaction() as tx:
        colleague = Staff(name="高洁", roles=[Role.PURCHASING], wecom_userid="gaojie")
        tx.session.add(colleague)
    trade.place((trade.firm.nut, 50))
    finished(trade, task.id, trade.firm.zhoufang)
    (notice,) = trade.told("notice")
    assert (notice.audience, notice.updates) == (f"staff:{colleague.id}", f"restock:{task.id}:2")


def test_managers_up_the_line_and_admins_may_finish_it(trade: Trade, task: Task) -> None:
    with trade.store.transaction() as tx:
        same(tx, trade.firm.zhoufang).manager_id = trade.firm.zhenggong.id
        same(tx, trade.firm.zhenggong).manager_id = trade.firm.sunlei.id
    assert finished(trade, task.id, trade.firm.sunlei).state == "done"
    trade.place((trade.firm.small_bolt, 50))
    assert finished(trade, 2, trade.firm.admin).state == "done"


def test_other_peoples_tasks_and_unknown_ones_are_refused(trade: Trade, task: Task) -> None:
    with trade.refuses("not_your_task", owner="采购主管"):
        finished(trade, task.id, trade.firm.wugang)
    with trade.refuses("unknown_task", task=99):
        finished(trade, 99, trade.firm.zhoufang)
    assert listed(trade, trade.firm.zhoufang)[0].state == "open"


def test_managers_in_a_circle_are_no_way_in(trade: Trade, task: Task) -> None:
    with trade.store.transaction() as tx:
        same(tx, trade.firm.zhoufang).manager_id = trade.firm.zhenggong.id
        same(tx, trade.firm.zhenggong).manager_id = trade.firm.zhoufang.id
    with trade.refuses("not_your_task"):
        finished(trade, task.id, trade.firm.wugang)


def test_a_shortage_alert_is_urgent_and_copied_to_the_salesperson(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 5000))
    alert(trade, order, 1500)
    card, copy = trade.told("restock")
    assert (card.audience, card.data["urgent"], card.data["copy"], card.data["lines"][0]["missing"]) == (
        "role:purchasing",
        True,
        False,
        "1500",
    )
    assert (copy.audience, copy.data["copy"], copy.data["task"]) == (f"staff:{trade.firm.zhaomin.id}", True, card.data["task"])


def test_an_alert_is_added_to_the_open_task_and_ends_with_the_alert(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 8000))
    waiting = trade.place((trade.firm.bolt, 100))
    alert(trade, order, 4500)
    assert [message.key for message in trade.told("restock")][:2] == ["restock:1:1", "restock:1:2"]

    trade.receive(trade.firm.bolt, 100)
    assert not trade.order(waiting).short
    assert [found.id for found in listed(trade, trade.firm.zhoufang)] == [1]
    with trade.store.transaction() as tx:
        alert_over(tx, same(tx, trade.firm.bolt), same(tx, order))
    assert listed(trade, trade.firm.zhoufang) == []
