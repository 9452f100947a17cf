"""A card in WeCom's forms: template card, what it turns into after a press, group message.

The limits are those of developer.work.weixin.qq.com/document: path/90236 (app messages, where nothing else is said),
path/99110 (group robots), path/90241 (passive replies), path/94888 (updates). Plain dictionaries: wechatpy has no template cards.
"""

from typing import Any, NamedTuple

from platforms.cutting import clip, size
from platforms.text import Markdown, as_markdown, as_text, lines_only, safe_url, shown_fields
from platforms.words import Card, CardField, Style, Tone

TEXT_BYTES = 2048
"""Text of an app message (path/90236) and of a passive reply (path/90241)."""
GROUP_MARKDOWN_BYTES = 4096
"""Markdown of a group robot (path/99110)."""
FIELDS = 6
"""horizontal_content_list."""
FIELD_NAME_CHARACTERS = 5
BUTTONS = 6
BUTTON_CHARACTERS = 10
BUTTON_KEY_BYTES = 1024
LINKS = 3
"""jump_list."""
EMPHASIS_CHARACTERS = 10
EMPHASIS_LABEL_CHARACTERS = 15
QUOTE_CHARACTERS = 200
"""quote_text: no limit is stated; phones fold what is much longer."""
LINES = 3
"""Lines of an order that a card shows before 等N行 when it has no room for all."""

Json = dict[str, Any]


class Sizes(NamedTuple):
    """Characters that a part shows."""

    status: int
    title: int
    subtitle: int
    text: int
    value: int
    link: int


APP = Sizes(status=20, title=36, subtitle=44, text=160, value=30, link=18)
"""path/90236."""
GROUP = Sizes(status=13, title=26, subtitle=30, text=112, value=26, link=13)
"""path/99110."""

_COLOURS = {Tone.PLAIN: 1, Tone.GOOD: 3, Tone.WARNING: 2, Tone.ALERT: 2, Tone.PAST: 0}
"""source.desc_color: grey, black, red, green."""
_TAGS = {"keyname": "KeyName"}
"""Names whose words the JSON form does not part."""
_STYLES = {Style.PRIMARY: 1, Style.PLAIN: 2, Style.DANGER: 3}


class GroupMarkdown(Markdown):
    """WeCom's Markdown knows three colours."""

    def toned(self, text: str, tone: Tone) -> str:
        """A value in its tone."""
        colour = {Tone.GOOD: "info", Tone.PAST: "comment", Tone.WARNING: "warning", Tone.ALERT: "warning"}.get(tone)
        return f'<font color="{colour}">{text}</font>' if colour else text


def app_message(card: Card, task_id: str) -> Json:
    """`msgtype` and content for message/send: a template card where one can show it, else a text with numbered answers."""
    if takes_card(card):
        return {"msgtype": "template_card", "template_card": template_card(card, task_id)}
    return {"msgtype": "text", "text": {"content": as_text(card, TEXT_BYTES)}}


def takes_card(card: Card) -> bool:
    """Whether a template card shows it whole, or links to the rest; a notice without buttons needs a link anyway."""
    if card.buttons:
        return _has_room_for_buttons(card) and (_is_whole(card) or bool(card.links))
    return bool(card.links)


def left_out(card: Card) -> str:
    """All lines as a text, where the template card shows only some and one text has room for them; else empty."""
    text = as_text(lines_only(card))
    return text if len("\n".join(_listed(card))) > QUOTE_CHARACTERS and size(text) <= TEXT_BYTES else ""


def template_card(card: Card, task_id: str) -> Json:
    """`template_card` of message/send for a card that `takes_card`; `task_id` is unique within the app."""
    form = _interaction(card) if card.buttons else _notice(card, APP)
    return {**form, "task_id": task_id}


def updated_card(card: Card) -> Json:
    """`template_card` of update_template_card: what a pressed card turns into; without buttons its own stay, greyed."""
    if _has_room_for_buttons(card):
        return _interaction(card)
    answers = [f"{number} {button.text}" for number, button in enumerate(card.buttons, start=1)]
    bare = card.model_copy(update={"lines": [*card.lines, *answers], "buttons": []})
    done = clip(card.status or "已处理", BUTTON_CHARACTERS)
    button = {"text": done, "style": _STYLES[Style.PLAIN], "key": "done"}
    return {"card_type": "button_interaction", **_body(bare, APP), "button_list": [button], "replace_text": done}


def passive_card(card: Card) -> Json:
    """`TemplateCard` of the passive reply `update_template_card`: the same with XML's names; a list repeats its tag."""
    return {_tag(name): _tagged(value) for name, value in updated_card(card).items()}


def webhook_message(card: Card) -> Json:
    """`msgtype` and content for a group robot: a notice where there is a page to open, else Markdown."""
    if card.links:
        return {"msgtype": "template_card", "template_card": _notice(card, GROUP)}
    return webhook_markdown(card)


def webhook_markdown(card: Card) -> Json:
    """The same as Markdown, which has no rules to break."""
    return {"msgtype": "markdown", "markdown": {"content": as_markdown(card, GROUP_MARKDOWN_BYTES, GroupMarkdown())}}


def _interaction(card: Card) -> Json:
    numbered = bool(_choices(card))
    buttons = [
        {"text": str(number) if numbered else button.text, "style": _STYLES[button.style], "key": button.key}
        for number, button in enumerate(card.buttons, start=1)
    ]
    return {"card_type": "button_interaction", **_body(card, APP), "button_list": buttons}


def _notice(card: Card, sizes: Sizes) -> Json:
    form = {"card_type": "text_notice", **_body(card, sizes)}
    # The documentation advises against an emphasis beside a quote.
    if 0 < len(card.emphasis) <= EMPHASIS_CHARACTERS and "quote_area" not in form:
        form["emphasis_content"] = {"title": card.emphasis, "desc": clip(card.emphasis_label, EMPHASIS_LABEL_CHARACTERS)}
        form["horizontal_content_list"] = _fields(card.fields, sizes)
    return form


def _body(card: Card, sizes: Sizes) -> Json:
    parts: Json = {
        "source": {"desc": clip(card.status or "跟单", sizes.status), "desc_color": _COLOURS[card.tone]},
        "main_title": {"title": clip(card.title, sizes.title, card.order_no), "desc": clip(card.subtitle, sizes.subtitle)},
        "sub_title_text": _below(card, sizes),
        "horizontal_content_list": _fields(shown_fields(card), sizes),
    }
    if area := _area(card):
        parts["quote_area"] = {"type": 0, "quote_text": area}
    if card.links:
        parts["card_action"] = {"type": 1, "url": safe_url(card.links[0].url)}
        parts["jump_list"] = [{"type": 1, "title": clip(link.text, sizes.link), "url": safe_url(link.url)} for link in card.links[:LINKS]]
    return parts


def _fields(fields: list[CardField], sizes: Sizes) -> list[Json]:
    return [
        {
            "keyname": clip(field.name, FIELD_NAME_CHARACTERS) or "·",
            "value": clip(f"！{field.value}" if field.tone is Tone.ALERT else field.value, sizes.value),
        }
        for field in fields[:FIELDS]
    ]


def _area(card: Card) -> str:
    """The quote area: the lines and choices, since it is the one place whose line breaks are documented; else the quote."""
    rows = _listed(card)
    if not rows:
        return clip(card.quote, QUOTE_CHARACTERS)
    area = "\n".join(rows)
    if len(area) <= QUOTE_CHARACTERS:
        return area
    if len(card.lines) > LINES:
        rows[LINES : len(card.lines)] = [f"等{len(card.lines)}行"]
    room = QUOTE_CHARACTERS // len(rows) - 1
    return "\n".join(clip(row, room) for row in rows)


def _below(card: Card, sizes: Sizes) -> str:
    if not card.quote or not _listed(card):
        return clip(card.note, sizes.text)
    room = max(sizes.text - len(card.note) - 1, 0)
    return clip(f"{clip(card.quote, room)}\n{card.note}".strip(), sizes.text)


def _listed(card: Card) -> list[str]:
    return [*card.lines, *_choices(card)]


def _choices(card: Card) -> list[str]:
    """The buttons' texts, numbered, when they are too long for buttons; the buttons then show the numbers."""
    if all(len(button.text) <= BUTTON_CHARACTERS for button in card.buttons):
        return []
    return [f"{number} {button.text}" for number, button in enumerate(card.buttons, start=1)]


def _has_room_for_buttons(card: Card) -> bool:
    choices = "\n".join(_choices(card))
    keys_fit = all(size(button.key) <= BUTTON_KEY_BYTES for button in card.buttons)
    return 0 < len(card.buttons) <= BUTTONS and keys_fit and len(choices) <= QUOTE_CHARACTERS


def _is_whole(card: Card) -> bool:
    return (
        len(shown_fields(card)) <= FIELDS
        and len("\n".join(_listed(card)) or card.quote) <= QUOTE_CHARACTERS
        and len(card.quote if _listed(card) else "") + len(card.note) < APP.text
    )


def _tagged(value: Any) -> Any:
    if isinstance(value, dict):
        return {_tag(name): _tagged(inner) for name, inner in value.items()}
    return [_tagged(item) for item in value] if isinstance(value, list) else value


def _tag(name: str) -> str:
    return _TAGS.get(name) or "".join(word.capitalize() for word in name.split("_"))
