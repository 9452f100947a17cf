"""Buttons: only ours, only by the one they were made for, and only once."""

from collections.abc import Callable

from sqlalchemy import select

from store.models import Fulfilment, Meter, Order, OutboxMessage, Staff, Stage
from store.tokens import Signer, signing_key
from store.transaction import Store
from tests.orders.trade import Trade
from tests.support.callers import DingTalkCaller, WeComCaller
from tests.support.firm import Firm

Rows = Callable[[], dict[str, int]]
WISH = "下单 锐固建材 M12×80镀锌螺栓×500支 免费配送 3月20日到"


def confirm_button(store: Store, staff_id: int) -> str:
    """The button that the draft card, as it was sent, carries for this person."""
    with store.transaction() as tx:
        draft = tx.session.scalars(
            select(OutboxMessage).where(OutboxMessage.card == "order_draft").order_by(OutboxMessage.id.desc())
        ).first()
        assert draft is not None
        return Signer(signing_key(tx.session)).sign("button", "dialog.confirm", draft.data["draft"], staff_id)


def orders(store: Store) -> list[Order]:
    with store.reading() as tx:
        return list(tx.session.scalars(select(Order)))


def trade(rows: Rows) -> dict[str, int]:
    """The rows of all tables but the record of what came in."""
    counted = rows()
    del counted["incoming"], counted["meters"]
    return counted


async def test_a_press_is_done_and_the_card_changes_in_place(store: Store, firm: Firm, wecom: WeComCaller):
    await wecom.say("zhaomin", WISH)
    heard = await wecom.press("zhaomin", confirm_button(store, firm.zhaomin.id))
    (order,) = orders(store)
    assert heard.kind == "update_template_card"
    assert order.no in heard.body


async def test_a_repeated_press_is_answered_again(store: Store, firm: Firm, wecom: WeComCaller):
    await wecom.say("zhaomin", WISH)
    button = confirm_button(store, firm.zhaomin.id)
    first = await wecom.press("zhaomin", button, code="c1")
    again = await wecom.press("zhaomin", button, code="c1")
    assert first.body == again.body
    assert len(orders(store)) == 1


async def test_a_second_press_does_nothing_and_says_so(store: Store, firm: Firm, wecom: WeComCaller):
    await wecom.say("zhaomin", WISH)
    button = confirm_button(store, firm.zhaomin.id)
    await wecom.press("zhaomin", button, code="c1")
    heard = await wecom.press("zhaomin", button, code="c2")
    assert heard.status == 200
    assert len(orders(store)) == 1
    with store.reading() as tx:
        said = tx.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    assert said is not None
    assert (said.card, said.audience) == ("refusal", f"staff:{firm.zhaomin.id}")


async def test_a_forged_button_does_nothing(store: Store, firm: Firm, rows: Rows, wecom: WeComCaller, dingtalk: DingTalkCaller):
    await wecom.say("zhaomin", WISH)
    button = confirm_button(store, firm.zhaomin.id)
    before = rows()
    for forged in (
        "",
        "x",
        "dialog.confirm",
        button[:-1],
        button + "A",
        "A" * 2000,
        Signer(b"another key").sign("button", "dialog.confirm", "1", 1),
    ):
        heard = await wecom.press("zhaomin", forged, code=f"c{len(forged)}")
        assert heard.kind == "update_button"
        assert (await dingtalk.press("qianwei", forged or "x")).status == 200
    assert rows() == before


async def test_somebody_elses_button_does_nothing(store: Store, firm: Firm, rows: Rows, wecom: WeComCaller, dingtalk: DingTalkCaller):
    await wecom.say("zhaomin", WISH)
    button = confirm_button(store, firm.zhaomin.id)
    before = trade(rows)
    for other in ("sunlei", "nobody"):
        assert (await wecom.press(other, button)).kind == "update_button"
    assert "note" in (await dingtalk.press("qianwei", button)).json["cardData"]["cardParamMap"]
    assert trade(rows) == before
    assert orders(store) == []


async def test_a_press_on_dingtalk_answers_with_the_cards_new_values(
    store: Store, firm: Firm, dingtalk: DingTalkCaller, wecom: WeComCaller
):
    await dingtalk.say("qianwei", "下单 宏达五金 M12×80镀锌螺栓×500支 3月20日到")
    with store.transaction() as tx:
        signer = Signer(signing_key(tx.session))
    button = signer.sign("button", "dialog.confirm", "1", firm.qianwei.id)
    first = await dingtalk.press("qianwei", button)
    (order,) = orders(store)
    assert order.no in first.json["cardData"]["cardParamMap"]["title"]
    assert (await dingtalk.press("qianwei", button)).json == first.json
    assert len(orders(store)) == 1


async def test_a_button_that_was_refused_works_once_nothing_stands_in_its_way(
    store: Store, firm: Firm, rows: Rows, dingtalk: DingTalkCaller
):
    order = Trade(store, firm).place((firm.bolt, 500))
    with store.transaction() as tx:
        tx.session.get_one(Staff, firm.wugang.id).dingtalk_userid = "wugang"
        tx.session.scalars(select(Fulfilment)).one().stage = Stage.PLACED
        button = Signer(signing_key(tx.session)).sign("button", "pick.done", f"{order.no} 1 主仓", firm.wugang.id)
    before = trade(rows)
    refused = (await dingtalk.press("wugang", button)).json["cardData"]["cardParamMap"]
    assert list(refused) == ["note"]
    assert order.no in refused["note"]
    assert trade(rows) == before
    with store.transaction() as tx:
        tx.session.scalars(select(Fulfilment)).one().stage = Stage.ALLOCATED
    picked = (await dingtalk.press("wugang", button)).json["cardData"]["cardParamMap"]
    assert order.no in picked["title"]
    assert (await dingtalk.press("wugang", button)).json["cardData"]["cardParamMap"] == picked, "what was done is not done again"
    with store.reading() as tx:
        assert tx.session.scalars(select(Fulfilment.stage)).all() == [Stage.PICKED]
        assert tx.session.scalar(select(Meter.count).where(Meter.name == "dingtalk.pushes")) == 2
