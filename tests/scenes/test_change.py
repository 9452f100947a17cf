"""A customer's own words and cancellation, over WeCom's wire format."""

import pytest
from sqlalchemy import select

from sandbox.callbacks import buttons_of
from sandbox.ledger import ChatMessage
from sandbox.suggestions import order_number
from store.models import Order
from tests.scenes.conftest import Desk
from tests.scenes.test_journey import available

_SECONDS = 20


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_customers_word_is_learned_and_taken_back_and_a_cancelled_order_frees_its_stock(desk: Desk) -> None:
    before = available(desk)
    for _ in range(2):
        desk.say("zhaomin", "锐固建材要M12×80 100支")
        desk.wait("zhaomin", "哪一种")
        desk.say("zhaomin", "第一个")
        _confirmed(desk, "zhaomin")
    desk.say("zhaomin", "锐固建材要M12×80 100支")
    desk.press(desk.wait("zhaomin", "按贵方习惯"), "不是这个意思")
    desk.wait("zhaomin", "哪一种")
    desk.say("zhaomin", "算了")

    for tail in ("0001", "0002"):
        desk.say("zhaomin", f"取消 {tail} 客户工地停了")
        desk.press(desk.wait("zhaomin", "取消预览", tail), "确认取消")
    assert desk.look(select(Order.stage)) == [("cancelled",), ("cancelled",)]
    assert available(desk) == before
    assert desk.sandbox.ledger.problems == []


def _confirmed(desk: Desk, who: str) -> str:
    """The number of the order whose draft is the newest card."""
    draft = _with_button(desk, who, "确认下单")
    desk.press(draft, "确认下单")
    return desk.threaded.do(desk.sandbox.until(lambda: order_number(str(draft.content)), _SECONDS))


def _with_button(desk: Desk, who: str, button: str, *texts: str) -> ChatMessage:
    """The newest card in `who`'s chat that has this button and says all of `texts`."""

    def find() -> ChatMessage | None:
        cards = (each for each in reversed(desk.sandbox.messages(who)) if button in buttons_of(each))
        return next((each for each in cards if all(text in str(each.content) for text in texts)), None)

    found = desk.threaded.do(desk.sandbox.until(find, _SECONDS))
    assert found
    return found
