"""Who has promised, decided or owes something is held to it, over the wire: dates, interceptions, signatures and logs."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from store.models import Amendment, ApprovalDecision, CommunicationLog, Invoice, Order, Snapshot
from store.settings import Settings
from tests.scenes.conftest import Desk
from tests.scenes.test_journey import available, confirmed, stage
from tests.support.approvals import NO_APPROVALS
from tests.support.product import free_port

_OVERDUE = timedelta(minutes=46)
_LOG_LATE, _CHASED = timedelta(minutes=11), timedelta(minutes=31)


@dataclass(frozen=True)
class Telling:
    """Who sells to whom, who has the goods in hand, and who stands above."""

    seller: str
    packer: str
    customer: str
    heard_by: str
    """The chat in which the customer is told."""
    goods: str
    code: str
    unit: str
    above_packer: str


_ON_WECOM = Telling("zhaomin", "wugang", "锐固建材", "customer", "M12×80镀锌螺栓", "HB-M12x80-Z", "支", "admin")
_ON_DINGTALK = Telling("qianwei", "fengtao", "宏达五金", "hongda", "φ8卡扣", "AI-CL-08", "个", "wugang")
_ON_BOTH = pytest.mark.parametrize(
    ("telling", "database_url"),
    [(_ON_WECOM, "postgresql"), (_ON_DINGTALK, "sqlite")],
    indirect=["database_url"],
    ids=["wecom-postgresql", "dingtalk-sqlite"],
)


@pytest.fixture
def settings(home: Path, request: pytest.FixtureRequest) -> Settings:
    """Signatures are needed where the test is about them."""
    if "signed" in request.node.name:
        return Settings(home=home, http_port=free_port())
    return Settings(home=home, trade=NO_APPROVALS, http_port=free_port())


@_ON_BOTH
def test_a_late_date_is_agreed_on_and_a_picked_order_changes_only_when_it_is_caught(desk: Desk, telling: Telling) -> None:
    _agree_on_a_date(desk, telling)
    _catch_what_is_picked(desk, telling)
    assert desk.sandbox.ledger.problems == []


def _agree_on_a_date(desk: Desk, telling: Telling) -> None:
    no = confirmed(desk, telling.seller, f"下单 {telling.customer} 膨胀螺栓M8×80镀锌 20000套 3月5日到")
    desk.card("zhenggong", "接受", "交期待商定", no)
    desk.card(telling.seller, "接受", "交期待商定", no)
    assert _dates(desk, no)[1]

    desk.say("zhenggong", f"交期 {no} 3月18日")
    desk.press(desk.card(telling.seller, "接受", "郑工", "3月18日"), "接受")
    desk.wait("zhenggong", no, "已定", "3月18日")
    desk.wait(telling.heard_by, no, "3月18日")
    assert _dates(desk, no) == (date(2026, 3, 18), False)


def _catch_what_is_picked(desk: Desk, telling: Telling) -> None:
    before = available(desk, telling.code)
    no = confirmed(desk, telling.seller, f"下单 {telling.customer} {telling.goods} 500{telling.unit} 3月20日到")
    desk.say(telling.packer, f"出库 {no}")
    desk.threaded.do(desk.sandbox.until(lambda: stage(desk, no) == "picked"))

    desk.say(telling.seller, f"改单 {no} 数量改成300{telling.unit}")
    desk.press(desk.card(telling.seller, "确认改单", "500", "300"), "确认改单")
    caught = desk.card(telling.packer, "拦截成功", "请拦截", no)
    assert (_versions(desk, no), available(desk, telling.code)) == ([1], before - 500)

    desk.press(caught, "拦截成功")
    desk.wait(telling.seller, no, "拦截结果", "已生效")
    assert (_versions(desk, no), available(desk, telling.code)) == ([1, 2], before - 300)
    assert desk.look(select(Order.version).where(Order.no == no)) == [(2,)]
    assert desk.look(select(Amendment.state)) == [("applied",)]


@_ON_BOTH
def test_an_order_is_not_signed_then_signed_late_by_who_stands_above_and_billed_when_its_log_is_written(
    desk: Desk, telling: Telling
) -> None:
    _reject(desk, telling)
    no = _signed_late(desk, telling)
    _owe_a_log(desk, telling, no)
    assert desk.sandbox.ledger.problems == []


def _reject(desk: Desk, telling: Telling) -> None:
    no = confirmed(desk, telling.seller, f"下单 {telling.customer} {telling.goods} 400{telling.unit} 3月20日到")
    desk.press(desk.card(telling.packer, "驳回", no), "驳回")
    desk.wait(telling.packer, "为什么驳回")
    desk.say(telling.packer, "包装箱用完了")
    desk.wait(telling.seller, no, "审核未通过", "包装箱用完了")
    assert stage(desk, no) == "placed"
    assert desk.look(select(ApprovalDecision.decision, ApprovalDecision.reason)) == [("reject", "包装箱用完了")]


def _signed_late(desk: Desk, telling: Telling) -> str:
    """The number of an order that its signers left lying."""
    no = confirmed(desk, telling.seller, f"下单 {telling.customer} {telling.goods} 500{telling.unit} 3月20日到")
    desk.card("wangkuaiji", "同意", no)
    desk.card(telling.packer, "同意", no)
    desk.sandbox.forward(_OVERDUE)
    desk.press(desk.card("admin", "同意", no, "王会计超过 45 分钟未审"), "同意")
    if telling.above_packer != "admin":
        desk.press(desk.card(telling.above_packer, "同意", no, "超过 45 分钟未审"), "同意")
    desk.threaded.do(desk.sandbox.until(lambda: stage(desk, no) == "allocated"))
    desk.card(telling.packer, "已出库", no)
    return no


def _owe_a_log(desk: Desk, telling: Telling, no: str) -> None:
    desk.say("wangkuaiji", f"开票 {no}")
    desk.wait(telling.seller, "请补写沟通纪要", no, "王会计")
    desk.sandbox.forward(_LOG_LATE)
    desk.wait(telling.seller, "待办逾期", no)
    assert desk.count("sunlei", "待办逾期") == 0
    desk.sandbox.forward(_CHASED)
    desk.wait("sunlei", "待办逾期", no)
    assert desk.look(select(Invoice.id)) == []

    desk.say(telling.seller, f"沟通 {no} 今天上午9点跟王经理电话，同意3月20日到")
    desk.press(desk.card(telling.seller, "确认记录", "王经理"), "确认记录")
    desk.say("wangkuaiji", f"开票 {no}")
    desk.wait("wangkuaiji", "已登记开票")
    assert len(desk.look(select(CommunicationLog.id))) == len(desk.look(select(Invoice.id))) == 1


def _dates(desk: Desk, no: str) -> tuple[date | None, bool]:
    """What is promised, and whether it is still open."""
    row = desk.look(select(Order.promised_date, Order.date_open).where(Order.no == no))[0]
    return row[0], row[1]


def _versions(desk: Desk, no: str) -> list[int]:
    query = select(Snapshot.version).join(Order, Order.id == Snapshot.order_id).where(Order.no == no)
    return [version for (version,) in desk.look(query.order_by(Snapshot.version))]
