"""改单 and 取消 in chat: from a typed line over the preview to a new version, by buttons and by typing alone."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from orders.changes import SetQuantity
from store.models import CommunicationLog, Order, Snapshot, Stage
from tests.handlers.conftest import Chat
from tests.orders.test_parts import in_stock
from tests.orders.trade import Trade
from tests.support.clock import TestClock


@pytest.fixture
def trade(chat: Chat) -> Trade:
    return Trade(chat.store, chat.firm)


@pytest.fixture
def tail() -> Callable[[Order], str]:
    return lambda order: order.no.rpartition("-")[2]


def kept(trade: Trade, order: Order) -> tuple[list[Snapshot], list[CommunicationLog]]:
    with trade.store.reading() as tx:
        logs = tx.session.query(CommunicationLog).filter_by(order_id=order.id).order_by(CommunicationLog.id).all()
    return trade.snapshots(order), logs


def test_a_typed_change_is_previewed_and_confirmed_with_one_press(chat: Chat, trade: Trade) -> None:
    order, zhaomin = trade.place((trade.firm.bolt, 500)), chat.firm.zhaomin
    shown = chat.say(zhaomin, f"改单 {order.no} 数量改成800支")
    assert shown.card == "amendment"
    assert "M12×80镀锌螺栓 数量：500支 → 800支" in shown.words
    assert "差价：¥360.00" in shown.words
    assert "占用 M12×80镀锌螺栓 主仓 A-03-1 批次B2601 300支" in shown.words
    assert shown.data["told"] == ["主仓", "客户"]
    assert trade.order(order).version == 1

    saved = chat.press(zhaomin, shown.buttons["确认改单"])
    assert (saved.card, saved.data["version"], saved.reply.replaces) == ("order", 2, shown.reply.key)
    (_, second), (log,) = kept(trade, order)
    assert second.impact == "M12×80镀锌螺栓 数量 500支→800支；金额+360.00元；主仓改配货单"
    assert (log.contact, log.occasion) == ("锐固建材", "amend")
    assert "500支→800支" in log.conclusion
    assert chat.press(zhaomin, shown.buttons["确认改单"]).reason == "dialog_amended"
    assert trade.order(order).version == 2


def test_the_statement_and_the_log_are_edited_by_typing(chat: Chat, trade: Trade) -> None:
    order, zhaomin = trade.place((trade.firm.bolt, 500)), chat.firm.zhaomin
    shown = chat.say(zhaomin, f"改单 {order.no} 数量改成800支")
    asked = chat.press(zhaomin, shown.buttons["改说明"])
    assert "请打变更影响说明" in asked.words
    chat.say(zhaomin, "模具要调,顺延三天")
    chat.say(zhaomin, "对象 李总")
    chat.say(zhaomin, "交期改到3月20日")
    shown = chat.say(zhaomin, "结论 客户同意加量")
    assert "期望交付日" in shown.words
    assert shown.data["log"]["contact"] == "李总"
    chat.say(zhaomin, "确认改单")
    snapshots, (log,) = kept(trade, order)
    assert (snapshots[1].impact, log.contact, log.conclusion) == ("模具要调,顺延三天", "李总", "客户同意加量")
    assert [change["kind"] for change in snapshots[1].changes] == ["quantity", "date", "amount"]


def test_a_line_is_meant_by_its_number(chat: Chat, trade: Trade) -> None:
    order, zhaomin = trade.place((trade.firm.bolt, 500), (trade.firm.nut, 300)), chat.firm.zhaomin
    shown = chat.say(zhaomin, f"改单 {order.no} 第2行改成400")
    assert shown.data["differences"][0]["what"].startswith(trade.firm.nut.name)
    assert "改订单里的哪一行" in chat.say(zhaomin, f"改单 {order.no} 第3行改成400").words
    both = chat.say(zhaomin, f"改单 {order.no} 第1行改成800支，第2行去掉").data["differences"]
    gone = chat.say(zhaomin, f"改单 {order.no} 去掉第2行").data["differences"]
    assert (trade.firm.nut.name in str(gone), trade.firm.bolt.name in str(gone)) == (True, False)
    assert (trade.firm.nut.name in str(both), trade.firm.bolt.name in str(both), "800" in str(both)) == (True, True, True)
    assert trade.order(order).version == 1


def test_a_choice_is_typed_by_its_own_words(chat: Chat, trade: Trade) -> None:
    order, zhaomin = trade.place((trade.firm.bolt, 500)), chat.firm.zhaomin
    chat.say(zhaomin, f"改单 {order.no} 数量改成800支")
    assert "请打变更影响说明" in chat.say(zhaomin, "改说明").words
    shown = chat.say(zhaomin, "模具要调,顺延三天")
    assert "影响说明：模具要调,顺延三天" in shown.words
    chat.say(zhaomin, "确认改单")
    assert kept(trade, order)[0][1].impact == "模具要调,顺延三天"


def test_a_change_that_somebody_made_meanwhile_is_shown_and_not_overwritten(chat: Chat, trade: Trade) -> None:
    order, zhaomin = trade.place((trade.firm.bolt, 500)), chat.firm.zhaomin
    shown = chat.say(zhaomin, f"改单 {order.no} 收货电话改成 13905718866")
    trade.amend(order, SetQuantity(quantity=Decimal(800)), by=trade.firm.sunlei)
    again = chat.press(zhaomin, shown.buttons["确认改单"])
    assert (again.card, again.data["version"], again.reply.replaces) == ("amendment", 2, shown.reply.key)
    assert "刚才有人先改了：M12×80镀锌螺栓 数量 500支→800支" in again.words
    assert trade.order(order).version == 2
    chat.press(zhaomin, again.buttons["确认改单"])
    order = trade.order(order)
    assert (order.version, order.phone, order.lines[0].quantity) == (3, "13905718866", 800)


def test_what_is_unclear_is_asked_with_choices(chat: Chat, trade: Trade) -> None:
    trade.receive(trade.firm.nut, 1000)
    order, zhaomin = trade.place((trade.firm.bolt, 500), (trade.firm.nut, 100)), chat.firm.zhaomin
    asked = chat.say(zhaomin, f"改单 {order.no}")
    assert "数量" in asked.buttons
    chat.press(zhaomin, asked.buttons["数量"])
    which = chat.say(zhaomin, "800")
    assert list(which.buttons) == ["M12×80镀锌螺栓 500支", "M12镀锌螺母 100个"]
    shown = chat.say(zhaomin, "2")
    assert "M12镀锌螺母 数量：100个 → 800个" in shown.words


def test_free_text_changes_the_order_that_is_meant_and_no_other(chat: Chat, trade: Trade) -> None:
    first, second = trade.place((trade.firm.bolt, 500)), trade.place((trade.firm.bolt, 300))
    zhaomin = chat.firm.zhaomin
    shown = chat.say(zhaomin, "刚才那单再加200支")
    assert (shown.data["order_no"], shown.data["differences"][0]["after"]) == (second.no, "500支")
    more = chat.say(zhaomin, f"{second.no} 改发顺丰")
    assert [one["kind"] for one in more.data["differences"]] == ["quantity", "carrier", "amount"]
    other = chat.say(zhaomin, f"{first.no} 加急")
    assert (other.data["order_no"], [one["kind"] for one in other.data["differences"]]) == (first.no, ["urgent"])
    cancelling = chat.say(zhaomin, f"{first.no}不要了，客户工地停了")
    assert "确认取消" in cancelling.buttons
    assert chat.say(zhaomin, "取消").card == "notice"
    assert [trade.order(order).version for order in (first, second)] == [1, 1]


def test_a_cancellation_asks_its_reason_and_frees_the_goods(chat: Chat, trade: Trade) -> None:
    order, zhaomin = trade.place((trade.firm.bolt, 500)), chat.firm.zhaomin
    assert "为什么取消" in chat.say(zhaomin, f"取消 {order.no}").words
    shown = chat.say(zhaomin, "客户工地停了")
    assert "确认取消" in shown.buttons
    assert "释放 M12×80镀锌螺栓 主仓 A-03-1 批次B2601 500支" in shown.words
    for nod in ("好的", "谢谢"):
        assert "打“确认”" in chat.say(zhaomin, nod).words
    done = chat.say(zhaomin, "1")
    assert (done.card, done.data["stage"]) == ("order", "cancelled")
    assert trade.levels(trade.firm.bolt) == (8000, 0)
    _, (log,) = kept(trade, order)
    assert (log.occasion, log.conclusion) == ("cancel", "取消订单：客户工地停了")
    assert chat.say(zhaomin, f"改单 {order.no} 加急").reason == "order_over"


def test_a_warehouse_intercepts_and_old_cards_do_nothing(chat: Chat, trade: Trade) -> None:
    order, zhaomin, wugang = trade.place((trade.firm.bolt, 500)), chat.firm.zhaomin, chat.firm.wugang
    assert chat.say(wugang, f"出库 {order.no}").card == "notice"
    shown = chat.say(zhaomin, f"改单 {order.no} 数量改成300支")
    assert "主仓" in shown.words
    assert "拦截" in shown.words
    assert "正在拦截" in chat.press(zhaomin, shown.buttons["确认改单"]).words
    (task,) = trade.told("intercept")
    assert chat.say(wugang, f"完成 {task.data['task']}").reason == "task_needs_answer"
    assert chat.press(zhaomin, ("intercept.done", str(task.data["task"]))).reason == "not_allowed"
    assert "第2版" in chat.say(wugang, f"拦截成功 {task.data['task']}").words
    assert chat.press(wugang, ("intercept.failed", str(task.data["task"]))).reason == "task_done"
    stale = chat.press(wugang, ("pick.done", f"{order.no} 1 主仓"))
    assert (stale.reason, "第2版" in stale.words) == ("old_version", True)
    assert chat.press(wugang, ("pick.done", f"{order.no} 2 主仓")).card == "notice"
    assert trade.order(order).stage == Stage.PICKED


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("去掉 M12×80镀锌螺栓", "nothing_left"),
        ("减600支", "below_zero"),
        ("数量改成3吨", "unit_does_not_convert"),
        ("M12镀锌螺母 改成3个", "line_not_there"),
        ("交期改到3月3日", "short_of_time"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_with_what_to_do(chat: Chat, trade: Trade, typed: str, reason: str) -> None:
    order = trade.place((trade.firm.bolt, 500))
    with trade.changes_nothing():
        assert chat.say(chat.firm.zhaomin, f"改单 {order.no} {typed}").reason == reason


def test_others_may_not_and_a_late_confirmation_does_nothing(chat: Chat, trade: Trade, clock: TestClock) -> None:
    order = trade.place((trade.firm.bolt, 500))
    assert chat.say(chat.firm.qianwei, f"改单 {order.no} 加急").reason == "not_your_order"
    assert chat.say(chat.firm.wugang, f"改单 {order.no} 加急").reason == "not_allowed"
    shown = chat.say(chat.firm.sunlei, f"改单 {order.no} 加急")
    assert shown.card == "amendment"
    assert chat.press(chat.firm.zhaomin, shown.buttons["确认改单"]).reason == "dialog_replaced"
    assert trade.order(order).version == 1


def test_what_has_not_left_is_amended_by_the_words_for_it(chat: Chat, trade: Trade) -> None:
    order, zhaomin = in_stock(trade, (2000, None), (3000, "2026-03-20")), chat.firm.zhaomin
    trade.ship(order)
    shown = chat.say(zhaomin, f"改单 {order.no} 剩下的改成2500支")
    assert "M12×80镀锌螺栓 数量：5000支 → 4500支" in shown.words
    assert "已发出的包裹不变，只改没发的" in shown.words
    chat.say(zhaomin, f"改单 {order.no} 没发的送到绍兴柯桥万达广场")
    saved = chat.say(zhaomin, "确认改单")
    assert (saved.data["version"], saved.data["address"]) == (2, "绍兴柯桥万达广场")
    assert trade.open_tasks() == []
    less = chat.say(zhaomin, f"改单 {order.no} 数量改成1000支")
    assert (less.reason, "数量改成2000支" in less.words) == ("below_left", True)
    assert "数量改成" in chat.say(zhaomin, f"取消 {order.no} 剩下的不要了").words
    assert trade.order(order).version == 2


def test_nobody_is_asked_what_to_change_of_an_order_that_is_over(chat: Chat, trade: Trade) -> None:
    order, zhaomin = trade.place((trade.firm.bolt, 500)), chat.firm.zhaomin
    assert chat.say(chat.firm.qianwei, f"改单 {order.no}").reason == "not_your_order"
    trade.ship(order)
    trade.sign(order)
    assert chat.say(zhaomin, f"改单 {order.no}").reason == "order_over"
    assert chat.say(zhaomin, f"取消 {order.no}").reason == "order_over"


def test_a_parcel_on_its_way_is_said_to_be_rerouted(chat: Chat, trade: Trade) -> None:
    order, zhaomin = trade.place((trade.firm.bolt, 500)), chat.firm.zhaomin
    trade.ship(order)
    shown = chat.say(zhaomin, f"改单 {order.no} 收货电话改成 13905718866")
    assert "包裹已在路上：顺丰 SF1234567890123，确认后请快递改派" in shown.words
    assert "拦截" not in shown.words
    assert "仓库正在请快递改派" in chat.say(zhaomin, "确认改单").words


@pytest.mark.parametrize(("end", "owes"), [("算了", True), ("确认改单", False)])
def test_a_wish_that_is_mentioned_and_not_saved_is_owed_a_log(chat: Chat, trade: Trade, end: str, owes: bool) -> None:
    order, zhaomin = trade.place((trade.firm.bolt, 500)), chat.firm.zhaomin
    assert chat.say(zhaomin, f"{order.no} 客户王总说要改成800支").card == "amendment"
    chat.say(zhaomin, end)
    assert [task.kind for task in trade.open_tasks()] == (["log"] if owes else [])


def test_a_change_that_no_customer_asked_for_owes_nothing(chat: Chat, trade: Trade) -> None:
    order, zhaomin = trade.place((trade.firm.bolt, 500)), chat.firm.zhaomin
    chat.say(zhaomin, f"{order.no} 收货电话改成13905718866")
    chat.say(zhaomin, "算了")
    assert trade.open_tasks() == []


def test_a_whole_wish_is_taken_though_a_question_has_lapsed(chat: Chat, trade: Trade, clock: TestClock) -> None:
    order, zhaomin = trade.place((trade.firm.bolt, 500)), chat.firm.zhaomin
    chat.say(zhaomin, f"改单 {order.no}")
    clock.forward(timedelta(hours=2))
    assert chat.say(zhaomin, f"{order.no} 再加200支").card == "amendment"
    clock.forward(timedelta(hours=2))
    assert "已经作废" in chat.say(zhaomin, "800").words


def test_words_for_the_rest_are_read_and_the_warehouse_sees_each_part(chat: Chat, trade: Trade) -> None:
    order, zhaomin, wugang = in_stock(trade, (2000, None), (3000, "2026-03-20")), chat.firm.zhaomin, chat.firm.wugang
    listed = chat.say(wugang, "待办").words
    assert f"{order.no} 第1批" in listed
    assert f"{order.no} 第2批 锐固建材：等配货，3月18日 17:00前发" in listed
    trade.ship(order)
    shown = chat.say(zhaomin, f"{order.no} 剩下的3月25日再发")
    assert "3000支（3月25日）" in shown.words
    assert "没看懂" not in shown.words
    assert "什么都没有改" in chat.say(zhaomin, "算了").words
    assert "主仓第1批 已发货，主仓第2批 3月20日" in chat.say(zhaomin, f"查单 {order.no}").words
