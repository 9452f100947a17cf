"""The rules of a template card, each with its error code (developer.work.weixin.qq.com, documents 90236 and 90313).

Where the documents give a range of codes without saying which is which (42014–42020), the split is ours.
"""

import re
from collections.abc import Iterator
from typing import Any

_INTERACTIVE = ("button_interaction", "vote_interaction", "multiple_interaction")
_TYPES = ("text_notice", "news_notice", *_INTERACTIVE)
_TASK_ID = re.compile(r"[0-9A-Za-z_\-@]{1,128}")
_KEY_BYTES = 1024
_LENGTHS = {
    "source.desc": 20,
    "main_title.title": 36,
    "main_title.desc": 44,
    "emphasis_content.title": 10,
    "emphasis_content.desc": 15,
    "sub_title_text": 160,
    "horizontal_content_list.keyname": 5,
    "horizontal_content_list.value": 30,
    "jump_list.title": 18,
    "vertical_content_list.title": 38,
    "vertical_content_list.desc": 160,
    "button_list.text": 10,
}
"""Characters that clients show; the server takes longer texts, the reader does not see their end."""


class CardError(Exception):
    """The card breaks a rule; `code` is the server's errcode."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


def has_code(card: dict[str, Any]) -> bool:
    """Whether sending this card gives a response_code: interactive ones, and notices with an action menu."""
    return card.get("card_type") in _INTERACTIVE or "action_menu" in card


def has_callback(card: dict[str, Any]) -> bool:
    """Whether pressing something on this card calls the app back."""
    buttons = card.get("button_list", [])
    return has_code(card) and (
        card.get("card_type") != "button_interaction" or any(not button.get("type") for button in buttons) or "action_menu" in card
    )


def check_card(card: Any, *, webhook: bool = False) -> None:
    """Raises CardError for the first rule that the card breaks."""
    if not isinstance(card, dict) or card.get("card_type") not in _TYPES:
        raise CardError(42031, "invalid card_type")
    kind = card["card_type"]
    if webhook and kind not in ("text_notice", "news_notice"):
        raise CardError(42031, "card_type not allowed for webhook")
    _check_task_id(card, needed=has_code(card) and not webhook)
    _check_title(card, kind)
    _check_action(card.get("card_action"), needed=kind in ("text_notice", "news_notice"))
    _check_image(card, kind, webhook)
    _check_lists(card)
    _check_menu(card.get("action_menu"))
    if kind == "button_interaction":
        _check_selection(card.get("button_selection"))
        _check_buttons(card.get("button_list"))
    if kind in ("vote_interaction", "multiple_interaction"):
        _check_form(card, kind)


def overlong(card: dict[str, Any]) -> list[str]:
    """The texts of which a reader would not see the end."""
    return [f"{path}: {text}" for path, limit in _LENGTHS.items() for text in _texts(card, path.split(".")) if len(text) > limit]


def _texts(value: Any, path: list[str]) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _texts(each, path)
    elif path and isinstance(value, dict):
        yield from _texts(value.get(path[0]), path[1:])
    elif not path and isinstance(value, str):
        yield value


def _check_task_id(card: dict[str, Any], *, needed: bool) -> None:
    task_id = card.get("task_id")
    if task_id is None and not needed:
        return
    if not isinstance(task_id, str) or not _TASK_ID.fullmatch(task_id):
        raise CardError(42014, "task_id missing or invalid")


def _check_title(card: dict[str, Any], kind: str) -> None:
    title = (card.get("main_title") or {}).get("title")
    if not title and not (kind == "text_notice" and card.get("sub_title_text")):
        raise CardError(42033, "main_title.title missing")


def _check_action(action: Any, *, needed: bool) -> None:
    if not action:
        if needed:
            raise CardError(42045, "card_action missing")
        return
    kind = action.get("type")
    if kind not in (1, 2):
        raise CardError(42045, "invalid card_action.type")
    _check_target(action, kind)


def _check_target(part: dict[str, Any], kind: Any) -> None:
    if kind == 1 and not str(part.get("url", "")).startswith(("http://", "https://")):
        raise CardError(42028, "invalid url")
    if kind == 2 and not part.get("appid"):
        raise CardError(42030, "invalid appid")


def _check_image(card: dict[str, Any], kind: str, webhook: bool) -> None:
    if kind != "news_notice":
        return
    if not (card.get("card_image") or {}).get("url") and (webhook or not card.get("image_text_area")):
        raise CardError(42044, "card_image.url missing")


def _check_lists(card: dict[str, Any]) -> None:
    rows = card.get("horizontal_content_list", [])
    if len(rows) > 6:
        raise CardError(42035, "horizontal_content_list too long")
    for row in rows:
        _check_row(row)
    if len(card.get("vertical_content_list", [])) > 4:
        raise CardError(42036, "vertical_content_list too long")
    jumps = card.get("jump_list", [])
    if len(jumps) > 3:
        raise CardError(42042, "jump_list too long")
    for jump in jumps:
        if not jump.get("title"):
            raise CardError(42033, "jump_list.title missing")
        _check_target(jump, jump.get("type"))
    if (card.get("quote_area") or {}).get("type"):
        _check_target(card["quote_area"], card["quote_area"]["type"])


def _check_row(row: dict[str, Any]) -> None:
    if not row.get("keyname"):
        raise CardError(42027, "keyname missing")
    kind = row.get("type")
    if kind == 1:
        _check_target(row, 1)
    if kind == 2 and not row.get("media_id"):
        raise CardError(42029, "media_id missing")
    if kind == 3 and not row.get("userid"):
        raise CardError(42050, "userid missing")


def _check_menu(menu: Any) -> None:
    if menu is None:
        return
    actions = menu.get("action_list", [])
    keys = [action.get("key") for action in actions]
    if not 1 <= len(actions) <= 3 or not all(action.get("text") and action.get("key") for action in actions) or len(set(keys)) != len(keys):
        raise CardError(42051, "invalid action_list")


def _check_buttons(buttons: Any) -> None:
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 6:
        raise CardError(42020, "button_list must have 1 to 6 buttons")
    keys = [button.get("key") for button in buttons if not button.get("type")]
    for button in buttons:
        if not button.get("text"):
            raise CardError(42038, "button text missing")
        if button.get("type") == 1:
            _check_target(button, 1)
    if not all(isinstance(key, str) and 0 < len(key.encode()) <= _KEY_BYTES for key in keys):
        raise CardError(42039, "button key missing or too long")
    if len(set(keys)) != len(keys):
        raise CardError(42016, "button key repeated")


def _check_selection(selection: Any) -> None:
    if selection is not None:
        _check_question(selection, most=10)


def _check_form(card: dict[str, Any], kind: str) -> None:
    questions = [card.get("checkbox") or {}] if kind == "vote_interaction" else card.get("select_list", [])
    if not 1 <= len(questions) <= 3:
        raise CardError(42047, "select_list must have 1 to 3 items")
    for question in questions:
        _check_question(question, most=20 if kind == "vote_interaction" else 10)
    submit = card.get("submit_button") or {}
    if not submit.get("text"):
        raise CardError(42046, "submit_button.text missing")
    if not submit.get("key") or len(submit["key"].encode()) > _KEY_BYTES:
        raise CardError(42049, "submit_button.key missing or too long")


def _check_question(question: dict[str, Any], most: int) -> None:
    if not question.get("question_key"):
        raise CardError(42043, "question_key missing")
    options = question.get("option_list", [])
    if not 1 <= len(options) <= most:
        raise CardError(42037, "option_list length")
    if not all(option.get("id") for option in options):
        raise CardError(42040, "option id missing")
    if not all(option.get("text") for option in options):
        raise CardError(42041, "option text missing")
