"""A stand-in for the WeChat service account: token and template messages, whose fields are cut to 20 characters."""

from datetime import timedelta
from itertools import count
from typing import Any

from aiohttp import web

from sandbox.faults import Faults
from sandbox.gateway import Gateway, json_object
from sandbox.ledger import Ledger
from sandbox.people import Directory
from sandbox.tokens import Tokens
from sandbox.windows import Recent
from store.settings import Settings

_FIELD_CHARACTERS = 20
_SAME_MESSAGE = timedelta(minutes=10)
LABELS = {"order": "订单编号", "stage": "当前进度", "date": "预计送达", "note": "备注"}
"""How the template names its fields to the reader."""


class WeChat:
    """One service account with one template."""

    def __init__(self, settings: Settings, ledger: Ledger, faults: Faults, directory: Directory) -> None:
        self.settings, self.ledger, self.directory = settings.wechat, ledger, directory
        self.tokens = Tokens(ledger.clock)
        self.gateway = Gateway("wechat", "/wechat/cgi-bin/", ledger, faults, self.tokens.kill)
        self.strict_times = False
        """Whether a `time` field needs a time of day, as the parameter table may be read."""
        self._recent = Recent(ledger.clock)
        self._numbers = count(200_163_836_000)

    def app(self) -> web.Application:
        """The routes under `/wechat`."""
        app = self.gateway.app()
        app.router.add_get("/cgi-bin/token", self._token)
        app.router.add_post("/cgi-bin/stable_token", self._stable_token)
        app.router.add_post("/cgi-bin/message/template/send", self._send)
        return app

    async def _token(self, request: web.Request) -> web.Response:
        return self._issue(request.query.get("grant_type"), request.query.get("appid"), request.query.get("secret"))

    async def _stable_token(self, request: web.Request) -> web.Response:
        body = await json_object(request) or {}
        return self._issue(body.get("grant_type"), body.get("appid"), body.get("secret"))

    def _issue(self, grant: Any, app_id: Any, secret: Any) -> web.Response:
        if grant != "client_credential":
            return _refuse(40002, "invalid grant_type")
        if app_id != self.settings.app_id:
            return _refuse(40013, "invalid appid")
        if secret != self.settings.secret.get_secret_value():
            return _refuse(40125, "invalid appsecret")
        return web.json_response({"access_token": self.tokens.issue(), "expires_in": 7200})

    async def _send(self, request: web.Request) -> web.Response:
        state = self.tokens.state(request.query.get("access_token", ""))
        if state != "valid":
            return _refuse(42001, "access_token expired") if state == "expired" else _refuse(40001, "invalid credential")
        body = await json_object(request)
        if body is None:
            return _refuse(47001, "data format error")
        problem = self._problem(body)
        if problem is not None:
            return _refuse(*problem)
        key = f"{body['touser']}:{body['client_msg_id']}" if body.get("client_msg_id") else ""
        msgid = (key and self._recent.get(key)) or self._deliver(body, key)
        return web.json_response({"errcode": 0, "errmsg": "ok", "msgid": int(msgid)})

    def _problem(self, body: dict[str, Any]) -> tuple[int, str] | None:
        openid = body.get("touser", "")
        if not openid or not openid.startswith("openid"):
            return 40003, "invalid openid"
        if openid not in self.directory.followers:
            return 43004, "require subscribe"
        if body.get("template_id") != self.settings.template_progress:
            return 40037, "invalid template_id"
        data = body.get("data")
        names = vars(self.settings.template_fields).values()
        if not isinstance(data, dict) or not all(isinstance(data.get(name), dict) and data[name].get("value") for name in names):
            return 47003, "argument invalid! data"
        days = [name for name in names if name.startswith("time") and ":" not in data[name]["value"]]
        if self.strict_times and days:
            return 47003, f"argument invalid! data.{days[0]}.value is invalid"
        return None

    def _deliver(self, body: dict[str, Any], key: str) -> str:
        msgid = str(next(self._numbers))
        names = vars(self.settings.template_fields)
        values = {LABELS[ours]: str(body["data"][theirs]["value"]) for ours, theirs in names.items()}
        shown = {label: value.splitlines()[0][:_FIELD_CHARACTERS] for label, value in values.items()}
        cut = [f"{label}: {value}" for label, value in values.items() if shown[label] != value]
        content = {"title": "订单进度通知", "fields": shown, "url": body.get("url", "")}
        self.ledger.post(f"wechat/{body['touser']}", "template_message", content, handle=msgid, overlong=cut)
        if key:
            self._recent.keep(key, msgid, _SAME_MESSAGE)
        return msgid


def _refuse(code: int, message: str) -> web.Response:
    return web.json_response({"errcode": code, "errmsg": message})
