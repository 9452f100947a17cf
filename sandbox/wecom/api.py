"""The stand-in's API of a self-built WeCom app: token, message/send, card update, recall (documents 91039, 90236, 94888, 94867)."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from aiohttp import web

from sandbox.faults import Faults
from sandbox.gateway import Gateway, json_object
from sandbox.ledger import ChatMessage, Ledger
from sandbox.people import Directory
from sandbox.tokens import Tokens
from sandbox.wecom.cards import CardError, check_card, has_callback, has_code, overlong
from sandbox.wecom.webhook import Webhooks
from sandbox.windows import Recent, Window
from store.settings import Settings

_CODE_LIFE = timedelta(hours=72)
_RECALL_LIFE = timedelta(hours=24)
_LIMITS = {"text": 2048, "markdown": 2048}
"""Bytes of `content`."""

_Api = Callable[[dict[str, Any]], dict[str, Any]]


class WeComError(Exception):
    """The request is refused with this errcode; HTTP stays 200."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass
class _ResponseCode:
    messages: list[ChatMessage]
    until: datetime


class WeCom:
    """One corp with one app."""

    def __init__(self, settings: Settings, ledger: Ledger, faults: Faults, directory: Directory) -> None:
        self.settings, self.ledger, self.directory = settings.wecom, ledger, directory
        self.tokens = Tokens(ledger.clock)
        self.callback_url: str = ""
        """What the administrator saved in the console; without it cards with buttons are refused (43012)."""
        self.webhooks = Webhooks(settings.groups, ledger)
        self.gateway = Gateway("wecom", "/wecom/cgi-bin/", ledger, faults, self.tokens.kill)
        self._per_minute = Window(ledger.clock, 30, timedelta(minutes=1))
        self._per_hour = Window(ledger.clock, 1000, timedelta(hours=1))
        self._recent = Recent(ledger.clock)
        self._codes: dict[str, _ResponseCode] = {}
        self._task_ids: set[str] = set()
        self._numbers = count(1)

    def app(self) -> web.Application:
        """The routes under `/wecom`."""
        app = self.gateway.app()
        app.router.add_get("/cgi-bin/gettoken", self._gettoken)
        posts: dict[str, _Api] = {
            "message/send": self._send,
            "message/update_template_card": self._update_card,
            "message/recall": self._recall,
        }
        for path, function in posts.items():
            app.router.add_post(f"/cgi-bin/{path}", self._guarded(function))
        app.router.add_get("/cgi-bin/user/get", self._user)
        app.router.add_get("/cgi-bin/getcallbackip", self._callback_addresses)
        app.router.add_post("/cgi-bin/webhook/send", self.webhooks.send)
        app.router.add_post("/cgi-bin/webhook/upload_media", self.webhooks.upload)
        app.router.add_route("*", "/{tail:.*}", _nothing)
        return app

    async def _gettoken(self, request: web.Request) -> web.Response:
        secret, corp = request.query.get("corpsecret"), request.query.get("corpid")
        if not secret:
            return _refuse(41004, "corpsecret missing")
        if corp != self.settings.corp_id:
            return _refuse(40013, "invalid corpid")
        if secret != self.settings.secret.get_secret_value():
            return _refuse(40001, "invalid credential")
        return web.json_response({"errcode": 0, "errmsg": "ok", "access_token": self.tokens.issue(), "expires_in": 7200})

    def _token_error(self, request: web.Request) -> web.Response | None:
        token = request.query.get("access_token")
        if not token:
            return _refuse(41001, "access_token missing")
        state = self.tokens.state(token)
        return {"valid": None, "expired": _refuse(42001, "access_token expired"), "unknown": _refuse(40014, "invalid access_token")}[state]

    def _guarded(self, function: _Api) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            if (refusal := self._token_error(request)) is not None:
                return refusal
            body = await json_object(request)
            if body is None:
                return _refuse(40035, "not a JSON object")
            try:
                return web.json_response({"errcode": 0, "errmsg": "ok"} | function(body))
            except (WeComError, CardError) as error:
                return _refuse(error.code, str(error))

        return handle

    async def _user(self, request: web.Request) -> web.Response:
        if (refusal := self._token_error(request)) is not None:
            return refusal
        userid = request.query.get("userid", "").lower()
        if userid not in self.directory.wecom:
            return _refuse(60111, "userid not found")
        return web.json_response(
            {"errcode": 0, "errmsg": "ok", "userid": userid, "name": self.directory.wecom[userid], "department": [1], "status": 1}
        )

    async def _callback_addresses(self, request: web.Request) -> web.Response:
        return self._token_error(request) or web.json_response({"errcode": 0, "errmsg": "ok", "ip_list": ["127.0.0.1"]})

    # message/send

    def _send(self, body: dict[str, Any]) -> dict[str, Any]:
        self._check_agent(body)
        present, absent = self._receivers(body)
        kind, content = self._content(body)
        msgid = f"msg{next(self._numbers)}"
        lists = {"invaliduser": "|".join(absent), "invalidparty": "", "invalidtag": "", "unlicenseduser": ""}
        if (earlier := self._duplicate(body, msgid)) is not None:
            return lists | {"msgid": earlier}
        if kind == "template_card" and (task_id := content.get("task_id")):
            self._claim_task(task_id)
        delivered = [self._deliver(userid, kind, content, msgid) for userid in present if self._admits(userid)]
        answer = lists | {"msgid": msgid}
        if kind == "template_card" and has_code(content):
            answer["response_code"] = self.new_code(delivered)
        return answer

    def _check_agent(self, body: dict[str, Any]) -> None:
        agent = body.get("agentid")
        if not isinstance(agent, int):
            raise WeComError(40056, "invalid agentid")
        if agent != self.settings.agent_id:
            raise WeComError(301002, "agentid not of this token")

    def _receivers(self, body: dict[str, Any]) -> tuple[list[str], list[str]]:
        touser = body.get("touser", "")
        if not any(body.get(name) for name in ("touser", "toparty", "totag")):
            raise WeComError(82001, "receivers empty")
        if touser == "@all":
            return list(self.directory.wecom), []
        userids = [userid.lower() for userid in touser.split("|") if userid]
        if len(userids) > 1000:
            raise WeComError(40035, "too many receivers")
        present = [userid for userid in dict.fromkeys(userids) if userid in self.directory.wecom]
        if not present:
            raise WeComError(81013, "all receivers invalid")
        return present, [userid for userid in userids if userid not in self.directory.wecom]

    def _content(self, body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        kind = body.get("msgtype")
        if kind not in ("text", "markdown", "textcard", "template_card"):
            raise WeComError(40008, "invalid msgtype")
        content = body.get(kind)
        if not isinstance(content, dict):
            raise WeComError(44004, "content missing")
        if kind == "template_card":
            self._check_card(content)
        elif kind == "textcard":
            _check_textcard(content)
        else:
            _check_text(content, _LIMITS[kind])
        return kind, content

    def _check_card(self, card: dict[str, Any]) -> None:
        check_card(card)
        if has_callback(card) and not self.callback_url:
            raise WeComError(43012, "callback url not set")

    def _claim_task(self, task_id: str) -> None:
        if task_id in self._task_ids:
            raise WeComError(42017, "task_id used before")
        self._task_ids.add(task_id)

    def _duplicate(self, body: dict[str, Any], msgid: str) -> str | None:
        if not body.get("enable_duplicate_check"):
            return None
        digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
        if (earlier := self._recent.get(digest)) is not None:
            return earlier
        self._recent.keep(digest, msgid, timedelta(seconds=min(int(body.get("duplicate_check_interval", 1800)), 4 * 3600)))
        return None

    def _admits(self, userid: str) -> bool:
        return self._per_hour.admits(userid) and self._per_minute.admits(userid)

    def _deliver(self, userid: str, kind: str, content: dict[str, Any], msgid: str) -> ChatMessage:
        cut = overlong(content) if kind == "template_card" else []
        return self.ledger.post(f"wecom/{userid}", kind, content, handle=f"{msgid}/{userid}", overlong=cut)

    # changing what was sent

    def new_code(self, messages: list[ChatMessage]) -> str:
        """A response_code that changes these messages once, within 72 hours."""
        code = f"rc-{next(self._numbers)}-{hashlib.sha256(repr(messages).encode()).hexdigest()[:24]}"
        self._codes[code] = _ResponseCode(messages, self.ledger.clock.now() + _CODE_LIFE)
        return code

    def _update_card(self, body: dict[str, Any]) -> dict[str, Any]:
        self._check_agent(body)
        userids = [userid.lower() for userid in body.get("userids", [])]
        if not userids and not body.get("atall"):
            raise WeComError(82001, "receivers empty")
        if "template_card" in body:
            check_card(_as_sent(body["template_card"]))
        elif not body.get("button", {}).get("replace_name"):
            raise WeComError(40035, "button or template_card missing")
        code = self._codes.get(body.get("response_code", ""))
        if code is None or self.ledger.clock.now() >= code.until:
            raise WeComError(60140, "response_code invalid or used")
        del self._codes[body["response_code"]]
        for message in code.messages:
            if body.get("atall") or message.chat.removeprefix("wecom/") in userids:
                self.replace(message, body)
        return {"invaliduser": [userid for userid in userids if userid not in self.directory.wecom]}

    def replace(self, message: ChatMessage, update: dict[str, Any]) -> None:
        """Shows another card, or greys the button; the task_id stays."""
        if "template_card" in update:
            task_id = message.content.get("task_id")
            self.ledger.change(message, "template_card", update["template_card"] | ({"task_id": task_id} if task_id else {}))
        else:
            self.ledger.change(message, message.form, message.content | {"replace_text": update["button"]["replace_name"]})

    def _recall(self, body: dict[str, Any]) -> dict[str, Any]:
        msgid = body.get("msgid", "")
        found = [message for message in self.ledger.messages.values() if message.handle.startswith(f"{msgid}/") and msgid]
        if not found or self.ledger.clock.now() >= found[0].at + _RECALL_LIFE:
            raise WeComError(40058, "msgid invalid or too old")
        for message in found:
            self.ledger.change(message, "text", {"content": "（已撤回）"})
        return {}


def _as_sent(card: Any) -> Any:
    """An updated card need not carry a task_id: it keeps the one it has."""
    return {"task_id": "kept"} | card if isinstance(card, dict) else card


def _check_text(content: dict[str, Any], limit: int) -> None:
    text = content.get("content")
    if not text:
        raise WeComError(44004, "content empty")
    if len(text.encode()) > limit:
        raise WeComError(45002, "content too long")


def _check_textcard(content: dict[str, Any]) -> None:
    if not content.get("title") or not content.get("description") or not content.get("url"):
        raise WeComError(40035, "title, description and url are required")
    if len(content["title"]) > 128 or len(content["description"]) > 512 or len(content["url"].encode()) > 2048:
        raise WeComError(45002, "too long")


async def _nothing(_request: web.Request) -> web.Response:
    return web.Response(status=404)


def _refuse(code: int, message: str) -> web.Response:
    return web.json_response({"errcode": code, "errmsg": f"{message}, hint: [sandbox], more info at sandbox"})
