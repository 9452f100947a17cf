"""The stand-in's two gateways: tokens and errors in their two manners; robot messages, cards, directory (design: dingtalk facts 3 to 6)."""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import count
from typing import Any

from aiohttp import web

from sandbox.dingtalk.cards import Cards
from sandbox.dingtalk.errors import DingTalkError, refuse, refuse_oapi
from sandbox.dingtalk.robots import GroupRobots, Sessions
from sandbox.dingtalk.todos import Todos
from sandbox.faults import Faults
from sandbox.gateway import Gateway, json_object
from sandbox.ledger import Ledger
from sandbox.people import Directory
from sandbox.tokens import Tokens
from sandbox.windows import Window
from store.clock import SystemClock
from store.settings import Settings

_BATCH = 20
_MESSAGE_KEYS = {
    "sampleText": ("content",),
    "sampleMarkdown": ("title", "text"),
    "sampleLink": ("text", "title", "messageUrl"),
    "sampleActionCard": ("title", "text", "singleTitle", "singleURL"),
    "sampleActionCard2": ("title", "text", "actionTitle1", "actionURL1", "actionTitle2", "actionURL2"),
    "sampleActionCard6": ("title", "text", "buttonTitle1", "buttonUrl1", "buttonTitle2", "buttonUrl2"),
}
_FORMS = {"sampleText": "text", "sampleMarkdown": "markdown", "sampleLink": "link"}
_PARAM_BYTES = 15_000


class DingTalk:
    """One organisation with one app and its robot."""

    def __init__(self, settings: Settings, ledger: Ledger, faults: Faults, directory: Directory) -> None:
        self.settings, self.ledger, self.directory = settings.dingtalk, ledger, directory
        self.tokens = Tokens(ledger.clock)
        self.cards = Cards(settings.dingtalk, ledger, directory)
        self.todos = Todos(ledger, directory)
        self.robots = GroupRobots(settings.groups, ledger)
        self.sessions = Sessions(ledger)
        self.gateway = Gateway("dingtalk", "/dingtalk", ledger, faults, self.tokens.kill)
        self.flow_controlled: set[str] = set()
        """Members whom the robot reaches too often at the moment."""
        self.monthly_calls = 0
        """Counted calls of this month; over `settings.monthly_calls` everything is refused."""
        self.monthly_pushes = 0
        self._month = ""
        self._per_second = Window(SystemClock(), settings.dingtalk.calls_per_second, timedelta(seconds=1))
        self._numbers = count(1)

    def app(self) -> web.Application:
        """The routes under `/dingtalk`."""
        app = self.gateway.app()
        route = app.router
        route.add_post("/v1.0/oauth2/accessToken", self._modern_token)
        route.add_get("/gettoken", self._old_token)
        route.add_post("/v1.0/robot/oToMessages/batchSend", self._modern(self._send_to_people))
        route.add_post("/v1.0/card/instances/createAndDeliver", self._modern(self.cards.create))
        route.add_put("/v1.0/card/instances", self._modern(self.cards.update))
        route.add_post("/v1.0/card/callbacks/register", self._modern(self.cards.register))
        route.add_post("/v1.0/todo/users/{union}/tasks", self._modern(self.todos.create))
        route.add_put("/v1.0/todo/users/{union}/tasks/{task}", self._modern(self.todos.update))
        route.add_put("/v1.0/todo/users/{union}/tasks/{task}/executorStatus", self._modern(self.todos.update_executor))
        route.add_delete("/v1.0/todo/users/{union}/tasks/{task}", self._modern(self.todos.delete))
        route.add_route("*", "/v1.0/{tail:.*}", _unknown_modern)
        route.add_post("/topapi/v2/user/get", self._user)
        route.add_post("/robot/send", self.robots.send)
        route.add_post("/robot/sendBySession", self.sessions.send)
        route.add_route("*", "/{tail:.*}", _unknown_old)
        return app

    async def _modern_token(self, request: web.Request) -> web.Response:
        body = await json_object(request) or {}
        if not self._is_app(body.get("appKey"), body.get("appSecret")):
            return refuse(400, "invalidClientIdOrSecret", "无效的clientId或者clientSecret")
        return web.json_response({"accessToken": self.tokens.issue(), "expireIn": 7200})

    async def _old_token(self, request: web.Request) -> web.Response:
        if not self._is_app(request.query.get("appkey"), request.query.get("appsecret")):
            return web.json_response({"errcode": 40096, "errmsg": "不合法的appKey或appSecret"})
        return web.json_response({"errcode": 0, "errmsg": "ok", "access_token": self.tokens.issue(), "expires_in": 7200})

    def _is_app(self, key: Any, secret: Any) -> bool:
        return bool(key == self.settings.app_key and secret == self.settings.app_secret.get_secret_value())

    def _modern(
        self, function: Callable[[web.Request, dict[str, Any]], dict[str, Any]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            token = request.headers.get("x-acs-dingtalk-access-token")
            if not token:
                return refuse(400, "AuthenticationFailed.MissingParameter", "x-acs-dingtalk-access-token is missing")
            if self.tokens.state(token) != "valid":
                return refuse(400, "InvalidAuthentication", "不合法的access_token")
            try:
                self._count()
                body = await json_object(request)
                if body is None and request.method != "DELETE":
                    raise DingTalkError("invalidParameter", "not a JSON object")
                return web.json_response(function(request, body or {}))
            except DingTalkError as error:
                return refuse(error.status, error.code, str(error))

        return handle

    def _count(self) -> None:
        self._turn_month()
        if not self._per_second.admits("api"):
            raise DingTalkError("Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", "too many calls in a second", 403)
        if self.monthly_calls >= self.settings.monthly_calls:
            raise DingTalkError("Forbidden.AccessDenied.ApiCountLimitForOrg", "monthly quota is exhausted", 403)
        self.monthly_calls += 1

    def count_push(self) -> bool:
        """Counts a push to the product; False when the month's pushes are used up."""
        self._turn_month()
        self.monthly_pushes += 1
        return self.monthly_pushes <= self.settings.monthly_pushes

    def _turn_month(self) -> None:
        month = f"{self.ledger.clock.now():%Y-%m}"
        if month != self._month:
            self._month, self.monthly_calls, self.monthly_pushes = month, 0, 0

    async def _user(self, request: web.Request) -> web.Response:
        token = request.query.get("access_token")
        if not token:
            return refuse_oapi("40000", "缺少参数 access_token")
        if self.tokens.state(token) != "valid":
            return refuse_oapi("40014" if self.tokens.state(token) == "unknown" else "42001", "不合法的access_token")
        userid = (await json_object(request) or dict(await request.post())).get("userid", "")
        if userid not in self.directory.dingtalk:
            return web.json_response({"errcode": 60121, "errmsg": "找不到该用户"})
        result = {
            "userid": userid,
            "unionid": union_id(userid),
            "name": self.directory.dingtalk[userid],
            "active": True,
            "dept_id_list": [1],
        }
        return web.json_response({"errcode": 0, "errmsg": "ok", "result": result, "request_id": "sandbox"})

    def _send_to_people(self, _request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        people = body.get("userIds") or []
        if body.get("robotCode") != self.settings.robot:
            raise DingTalkError("invalidParameter.robotCode.notFound", "robot 不存在")
        if not 1 <= len(people) <= _BATCH:
            raise DingTalkError("invalidParameter.userIds.tooMany", "userIds 1..20")
        form, content = self._message(body)
        query = f"query{next(self._numbers)}"
        absent = [userid for userid in people if userid not in self.directory.dingtalk]
        put_off = [userid for userid in people if userid in self.flow_controlled]
        for userid in people:
            if userid not in (*absent, *put_off):
                self.ledger.post(f"dingtalk/{userid}", form, content, handle=query)
        return {"processQueryKey": query, "invalidStaffIdList": absent, "flowControlledStaffIdList": put_off}

    def _message(self, body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        key, text = body.get("msgKey", ""), body.get("msgParam")
        if key not in _MESSAGE_KEYS:
            raise DingTalkError("invalidParameter.msgKey.invalid", f"msgKey {key}")
        if not isinstance(text, str):
            raise DingTalkError("invalidParameter.msgParam.invalid", "msgParam must be a JSON string")
        if len(text.encode()) > _PARAM_BYTES:
            raise DingTalkError("invalidParameter.msgParam.tooLong", "msgParam too long")
        content = json.loads(text)
        if not all(content.get(name) for name in _MESSAGE_KEYS[key]):
            raise DingTalkError("invalidParameter.msgParam.invalid", f"{key} needs {', '.join(_MESSAGE_KEYS[key])}")
        return _FORMS.get(key, "action_card"), content


def union_id(userid: str) -> str:
    """The unionId of a member of the stand-in organisation."""
    return f"union-{userid}"


async def _unknown_modern(_request: web.Request) -> web.Response:
    return refuse(404, "InvalidAction.NotFound", "Specified api is not found")


async def _unknown_old(_request: web.Request) -> web.Response:
    return web.json_response({"errcode": 22, "errmsg": "不存在的方法名"})
