"""DingTalk: the robot's cards and Markdown, group robots, to-dos, and the month's quota."""

import re
from datetime import timedelta

import pytest
from redis import Redis

from notifiers import quota
from notifiers.jobs import open_office
from notifiers.outbox import real_now
from sandbox.server import Sandbox
from store import meters
from store.models import Delivery, Staff
from store.outbox import Urgency, tell, to_group, to_role, to_service, to_staff
from store.settings import Settings
from store.transaction import Store
from tests.notifiers.conftest import Desk, restock


def counted_calls(sandbox: Sandbox) -> int:
    return sum(number for name, number in sandbox.calls.items() if name.startswith("dingtalk /v1.0") and "oauth2" not in name)


def our_count(store: Store) -> int:
    with store.reading() as tx:
        return meters.counted(tx, meters.DINGTALK_CALLS)


def with_dingtalk(desk: Desk, redis: Redis, **values: object) -> Settings:
    """The desk under other settings of DingTalk."""
    settings = desk.store.settings
    desk.store.settings = settings.model_copy(update={"dingtalk": settings.dingtalk.model_copy(update=values)})
    desk.office = open_office(desk.store, redis, desk.store.settings, "run")
    return desk.store.settings


def test_a_card_with_buttons_is_interactive_and_registered_once(desk: Desk, sandbox: Sandbox) -> None:
    for task in (1, 2):
        desk.tell(to_staff(desk.firm.qianwei), "restock", restock(task) | {"task": task}, key=f"restock:{task}")
    cards = [message for message in sandbox.messages("dingtalk/qianwei") if message.form == "interactive_card"]
    assert len(cards) == 2
    assert sandbox.dingtalk.cards.route_of[cards[0].handle] == "gendan"
    assert sandbox.calls["dingtalk /v1.0/card/callbacks/register"] == 1
    assert our_count(desk.store) == counted_calls(sandbox)


def test_without_a_template_markdown_with_numbered_answers_comes(desk: Desk, sandbox: Sandbox, redis: Redis) -> None:
    with_dingtalk(desk, redis, card_template_id="")
    desk.tell(to_staff(desk.firm.qianwei), "forward", forward(), key="1")
    (message,) = sandbox.messages("dingtalk/qianwei")
    assert message.form == "markdown"
    assert "已转发" in message.content["text"]


def test_a_template_that_is_not_published_is_no_reason_to_be_silent(desk: Desk, sandbox: Sandbox, redis: Redis) -> None:
    with_dingtalk(desk, redis, card_template_id="another.schema")
    desk.tell(to_staff(desk.firm.qianwei), "forward", forward(), key="1")
    assert [message.form for message in sandbox.messages("dingtalk/qianwei")] == ["markdown"]


@pytest.mark.parametrize(
    ("where", "fault"), [("createAndDeliver", "forbidden"), ("createAndDeliver", "refused"), ("callbacks/register", "refused")]
)
def test_where_dingtalk_takes_no_card_its_text_comes(desk: Desk, sandbox: Sandbox, where: str, fault: str) -> None:
    sandbox.faults.add(where, fault)
    desk.tell(to_staff(desk.firm.qianwei), "forward", forward(), key="1")
    (message,) = sandbox.messages("dingtalk/qianwei")
    assert message.form == "markdown"
    assert "已转发" in message.content["text"]
    assert desk.states() == [("dingtalk_robot", "sent")]


def test_a_repeated_card_stands_once(desk: Desk, sandbox: Sandbox) -> None:
    sandbox.faults.add("createAndDeliver", "drop_after")
    desk.tell(to_staff(desk.firm.qianwei), "forward", forward(), key="1")
    desk.due_again()
    desk.office.deliver()
    assert len(sandbox.messages("dingtalk/qianwei")) == 1
    assert [(each.state, each.possibly_double) for each in desk.deliveries()] == [("sent", True)]


def test_an_interactive_card_is_changed_in_place(desk: Desk, sandbox: Sandbox) -> None:
    desk.tell(to_staff(desk.firm.qianwei), "forward", forward(), key="1")
    desk.notice(to_staff(desk.firm.qianwei), "已转发", key="2", updates="1")
    (message,) = sandbox.messages("dingtalk/qianwei")
    assert (message.changes, message.content["title"], message.content["buttons"]) == (1, "已转发", "[]")


def test_markdown_that_nobody_needs_changed_costs_no_call(desk: Desk, sandbox: Sandbox, redis: Redis) -> None:
    with_dingtalk(desk, redis, card_template_id="")
    desk.tell(to_staff(desk.firm.qianwei), "forward", forward(), key="1")
    before = counted_calls(sandbox)
    desk.notice(to_staff(desk.firm.qianwei), "已转发", key="2", updates="1")
    assert counted_calls(sandbox) == before
    assert desk.states()[-1] == ("dingtalk_robot", "skipped")


def test_an_unknown_member_is_dropped(desk: Desk, sandbox: Sandbox) -> None:
    del sandbox.directory.dingtalk["qianwei"]
    desk.notice(to_staff(desk.firm.qianwei), "你好", key="1")
    assert desk.states()[0] == ("dingtalk_robot", "dropped")
    assert len(sandbox.messages("wecom/admin")) == 1


def test_a_person_on_both_is_told_where_they_last_wrote(desk: Desk, sandbox: Sandbox) -> None:
    desk.notice(to_staff(desk.firm.zhoufang), "你好", key="1")
    with desk.store.transaction() as tx:
        tx.session.get_one(Staff, desk.firm.zhoufang.id).last_platform = "dingtalk"
    desk.notice(to_staff(desk.firm.zhoufang), "你好", key="2")
    assert len(sandbox.messages("wecom/zhoufang")) == len(sandbox.messages("dingtalk/zhoufang")) == 1


def test_a_group_robot_is_signed_and_hears_a_message_once(desk: Desk, sandbox: Sandbox) -> None:
    sandbox.faults.add("robot/send", "drop_after")
    desk.notice(to_group("logistics"), "物流超时", key="1")
    desk.due_again()
    desk.office.deliver()
    (message,) = sandbox.messages("group/logistics")
    assert "物流超时" in message.content["title"]


def test_a_group_robot_stops_before_the_platform_blocks_it(desk: Desk, sandbox: Sandbox) -> None:
    for number in range(25):
        desk.notice(to_group("logistics"), f"第{number}条", key=str(number), deliver=False)
    desk.office.deliver()
    assert len(sandbox.messages("group/logistics")) == 18, "a little less than the platform takes"
    assert desk.states().count(("dingtalk_group", "due")) == 7
    assert sandbox.calls["dingtalk /robot/send"] == 18


def test_a_restock_task_is_one_todo_on_top_and_done_with_the_task(desk: Desk, sandbox: Sandbox) -> None:
    desk.tell(to_role("purchasing"), "restock", restock(3), key="restock:3")
    desk.tell(to_role("purchasing"), "restock", restock(3), key="restock:3:again")
    assert [message.form for message in sandbox.messages("wecom/zhoufang")] == ["template_card"] * 2
    (todo,) = sandbox.messages("dingtalk/zhoufang")
    assert (todo.form, todo.content["done"]) == ("todo", False)
    assert "M12×80镀锌螺栓" in todo.content["subject"]
    desk.tell(to_service("todo"), "todo_done", {"task": 3}, key="todo-done:3", urgency=Urgency.BULK)
    assert todo.content["done"] is True
    assert sandbox.calls["dingtalk /topapi/v2/user/get"] == 1, "the union id is kept"


def test_a_todo_that_stands_already_is_found_again(desk: Desk, sandbox: Sandbox) -> None:
    sandbox.faults.add("/tasks", "drop_after")
    desk.tell(to_role("purchasing"), "restock", restock(3), key="restock:3")
    desk.due_again()
    desk.office.deliver()
    desk.tell(to_service("todo"), "todo_done", {"task": 3}, key="todo-done:3", urgency=Urgency.BULK)
    (todo,) = sandbox.messages("dingtalk/zhoufang")
    assert todo.content["done"] is True


def test_a_copy_and_a_task_that_nobody_has_in_dingtalk_make_no_todo(desk: Desk, sandbox: Sandbox) -> None:
    desk.tell(to_staff(desk.firm.zhoufang), "restock", restock(3, copy=True), key="1")
    desk.tell(to_staff(desk.firm.wugang), "restock", restock(4), key="2")
    desk.tell(to_service("todo"), "todo_done", {"task": 4}, key="3")
    assert counted_calls(sandbox) == 0


# the month's quota


def test_the_admin_is_warned_once_and_told_on_the_other_platform_when_it_is_used_up(desk: Desk, sandbox: Sandbox, redis: Redis) -> None:
    with_dingtalk(desk, redis, monthly_calls=10, card_template_id="")
    with desk.store.transaction() as tx:
        meters.count(tx, meters.DINGTALK_CALLS, 8)
        tx.session.get_one(Staff, desk.firm.zhoufang.id).last_platform = "dingtalk"
    for number in range(4):
        desk.notice(to_staff(desk.firm.zhoufang), f"第{number}条", key=str(number))
    desk.notice(to_staff(desk.firm.qianwei), "只在钉钉", key="only")
    assert len(sandbox.messages("dingtalk/zhoufang")) == 2
    assert len(sandbox.messages("wecom/zhoufang")) == 2, "the rest goes by the other platform"
    titles = [message.content["content"].splitlines()[0] for message in sandbox.messages("wecom/admin")]
    assert titles[:2] == ["钉钉额度快用完了", "钉钉额度已用完"]
    assert ("dingtalk_robot", "failed") in desk.states()
    assert our_count(desk.store) == 10


def test_the_platform_knows_better_what_is_left(desk: Desk, sandbox: Sandbox, redis: Redis) -> None:
    with_dingtalk(desk, redis, card_template_id="")
    with desk.store.transaction() as tx:
        tx.session.get_one(Staff, desk.firm.zhoufang.id).last_platform = "dingtalk"
    sandbox.faults.add("batchSend", "quota")
    desk.notice(to_staff(desk.firm.zhoufang), "你好", key="1")
    assert desk.states()[:2] == [("dingtalk_robot", "skipped"), ("wecom_app", "sent")]
    with desk.store.reading() as tx:
        assert quota.is_used_up(tx)


def test_the_figures_of_the_month(desk: Desk) -> None:
    desk.order(desk.firm.ruigu)
    with desk.store.transaction() as tx:
        meters.count(tx, meters.DINGTALK_CALLS, 12)
        meters.count(tx, meters.DINGTALK_PUSHES, 3)
    with desk.store.reading() as tx:
        report = quota.report(tx)
    assert re.findall(r"[\d.]+", report) == ["2026", "03", "12", "4988", "5000", "12.0", "3", "3000"]


def test_too_many_calls_in_a_second_are_put_off(desk: Desk, sandbox: Sandbox, redis: Redis) -> None:
    with_dingtalk(desk, redis, card_template_id="", calls_per_second=2)
    for number in range(4):
        desk.notice(to_staff(desk.firm.qianwei), f"第{number}条", key=str(number), deliver=False)
    desk.office.deliver()
    assert len(sandbox.messages("dingtalk/qianwei")) == 2
    assert {delivery.attempts for delivery in desk.deliveries() if delivery.state == "due"} == {0}


@pytest.mark.parametrize("fault", ["qps", "throttled", "punish", "busy", "unavailable", "html502"])
def test_nothing_is_lost_by_a_bad_moment(desk: Desk, sandbox: Sandbox, redis: Redis, fault: str) -> None:
    with_dingtalk(desk, redis, card_template_id="")
    sandbox.faults.add("batchSend", fault)
    desk.notice(to_staff(desk.firm.qianwei), "你好", key="1")
    redis.flushdb()
    desk.due_again()
    desk.office.deliver()
    assert len(sandbox.messages("dingtalk/qianwei")) == 1
    assert desk.deliveries()[0].possibly_double is (fault not in ("qps", "throttled", "punish"))


def test_a_member_who_is_told_too_often_holds_up_nobody_else(desk: Desk, sandbox: Sandbox, redis: Redis) -> None:
    with_dingtalk(desk, redis, card_template_id="")
    with desk.store.transaction() as tx:
        tx.session.get_one(Staff, desk.firm.zhoufang.id).last_platform = "dingtalk"
    sandbox.dingtalk.flow_controlled.add("qianwei")
    desk.notice(to_staff(desk.firm.qianwei), "你好", key="1")
    desk.notice(to_staff(desk.firm.zhoufang), "你好", key="2")
    assert desk.states() == [("dingtalk_robot", "due"), ("dingtalk_robot", "sent")]
    sandbox.dingtalk.flow_controlled.clear()
    desk.due_again()
    desk.office.deliver()
    assert len(sandbox.messages("dingtalk/qianwei")) == 1
    assert not desk.deliveries()[0].possibly_double


def test_the_quota_of_group_robots_is_not_that_of_the_app(desk: Desk, sandbox: Sandbox) -> None:
    sandbox.faults.add("robot/send", "90030")
    desk.notice(to_group("logistics"), "物流超时", key="1")
    assert desk.states()[0] == ("dingtalk_group", "failed")
    assert "90030" in str(sandbox.messages("wecom/admin")[0].content)
    desk.notice(to_staff(desk.firm.qianwei), "你好", key="2")
    assert len(sandbox.messages("dingtalk/qianwei")) == 1
    with desk.store.reading() as tx:
        assert not quota.is_used_up(tx)


def test_who_goes_on_saying_too_fast_is_asked_ever_more_seldom_and_given_up(desk: Desk, sandbox: Sandbox, redis: Redis) -> None:
    with_dingtalk(desk, redis, card_template_id="")
    sandbox.faults.add("batchSend", "qps", times=100)
    desk.notice(to_staff(desk.firm.qianwei), "你好", key="1", deliver=False)
    for seconds in (1, 2, 4, 8, 16, 32):
        redis.flushdb()
        desk.due_again()
        before = real_now()
        desk.office.deliver()
        due = desk.deliveries()[0].due_at
        assert due - real_now() <= timedelta(seconds=seconds) <= due - before
    with desk.store.transaction() as tx:
        delivery = tx.session.query(Delivery).filter_by(state="due").one()
        delivery.addressed_at -= timedelta(minutes=15)
        delivery.due_at = delivery.addressed_at
    redis.flushdb()
    desk.office.deliver()
    assert desk.states()[0] == ("dingtalk_robot", "failed")
    assert "发得太快" in str(sandbox.messages("wecom/admin")[0].content)


def forward() -> dict[str, str]:
    return {"order_no": "SO260302-0001", "customer": "老周水暖", "text": "您的订单已发货", "outbox_key": "progress:SO260302-0001:shipped"}


def test_an_outbox_row_of_an_unknown_service_is_skipped(desk: Desk) -> None:
    with desk.store.transaction() as tx:
        tell(tx, to_service("nobody"), "subscribe", {}, key="1", urgency=Urgency.BULK)
    desk.office.deliver()
    assert desk.states() == [("nobody", "skipped")]
