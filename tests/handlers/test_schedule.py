"""排产 in the chat: shown before it is booked."""

from decimal import Decimal

import pytest

from store.models import Capacity, Component, Product, StockBatch
from tests.handlers.conftest import Chat


@pytest.fixture
def made(chat: Chat) -> Chat:
    """An order for ten seat covers, which have still to be made; their material is there."""
    with chat.store.transaction() as tx:
        cover = Product(code="ZT-1", name="座椅套", unit="套", made=True, work_center="车缝", units={}, aliases=[], price=Decimal(80))
        tx.session.add(cover)
        tx.session.flush()
        tx.session.add(Component(product_id=cover.id, component_id=chat.firm.nut.id, quantity=Decimal(2)))
        tx.session.add(StockBatch(product_id=chat.firm.nut.id, warehouse="主仓", location="M-1", on_hand=Decimal(500)))
        tx.session.add_all(Capacity(work_center="车缝", day=tx.today.replace(day=day), quantity=Decimal(6)) for day in (2, 3, 4, 5))
    chat.say(chat.firm.zhaomin, "下单 锐固 座椅套×10套 3月16日到")
    chat.say(chat.firm.zhaomin, "确认下单")
    return chat


def test_the_days_are_shown_and_booked_once_confirmed(made: Chat) -> None:
    draft = made.say(made.firm.zhenggong, "排产 0001")
    assert "3月2日(周一) 车缝 6套 座椅套" in draft.words
    done = made.press(made.firm.zhenggong, draft.buttons["确认排产"])
    assert (done.card, done.shown.status) == ("scheduled", "已排产")
    assert made.press(made.firm.zhenggong, draft.buttons["确认排产"]).card == "refusal"
    assert "生产中" in made.say(made.firm.zhaomin, "查单 0001").words


def test_a_draft_is_begun_on_another_day_by_typing_it(made: Chat) -> None:
    made.say(made.firm.zhenggong, "排产 0001")
    draft = made.say(made.firm.zhenggong, "3月4日")
    assert [day["day"] for day in draft.data["days"]] == ["2026-03-04", "2026-03-05"]
    assert made.say(made.firm.zhenggong, "确认").card == "scheduled"


def test_only_production_schedules(made: Chat) -> None:
    assert made.say(made.firm.zhaomin, "排产 0001").reason == "not_allowed"
    assert made.say(made.firm.zhenggong, "排产 0001 3月5日").reason == "capacity_full"


def test_what_is_taken_in_says_which_materials_it_was_made_of(made: Chat) -> None:
    """Nobody has scheduled it; the factory has made it all the same."""
    heard = made.say(made.firm.wugang, "入库 座椅套 4套 C-01")
    assert "扣料：M12镀锌螺母 8个" in heard.words
    assert "退货" in heard.words
    again = made.say(made.firm.wugang, "入库 座椅套 4套 C-01 客户退货")
    assert (again.card, "扣料" in again.words) == ("notice", False)
    assert made.say(made.firm.wugang, "库存 螺母").data["on_hand"] == "492"
