"""Whether a card stays inside every platform's limits: writes it in each form and measures what came out."""

from collections.abc import Iterator
from typing import Any

from platforms.dingtalk import cards as dingtalk
from platforms.text import as_text
from platforms.wechat import template as wechat
from platforms.wecom import cards as wecom
from platforms.words import Card

TASK_ID = "t" * 128
"""As long as WeCom allows."""

PROGRESS = "progress"
"""The one card that goes out as a template message."""
_WECHAT_FIELDS = (
    {"order": "character_string1", "stage": "thing2", "date": "time3", "note": "thing4"},
    {"order": "thing1", "stage": "phrase2", "date": "date3", "note": "thing4"},
    {"order": "", "stage": "phrase2", "date": "", "note": "thing4"},
)
"""The default mapping and others that a firm's template may need."""


def breaches(card: Card) -> list[str]:
    """What is too long or missing, and where; empty when the card can go everywhere."""
    return [*_wecom(card), *_dingtalk(card), *_wechat(card)]


def _wecom(card: Card) -> Iterator[str]:
    yield from _text("wecom text", as_text(card, wecom.TEXT_BYTES), wecom.TEXT_BYTES, card)
    if wecom.takes_card(card):
        yield from _wecom_card("wecom template_card", wecom.template_card(card, TASK_ID), wecom.APP, card)
    yield from _wecom_card("wecom update", wecom.updated_card(card), wecom.APP, card)
    group = wecom.webhook_message(card)
    if group["msgtype"] == "template_card":
        yield from _wecom_card("wecom group", group["template_card"], wecom.GROUP, card)
    else:
        yield from _text("wecom group", group["markdown"]["content"], wecom.GROUP_MARKDOWN_BYTES, card)


def _wecom_card(form: str, made: dict[str, Any], sizes: wecom.Sizes, card: Card) -> Iterator[str]:
    title, emphasis = made["main_title"], made.get("emphasis_content", {})
    fields, buttons = made["horizontal_content_list"], made.get("button_list", [])
    yield from _longer(form, "status", made["source"]["desc"], sizes.status)
    yield from _longer(form, "title", title["title"], sizes.title)
    yield from _longer(form, "subtitle", title["desc"], sizes.subtitle)
    yield from _longer(form, "note", made["sub_title_text"], sizes.text)
    yield from _longer(form, "emphasis", emphasis.get("title", ""), wecom.EMPHASIS_CHARACTERS)
    yield from _longer(form, "emphasis_label", emphasis.get("desc", ""), wecom.EMPHASIS_LABEL_CHARACTERS)
    yield from _longer(form, "quote", made.get("quote_area", {}).get("quote_text", ""), wecom.QUOTE_CHARACTERS)
    yield from _longer(form, "fields", fields, wecom.FIELDS)
    yield from _longer(form, "buttons", buttons, wecom.BUTTONS)
    yield from _longer(form, "links", made.get("jump_list", []), wecom.LINKS)
    for field in fields:
        yield from _longer(form, "field name", field["keyname"], wecom.FIELD_NAME_CHARACTERS)
        yield from _longer(form, "field value", field["value"], sizes.value)
    for button in buttons:
        yield from _longer(form, "button", button["text"], wecom.BUTTON_CHARACTERS)
        yield from _longer(form, "button key", button["key"].encode(), wecom.BUTTON_KEY_BYTES)
    for link in made.get("jump_list", []):
        yield from _longer(form, "link", link["title"], sizes.link)
    yield from _missing(form, title["title"], card)


def _dingtalk(card: Card) -> Iterator[str]:
    yield from _text("dingtalk markdown", dingtalk.markdown(card)["text"], dingtalk.MARKDOWN_BYTES, card)
    if card.links:
        yield from _text("dingtalk actionCard", dingtalk.action_card(card)["text"], dingtalk.MARKDOWN_BYTES, card)
    params = dingtalk.card_params(card)
    for name, value in params.items():
        yield from _longer("dingtalk card", name, value.encode(), dingtalk.VALUE_BYTES)
    yield from _missing("dingtalk card", params["title"], card)


def _wechat(card: Card) -> Iterator[str]:
    if card.name != PROGRESS:
        return
    progress = {
        "order_no": card.order_no,
        "stage_name": card.status,
        "where": card.subtitle,
        "waybill": card.note,
        "carrier": card.title,
        "date": "2026-12-31",
    }
    for fields in _WECHAT_FIELDS:
        data = wechat.template_data(progress, fields)
        for field, value in data.items():
            yield from _longer("wechat template", field, value["value"], wechat.most(wechat.kind_of(field)))
        yield from _missing("wechat template", " ".join(value["value"] for value in data.values()), card)


def _text(form: str, text: str, limit: int, card: Card) -> Iterator[str]:
    yield from _longer(form, "text", text.encode(), limit)
    yield from _missing(form, text, card)


def _longer(form: str, part: str, value: Any, limit: int) -> Iterator[str]:
    if len(value) > limit:
        yield f"{form}: {part} has {len(value)}, more than {limit}"


def _missing(form: str, text: str, card: Card) -> Iterator[str]:
    if card.order_no not in text:
        yield f"{form}: the order number {card.order_no} is missing"
