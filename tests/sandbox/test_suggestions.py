"""Whatever the page suggests is understood, from whoever is suggested to say it."""

import pytest
from sqlalchemy import select

from handlers import desk, wording
from orders.calendar import calendar_of
from orders.refusals import Refused
from platforms.words import Message, Platform, Reply
from sandbox.firm import load_sample_firm
from sandbox.ledger import Ledger
from sandbox.people import PERSONAS
from sandbox.suggestions import suggestions
from store.models import Staff
from store.transaction import Store, Transaction
from tests.support.clock import TestClock

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
    names = {each.key: each.name for each in PERSONAS}
    with store.transaction() as tx:
        said = suggestions(tx.today, calendar_of(store.settings), Ledger(clock))
        assert set(said) == {each.key for each in PERSONAS if each.chats[0].startswith(("wecom/", "dingtalk/"))}
        _say(tx, "赵敏", said["zhaomin"][0])
        assert _say(tx, "赵敏", "确认").card == "order"
        failures = {f"{names[who]}: {text}": _failure(tx, names[who], text) for who, texts in said.items() for text in texts}
    assert {text: why for text, why in failures.items() if why} == {}


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
