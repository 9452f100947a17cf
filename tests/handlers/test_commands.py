"""The other commands, as dialogs: what is typed, what is answered, and what the database says afterwards."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from handlers import desk
from handlers.commands import COMMANDS
from language.words import shipped
from notifiers.audience import forward
from platforms.words import Message, Platform
from store import revisions
from store.models import Event, Fulfilment, Inbound, Order, OutboxMessage, Product, Role, Staff, StockBatch, Task
from store.transaction import Store
from tests.handlers.conftest import Chat


def place(chat: Chat, text: str = "M12×80镀锌螺栓×500支", customer: str = "锐固建材") -> str:
    chat.say(chat.firm.zhaomin, f"下单 {customer} {text}")
    return str(chat.say(chat.firm.zhaomin, "确认").data["no"])


def stage(store: Store, no: str) -> str:
    with store.reading() as tx:
        return str(tx.session.scalar(select(Order.stage).where(Order.no == no)))


def total(store: Store, column: object) -> int:
    with store.reading() as tx:
        return int(tx.session.scalar(select(func.count(column))))  # type: ignore[call-overload]


def test_the_tables_of_words_and_commands_agree() -> None:
    assert set(COMMANDS) <= set(shipped()["commands"])
    assert all(command.word in shipped()["commands"][name] for name, command in COMMANDS.items())


def test_the_journey_of_an_order(chat: Chat) -> None:
    firm = chat.firm
    no = place(chat)
    assert chat.say(firm.wugang, "出库 0001").card == "notice"
    assert stage(chat.store, no) == "picked"
    assert "SF1234567890123" in chat.say(firm.wugang, "发货 0001 顺丰 sf1234567890123").words
    assert stage(chat.store, no) == "shipped"
    assert chat.say(firm.zhaomin, "签收 1").card == "notice"
    assert stage(chat.store, no) == "signed"
    assert chat.say(firm.wugang, "发货 0001 顺丰 SF1234567890123").reason == "already_signed"


def test_shipping_picks_too_and_knows_a_carrier_by_its_numbers(chat: Chat) -> None:
    no = place(chat)
    assert chat.say(chat.firm.wugang, f"发货 {no} SF1234567890123").card == "notice"
    with chat.store.reading() as tx:
        part = tx.session.scalars(select(Fulfilment)).one()
    assert (part.stage, part.carrier_code, part.waybill) == ("shipped", "shunfeng", "SF1234567890123")


def test_what_is_missing_for_shipping_is_asked_for(chat: Chat) -> None:
    no = place(chat)
    assert "单号" in chat.say(chat.firm.wugang, "发货").words
    assert "运单号" in chat.say(chat.firm.wugang, "1").words
    asked = chat.say(chat.firm.wugang, "75312345678901")
    assert "哪家快递" in asked.words
    assert stage(chat.store, no) == "allocated"
    assert chat.press(chat.firm.wugang, asked.buttons["中通"]).card == "notice"
    assert stage(chat.store, no) == "shipped"


def test_the_carrier_may_be_said_where_its_number_is_asked_for(chat: Chat) -> None:
    no = place(chat)
    chat.say(chat.firm.wugang, f"发货 {no}")
    assert "运单号" in chat.say(chat.firm.wugang, "顺丰").words
    assert stage(chat.store, no) == "allocated"
    assert chat.say(chat.firm.wugang, "075312345678").card == "notice"
    with chat.store.reading() as tx:
        part = tx.session.scalars(select(Fulfilment)).one()
    assert (part.stage, part.carrier, part.waybill) == ("shipped", "顺丰", "075312345678")


def test_carrier_and_number_may_be_said_in_one_answer(chat: Chat) -> None:
    no = place(chat)
    chat.say(chat.firm.wugang, f"发货 {no}")
    assert chat.say(chat.firm.wugang, "中通快递 75312345678901").card == "notice"
    with chat.store.reading() as tx:
        part = tx.session.scalars(select(Fulfilment)).one()
    assert (part.stage, part.carrier, part.waybill) == ("shipped", "中通", "75312345678901")


def test_all_of_a_purchase_may_be_said_in_one_answer(chat: Chat) -> None:
    for said in ("PO90 M12×80镀锌 3000支 3月9日", "PO91"):
        assert "采购单号" in chat.say(chat.firm.zhoufang, "在途").words
        heard = chat.say(chat.firm.zhoufang, said)
    assert "哪个产品" in heard.words
    chat.say(chat.firm.zhoufang, "M12×80镀锌")
    assert chat.say(chat.firm.zhoufang, "3000支，3月12日到").card == "notice"
    with chat.store.reading() as tx:
        found = [(one.number, one.quantity, one.expected_on.day) for one in tx.session.scalars(select(Inbound).order_by(Inbound.number))]
    assert found == [("PO90", 3000, 9), ("PO91", 3000, 12)]


def test_goods_on_their_way_and_goods_that_arrive_serve_a_waiting_order(chat: Chat) -> None:
    firm = chat.firm
    no = place(chat, "M12×80镀锌 9000支")
    assert stage(chat.store, no) == "approved"
    heard = chat.say(firm.zhoufang, "在途 PO88 M12×80镀锌 5000支 3月9日")
    assert "PO88" in heard.words
    with chat.store.reading() as tx:
        inbound = tx.session.scalars(select(Inbound)).one()
    assert (inbound.number, inbound.quantity, inbound.expected_on) == ("PO88", Decimal(5000), date(2026, 3, 9))
    heard = chat.say(firm.wugang, "入库 M12×80镀锌 5000支 A-03-2")
    assert no in heard.words
    assert stage(chat.store, no) == "allocated"


def test_the_place_of_goods_is_asked_for_with_those_of_the_product(chat: Chat) -> None:
    asked = chat.say(chat.firm.wugang, "入库 M12×80镀锌 2箱 批次B2603 有效期2027-01-31")
    assert list(asked.buttons) == ["A-03-1", "A-03-2"]
    assert chat.say(chat.firm.wugang, "B-01-1").card == "notice"
    with chat.store.reading() as tx:
        batch = tx.session.scalars(select(StockBatch).where(StockBatch.location == "B-01-1")).one()
    assert (batch.on_hand, batch.batch, batch.expires_on) == (Decimal(1200), "B2603", date(2027, 1, 31))


def test_what_is_missing_for_a_purchase_order_is_asked_for(chat: Chat) -> None:
    zhoufang = chat.firm.zhoufang
    assert "采购单号" in chat.say(zhoufang, "在途").words
    assert "哪个产品" in chat.say(zhoufang, "PO88").words
    assert "要多少" in chat.say(zhoufang, "M12×80").words
    assert "哪天到货" in chat.say(zhoufang, "5000支").words
    assert chat.say(zhoufang, "3月9日").card == "notice"
    assert total(chat.store, Inbound.id) == 1


@pytest.mark.parametrize("typed", ["0001", "1", "0302-1", "SO-260302-001", "锐固", "C001"])
def test_an_order_is_found_by_number_tail_and_customer(chat: Chat, typed: str) -> None:
    no = place(chat)
    heard = chat.say(chat.firm.zhaomin, f"查单 {typed}")
    assert (heard.card, heard.data["no"]) == ("order", no)


def test_several_orders_are_chosen_from_by_number(chat: Chat) -> None:
    first, second = place(chat), place(chat, "M12×80镀锌 10支")
    heard = chat.say(chat.firm.zhaomin, "查单 锐固")
    assert heard.card == "orders"
    assert [item["no"] for item in heard.data["items"]] == [second, first]
    assert chat.say(chat.firm.zhaomin, "2").data["no"] == first


def test_nothing_found_is_said(chat: Chat) -> None:
    assert chat.say(chat.firm.zhaomin, "查单 0099").reason == "no_such_order"
    assert chat.say(chat.firm.zhaomin, "查单 锐固").reason == "no_orders"
    assert "张三" in chat.say(chat.firm.zhaomin, "查单 张三").words


def test_a_warehouse_does_not_see_the_orders_of_another(chat: Chat) -> None:
    no = place(chat)
    with chat.store.transaction() as tx:
        other = Staff(name="何仓", roles=[Role.WAREHOUSE], warehouse="萧山仓", wecom_userid="hecang")
        tx.session.add(other)
    for typed in (f"查单 {no}", "发货 1 顺丰 SF1234567890123"):
        assert chat.say(other, typed).reason == "no_such_order"
    assert chat.say(other, "查单 锐固").reason == "no_orders"
    assert stage(chat.store, no) == "allocated"


def test_stock_is_told_or_asked_about(chat: Chat) -> None:
    heard = chat.say(chat.firm.zhaomin, "库存 M12×80")
    assert (heard.card, heard.data["available"]) == ("stock", "8000")
    asked = chat.say(chat.firm.zhaomin, "库存 不锈钢螺栓")
    assert list(asked.buttons) == ["M12×80镀锌螺栓", "M8×30镀锌螺栓"]
    assert chat.say(chat.firm.zhaomin, "2").data["name"] == "M8×30镀锌螺栓"
    assert chat.say(chat.firm.zhaomin, "库存 M12×80、M8×30").data["count"] == 2
    assert "没有产品“电冰箱”" in chat.say(chat.firm.zhaomin, "库存 电冰箱").words


def test_the_stock_of_a_few_products_that_fit_is_told_at_once(chat: Chat) -> None:
    chat.say(chat.firm.zhaomin, "下单 锐固 M12×80镀锌 6000支")
    chat.say(chat.firm.zhaomin, "确认")
    heard = chat.say(chat.firm.zhaomin, "库存 镀锌螺栓")
    assert heard.card == "stocks"
    assert "M12×80镀锌螺栓：可用2,000支，在库8,000支，低于安全库存\nM8×30镀锌螺栓：可用0支" in heard.words
    with chat.store.transaction() as tx:
        tx.session.add_all(Product(code=f"LS-{i}", name=f"M{i}×20镀锌螺栓", unit="支", price=1, type="六角螺栓") for i in range(14, 18))
        revisions.bump(tx)
    assert len(chat.say(chat.firm.zhaomin, "库存 镀锌螺栓").data["items"]) == 6
    with chat.store.transaction() as tx:
        tx.session.add(Product(code="LS-18", name="M18×20镀锌螺栓", unit="支", price=1, type="六角螺栓"))
        revisions.bump(tx)
    assert "共7种" in chat.say(chat.firm.zhaomin, "库存 镀锌螺栓").words


def test_tasks_are_listed_and_finished_once(chat: Chat) -> None:
    firm = chat.firm
    assert chat.say(firm.zhoufang, "待办").data["items"] == []
    assert chat.say(firm.zhoufang, "完成").reason == "no_tasks"
    place(chat, "M12×80镀锌 9000支")
    (item,) = chat.say(firm.zhoufang, "待办").data["items"]
    assert chat.say(firm.wugang, f"完成 {item['id']}").reason == "not_your_task"
    assert chat.say(firm.zhoufang, "完成").card == "question"
    assert chat.say(firm.zhoufang, "1").card == "notice"
    late = chat.press(firm.zhoufang, ("task.done", str(item["id"])))
    assert late.reason == "task_done"
    assert "已经办完：周芳 3月2日 09:30" in late.words
    assert chat.say(firm.zhoufang, "完成 99").reason == "unknown_task"
    with chat.store.reading() as tx:
        assert tx.session.scalars(select(Task.state)).all() == ["done"]
    place(chat, "M8×30镀锌 10支")
    chat.say(firm.wugang, "入库 M8×30镀锌 10支 A-9")
    assert "已经办完：不再需要，自动办结 3月2日 09:30" in chat.press(firm.zhoufang, ("task.done", str(item["id"] + 1))).words


def test_a_warehouse_also_has_to_do_what_it_has_not_shipped(chat: Chat) -> None:
    wugang = chat.firm.wugang
    first, *_, last = [place(chat, f"M12×80镀锌 {count}支") for count in range(1, 13)]
    chat.say(wugang, f"出库 {last}")
    heard = chat.say(wugang, "待办")
    assert [part["order_no"][-2:] for part in heard.data["parts"]] == [f"{count:02}" for count in range(1, 11)]
    assert "共12张" in heard.words
    assert chat.say(chat.firm.zhoufang, "待办").data["parts"] == []
    chat.say(wugang, f"发货 {first} SF1234567890123")
    heard = chat.say(wugang, "待办")
    assert (heard.data["parts_count"], first in heard.words) == (11, False)


def test_a_text_is_marked_as_forwarded_once(chat: Chat) -> None:
    place(chat, customer="老周")
    with chat.store.reading() as tx:
        key = tx.session.scalars(select(OutboxMessage.key).where(OutboxMessage.card == "progress")).one()
    assert "老周水暖" in chat.press(chat.firm.zhaomin, ("progress.forwarded", key)).words
    assert chat.press(chat.firm.zhaomin, ("progress.forwarded", key)).reason == "forwarded_before"
    with chat.store.reading() as tx:
        told = tx.session.scalars(select(Event).where(Event.kind == "customer.told")).all()
    assert [(event.staff_id, event.data["key"]) for event in told] == [(chat.firm.zhaomin.id, key)]


def given_to_forward(chat: Chat, no: str) -> None:
    """Does what the notifiers do with the customer's messages of an order."""
    with chat.store.transaction() as tx:
        of_order = select(OutboxMessage).join(Order, Order.id == OutboxMessage.order_id).where(Order.no == no)
        for message in tx.session.scalars(of_order.where(OutboxMessage.card == "progress")).all():
            forward(tx, message)


@pytest.mark.parametrize("who", ["zhaomin", "sunlei", "admin"])
def test_typing_that_a_text_was_forwarded_is_as_good_as_pressing(chat: Chat, who: str) -> None:
    person = getattr(chat.firm, who)
    no = place(chat, customer="老周")
    given_to_forward(chat, no)
    assert "老周水暖" in chat.say(person, "已转发 0001").words
    assert chat.say(person, f"已转发 {no}").reason == "forwarded_before"
    with chat.store.reading() as tx:
        told = tx.session.scalars(select(Event).where(Event.kind == "customer.told")).all()
    assert [(event.staff_id, event.data["key"]) for event in told] == [(person.id, f"progress:{no}:allocated")]
    chat.say(chat.firm.wugang, "发货 0001 顺丰 SF1234567890123")
    given_to_forward(chat, no)
    assert chat.say(person, "已转发 0001").card == "notice"


def test_only_who_was_given_a_text_can_have_forwarded_it(chat: Chat) -> None:
    no = place(chat, customer="老周")
    assert chat.say(chat.firm.zhaomin, f"已转发 {no}").reason == "nothing_to_forward"
    given_to_forward(chat, no)
    assert no in chat.say(chat.firm.qianwei, f"已转发 {no}").words
    assert chat.say(chat.firm.qianwei, f"已转发 {no}").reason == "nothing_to_forward"
    assert chat.say(chat.firm.zhoufang, f"已转发 {no}").reason == "not_allowed"
    assert no in chat.say(chat.firm.zhaomin, "已转发").words
    assert "哪张订单" in chat.say(chat.firm.zhaomin, "已转发").words
    with chat.store.reading() as tx:
        assert tx.session.scalars(select(Event.staff_id).where(Event.kind == "customer.told")).all() == [chat.firm.zhaomin.id]


def test_of_several_texts_to_forward_it_is_asked_which(chat: Chat) -> None:
    for _ in range(2):
        given_to_forward(chat, place(chat, customer="老周"))
    assert [item["no"] for item in chat.say(chat.firm.zhaomin, "已转发").data["items"]] == ["SO260302-0002", "SO260302-0001"]
    assert "SO260302-0001" in chat.say(chat.firm.zhaomin, "2").words


@pytest.mark.parametrize(
    ("who", "text"),
    [
        ("zhaomin", "入库 M12×80镀锌 5000支 A-03-2"),
        ("zhaomin", "在途 PO88 M12×80镀锌 5000支 3月9日"),
        ("zhoufang", "发货 0001 顺丰 SF1234567890123"),
        ("zhoufang", "出库 0001"),
        ("wangkuaiji", "签收 0001"),
    ],
)
def test_who_may_not_is_told_who_may(chat: Chat, who: str, text: str) -> None:
    no = place(chat)
    heard = chat.say(getattr(chat.firm, who), text)
    assert heard.reason == "not_allowed"
    assert stage(chat.store, no) == "allocated"
    assert total(chat.store, Inbound.id) == 0


def test_help_shows_what_the_person_may_do(chat: Chat) -> None:
    for person, words in ((chat.firm.wugang, {"入库", "发货"}), (chat.firm.zhaomin, {"下单"}), (chat.firm.zhoufang, {"在途"})):
        listed = {item["command"] for item in chat.say(person, "帮助").data["items"]}
        assert words <= listed
        assert {"查单", "库存", "待办", "帮助"} <= listed
    assert "下单" not in {item["command"] for item in chat.say(chat.firm.wugang, "help").data["items"]}


@pytest.mark.parametrize(
    ("text", "kind", "reason"),
    [
        ("", "voice", "not_text"),
        ("", "text", "not_text"),
        ("\u200b ", "text", "not_text"),
        ("9" * 100_000, "text", "too_long"),
    ],
    ids=["voice", "nothing", "nothing to see", "too long"],
)
def test_what_is_not_understood_gets_a_helpful_answer(chat: Chat, text: str, kind: str, reason: str) -> None:
    heard = chat.say(chat.firm.zhaomin, text, kind)
    assert heard.reason == reason
    assert heard.shown.note


def test_nothing_open_is_said(chat: Chat) -> None:
    assert chat.say(chat.firm.zhaomin, "算了").reason == "nothing_to_drop"
    for typed in ("确认", "确认下单", "OK"):
        assert chat.say(chat.firm.zhaomin, typed).reason == "nothing_to_confirm"
    for typed in ("改成800支", "800支", "去掉第2行", "加一行 M8×30 200支", "3月25日到", "包邮"):
        assert chat.say(chat.firm.zhaomin, typed).reason == "nothing_to_correct"
    assert total(chat.store, Order.id) == 0
    assert chat.press(chat.firm.zhaomin, ("dialog.choose", "1:0")).reason == "dialog_replaced"
    assert chat.press(chat.firm.zhaomin, ("order.explode", "1")).reason == "unknown_button"


def test_an_answered_question_cannot_be_answered_again(chat: Chat) -> None:
    asked = chat.say(chat.firm.zhaomin, "库存 不锈钢螺栓")
    chat.press(chat.firm.zhaomin, asked.buttons["M12×80镀锌螺栓"])
    assert chat.press(chat.firm.zhaomin, asked.buttons["M8×30镀锌螺栓"]).reason == "dialog_answered"


def test_a_stranger_is_told_how_to_be_added() -> None:
    reply = desk.stranger(Message(Platform.DINGTALK, "1", "nobody", "下单"))
    assert (reply.card, reply.data) == ("unknown_person", {"userid": "nobody", "platform": "dingtalk"})
