"""Talking to the desk as the gate does: one transaction a message, a refusal undoes what was written on the way to it."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from handlers import desk
from orders.refusals import Refused
from platforms.words import Card, Message, Platform, Press, Reply
from store.models import Staff
from store.transaction import Store, Transaction
from templates.refusals import worded
from templates.render import render_card
from tests.support.firm import Firm


@dataclass(frozen=True)
class Heard:
    """What a person heard: the reply, and the card that it becomes; `buttons` are (action, argument) by their text."""

    reply: Reply
    shown: Card
    buttons: dict[str, tuple[str, str]]

    @property
    def card(self) -> str:
        return self.reply.card

    @property
    def data(self) -> dict[str, Any]:
        return self.reply.data

    @property
    def reason(self) -> str:
        return str(self.reply.data.get("reason", ""))

    @property
    def words(self) -> str:
        """Everything that can be read on the card."""
        shown = self.shown
        fields = [f"{field.name}：{field.value}" for field in shown.fields]
        return "\n".join(
            [shown.title, shown.subtitle, shown.quote, *shown.lines, *fields, shown.note, *(button.text for button in shown.buttons)]
        )


class Chat:
    """The desk, spoken to by the people of the firm."""

    def __init__(self, store: Store, firm: Firm) -> None:
        self.store = store
        self.firm = firm
        self._keys = count()

    def say(self, person: Staff, text: str, kind: str = "text") -> Heard:
        return self._heard(person, lambda tx, staff, key: desk.answer(tx, staff, Message(Platform.WECOM, key, "somebody", text, kind)))

    def press(self, person: Staff, button: tuple[str, str]) -> Heard:
        def pressed(tx: Transaction, staff: Staff, key: str) -> Reply:
            return desk.press(tx, staff, *button, Press(Platform.WECOM, key, "somebody", "…"))

        return self._heard(person, pressed)

    def _heard(self, person: Staff, ask: Callable[[Transaction, Staff, str], Reply]) -> Heard:
        desk.prepare(self.store)
        with self.store.transaction() as tx:
            staff = tx.session.get_one(Staff, person.id)
            try:
                with tx.session.begin_nested():
                    reply = ask(tx, staff, f"message-{next(self._keys)}")
            except Refused as refused:
                reply = Reply("refusal", worded(refused.reason, refused.details))
        keys: list[tuple[str, str]] = []
        shown = render_card(reply.card, reply.data, lambda *key: keys.append(key) or "signed")
        return Heard(reply, shown, {button.text: key for button, key in zip(shown.buttons, keys)})


@pytest.fixture
def chat(store: Store, firm: Firm) -> Chat:
    return Chat(store, firm)
