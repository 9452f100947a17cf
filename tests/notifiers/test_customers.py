"""Customers: by the service account, in their group, or through their salesperson."""

from sandbox.callbacks import buttons_of
from sandbox.server import Sandbox
from store.events import Fact
from store.models import Customer, Event, Staff
from store.outbox import Urgency, to_customer
from tests.notifiers.conftest import Desk, progress


def tell_progress(desk: Desk, customer: Customer, **values: str) -> None:
    order = desk.order(customer)
    key = f"progress:{order.no}:approved"
    desk.tell(to_customer(customer), "progress", progress(order, **values), key=key, urgency=Urgency.PROGRESS, order=order)


def told(desk: Desk) -> list[str]:
    with desk.store.reading() as tx:
        return [event.data["channel"] for event in tx.session.query(Event).filter_by(kind=Fact.CUSTOMER_TOLD).order_by(Event.id)]


def test_a_follower_gets_a_template_message_and_that_is_a_fact(desk: Desk, sandbox: Sandbox) -> None:
    tell_progress(desk, desk.firm.ruigu)
    (message,) = sandbox.messages("wechat/openid-ruigu")
    assert message.content["fields"] == {
        "订单编号": "SO260302-0001",
        "当前进度": "已审核",
        "预计送达": "2026年3月20日",
        "备注": "已下单，正在备货",
    }
    assert told(desk) == ["wechat_template"]


def test_where_a_time_has_to_be_a_moment_it_is_told_as_one(desk: Desk, sandbox: Sandbox) -> None:
    sandbox.wechat.strict_times = True
    tell_progress(desk, desk.firm.ruigu)
    (message,) = sandbox.messages("wechat/openid-ruigu")
    assert message.content["fields"]["预计送达"] == "2026年3月20日 23:59"
    assert told(desk) == ["wechat_template"]


def test_content_that_is_refused_all_the_same_reaches_the_customer_through_the_salesperson(desk: Desk, sandbox: Sandbox) -> None:
    tell_progress(desk, desk.firm.ruigu, date="")
    assert sandbox.messages("wechat/openid-ruigu") == []
    assert sandbox.calls["wechat message/template/send"] == 1
    assert "锐固建材" in str(sandbox.messages("wecom/zhaomin")[0].content)


def test_the_waybill_is_never_cut(desk: Desk, sandbox: Sandbox) -> None:
    tell_progress(desk, desk.firm.ruigu, carrier="德邦物流有限公司", waybill="DPK364000123456789")
    (message,) = sandbox.messages("wechat/openid-ruigu")
    assert message.content["fields"]["备注"] == "DPK364000123456789"
    assert not message.overlong


def test_a_group_gets_the_progress_card(desk: Desk, sandbox: Sandbox) -> None:
    tell_progress(desk, desk.firm.hongda)
    (message,) = sandbox.messages("group/hongda")
    assert "SO260302-0001" in str(message.content)
    assert told(desk) == ["dingtalk_group"]


def test_a_customer_with_both_is_told_in_both(desk: Desk, sandbox: Sandbox) -> None:
    change(desk, desk.firm.ruigu, group="HongDa")
    tell_progress(desk, desk.firm.ruigu)
    assert len(sandbox.messages("wechat/openid-ruigu")) == len(sandbox.messages("group/hongda")) == 1


def test_an_unreachable_customer_is_forwarded_by_the_salesperson_and_not_told_yet(desk: Desk, sandbox: Sandbox) -> None:
    tell_progress(desk, desk.firm.laozhou, url="https://gendan.example.com/t/abc")
    (message,) = sandbox.messages("wecom/zhaomin")
    assert buttons_of(message) == ["已转发"]
    assert "老周水暖" in str(message.content)
    assert "查看进度：https://gendan.example.com/t/abc" in str(message.content)
    assert told(desk) == []
    assert sandbox.calls["wechat message/template/send"] == 0


def test_without_a_salesperson_at_work_the_managers_forward(desk: Desk, sandbox: Sandbox) -> None:
    change(desk, desk.firm.zhaomin, active=False)
    tell_progress(desk, desk.firm.laozhou)
    assert len(sandbox.messages("wecom/sunlei")) == 1


def test_without_managers_the_admin_forwards(desk: Desk, sandbox: Sandbox) -> None:
    change(desk, desk.firm.laozhou, salesperson_id=None)
    change(desk, desk.firm.sunlei, active=False)
    tell_progress(desk, desk.firm.laozhou)
    assert len(sandbox.messages("wecom/admin")) == 1


def test_who_has_stopped_following_is_forwarded(desk: Desk, sandbox: Sandbox) -> None:
    sandbox.directory.followers.clear()
    tell_progress(desk, desk.firm.ruigu)
    assert desk.states()[0] == ("wechat_template", "dropped")
    assert [buttons_of(message) for message in sandbox.messages("wecom/zhaomin")] == [["已转发"]]
    assert told(desk) == []


def test_who_is_reached_in_the_group_is_not_forwarded(desk: Desk, sandbox: Sandbox) -> None:
    sandbox.directory.followers.clear()
    change(desk, desk.firm.ruigu, group="hongda")
    tell_progress(desk, desk.firm.ruigu)
    assert told(desk) == ["dingtalk_group"]
    assert sandbox.messages("wecom/zhaomin") == []


def test_a_repeated_sending_reaches_the_follower_once(desk: Desk, sandbox: Sandbox) -> None:
    sandbox.faults.add("message/template/send", "drop_after")
    tell_progress(desk, desk.firm.ruigu)
    desk.due_again()
    desk.office.deliver()
    assert len(sandbox.messages("wechat/openid-ruigu")) == 1
    assert desk.deliveries()[0].possibly_double


def change(desk: Desk, row: Customer | Staff, **values: object) -> None:
    with desk.store.transaction() as tx:
        kept = tx.session.get_one(type(row), row.id)
        for name, value in values.items():
            setattr(kept, name, value)
