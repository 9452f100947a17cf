"""What DingTalk's robot and cards tell us, in the desk's own words; the same JSON over HTTP and in Stream mode.

Read leniently: the documents show several shapes, and unknown keys appear.
"""

import hashlib
import json
from typing import Any

from platforms.cutting import clean
from platforms.words import WITHHELD, Ignored, Message, Platform, Press, Rejected

GROUP = "2"
"""The conversationType of a group."""
BUTTON = "button"
"""The parameter of a card's button that carries its signed text."""
LONGEST_KEY = 128


def read_json(body: bytes | str) -> dict[str, Any]:
    """The JSON object of a callback; raises Rejected."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Rejected(400, "not JSON") from error
    if not isinstance(data, dict):
        raise Rejected(400, "not a JSON object")
    return data


def read_robot(data: dict[str, Any]) -> Message | Ignored:
    """A message to the robot; raises Rejected when it is none at all."""
    withheld = "errCode" in data or "errCode" in _dict(data.get("content"))
    kind = WITHHELD if withheld else _text(data.get("msgtype"))
    if not kind:
        raise Rejected(400, "not a message of DingTalk: msgtype is missing")
    if withheld and not _text(data.get("senderStaffId")):
        return Ignored("quota exhausted")
    text = clean(_said(data, kind))
    if kind == "text" and not ("text" in data or "content" in data):
        return Ignored("message without text")
    return Message(
        platform=Platform.DINGTALK,
        key=_key(data.get("msgId")) or _digest(data),
        sender=clean(_text(data.get("senderStaffId"))),
        text=text,
        kind="text" if text else kind,
        group=clean(_text(data.get("conversationId"))) if str(data.get("conversationType")) == GROUP else "",
    )


def read_card(data: dict[str, Any]) -> Press | Ignored:
    """A button of an interactive card; raises Rejected when person or card are missing."""
    sender, card = clean(_text(data.get("userId"))), clean(_text(data.get("outTrackId")))
    if not sender or not card:
        raise Rejected(400, "not a card callback of DingTalk: userId and outTrackId are needed")
    button = _button(data)
    if not button:
        return Ignored("card callback without a button")
    # There is no id of a press: the same button of the same card by the same person is the same press.
    return Press(Platform.DINGTALK, _digest([card, sender, button]), sender, button, card)


def _said(data: dict[str, Any], kind: str) -> str:
    """The text of a message: `text.content`, at the top as some samples show it, or the text parts of a rich one."""
    content = data.get("content")
    if kind == "text":
        return _text(_dict(data.get("text")).get("content")) or _text(content) or _text(_dict(content).get("content"))
    if kind == "richText":
        parts = _dict(content).get("richText")
        return "".join(_text(_dict(part).get("text")) for part in parts) if isinstance(parts, list) else ""
    return ""


def _button(data: dict[str, Any]) -> str:
    """`content` (or `value` on an older page) is JSON as a text; the parameters stand in cardPrivateData or beside it."""
    for content in map(_parsed, (data.get("content"), data.get("value"), data)):
        private = _parsed(content.get("cardPrivateData"))
        for holder in (private, content):
            button = _text(_parsed(holder.get("params")).get(BUTTON))
            if button:
                return button
    return ""


def _parsed(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return _dict(value)


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _key(value: Any) -> str:
    """An id of DingTalk's, where it is short enough to be one."""
    text = clean(_text(value))
    return text if len(text) <= LONGEST_KEY else _digest(text)


def _digest(value: Any) -> str:
    return "sha256:" + hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
