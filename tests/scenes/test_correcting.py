"""A draft is corrected by typing, on both platforms: who types is answered below, and one card alone can still be confirmed."""

import json

import pytest
from sqlalchemy import func, select

from sandbox.callbacks import buttons_of
from sandbox.ledger import ChatMessage
from store.models import Order, OrderLine
from tests.scenes.conftest import Desk

_CONFIRM = "确认下单"


def live(desk: Desk, who: str) -> list[ChatMessage]:
    """The drafts that show a button to place an order."""
    return [message for message in desk.sandbox.messages(who) if _CONFIRM in buttons_of(message)]


def placed(desk: Desk) -> list[int]:
    return [int(quantity) for (quantity,) in desk.look(select(OrderLine.quantity).order_by(OrderLine.id))]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_wecom_closes_the_card_above_and_puts_the_corrected_one_below(desk: Desk) -> None:
    desk.say("zhaomin", "锐固建材 M12×80镀锌螺栓 500支 3月20日到")
    first = desk.card("zhaomin", _CONFIRM, "500支")
    desk.say("zhaomin", "改成800支")
    second = desk.card("zhaomin", _CONFIRM, "800支", "已改：")
    desk.say("zhaomin", "3月25日到")
    third = desk.card("zhaomin", _CONFIRM, "800支", "3月25日")
    assert live(desk, "zhaomin") == [third]
    for closed in (first, second):
        assert "已换成下面的新卡片" in str(closed.content)
        assert "500支" not in str(closed.content)
    desk.say("zhaomin", "确认")
    desk.wait("zhaomin", "【已配货】订单", "800支", "3月25日")
    desk.threaded.do(desk.sandbox.until(lambda: not live(desk, "zhaomin"), 20))
    assert placed(desk) == [800]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_dingtalk_changes_the_card_and_says_so_below(desk: Desk) -> None:
    desk.say("qianwei", "宏达五金 M12×80镀锌螺栓 500支 3月20日到")
    draft = desk.card("qianwei", _CONFIRM, "500支")
    for text, understood in (("改成800支", "800支"), ("3月25日到，包邮", "期望交付 3月25日(周三)，包邮")):
        desk.say("qianwei", text)
        below = desk.wait("qianwei", "### 已改", understood)
        assert below.form == "markdown"
    desk.card("qianwei", _CONFIRM, "800支", "3月25日")
    assert live(desk, "qianwei") == [draft]
    desk.say("qianwei", "确认")
    desk.wait("qianwei", "订单 SO", "800支")
    desk.threaded.do(desk.sandbox.until(lambda: not live(desk, "qianwei"), 20))
    assert "订单 SO" in json.dumps(draft.content, ensure_ascii=False)
    assert placed(desk) == [800]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_draft_that_a_press_has_changed_is_closed_by_what_is_typed_next(desk: Desk) -> None:
    desk.say("zhaomin", "锐固建材 M12×80镀锌螺栓 500支 3月20日到")
    desk.say("zhaomin", "确认")
    desk.say("zhaomin", "改单 0001 数量改成300支")
    preview = desk.card("zhaomin", "改说明")
    desk.press(preview, "改说明")
    desk.wait("zhaomin", "请打变更影响说明")
    desk.say("zhaomin", "客户仓库满了")
    below = desk.card("zhaomin", "确认改单", "客户仓库满了")
    assert below != preview
    assert "已换成下面的新卡片" in str(preview.content)
    desk.press(below, "确认改单")
    desk.wait("zhaomin", "已改到第2版")
    assert placed(desk) == [300]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_second_order_of_a_message_is_shown_before_it_is_placed(desk: Desk) -> None:
    desk.say("zhaomin", "锐固建材 M12×80镀锌螺栓 500支 3月20日到\n建工三分 M8×30镀锌 300支 3月20日到")
    first = desk.card("zhaomin", _CONFIRM, "500支")
    desk.press(first, _CONFIRM)
    second = desk.card("zhaomin", _CONFIRM, "300支")
    assert second != first
    assert "已下单" in str(first.content)
    assert desk.look(select(func.count()).select_from(Order)) == [(1,)]
    desk.press(second, _CONFIRM)
    desk.wait("zhaomin", "订单 SO260302-0002")
    assert placed(desk) == [500, 300]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_line_of_a_long_draft_can_be_read_in_the_chat(desk: Desk) -> None:
    wish = "\n".join(f"六角螺栓 M12×80 镀锌 4.8级 {quantity}支" for quantity in range(101, 113))
    desk.say("zhaomin", f"下单 锐固建材 3月20日到\n{wish}")
    desk.wait("zhaomin", "共12行", *(f"{number}、六角螺栓 M12×80 镀锌 4.8级 × {100 + number}支" for number in range(1, 13)))
    desk.card("zhaomin", _CONFIRM, "等12行", "查看全部12行", "/d/")
