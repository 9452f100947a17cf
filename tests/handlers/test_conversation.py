"""What people say around a draft: a nod, a second confirmation, a note in between, something else while a question is open."""

import pytest
from sqlalchemy import func, select

from store.models import CommunicationLog, Customer, Order
from tests.handlers.conftest import Chat, Heard

WISH = "下单 锐固建材 M12×80镀锌螺栓×500支 3月20日到"


def count(chat: Chat, model: type[Order] | type[CommunicationLog]) -> int:
    with chat.store.reading() as tx:
        return tx.session.scalar(select(func.count()).select_from(model)) or 0


def placed(chat: Chat) -> str:
    chat.say(chat.firm.zhaomin, WISH)
    return str(chat.say(chat.firm.zhaomin, "确认").data["no"])


@pytest.mark.parametrize("nod", ["好的", "好的。", "嗯嗯", "收到", "谢谢", "没问题"])
def test_a_nod_places_nothing_and_is_told_how_to_confirm(chat: Chat, nod: str) -> None:
    draft = chat.say(chat.firm.zhaomin, WISH)
    heard = chat.say(chat.firm.zhaomin, nod)
    assert (heard.card, "“确认下单”" in heard.shown.note) == ("notice", True)
    assert count(chat, Order) == 0
    assert chat.press(chat.firm.zhaomin, draft.buttons["确认下单"]).card == "order"


def test_a_nod_is_no_conclusion_of_a_talk(chat: Chat) -> None:
    no = placed(chat)
    chat.say(chat.firm.zhaomin, f"沟通 {no} 跟王经理电话，同意3月20日到")
    assert "“确认记录”" in chat.say(chat.firm.zhaomin, "好的").shown.note
    chat.say(chat.firm.zhaomin, "确认记录")
    with chat.store.reading() as tx:
        assert tx.session.scalars(select(CommunicationLog.conclusion)).one() == "同意3月20日到"


def test_what_is_confirmed_again_is_said_to_be_done(chat: Chat) -> None:
    zhaomin = chat.firm.zhaomin
    no = placed(chat)
    for again in ("确认", "确认下单", "OK"):
        heard = chat.say(zhaomin, again)
        assert (heard.reason, no in heard.words) == ("dialog_placed", True)
    chat.say(zhaomin, f"改单 {no} 数量改成800支")
    chat.say(zhaomin, "确认改单")
    assert chat.say(zhaomin, "确认改单").reason == "dialog_amended"
    chat.say(zhaomin, f"沟通 {no} 跟王经理电话，同意3月20日到")
    chat.say(zhaomin, "确认记录")
    assert chat.say(zhaomin, "确认记录").reason == "dialog_logged"
    assert (count(chat, Order), count(chat, CommunicationLog)) == (1, 2)


@pytest.mark.parametrize("end", ["确认记录", "算了"])
def test_noting_a_talk_costs_no_draft(chat: Chat, end: str) -> None:
    zhaomin = chat.firm.zhaomin
    no = placed(chat)
    draft = chat.say(zhaomin, "下单 老周 M12×80镀锌螺栓×300支 3月20日到")
    chat.say(zhaomin, f"沟通 {no} 跟王经理电话，同意3月20日到")
    chat.say(zhaomin, "对象李总")
    assert "草稿还在" in chat.say(zhaomin, end).words
    assert chat.say(zhaomin, "改成200支").reply.replaces == draft.reply.key
    chat.say(zhaomin, "确认")
    assert (count(chat, Order), count(chat, CommunicationLog)) == (2, int(end == "确认记录"))


def test_a_draft_can_be_pressed_while_a_talk_is_noted(chat: Chat) -> None:
    no = placed(chat)
    draft = chat.say(chat.firm.zhaomin, "下单 老周 M12×80镀锌螺栓×300支 3月20日到")
    chat.say(chat.firm.zhaomin, f"沟通 {no} 跟王经理电话，同意3月20日到")
    assert chat.press(chat.firm.zhaomin, draft.buttons["确认下单"]).card == "order"
    assert count(chat, Order) == 2


def test_a_confirmation_that_answers_no_question_is_told_of_the_draft_behind_it(chat: Chat) -> None:
    chat.say(chat.firm.zhaomin, WISH)
    chat.say(chat.firm.zhaomin, "沟通")
    assert "前面的草稿" in chat.say(chat.firm.zhaomin, "确认").words
    chat.say(chat.firm.zhaomin, "算了")
    assert chat.say(chat.firm.zhaomin, "确认").card == "order"


def test_an_order_is_no_answer_to_a_question_about_stock(chat: Chat) -> None:
    assert chat.say(chat.firm.zhaomin, "库存 不锈钢螺栓").card == "question"
    heard = chat.say(chat.firm.zhaomin, "老周要M12×80镀锌螺栓 300支")
    assert (heard.card, heard.data["customer"]) == ("order_draft", "老周水暖")


def told(heard: Heard) -> tuple[bool, bool]:
    return "客户会收到进度" in heard.words, "请您转告客户" in heard.words


def test_who_has_no_channel_is_not_said_to_hear_of_progress(chat: Chat) -> None:
    chat.say(chat.firm.zhaomin, WISH)
    with chat.store.transaction() as tx:
        customer = tx.session.get_one(Customer, chat.firm.ruigu.id)
        customer.wechat_openid = "openid-1"
    assert told(chat.say(chat.firm.zhaomin, "确认")) == (True, False)
    chat.say(chat.firm.zhaomin, "下单 老周 M12×80镀锌螺栓×300支 3月20日到")
    heard = chat.say(chat.firm.zhaomin, "确认")
    assert told(heard) == (False, True)
    assert "业务员转告客户" in chat.say(chat.firm.wugang, f"出库 {heard.data['no']}").words


def test_a_question_about_stock_does_not_swallow_all_that_follows(chat: Chat) -> None:
    zhaomin = chat.firm.zhaomin
    no = placed(chat)
    chat.say(zhaomin, "库存 不锈钢螺栓")
    assert "没看懂" in chat.say(zhaomin, "你是谁").words
    assert "先不查了" in chat.say(zhaomin, "报表").words
    assert chat.say(zhaomin, "hello").card == "notice"
    chat.say(zhaomin, "库存 不锈钢螺栓")
    heard = chat.say(zhaomin, "锐固那单客户催了，改到3月25号")
    assert (heard.card, heard.data.get("order_no")) == ("amendment", no)
