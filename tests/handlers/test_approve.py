from datetime import timedelta

import pytest
from sqlalchemy import func, select

from orders.placing import place_order
from store.models import ApprovalDecision, Order, OutboxMessage, Stage
from tests.handlers.conftest import Chat
from tests.orders.trade import Trade, same
from tests.support.approvals import use_matrix
from tests.support.clock import TestClock


@pytest.fixture
def order(chat: Chat) -> Order:
    """SO260302-0001 of 赵敏, which waits for finance and the warehouse."""
    use_matrix(chat.store)
    trade = Trade(chat.store, chat.firm)
    with chat.store.transaction() as tx:
        return place_order(tx, trade.wish((chat.firm.bolt, 500)), same(tx, chat.firm.zhaomin))


def stage(chat: Chat, order: Order) -> str:
    with chat.store.reading() as tx:
        return same(tx, order).stage


def decided(chat: Chat) -> list[tuple[str, str | None, str]]:
    with chat.store.reading() as tx:
        rows = tx.session.scalars(select(ApprovalDecision).order_by(ApprovalDecision.id))
        return [(row.decision, row.reason, row.platform) for row in rows]


def test_buttons_agree_and_the_card_shows_it(chat: Chat, order: Order) -> None:
    heard = chat.press(chat.firm.wangkuaiji, ("approval.approve", "1"))
    assert (heard.card, heard.reply.replaces) == ("approval", f"approval:1:{chat.firm.wangkuaiji.id}")
    assert not heard.buttons
    assert "王会计 同意" in heard.words
    assert chat.press(chat.firm.wangkuaiji, ("approval.approve", "1")).reason == "decided_already"
    heard = chat.press(chat.firm.wugang, ("approval.approve", "1"))
    assert "审核通过" in heard.words
    assert stage(chat, order) == Stage.ALLOCATED
    assert chat.press(chat.firm.wugang, ("approval.reject", "1")).reason == "approval_step_over"
    assert decided(chat) == [("approve", None, "wecom"), ("approve", None, "wecom")]


def test_the_button_of_a_rejection_asks_for_its_reason(chat: Chat, order: Order) -> None:
    heard = chat.press(chat.firm.wangkuaiji, ("approval.reject", "1"))
    assert heard.card == "question"
    assert decided(chat) == []
    heard = chat.say(chat.firm.wangkuaiji, "上一笔 30% 的货款还没到")
    assert "审核未通过" in heard.words
    assert decided(chat) == [("reject", "上一笔 30% 的货款还没到", "wecom")]
    assert stage(chat, order) == Stage.PLACED


def test_a_reason_can_be_chosen(chat: Chat, order: Order) -> None:
    heard = chat.press(chat.firm.wangkuaiji, ("approval.reject", "1"))
    chat.press(chat.firm.wangkuaiji, heard.buttons["价格不对"])
    assert decided(chat) == [("reject", "价格不对", "wecom")]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("同意 0001", ("approve", None)),
        ("同意0001 先收款再发货", ("approve", "先收款再发货")),
        ("/驳回 0001 价格不对", ("reject", "价格不对")),
        ("不同意 SO260302-0001 500支太多", ("reject", "500支太多")),
    ],
)
def test_typing_does_the_same(chat: Chat, order: Order, text: str, kept: tuple[str, str | None]) -> None:
    assert chat.say(chat.firm.wangkuaiji, text).card == "approval"
    assert [row[:2] for row in decided(chat)] == [kept]


def test_what_is_missing_is_asked_for(chat: Chat, order: Order) -> None:
    heard = chat.say(chat.firm.wangkuaiji, "驳回")
    assert order.no in heard.words
    heard = chat.say(chat.firm.wangkuaiji, "1")
    assert "为什么驳回" in heard.words
    chat.say(chat.firm.wangkuaiji, "数量不对")
    assert decided(chat) == [("reject", "数量不对", "wecom")]


def test_who_is_not_asked_is_told_whom_the_order_waits_for(chat: Chat, order: Order) -> None:
    for text in ("同意 0001", "驳回 0001 不行", "驳回 0001"):
        heard = chat.say(chat.firm.zhaomin, text)
        assert heard.reason == "approval_not_yours"
        assert "王会计" in heard.words
    assert chat.say(chat.firm.zhaomin, "同意").reason == "nothing_to_approve"
    assert decided(chat) == []


def test_a_delegate_signs_as_long_as_the_delegation_lasts(chat: Chat, order: Order, clock: TestClock) -> None:
    firm = chat.firm
    assert "委托好了" in chat.say(firm.wangkuaiji, "委托 孙磊 到 3月4日").words
    asked = select(func.count()).where(OutboxMessage.card == "approval", OutboxMessage.audience == f"staff:{firm.sunlei.id}")
    with chat.store.reading() as tx:
        assert tx.session.scalar(asked) == 1
    clock.forward(timedelta(days=3))
    assert chat.say(firm.sunlei, "同意 0001").reason == "delegation_over"
    clock.forward(timedelta(days=-1))
    assert chat.say(firm.sunlei, "同意 0001").card == "approval"
    with chat.store.reading() as tx:
        signed = tx.session.scalars(select(ApprovalDecision)).one()
        assert (signed.staff_id, signed.for_id) == (firm.sunlei.id, firm.wangkuaiji.id)


def test_a_delegation_that_begins_later_counts_from_its_day(chat: Chat, order: Order, clock: TestClock) -> None:
    firm = chat.firm
    chat.say(firm.wangkuaiji, "委托 孙磊 3月4日到3月6日")
    assert chat.say(firm.sunlei, "同意 0001").reason == "approval_not_yours"
    clock.forward(timedelta(days=2))
    assert chat.say(firm.sunlei, "同意 0001").card == "approval"


def test_impossible_delegations_are_refused(chat: Chat) -> None:
    firm = chat.firm
    for text, reason in (
        ("委托 王会计 到 3月20日", "delegate_to_self"),
        ("委托 李四 到 3月20日", "no_such_colleague"),
        ("委托 孙磊 到 2月20日", "delegation_past"),
        ("委托 取消", "no_delegation"),
    ):
        assert chat.say(firm.wangkuaiji, text).reason == reason
    chat.say(firm.wangkuaiji, "委托 孙磊 3月10日到3月20日")
    assert chat.say(firm.wangkuaiji, "委托 周芳 3月15日到3月25日").reason == "delegation_overlaps"
    assert chat.say(firm.sunlei, "委托 王会计 3月20日到3月21日").reason == "delegation_circular"
    assert "委托已结束" in chat.say(firm.wangkuaiji, "委托 取消").words
    assert "委托好了" in chat.say(firm.wangkuaiji, "委托 周芳 3月15日到3月25日").words


def test_the_colleague_and_the_day_are_asked_for(chat: Chat) -> None:
    firm = chat.firm
    assert "委托给谁" in chat.say(firm.wangkuaiji, "委托").words
    assert "到哪天" in chat.say(firm.wangkuaiji, "孙磊").words
    assert "委托好了" in chat.say(firm.wangkuaiji, "3月20日").words


def test_what_waits_for_a_signature_is_in_the_list_of_things_to_do(chat: Chat, order: Order) -> None:
    wangkuaiji, wugang = chat.firm.wangkuaiji, chat.firm.wugang
    heard = chat.say(wangkuaiji, "待办")
    assert f"{order.no} 锐固建材：等您审核" in heard.words
    assert ("：1项" in heard.shown.title, "同意 单号" in heard.shown.note, "驳回 单号 原因" in heard.shown.note) == (True, True, True)
    assert chat.say(chat.firm.zhaomin, "待办").data["to_sign"] == []
    chat.say(wangkuaiji, f"同意 {order.no}")
    assert "没有待办" in chat.say(wangkuaiji, "待办").words
    assert [item["order_no"] for item in chat.say(wugang, "待办").data["to_sign"]] == [order.no]
    chat.say(wugang, f"驳回 {order.no} 价格不对")
    assert chat.say(wugang, "待办").data["to_sign_count"] == 0
