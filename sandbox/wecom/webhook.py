"""Group robots of WeCom: messages by a secret key, 20 a minute, two card types, no answers (document 99110)."""

import base64
import hashlib
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

from aiohttp import web
from yarl import URL

from sandbox.gateway import json_object
from sandbox.ledger import Ledger
from sandbox.wecom.cards import CardError, check_card, overlong
from sandbox.windows import Window
from store.settings import GroupSettings

_LIMITS = {"text": 2048, "markdown": 4096, "markdown_v2": 4096}
_IMAGE_BYTES = 2 * 1024 * 1024


class Webhooks:
    """The robots of all WeCom groups, by key."""

    def __init__(self, groups: dict[str, GroupSettings], ledger: Ledger) -> None:
        self.ledger = ledger
        self.keys = {
            URL(group.webhook.get_secret_value()).query.get("key", ""): name for name, group in groups.items() if group.platform == "wecom"
        }
        self._per_minute = Window(ledger.clock, 20, timedelta(minutes=1))
        self._media: dict[str, str] = {}
        self._numbers = count(1)

    async def send(self, request: web.Request) -> web.Response:
        """POST webhook/send?key="""
        key, body = request.query.get("key", ""), await json_object(request)
        if key not in self.keys:
            return _refuse(93000, "invalid webhook url")
        if not self._per_minute.admits(key):
            return _refuse(45009, "api freq out of limit")
        if (refusal := self._error(key, body or {})) is not None:
            return refusal
        return self._post(self.keys[key], body or {})

    async def upload(self, request: web.Request) -> web.Response:
        """POST webhook/upload_media?key=&type="""
        data, key = await request.post(), request.query.get("key", "")
        media = data.get("media")
        if not isinstance(media, web.FileField):
            return _refuse(44001, "empty media data")
        if key not in self.keys:
            return _refuse(93000, "invalid webhook url")
        media_id = f"media{next(self._numbers)}"
        self._media[media_id] = key
        return web.json_response(
            {
                "errcode": 0,
                "errmsg": "ok",
                "type": request.query.get("type", "file"),
                "media_id": media_id,
                "created_at": str(int(self.ledger.clock.now().timestamp())),
            }
        )

    def _post(self, group: str, body: dict[str, Any]) -> web.Response:
        kind = body["msgtype"]
        cut = overlong(body[kind]) if kind == "template_card" else []
        self.ledger.post(f"group/{group}", kind, body[kind], overlong=cut)
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    def _error(self, key: str, body: dict[str, Any]) -> web.Response | None:
        kind = body.get("msgtype", "")
        content = body.get(kind)
        if kind not in (*_LIMITS, "image", "news", "file", "template_card"):
            return _refuse(40008, "invalid message type")
        if not isinstance(content, dict):
            return _refuse(44004, "empty content")
        if kind == "template_card":
            return _card_error(content)
        if kind == "file":
            return self._file_error(key, content)
        return {"image": _image_error, "news": _news_error}.get(kind, _text_error_of(kind))(content)

    def _file_error(self, key: str, content: dict[str, Any]) -> web.Response | None:
        return None if self._media.get(content.get("media_id", "")) == key else _refuse(40007, "invalid media_id")


def _card_error(card: dict[str, Any]) -> web.Response | None:
    try:
        check_card(card, webhook=True)
    except CardError as error:
        return _refuse(error.code, str(error))
    return None


def _text_error_of(kind: str) -> Callable[[dict[str, Any]], web.Response | None]:
    def check(content: dict[str, Any]) -> web.Response | None:
        text = content.get("content", "")
        if not text:
            return _refuse(44004, "empty content")
        return _refuse(45002, "content size out of limit") if len(text.encode()) > _LIMITS[kind] else None

    return check


def _image_error(content: dict[str, Any]) -> web.Response | None:
    raw = base64.b64decode(content.get("base64", ""))
    if len(raw) > _IMAGE_BYTES:
        return _refuse(45001, "image too large")
    digest = hashlib.md5(raw).hexdigest()  # noqa: S324 -- the platform's choice
    return None if digest == content.get("md5") else _refuse(301019, "image md5 mismatch")


def _news_error(content: dict[str, Any]) -> web.Response | None:
    articles = content.get("articles", [])
    if not 1 <= len(articles) <= 8:
        return _refuse(45008, "article count")
    return (
        None if all(article.get("title") and article.get("url") for article in articles) else _refuse(40035, "title and url are required")
    )


def _refuse(code: int, message: str) -> web.Response:
    return web.json_response({"errcode": code, "errmsg": message})
