"""A card inside a passive reply: XML with CamelCase tags and repeated elements, turned into the JSON of message/send."""

import re
from typing import Any
from xml.etree import ElementTree

_LISTS = {"horizontal_content_list", "vertical_content_list", "jump_list", "button_list", "select_list", "option_list", "action_list"}
_NUMBERS = {"type", "style", "desc_color", "aspect_ratio"}
_IRREGULAR = {"key_name": "keyname", "user_id": "userid", "app_id": "appid", "page_path": "pagepath"}


def parse(text: str) -> ElementTree.Element:
    """The root element. Raises ElementTree.ParseError."""
    return ElementTree.fromstring(text)  # noqa: S314 -- it is the product under test that answers, nobody else


def field(element: ElementTree.Element, path: str) -> str:
    """The text of a child. Raises ValueError when it is missing."""
    text = element.findtext(path)
    if text is None:
        raise ValueError(f"缺少 {path}")
    return text


def card_from_xml(element: ElementTree.Element | None) -> dict[str, Any]:
    """The card as JSON. Raises ValueError when there is none."""
    if element is None:
        raise ValueError("缺少 TemplateCard")
    card = _object(element)
    if not isinstance(card, dict):
        raise ValueError("空的 TemplateCard")
    return card


def _object(element: ElementTree.Element) -> Any:
    if len(element) == 0:
        return (element.text or "").strip()
    result: dict[str, Any] = {}
    for child in element:
        name = _name(child.tag)
        value = _object(child)
        if name in _LISTS:
            result.setdefault(name, []).append(value)
        else:
            result[name] = float(value) if name == "aspect_ratio" else int(value) if name in _NUMBERS and value else value
    return result


def _name(tag: str) -> str:
    snake = re.sub(r"(?<!^)(?=[A-Z])", "_", tag).lower()
    return _IRREGULAR.get(snake, snake)
