"""The passive reply to a WeCom callback [90241]: plain XML, which platforms/wecom/crypto.py seals.

wechatpy writes no card updates and does not escape `]]>`, so these few elements are written here.
"""

import re
from datetime import datetime
from typing import Any

EMPTY = "success"
"""What acknowledges a callback without answering it."""
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot carry at all."""


def text(person: str, corp: str, now: datetime, content: str) -> str:
    """A text message (2048 bytes at most)."""
    return _reply(person, corp, now, {"MsgType": "text", "Content": content})


def update_button(person: str, corp: str, now: datetime, replace_name: str) -> str:
    """Greys the pressed button and shows `replace_name` on it, for the one who pressed."""
    return _reply(person, corp, now, {"MsgType": "update_button", "Button": {"ReplaceName": replace_name}})


def update_card(person: str, corp: str, now: datetime, card: dict[str, Any]) -> str:
    """Puts `card` (platforms/wecom/cards.py, passive form) in the place of the pressed one, for the one who pressed."""
    return _reply(person, corp, now, {"MsgType": "update_template_card", "TemplateCard": card})


def _reply(person: str, corp: str, now: datetime, content: dict[str, Any]) -> str:
    head = {"ToUserName": person, "FromUserName": corp, "CreateTime": int(now.timestamp())}
    return element("xml", head | content)


def element(tag: str, value: Any) -> str:
    """XML of a value: a dict nests, a list repeats its tag, a number stands bare, a text is CDATA."""
    if isinstance(value, list):
        return "".join(element(tag, item) for item in value)
    return f"<{tag}>{_content(value)}</{tag}>"


def _content(value: Any) -> str:
    if isinstance(value, dict):
        return "".join(element(tag, item) for tag, item in value.items())
    if isinstance(value, int):
        return str(int(value))
    safe = FORBIDDEN.sub("", str(value)).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{safe}]]>"
