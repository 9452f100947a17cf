"""Whatever the page suggests is understood, from whoever is suggested to say it."""

import pytest
from sqlalchemy import select

from handlers import desk, wording
from orders.calendar import calendar_of
from orders.refusals import Refused
from platforms.text import as_text
from platforms.words import Message, Platform, Reply
from sandbox.firm import load_sample_firm
from sandbox.ledger import Ledger
from sandbox.people import PERSONAS
from sandbox.replies import replies
from sandbox.suggestions import suggestions
from store.models import Staff
from store.transaction import Store, Transaction
from templates.render import render_card
from tests.support.clock import TestClock

_LONGEST = 2048
_NOT_UNDERSTOOD = {
    "not_understood",
    "not_allowed",
    "nothing_to_confirm",
    "nothing_to_correct",
    "unknown_customer",
    "unknown_product",
    "amendment_not_understood",
    "unit_does_not_convert",
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_suggestion_is_understood(store: Store, clock: TestClock) -> None:
    load_sample_firm(store)
    desk.prepare(store)
    ledger = Ledger(clock)
    with store.transaction() as tx:
        said = suggestions(tx.today, calendar_of(store.settings), ledger)
        assert set(said) == {each.key for each in PERSONAS if each.chats[0].startswith(("wecom/", "dingtalk/"))}
        assert _failures(tx, said) == {}
        _say(tx, "赵敏", said["zhaomin"][0])
        reply = _say(tx, "赵敏", "确认")
        assert reply.card == "order"
        for each in PERSONAS:
            ledger.post(each.chats[0], "template_card", {"title": reply.data["no"], "button_list": [{"text": "同意"}]})
        of_the_order = suggestions(tx.today, calendar_of(store.settings), ledger)
        assert all(set(said[who]) <= set(texts) for who, texts in of_the_order.items())
        assert {who for who, texts in of_the_order.items() if any("0001" in text for text in texts)} == set(said)
        assert _failures(tx, of_the_order) == {}


def _failures(tx: Transaction, said: dict[str, list[str]]) -> dict[str, str]:
    names = {each.key: each.name for each in PERSONAS}
    failures = {f"{names[who]}: {text}": _failure(tx, names[who], text) for who, texts in said.items() for text in texts}
    return {text: why for text, why in failures.items() if why}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("said", "answers"),
    [
        ("M12×80镀锌螺栓×500支", ["锐固建材", "建工三分"]),
        ("老李要20打手套", ["杭州老李水电安装队", "宁波李记五金"]),
        ("锐固建材 M12×80镀锌螺栓×500支", ["确认下单", "算了", "3月12日到"]),
        ("下单 锐固建材 M12×80镀锌螺栓", ["500支"]),
    ],
)
def test_a_question_brings_its_answers(store: Store, clock: TestClock, said: str, answers: list[str]) -> None:
    load_sample_firm(store)
    desk.prepare(store)
    ledger = Ledger(clock)
    with store.transaction() as tx:
        reply = _say(tx, "赵敏", said)
        ledger.post("wecom/zhaomin", "text", {"content": as_text(render_card(reply.card, reply.data, lambda *_press: ""), _LONGEST)})
        told = suggestions(tx.today, calendar_of(store.settings), ledger)["zhaomin"]
    assert told[: len(answers)] == answers


def _failure(tx: Transaction, name: str, text: str) -> str:
    """How the desk failed to understand, as if nothing had been said before; empty when it understood."""
    point = tx.session.begin_nested()
    try:
        reply = _say(tx, name, text)
    except Refused as refused:
        return refused.reason if refused.reason in _NOT_UNDERSTOOD else ""
    finally:
        point.rollback()
        tx.session.expire_all()
    return "small talk" if wording.WHAT_I_CAN in str(reply.data) else ""


def _say(tx: Transaction, name: str, text: str) -> Reply:
    person = tx.session.scalars(select(Staff).where(Staff.name == name)).one()
    return desk.answer(tx, person, Message(Platform.WECOM, f"{name} {text}", name, text, "text"))


def test_answers_stay_until_they_are_given(clock: TestClock) -> None:
    ledger, chat, day = Ledger(clock), "wecom/zhaomin", "3月12日"
    question = {"content": "【待回答】哪个客户？"}
    ledger.post(chat, "text", question)
    ledger.post(chat, "text", {"content": "订单 SO260302-0001 已签收"})
    assert "锐固建材" in replies(ledger, chat, day)
    ledger.post(chat, "text", {"content": "锐固建材"}, mine=True)
    assert replies(ledger, chat, day) == []
    ledger.post(chat, "markdown", {"title": "草稿", "text": "要修改直接打字。  \n  回复 **1** 确认下单  \n  回复 **2** 算了"})
    assert replies(ledger, chat, day)[:2] == ["确认下单", "算了"]
    ledger.post(chat, "template_card", {"button_list": [{"text": "确认下单"}]})
    ledger.post(chat, "text", {"content": "加急"}, mine=True)
    assert "3月12日到" in replies(ledger, chat, day)
