"""The scene that must run, as a conversation over both platforms' wire formats, on both databases."""

from datetime import timedelta

from sqlalchemy import func, select

from sandbox.callbacks import buttons_of
from sandbox.suggestions import order_number
from store.models import Episode, Event, Order, Reservation, Snapshot, StockBatch, Task
from tests.scenes.conftest import Desk

PLACE = "下单 锐固建材 M12×80镀锌螺栓×500支 免费配送 3月20日到"
WAYBILL = "SF1234567890123"


def confirmed(desk: Desk, who: str, text: str) -> str:
    """The number of an order that `who` typed and confirmed by the draft's button."""
    desk.say(who, text)
    draft = desk.wait(who, "确认下单")
    desk.press(draft, "确认下单")
    changed = desk.threaded.do(desk.sandbox.until(lambda: order_number(str(draft.content)), 15))
    assert "确认下单" not in buttons_of(draft)
    return changed


def available(desk: Desk, code: str = "HB-M12x80-Z") -> int:
    query = select(func.sum(StockBatch.on_hand - StockBatch.reserved)).join(StockBatch.product).where(StockBatch.product.has(code=code))
    with desk.store.reading() as tx:
        return int(tx.session.scalar(query) / 10_000)


def stage(desk: Desk, no: str) -> str:
    return desk.look(select(Order.stage).where(Order.no == no))[0][0]


def ask(desk: Desk, no: str) -> None:
    """Sales ask on both platforms what there is, and hear it."""
    for who in ("zhaomin", "qianwei"):
        desk.say(who, "查单 0001")
        desk.wait(who, no, "锐固建材")
        desk.say(who, "查单 锐固")
        desk.say(who, "库存 M12×80")
        desk.say(who, "待办")
        desk.say(who, "帮助")
        desk.wait(who, "查单", "库存", "待办")
    desk.say("qianwei", "完成 3")
    desk.wait("qianwei", "3", "没有")


def test_an_order_from_the_salesperson_to_the_customers_door(desk: Desk) -> None:
    before = available(desk)
    no = confirmed(desk, "zhaomin", PLACE)
    assert no == "SO260302-0001"
    assert stage(desk, no) == "allocated"
    assert available(desk) == before - 500
    assert desk.look(select(Snapshot.version)) == [(1,)]

    first = desk.wait("customer", no)
    assert "3月20日" in str(first.content) or "2026-03-20" in str(first.content)
    desk.wait("wugang", no, "A-0")

    ask(desk, no)

    desk.say("wugang", f"发货 0001 顺丰 {WAYBILL}")
    desk.wait("customer", no, WAYBILL)
    assert stage(desk, no) == "shipped"
    desk.threaded.do(desk.sandbox.until(lambda: WAYBILL in desk.sandbox.kuaidi100.waybills, 15))

    desk.trace(WAYBILL, "顺丰速运 已收取快件", "揽收")
    desk.sandbox.forward(timedelta(hours=47, minutes=50))
    assert desk.count("logistics", no) == 0
    desk.sandbox.forward(timedelta(hours=2, minutes=30))
    alert = desk.wait("logistics", no)
    assert "锐固建材" in str(alert.content)
    assert "2" in str(alert.content)

    desk.trace(WAYBILL, "快件到达【杭州转运中心】", "在途")
    desk.wait("logistics", no, "恢复")
    desk.trace(WAYBILL, "快件已签收,签收人:前台", "签收")
    desk.wait("customer", no, "签收")
    assert stage(desk, no) in ("signed", "closed")
    assert desk.count("logistics", no) == 2
    assert [resolved for (resolved,) in desk.look(select(Episode.resolved_at).where(Episode.rule == "shipping_timeout"))] != [None]
    assert desk.sandbox.ledger.problems == []


def test_a_short_order_waits_for_its_goods_and_is_served_first(desk: Desk) -> None:
    stock = available(desk)
    no = confirmed(desk, "qianwei", f"下单 宏达五金 M12×80镀锌螺栓×{stock + 3000}支 3月20日到")
    assert stage(desk, no) == "approved"
    assert available(desk) == 0
    desk.wait("wecom/zhoufang", "补货", no)
    desk.wait("dingtalk/zhoufang", no)
    desk.wait("qianwei", no, "建议")
    desk.wait("hongda", no)

    desk.say("zhoufang", "在途 PO88 M12×80镀锌 5000支 3月9日")
    desk.wait("zhoufang", "PO88")
    desk.say("wugang", "入库 M12×80镀锌 5000支 A-03-2")
    desk.wait("qianwei", no, "到齐")
    assert stage(desk, no) == "allocated"
    assert available(desk) == 2000
    held = desk.look(select(func.count()).select_from(Reservation))
    assert held[0][0] > 0
    assert desk.look(select(Task.state)) == [("done",)]
    assert desk.sandbox.ledger.problems == []


def test_a_line_near_its_shipping_and_under_one_and_a_half_safety_stocks_alarms_purchasing_once(desk: Desk) -> None:
    stock = available(desk)
    no = confirmed(desk, "zhaomin", f"下单 锐固建材 M12×80镀锌螺栓×{stock - 100}支 3月20日到")
    assert desk.count("wecom/zhoufang", "缺货预警") == 0
    due = desk.look(select(Order.promised_ship_at).where(Order.no == no))[0][0]
    desk.sandbox.forward(due - desk.sandbox.clock.now() - timedelta(hours=3, minutes=59))
    desk.wait("wecom/zhoufang", "缺货预警", no, "锐固建材")
    desk.wait("zhaomin", "缺货预警", no)
    desk.say("wugang", "入库 M12×80镀锌 90000支 A-03-2")
    desk.wait("wugang", "入库")
    desk.threaded.do(desk.sandbox.until(lambda: desk.look(select(Episode.resolved_at))[0][0], 15))
    assert desk.look(select(func.count()).select_from(Event).where(Event.kind == "alert.opened")) == [(1,)]
