"""Messages by webhook: custom robots of groups (signed, 20 a minute, then blocked) and the session of a conversation."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from aiohttp import web
from yarl import URL

from sandbox.dingtalk.errors import refuse_oapi
from sandbox.gateway import json_object
from sandbox.ledger import Ledger
from sandbox.signing import dingtalk_sign
from sandbox.windows import Recent, Window
from store.settings import GroupSettings

_BLOCK = timedelta(minutes=10)
_STALE = timedelta(hours=1)
_SAME_MESSAGE = timedelta(hours=1)
"""How long `msgUuid` is remembered; the documents give no number."""
SESSION = timedelta(seconds=5400)
_FORMS = {"text": "text", "markdown": "markdown", "actionCard": "action_card", "link": "link", "feedCard": "feed_card"}


class GroupRobots:
    """The custom robots of all DingTalk groups, by access token."""

    def __init__(self, groups: dict[str, GroupSettings], ledger: Ledger) -> None:
        self._ledger = ledger
        self._groups = {
            URL(group.webhook.get_secret_value()).query.get("access_token", ""): (name, group.secret.get_secret_value())
            for name, group in groups.items()
            if group.platform == "dingtalk"
        }
        self.keywords: dict[str, list[str]] = {}
        """Words of which a message must hold one, by the group's name."""
        self._per_minute = Window(ledger.clock, 20, timedelta(minutes=1))
        self._blocked: dict[str, datetime] = {}
        self._sent = Recent(ledger.clock)

    async def send(self, request: web.Request) -> web.Response:
        """POST /robot/send?access_token=&timestamp=&sign="""
        token, body = request.query.get("access_token", ""), await json_object(request) or {}
        if token not in self._groups:
            return _answer(300005, "token is not exist")
        name, secret = self._groups[token]
        unsigned = _signature_problem(request, secret, self._ledger.clock.now()) if secret else ""
        problem = unsigned or self._keyword_problem(name, body)
        if problem:
            return _answer(310000, problem)
        if self._is_blocked(token):
            return _answer(130101, "send too fast, exceed 20 times per minute")
        return self._post(f"group/{name}", token, body)

    def _post(self, chat: str, token: str, body: dict[str, Any]) -> web.Response:
        if (problem := shape_problem(body)) is not None:
            return _answer(*problem)
        uuid = f"{token}:{body['msgUuid']}" if body.get("msgUuid") else ""
        if uuid and self._sent.get(uuid):
            return _answer(0, "ok")
        if uuid:
            self._sent.keep(uuid, "sent", _SAME_MESSAGE)
        self._ledger.post(chat, _FORMS[body["msgtype"]], body[body["msgtype"]])
        return _answer(0, "ok")

    def _is_blocked(self, token: str) -> bool:
        now = self._ledger.clock.now()
        if self._blocked.get(token, now) > now:
            return True
        if self._per_minute.admits(token):
            return False
        self._blocked[token] = now + _BLOCK
        return True

    def _keyword_problem(self, name: str, body: dict[str, Any]) -> str:
        words = self.keywords.get(name, [])
        return "" if not words or any(word in str(body) for word in words) else "description:关键词不匹配"


class Sessions:
    """`sessionWebhook`: an address that answers into one conversation for 90 minutes."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._chats: dict[str, tuple[str, datetime]] = {}

    def open(self, chat: str) -> tuple[str, int]:
        """The session's name and when it ends, in milliseconds."""
        until = self._ledger.clock.now() + SESSION
        session = f"session{len(self._chats) + 1}"
        self._chats[session] = (chat, until)
        return session, int(until.timestamp() * 1000)

    async def send(self, request: web.Request) -> web.Response:
        """POST /robot/sendBySession?session="""
        chat, until = self._chats.get(request.query.get("session", ""), ("", None))
        if until is None or self._ledger.clock.now() >= until:
            return refuse_oapi("session.expired", "session expired")
        body = await json_object(request) or {}
        if (problem := shape_problem(body)) is not None:
            return _answer(*problem)
        if body["msgtype"] in _FORMS:
            self._ledger.post(chat, _FORMS[body["msgtype"]], body[body["msgtype"]])
        return _answer(0, "ok")


def shape_problem(body: dict[str, Any]) -> tuple[int, str] | None:
    """What is wrong with a robot message, or None."""
    kind = body.get("msgtype")
    if kind not in _FORMS:
        return 400105, f"unsupported msgtype {kind}"
    needed = {
        "text": ("content",),
        "markdown": ("title", "text"),
        "actionCard": ("title", "text"),
        "link": ("title", "text", "messageUrl"),
        "feedCard": ("links",),
    }
    part = body.get(kind)
    if not isinstance(part, dict) or not all(part.get(name) for name in needed[kind]):
        return 40035, f"缺少参数 {kind}"
    return None


def form_of(kind: str) -> str:
    """How the page calls a robot's message type."""
    return _FORMS[kind]


def _signature_problem(request: web.Request, secret: str, now: datetime) -> str:
    timestamp, sign = request.query.get("timestamp", ""), request.query.get("sign", "")
    if not timestamp.isdigit() or abs(now.timestamp() - int(timestamp) / 1000) > _STALE.total_seconds():
        return "description:timestamp无效"
    return "" if sign in (dingtalk_sign(secret, timestamp), quote(dingtalk_sign(secret, timestamp), safe="")) else "description:签名不匹配"


def _answer(code: int, message: str) -> web.Response:
    return web.json_response({"errcode": code, "errmsg": message})
