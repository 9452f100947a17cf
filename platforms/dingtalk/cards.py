"""A card in DingTalk's forms: Markdown, action card, and the values of the interactive template (docs/dingtalk-card.md).

Limits: open.dingtalk.com/document, pages named at each constant.
"""

import json
from collections.abc import Callable
from typing import Any

from platforms.cutting import clip, clip_bytes, size
from platforms.text import TITLE_CHARACTERS, Markdown, as_markdown, lines_only, safe_url
from platforms.words import Card, CardButton, CardField, Tone

MARKDOWN_BYTES = 5000
"""Work notices take 5,000 characters (message-types-and-data-format), robots 15,000 bytes: the smaller holds everywhere."""
VALUE_BYTES = 1024
"""One value of a card (instructions-for-filling-in-api-card-data); all together 100 KB, which these few never reach."""
BUTTONS = 6
"""Our own: what the documented template shows on a phone without scrolling."""
BUTTON_CHARACTERS = 20
FIELD_CHARACTERS = 60
LINE_CHARACTERS = 120

Json = dict[str, Any]


class DingTalkMarkdown(Markdown):
    """DingTalk breaks a line where two spaces stand on each side of it (robot-message-type), and documents no colours."""

    line_break = "  \n  "

    def toned(self, text: str, tone: Tone) -> str:
        """A value in its tone: the bold ones are to be seen."""
        return f"**{text}**" if tone is Tone.WARNING else super().toned(text, tone)


def markdown(card: Card) -> dict[str, str]:
    """`title`, which conversation list and push show, and `text`; buttons are numbered answers."""
    return {"title": _title(card), "text": as_markdown(card, MARKDOWN_BYTES, DingTalkMarkdown())}


def action_card(card: Card) -> dict[str, str]:
    """The same with the card's first link as its button; for a card that has one."""
    link, *others = card.links
    text = as_markdown(card.model_copy(update={"links": others}), MARKDOWN_BYTES, DingTalkMarkdown())
    return {"title": _title(card), "text": text, "singleTitle": clip(link.text, BUTTON_CHARACTERS), "singleURL": safe_url(link.url)}


def robot_message(card: Card) -> tuple[str, dict[str, str]]:
    """`msgKey` and `msgParam` for the robot to people and internal groups."""
    return ("sampleActionCard", action_card(card)) if card.links else ("sampleMarkdown", markdown(card))


def webhook_message(card: Card) -> Json:
    """`msgtype` and content for a custom group robot."""
    if card.links:
        return {"msgtype": "actionCard", "actionCard": action_card(card)}
    return {"msgtype": "markdown", "markdown": markdown(card)}


def takes_card(card: Card) -> bool:
    """Whether the interactive template serves it: it has buttons, they fit, and all is shown or linked to."""
    if not 0 < len(card.buttons) <= BUTTONS or size(_json([_button(button) for button in card.buttons])) > VALUE_BYTES:
        return False
    return bool(card.links) or len(json.loads(_lines(card))) == len(card.lines)


def left_out(card: Card) -> dict[str, str] | None:
    """All lines as Markdown, where the interactive card shows only some and one message has room for them."""
    whole = as_markdown(lines_only(card), None, DingTalkMarkdown())
    if len(json.loads(_lines(card))) == len(card.lines) or size(whole) > MARKDOWN_BYTES:
        return None
    return {"title": _title(card), "text": whole}


def card_params(card: Card) -> dict[str, str]:
    """All values of the interactive template; empty ones too, so that an update clears what no longer stands."""
    link = card.links[0] if card.links else None
    return {
        "title": clip(card.title, TITLE_CHARACTERS, card.order_no),
        "subtitle": clip_bytes(card.subtitle, VALUE_BYTES),
        "status": clip_bytes(card.status, VALUE_BYTES),
        "tone": card.tone.value,
        "emphasis": clip_bytes(card.emphasis, VALUE_BYTES),
        "emphasis_label": clip_bytes(card.emphasis_label, VALUE_BYTES),
        "quote": clip_bytes(card.quote, VALUE_BYTES),
        "fields": _json(_fitting(card.fields, _field)),
        "lines": _lines(card),
        "note": clip_bytes(card.note, VALUE_BYTES),
        "buttons": _json(_fitting(card.buttons, _button)),
        "link_text": clip(link.text, BUTTON_CHARACTERS) if link else "",
        "link_url": safe_url(link.url) if link and size(safe_url(link.url)) <= VALUE_BYTES else "",
    }


def _title(card: Card) -> str:
    status = f"【{clip(card.status, BUTTON_CHARACTERS)}】" if card.status else ""
    return status + clip(card.title, TITLE_CHARACTERS, card.order_no)


def _field(field: CardField) -> Json:
    return {"name": clip(field.name, BUTTON_CHARACTERS), "value": clip(field.value, FIELD_CHARACTERS), "tone": field.tone.value}


def _button(button: CardButton) -> Json:
    return {"text": clip(button.text, BUTTON_CHARACTERS), "key": button.key, "style": button.style.value}


def _lines(card: Card) -> str:
    more = f"等{len(card.lines)}行"
    shown = _fitting(card.lines, lambda line: clip(line, LINE_CHARACTERS), reserve=size(_json([more])))
    return _json(shown if len(shown) == len(card.lines) else [*shown, more])


def _fitting(items: list[Any], form: Callable[[Any], Any], reserve: int = 0) -> list[Any]:
    """The first items whose JSON has room in one value."""
    fitting: list[Any] = []
    for item in items:
        if size(_json([*fitting, form(item)])) > VALUE_BYTES - reserve:
            break
        fitting.append(form(item))
    return fitting


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
