"""Messages over the wire: answered at once where the platform can, once and no more, to whom they concern."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sqlalchemy import event, func, select

from bot.call import Call
from bot.doors.wecom import WeComForm
from bot.reception import Reception
from platforms.cutting import size
from platforms.text import as_text
from platforms.wecom.cards import TEXT_BYTES
from platforms.words import Message, Platform
from store import revisions
from store.models import Dialog, Incoming, Meter, OutboxMessage, Product, Staff, StockBatch
from store.transaction import Store
from templates.render import render_card
from tests.support.callers import DingTalkCaller, WeComCaller
from tests.support.clock import TestClock
from tests.support.firm import Firm

Rows = Callable[[], dict[str, int]]
RECEIVED = "入库 M12×80镀锌螺栓 100支 A-03-1"


def on_hand(store: Store, firm: Firm) -> Decimal:
    with store.reading() as tx:
        return sum(tx.session.scalars(select(StockBatch.on_hand).where(StockBatch.product_id == firm.bolt.id)), Decimal())


def outbox(store: Store) -> list[OutboxMessage]:
    with store.reading() as tx:
        return list(tx.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


async def test_an_answer_without_buttons_rides_back(store: Store, wecom: WeComCaller, dingtalk: DingTalkCaller):
    heard = await wecom.say("zhaomin", "库存 M12×80")
    assert (heard.status, heard.kind) == (200, "text")
    assert "8,000" in heard.text
    markdown = (await dingtalk.say("qianwei", "库存 M12×80")).json
    assert markdown["msgtype"] == "markdown"
    assert "8,000" in markdown["markdown"]["text"]
    assert outbox(store) == []


async def test_a_card_with_buttons_goes_by_the_outbox_on_wecom(store: Store, firm: Firm, wecom: WeComCaller):
    heard = await wecom.say("zhaomin", "下单 锐固建材 M12×80镀锌螺栓×500支 免费配送 3月20日到")
    assert (heard.status, heard.body) == (200, "success")
    (message,) = outbox(store)
    assert (message.card, message.audience) == ("order_draft", f"staff:{firm.zhaomin.id}")


async def test_without_a_page_the_lines_that_have_no_room_come_in_further_messages(store: Store, wecom: WeComCaller):
    wish = "\n".join(f"M12×80镀锌螺栓 {quantity}支" for quantity in range(101, 141))
    heard = await wecom.say("zhaomin", f"下单 锐固建材 3月20日到\n{wish}")
    assert "等40行" in heard.text
    assert "回复 1 确认下单" in heard.text
    told = [render_card(message.card, message.data, lambda *_: "") for message in outbox(store)]
    assert {card.name for card in told} == {"lines"}
    assert [line.split(" ×")[0] for card in told for line in card.lines] == [f"{number}、M12×80镀锌螺栓" for number in range(1, 41)]
    assert all(size(as_text(card)) <= TEXT_BYTES for card in told)


async def test_what_is_typed_about_a_card_is_answered_below_and_closes_the_card(store: Store, wecom: WeComCaller):
    await wecom.say("zhaomin", "下单 锐固建材 M12×80镀锌螺栓×500支 3月20日到")
    await wecom.say("zhaomin", "改成800支")
    heard = await wecom.say("zhaomin", "算了")
    assert "草稿已放弃" in heard.text
    first, closed, second, dropped = outbox(store)
    assert (closed.card, closed.updates, closed.data["in_place"]) == ("superseded", first.key, True)
    assert (second.card, second.updates, second.data["lines"][0]["quantity"]) == ("order_draft", None, "800")
    assert (dropped.card, dropped.updates, dropped.data["in_place"]) == ("notice", second.key, True)


async def test_without_a_card_template_dingtalk_gets_numbered_answers(store: Store, dingtalk: DingTalkCaller):
    heard = await dingtalk.say("qianwei", "下单 宏达五金 M12×80镀锌螺栓×500支 3月20日到")
    assert "回复 **1** 确认下单" in heard.json["markdown"]["text"]
    assert outbox(store) == []


async def test_userids_of_wecom_have_no_case(wecom: WeComCaller):
    assert (await wecom.say("ZhaoMin", "待办")).kind == "text"


async def test_a_repeated_message_is_answered_again_and_not_done_again(
    store: Store, firm: Firm, wecom: WeComCaller, dingtalk: DingTalkCaller
):
    first = await wecom.say("wugang", RECEIVED, msg_id=77)
    again = await wecom.say("wugang", RECEIVED, msg_id=77)
    assert first.text == again.text != ""
    assert on_hand(store, firm) == 8100
    asked = await dingtalk.say("qianwei", "库存 M12×80", msg_id="m77")
    assert (await dingtalk.say("qianwei", "库存 M12×80", msg_id="m77")).json == asked.json


async def test_the_same_message_twice_at_once_is_done_once(store: Store, firm: Firm, wecom: WeComCaller):
    heard = await asyncio.gather(*(wecom.say("wugang", RECEIVED, msg_id=78) for _ in range(5)))
    assert len({one.text for one in heard}) == 1
    assert on_hand(store, firm) == 8100
    with store.reading() as tx:
        assert tx.session.scalar(select(func.count()).select_from(Incoming)) == 1


async def test_the_same_message_twice_at_once_at_two_serve_processes_is_done_once(store: Store, firm: Firm):
    said = Message(Platform.WECOM, "k79", "wugang", RECEIVED)
    other = Store(store.settings, store.clock)
    receptions = [Reception(one) for one in (store, other) for _ in range(2)]
    calls = [Call(said, WeComForm("ww1", "wugang", datetime.now(UTC), cards=True)) for _ in receptions]
    answers = await asyncio.gather(*(reception.answer(call, 30) for reception, call in zip(receptions, calls)))
    assert len(set(answers)) == 1
    assert "入库" in answers[0]
    assert on_hand(store, firm) == 8100
    for reception in receptions:
        await reception.close()
    other.close()


async def test_what_is_open_with_one_person_is_kept_in_order_by_two_serve_processes(store: Store, firm: Firm):
    other = Store(store.settings, store.clock)
    receptions = [Reception(store), Reception(other)]

    def draft(number: int) -> Call:
        said = Message(Platform.WECOM, f"d{number}", "zhaomin", f"下单 锐固建材 M12×80镀锌螺栓×{number}支 3月20日到")
        return Call(said, WeComForm("ww1", "zhaomin", datetime.now(UTC), cards=True))

    await receptions[0].answer(draft(500), 30)
    await asyncio.gather(*(receptions[number % 2].answer(draft(500 + number), 30) for number in range(1, 13)))
    for reception in receptions:
        await reception.close()
    other.close()
    with store.reading() as tx:
        assert tx.session.scalars(select(Dialog.number)).one() == 13
        drafts = select(func.count()).where(OutboxMessage.card == "order_draft")
        assert tx.session.scalar(drafts) == 13


async def test_a_stranger_is_told_how_to_be_added_and_does_nothing(store: Store, rows: Rows, wecom: WeComCaller, dingtalk: DingTalkCaller):
    before = rows()
    assert "nobody" in (await wecom.say("nobody", RECEIVED)).text
    assert "nobody" in (await dingtalk.say("nobody", RECEIVED)).json["markdown"]["text"]
    outsider = await dingtalk.say("", "你好")
    assert outsider.json["msgtype"] == "markdown"
    after = rows()
    assert after.pop("incoming") == before.pop("incoming") + 3
    after.pop("meters")
    before.pop("meters")
    assert after == before


async def test_somebody_who_has_left_is_a_stranger(store: Store, firm: Firm, wecom: WeComCaller):
    with store.transaction() as tx:
        tx.session.get_one(Staff, firm.wugang.id).active = False
    assert "wugang" in (await wecom.say("wugang", RECEIVED)).text
    assert on_hand(store, firm) == 8000


async def test_a_refusal_says_why_and_leaves_nothing_behind(store: Store, firm: Firm, rows: Rows, wecom: WeComCaller):
    before = rows()
    heard = await wecom.say("zhaomin", RECEIVED)
    assert "没有办成" in heard.text
    after = rows()
    assert after.pop("incoming") == before.pop("incoming") + 1
    assert after == before


async def test_people_are_told_on_the_platform_they_last_wrote_from(store: Store, firm: Firm, wecom: WeComCaller, dingtalk: DingTalkCaller):
    def last() -> str | None:
        with store.reading() as tx:
            return tx.session.get_one(Staff, firm.zhoufang.id).last_platform

    assert last() is None
    await dingtalk.say("zhoufang", "待办")
    assert last() == "dingtalk"
    await wecom.say("zhoufang", "待办")
    assert last() == "wecom"


async def test_who_comes_for_the_first_time_is_greeted_with_help(wecom: WeComCaller, clock: TestClock):
    entered = "<Event>enter_agent</Event><EventKey></EventKey>"
    assert "下单" in (await wecom.send("zhaomin", "event", entered)).text
    clock.forward(timedelta(minutes=1))
    assert (await wecom.send("zhaomin", "event", entered)).body == "success"


async def test_a_menu_entry_is_answered_as_if_typed(wecom: WeComCaller):
    heard = await wecom.send("zhaomin", "event", "<Event>click</Event><EventKey>帮助</EventKey>")
    assert "下单" in heard.text


async def test_pictures_and_empty_texts_are_answered(wecom: WeComCaller, dingtalk: DingTalkCaller):
    assert (await wecom.send("zhaomin", "image", "<PicUrl>x</PicUrl><MediaId>m</MediaId><MsgId>9</MsgId>")).kind == "text"
    assert (await wecom.say("zhaomin", "")).kind == "text"
    assert (await dingtalk.say("qianwei", " ")).json["msgtype"] == "markdown"


async def test_what_dingtalk_pushes_is_counted(store: Store, dingtalk: DingTalkCaller):
    for _ in range(3):
        await dingtalk.say("qianwei", "待办")
    with store.reading() as tx:
        assert tx.session.scalar(select(Meter.count).where(Meter.name == "dingtalk.pushes")) == 3


async def test_the_admin_hears_once_that_dingtalks_pushes_run_out(store: Store, firm: Firm, dingtalk: DingTalkCaller):
    limits = store.settings.dingtalk.model_copy(update={"monthly_pushes": 3})
    store.settings = store.settings.model_copy(update={"dingtalk": limits})
    for _ in range(5):
        await dingtalk.say("qianwei", "待办")
    (told,) = outbox(store)
    assert (told.audience, told.data["title"]) == ("role:admin", "钉钉推送额度快用完了")
    assert "3 次" in told.data["text"]


async def test_who_writes_while_dingtalk_withholds_texts_is_told_why_and_the_admin_too(store: Store, firm: Firm, dingtalk: DingTalkCaller):
    for number in range(2):
        withheld = {"msgtype": "text", "msgId": f"m{number}", "errCode": 20001, "errMsg": "quota", "senderStaffId": "qianwei"}
        heard = await dingtalk.post(json.dumps(withheld))
        assert "推送额度用完了" in heard.json["markdown"]["text"]
    (told,) = outbox(store)
    assert (told.audience, told.data["title"]) == ("role:admin", "钉钉推送额度已用完")


async def test_long_and_strange_texts_are_answered(wecom: WeComCaller, dingtalk: DingTalkCaller):
    for text in ("x" * 20_000, "下单 " * 3000, "库存 ]]> & <xml> %s {{ 7*7 }} \u202e", "'; DROP TABLE orders;--"):
        heard = await wecom.say("zhaomin", text)
        assert heard.status == 200
        assert len(heard.text.encode()) <= 2048
        assert (await dingtalk.say("qianwei", text)).status == 200
    assert (
        await dingtalk.post(json.dumps({"msgtype": "text", "msgId": "z", "senderStaffId": "qianwei", "text": {"content": "\ud800\x00"}}))
    ).status == 200


async def test_a_pasted_text_with_control_characters_is_answered(wecom: WeComCaller, dingtalk: DingTalkCaller):
    pasted = "库存\x0b M12×80\x00\x08\ufffe"
    assert "8,000" in (await wecom.say("zhaomin", pasted)).text
    assert "8,000" in (await dingtalk.say("qianwei", pasted)).json["markdown"]["text"]


async def test_new_products_are_known_at_once_and_nobody_who_writes_waits_meanwhile(store: Store, firm: Firm, wecom: WeComCaller):
    await wecom.say("zhaomin", "库存 M12×80")
    other = Store(store.settings, store.clock)
    with other.transaction() as tx:
        tx.session.add(Product(code="GT-1", name="角码40×40", unit="个"))
        revisions.bump(tx)
    written: list[str] = []

    def write_meanwhile(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "FROM products" in statement:
            with other.transaction() as tx:
                tx.session.add(Meter(name="meanwhile", period="2026-03", count=1))
            written.append(statement)

    event.listen(store.reader, "before_cursor_execute", write_meanwhile)
    assert "角码40×40" in (await wecom.say("zhaomin", "库存 角码")).text
    assert len(written) == 1
    other.close()
