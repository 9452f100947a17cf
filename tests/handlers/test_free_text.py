"""Texts without a command: what sales really type, also while a draft or a question is open."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select, update

from store.models import Order, Task
from tests.handlers.conftest import Chat
from tests.handlers.test_commands import place, stage
from tests.orders.trade import Trade


def test_an_order_is_placed_as_it_is_written(chat: Chat) -> None:
    heard = chat.say(chat.firm.zhaomin, "锐固那边 M12×80镀锌螺栓×500支+免费配送 3月20号到")
    assert heard.card == "order_draft"
    assert (heard.data["customer"], heard.data["freight"], heard.data["wanted_date"]) == ("锐固建材", "免运费", "2026-03-20")
    assert chat.say(chat.firm.zhaomin, "确认").card == "order"


def test_one_question_is_asked_and_a_short_answer_is_enough(chat: Chat) -> None:
    zhaomin = chat.firm.zhaomin
    asked = chat.say(zhaomin, "锐固要 镀锌螺栓 500支 3月20号到")
    assert (asked.card, len(asked.data["choices"])) == ("question", 2)
    assert chat.say(zhaomin, "第二个").card == "order_draft"
    assert chat.say(zhaomin, "算了").card == "notice"

    chat.say(zhaomin, "锐固要 镀锌螺栓 500支")
    heard = chat.say(zhaomin, "M8的")
    assert [line["name"] for line in heard.data["lines"]] == ["M8×30镀锌螺栓"]


def test_a_new_subject_leaves_the_question_and_a_look_costs_nothing(chat: Chat) -> None:
    zhaomin = chat.firm.zhaomin
    no = place(chat)
    draft = chat.say(zhaomin, "锐固 M12×80镀锌螺栓 300支")
    assert chat.say(zhaomin, f"{no}到哪了").data["no"] == no
    assert chat.say(zhaomin, "M12×80镀锌螺栓还有多少").card == "stock"
    assert chat.press(zhaomin, draft.buttons["确认下单"]).card == "order"

    chat.say(zhaomin, "锐固要 镀锌螺栓 500支")
    heard = chat.say(zhaomin, "老周 M12×80镀锌螺栓 200支")
    assert (heard.card, heard.data["customer"]) == ("order_draft", "老周水暖")


@pytest.mark.parametrize("said", ["取消", "不要了", "算了"])
def test_what_is_open_is_called_off(chat: Chat, said: str) -> None:
    chat.say(chat.firm.zhaomin, "锐固 M12×80镀锌螺栓 300支")
    assert "什么都没有下" in chat.say(chat.firm.zhaomin, said).words
    assert chat.say(chat.firm.zhaomin, "确认").reason == "dialog_dropped"


def test_not_yet_leaves_the_draft_as_it_is(chat: Chat) -> None:
    draft = chat.say(chat.firm.zhaomin, "锐固 M12×80镀锌螺栓 300支")
    assert "草稿先放着" in chat.say(chat.firm.zhaomin, "先别下单，等我跟客户确认下数量").words
    assert chat.press(chat.firm.zhaomin, draft.buttons["确认下单"]).card == "order"


@pytest.mark.parametrize("said", ["在吗", "好的收到", "👌👌", "谢谢"])
def test_small_talk_is_no_order_and_no_failure(chat: Chat, said: str) -> None:
    heard = chat.say(chat.firm.zhaomin, said)
    assert heard.card == "notice"
    assert "下单直接打客户、产品和数量" in heard.words


def test_a_condition_is_shown_on_the_draft(chat: Chat) -> None:
    heard = chat.say(chat.firm.zhaomin, "锐固 M12×80镀锌螺栓 300支 能便宜点就要")
    assert heard.card == "order_draft"
    assert "客户还有条件" in heard.words


def test_a_talk_with_a_customer_is_logged_and_mentioned_ones_are_asked_for(chat: Chat) -> None:
    zhaomin = chat.firm.zhaomin
    no = place(chat)
    heard = chat.say(zhaomin, f"沟通 {no} 今天上午9点跟王经理电话，同意3月15日到，待办：周三前重发确认单")
    assert heard.card == "log_draft"
    assert (heard.data["contact"], heard.data["channel"], heard.data["talked_at"]) == ("王经理", "电话", "2026-03-02T09:00:00+08:00")
    kept = chat.press(zhaomin, heard.buttons["确认记录"])
    assert "已记入订单" in kept.words
    assert chat.press(zhaomin, heard.buttons["确认记录"]).reason == "dialog_logged"
    assert "重发确认单" in chat.say(zhaomin, "待办").words
    assert stage(chat.store, no) == "allocated"


def test_finance_invoices_once_the_log_is_there(chat: Chat) -> None:
    no, finance = place(chat), chat.firm.wangkuaiji
    asked = chat.say(finance, f"开票 {no}")
    assert "已请赵敏补写" in asked.words
    assert chat.say(chat.firm.zhaomin, f"沟通 {no}").card == "question"
    assert chat.say(chat.firm.zhaomin, "价格交期都按原来的").card == "question"
    chat.press(chat.firm.zhaomin, chat.say(chat.firm.zhaomin, "王经理").buttons["确认记录"])
    assert "已登记开票" in chat.say(finance, f"开票 {no}").words
    assert chat.say(finance, f"开票 {no}").reason == "invoiced"


def test_the_orders_of_two_customers_in_one_message_are_shown_one_after_the_other(chat: Chat) -> None:
    zhaomin = chat.firm.zhaomin
    first = chat.say(zhaomin, "锐固：M12×80镀锌螺栓 500支\n老周：M12×80镀锌螺栓 300支")
    assert (first.data["customer"], "还有1张别的客户的订单" in first.words) == ("锐固建材", True)
    placed = chat.press(zhaomin, first.buttons["确认下单"])
    assert (placed.card, placed.data["customer"]["name"]) == ("order", "锐固建材")
    second = placed.reply.then
    assert second is not None
    assert (second.card, second.data["customer"], second.data["lines"][0]["quantity"]) == ("order_draft", "老周水暖", "300")
    assert chat.press(zhaomin, ("dialog.confirm", second.data["draft"])).data["customer"]["name"] == "老周水暖"
    with chat.store.reading() as tx:
        assert sorted(tx.session.scalars(select(Order.total))) == [Decimal(360), Decimal(600)]


def test_a_question_about_prices_is_answered_and_is_no_order(chat: Chat) -> None:
    heard = chat.say(chat.firm.zhaomin, "M12×80镀锌螺栓 500支什么价")
    assert "M12×80镀锌螺栓：¥1.20/支，共¥600.00" in heard.words
    assert "运费系统里没有" in chat.say(chat.firm.zhaomin, "M12×80镀锌螺栓 500支含税多少，送到合肥运费怎么算").words


@pytest.mark.parametrize("said", ["这次M8平垫少发了2包，客户很不满意", "昨天收到的切割片质量不行，我要退10盒"])
def test_a_complaint_of_no_order_is_told_where_it_belongs(chat: Chat, said: str) -> None:
    assert "沟通 单号" in chat.say(chat.firm.zhaomin, said).words


def test_a_question_about_all_orders_needs_none(chat: Chat) -> None:
    assert "还没有订单" in chat.say(chat.firm.zhaomin, "我这周下了多少单").words
    no = place(chat)
    assert no in chat.say(chat.firm.zhaomin, "我这周下了多少单").words
    assert "没有待审核的订单" in chat.say(chat.firm.zhaomin, "今天还有几单没审").words


def test_working_days_are_those_of_the_company(chat: Chat) -> None:
    typed = "锐固 M12×80镀锌螺栓 300支 5个工作日内到"
    assert chat.say(chat.firm.zhaomin, typed).data["wanted_date"] == "2026-03-09"
    trade = chat.store.settings.trade.model_copy(update={"days_off": frozenset({date(2026, 3, 5)})})
    chat.store.settings = chat.store.settings.model_copy(update={"trade": trade})
    assert chat.say(chat.firm.zhaomin, typed).data["wanted_date"] == "2026-03-10"


def test_no_log_is_asked_for_where_nothing_can_be_invoiced(chat: Chat) -> None:
    no = place(chat)
    with chat.store.transaction() as tx:
        tx.session.execute(update(Order).values(stage="cancelled"))
    assert chat.say(chat.firm.wangkuaiji, f"开票 {no}").reason == "not_invoiced_yet"
    assert chat.say(chat.firm.zhaomin, f"开票 {no}").reason == "not_allowed"
    with chat.store.reading() as tx:
        assert tx.session.scalar(select(func.count()).select_from(Task)) == 0


@pytest.mark.parametrize(
    ("answer", "name", "quantity", "told"),
    [
        ("M8的，3月20日要", "M8×30镀锌螺栓", "500", {"wanted_date": "2026-03-20"}),
        ("M8的 800支", "M8×30镀锌螺栓", "800", {}),
        ("前面那个，加急", "M12×80镀锌螺栓", "500", {"urgent": True}),
        ("2，3月25日到", "M8×30镀锌螺栓", "500", {"wanted_date": "2026-03-25"}),
        ("后面那个", "M8×30镀锌螺栓", "500", {}),
        ("M12 自提", "M12×80镀锌螺栓", "500", {"freight": "客户自提"}),
        ("要M12的，送到嘉定马陆镇丰登路618号 王工 13812345678", "M12×80镀锌螺栓", "500", {"address": "嘉定马陆镇丰登路618号"}),
    ],
)
def test_what_is_said_beside_an_answer_is_not_lost(chat: Chat, answer: str, name: str, quantity: str, told: dict[str, object]) -> None:
    zhaomin = chat.firm.zhaomin
    assert chat.say(zhaomin, "锐固要 镀锌螺栓 500支").card == "question"
    heard = chat.say(zhaomin, answer)
    assert [(line["words"], line["name"], line["quantity"]) for line in heard.data["lines"]] == [("镀锌螺栓", name, quantity)]
    assert heard.data.items() >= told.items()


def test_a_mention_is_owed_a_log_though_its_questions_stay_unanswered(chat: Chat) -> None:
    trade = Trade(chat.store, chat.firm)
    order, zhaomin = trade.place((chat.firm.bolt, 500)), chat.firm.zhaomin
    asked = chat.say(zhaomin, f"{order.no} 客户对包装不满意")
    assert "和谁谈的" in asked.words
    assert f"订单：{order.no}，" not in asked.words
    assert [task.kind for task in trade.open_tasks()] == ["log"]
    chat.say(zhaomin, "王总")
    chat.say(zhaomin, "确认记录")
    assert trade.open_tasks() == []
