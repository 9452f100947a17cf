"""Every button of every card does something, and can be typed where a platform shows none."""

from datetime import date

import pytest

from handlers import communicate, dialogs, place
from handlers.presses import ACTIONS
from language import Catalogue, read
from platforms.dingtalk import cards as dingtalk
from platforms.text import as_markdown, as_text
from platforms.wecom.cards import GroupMarkdown
from templates.card_file import ButtonPart
from templates.render import card_file, card_names, write_text
from tests.support.cards import sample_card

ANSWERS = {dialogs.CONFIRM, dialogs.DROP, dialogs.CHOOSE, dialogs.EXPLAIN, communicate.NO_TALK, place.FORGET}
"""What an open draft or question understands by its number."""
COMMAND_OF = {
    "task.done": "finish",
    "progress.forwarded": "forwarded",
    "approval.approve": "approve",
    "approval.reject": "reject",
    "pick.done": "pick",
    "intercept.done": "intercepted",
    "intercept.failed": "gone",
    "schedule.open": "schedule",
    "promise.accept": "agree",
    "promise.parts": "agree",
    "promise.day": "agree",
}
BUTTONS = [(name, button) for name in card_names() for button in card_file(name).buttons if "{{" not in button.press]


@pytest.mark.parametrize(("name", "button"), BUTTONS, ids=[f"{name}:{button.press}" for name, button in BUTTONS])
def test_every_button_of_a_card_can_be_typed(name: str, button: ButtonPart) -> None:
    assert button.press in ACTIONS
    assert bool(button.typed) == (button.press not in ANSWERS)
    card = sample_card(name)
    text = write_text(button.text, card_file(name).sample)
    (shown,) = [shown for shown in card.buttons if shown.text == text]
    texts = [as_text(card), as_markdown(card), as_markdown(card, writing=GroupMarkdown()), dingtalk.markdown(card)["text"]]
    for text in texts:
        assert f"{shown.text}：打“{shown.typed}”" in text if shown.typed else f"{shown.text}" in text
        assert ("回复 " in text) == (not shown.typed)
    if shown.typed:
        assert read(shown.typed, Catalogue([], []), date(2026, 3, 2)).command == COMMAND_OF[button.press]


def test_only_the_cards_of_a_dialog_take_their_buttons_from_the_data() -> None:
    assert {name for name in card_names() for button in card_file(name).buttons if "{{" in button.press} == {"question"}
