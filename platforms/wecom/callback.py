"""What WeCom tells the self-built app, in the desk's own words [90239, 90240]. wechatpy parses the messages; its parser takes
further event classes by subclassing, so card events are added here."""

import hashlib
from typing import Any

from wechatpy.fields import StringField
from wechatpy.work.events import BaseEvent
from wechatpy.work.parser import parse_message

from platforms.wecom.reply import FORBIDDEN
from platforms.words import GREETING, Ignored, Message, Platform, Press, Rejected


class TemplateCardEvent(BaseEvent):  # type: ignore[misc]
    """A button of a template card was pressed; wechatpy knows no such event."""

    event = "template_card_event"
    button = StringField("EventKey", "")
    task_id = StringField("TaskId", "")
    response_code = StringField("ResponseCode", "")


def read_callback(xml: str) -> Message | Press | Ignored:
    """One decrypted callback; raises Rejected when it is no message at all."""
    try:
        parsed = parse_message(FORBIDDEN.sub("", xml))  # what is pasted from elsewhere may hold control characters
        data = {name: value for name, value in parsed._data.items() if isinstance(value, str)}
        sender, kind = data["FromUserName"], data["MsgType"].lower()
        int(data["CreateTime"])
    except Exception as error:
        raise Rejected(400, "not a message of WeCom") from error
    if kind == "event":
        return _event(parsed, sender, data)
    number = data.get("MsgId", "")
    key = number if number.isdigit() and len(number) <= 20 else _digest(data, "FromUserName", "CreateTime", "MsgId", "Content")
    text = data.get("Content", "") if kind == "text" else ""
    return Message(Platform.WECOM, key, sender, text.strip(), kind)


def _event(parsed: Any, sender: str, data: dict[str, str]) -> Message | Press | Ignored:
    # CreateTime counts whole seconds, so two quick clicks differ only in what they say (platforms' documents, 90240).
    key = _digest(data, "FromUserName", "CreateTime", "Event", "EventKey", "TaskId", "ResponseCode")
    event = data.get("Event", "").lower()
    if isinstance(parsed, TemplateCardEvent):
        return Press(Platform.WECOM, key, sender, parsed.button, parsed.task_id, parsed.response_code)
    if event == "click":
        return Message(Platform.WECOM, key, sender, data.get("EventKey", ""))
    if event in ("subscribe", "enter_agent"):
        return Message(Platform.WECOM, key, sender, "", GREETING)
    return Ignored(event or "event without a name")


def _digest(data: dict[str, str], *names: str) -> str:
    said = "\n".join(data.get(name, "") for name in names)
    return "sha256:" + hashlib.sha256(said.encode()).hexdigest()
