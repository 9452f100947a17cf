"""交期 in the chat: asked, pressed and typed."""

import pytest

from tests.handlers.conftest import Chat


@pytest.fixture
def late(chat: Chat) -> Chat:
    chat.say(chat.firm.zhaomin, "下单 锐固 M12镀锌螺母×100个 3月6日到 加急")
    chat.say(chat.firm.zhaomin, "确认下单")
    return chat


def test_the_card_says_why_and_offers_to_accept(late: Chat) -> None:
    heard = late.say(late.firm.zhaomin, "交期 0001")
    assert "按补货 7 天" in heard.words
    assert set(heard.buttons) == {"接受", "另定日期"}


def test_the_date_is_agreed_on_by_pressing(late: Chat) -> None:
    card = late.say(late.firm.zhaomin, "交期 0001")
    mine = late.press(late.firm.zhaomin, card.buttons["接受"])
    assert "等对方答复" in mine.words
    theirs = late.say(late.firm.zhoufang, "交期 0001")
    done = late.press(late.firm.zhoufang, theirs.buttons["接受"])
    assert "已定" in done.shown.status
    assert late.press(late.firm.zhoufang, theirs.buttons["接受"]).reason == "date_settled"


def test_the_date_is_agreed_on_by_typing(late: Chat) -> None:
    late.say(late.firm.zhoufang, "交期 0001 3月13日")
    done = late.say(late.firm.zhaomin, "交期 0001 同意")
    assert done.data["promised_date"] == "2026-03-13"


def test_another_day_is_asked_for(late: Chat) -> None:
    card = late.say(late.firm.zhoufang, "交期 0001")
    asked = late.press(late.firm.zhoufang, card.buttons["另定日期"])
    assert asked.card == "question"
    assert late.say(late.firm.zhoufang, "3月4日").reason == "before_earliest"
    assert late.say(late.firm.zhoufang, "3月16日").data["offered"] == "2026-03-16"
    assert late.say(late.firm.zhaomin, "交期 3月16日").card == "orders"
    assert "已定" in late.say(late.firm.zhaomin, "1").shown.status


def test_a_date_that_waits_for_somebodys_word_stands_under_their_tasks(late: Chat) -> None:
    firm, waits = late.firm, "SO260302-0001 锐固建材：交期等您商定"
    assert [waits in late.say(person, "待办").words for person in (firm.zhaomin, firm.zhoufang, firm.qianwei, firm.zhenggong)] == [
        *(True, True, False, False)
    ]
    late.say(firm.zhoufang, "交期 0001 3月13日")
    assert [waits in late.say(person, "待办").words for person in (firm.zhaomin, firm.zhoufang)] == [True, False]
    assert late.say(firm.zhaomin, "交期").card == "orders"
    offered = late.say(firm.zhaomin, "1")
    assert "周芳(采购)提议 3月13日" in offered.words
    late.press(firm.zhaomin, offered.buttons["接受"])
    assert "没有待办" in late.say(firm.zhaomin, "待办").words
    assert late.say(firm.zhaomin, "交期").card == "question"


def test_an_order_on_time_says_so(chat: Chat) -> None:
    chat.say(chat.firm.zhaomin, "下单 锐固 M12×80镀锌螺栓×100支 3月16日到")
    chat.say(chat.firm.zhaomin, "确认下单")
    heard = chat.say(chat.firm.zhaomin, "交期 0001")
    assert "货都在" in heard.words
    assert heard.buttons == {}
    assert chat.say(chat.firm.zhaomin, "交期 0001 3月20日").reason == "date_settled"
