"""改单 over both platforms' wire: WeCom by the card's button, DingTalk by the number of a choice."""

from sqlalchemy import select

from store.models import Order, OutboxMessage, Snapshot
from store.tokens import Signer, signing_key
from store.transaction import Store
from tests.support.callers import DingTalkCaller, WeComCaller
from tests.support.firm import Firm


def versions(store: Store, order: Order) -> list[tuple[int, str | None]]:
    with store.reading() as tx:
        query = select(Snapshot).where(Snapshot.order_id == order.id).order_by(Snapshot.version)
        return [(kept.version, kept.impact) for kept in tx.session.scalars(query)]


def placed(store: Store) -> Order:
    with store.reading() as tx:
        return tx.session.scalars(select(Order)).one()


def button(store: Store, staff_id: int) -> str:
    """The confirmation that the preview carries for this person."""
    with store.transaction() as tx:
        query = select(OutboxMessage).where(OutboxMessage.card == "amendment").order_by(OutboxMessage.id.desc())
        preview = tx.session.scalars(query).first()
        assert preview is not None
        return Signer(signing_key(tx.session)).sign("button", "dialog.confirm", preview.data["draft"], staff_id)


async def test_wecom_confirms_a_preview_by_its_button_and_once(store: Store, firm: Firm, wecom: WeComCaller):
    await wecom.say("zhaomin", "下单 锐固建材 M12×80镀锌螺栓×500支 3月20日到")
    await wecom.say("zhaomin", "确认")
    order = placed(store)
    await wecom.say("zhaomin", "刚才那单再加200支")
    assert versions(store, order) == [(1, None)]
    press = button(store, firm.zhaomin.id)
    heard = await wecom.press("zhaomin", press, code="c1")
    assert (heard.kind, order.no in heard.body) == ("update_template_card", True)
    await wecom.press("zhaomin", press, code="c2")
    assert [version for version, _ in versions(store, order)] == [1, 2]


async def test_dingtalk_explains_and_confirms_by_typing(store: Store, firm: Firm, dingtalk: DingTalkCaller):
    await dingtalk.say("qianwei", "下单 宏达五金 M12×80镀锌螺栓×500支 3月20日到")
    await dingtalk.say("qianwei", "1")
    order = placed(store)
    heard = await dingtalk.say("qianwei", f"改单 {order.no} 数量改成300支")
    assert "500支 → 300支" in heard.body
    assert "确认改单" in heard.body
    await dingtalk.say("qianwei", "2")
    await dingtalk.say("qianwei", "客户仓库满了")
    await dingtalk.say("qianwei", "1")
    assert versions(store, order) == [(1, None), (2, "客户仓库满了")]
