"""The published card template as this stand-in's console holds it: which parameters are its buttons (docs: the card's layout)."""

import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Button:
    """A button of the template that calls back with one parameter, `button`."""

    text: str
    value: str


def buttons(params: dict[str, str]) -> list[Button]:
    """The buttons that a card with these parameters shows, in their order."""
    return [Button(each["text"], each["key"]) for each in json.loads(params.get("buttons") or "[]")]
