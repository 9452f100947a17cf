"""What all stand-in platforms share at their front: faults strike there, and every call is counted and noted."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from sandbox.faults import Fault, Faults, error_answer, malformed
from sandbox.ledger import Call, Ledger

_QUIET = ("gettoken", "token", "oauth2", "user/get")
"""Calls that say nothing to somebody who watches the demo."""
_SAID = {
    "wecom message/send": "发应用消息",
    "wecom message/update_template_card": "更新卡片",
    "wecom webhook/send": "群机器人发消息",
    "dingtalk /v1.0/robot/oToMessages/batchSend": "机器人发单聊消息",
    "dingtalk /v1.0/card/instances/createAndDeliver": "投放互动卡片",
    "dingtalk /v1.0/card/instances": "更新互动卡片",
    "dingtalk /v1.0/card/callbacks/register": "登记卡片回调",
    "dingtalk /v1.0/todo/users/{union}/tasks": "新建待办",
    "dingtalk /v1.0/todo/users/{union}/tasks/{task}": "更新待办",
    "dingtalk /robot/send": "群机器人发消息",
    "wechat message/template/send": "发模板消息",
    "kuaidi100 /poll": "订阅运单",
}
"""What the page calls the calls."""
_REFUSED = {
    42001: "令牌过期，换新的",
    40014: "令牌失效，换新的",
    40001: "令牌失效，换新的",
    "InvalidAuthentication": "令牌过期，换新的",
    45009: "限流，稍后再发",
}
"""What the page calls the refusals that mend themselves."""


@dataclass(frozen=True)
class Gateway:
    """The front of one platform."""

    platform: str
    prefix: str
    """What the page leaves out of a call's name, such as `/wecom/cgi-bin/`."""
    ledger: Ledger
    faults: Faults
    kill_tokens: Callable[[], None]

    def app(self) -> web.Application:
        """An application to which the platform adds its routes."""
        return web.Application(middlewares=[self._middleware()])

    def _middleware(self) -> Middleware:
        @web.middleware
        async def strike_and_record(request: web.Request, handler: Handler) -> web.StreamResponse:
            name, started = self._name(request), perf_counter()
            body = await _body(request)
            response = await self._answer(request, handler, self.faults.take(name))
            answer = _json(response.body) if isinstance(response, web.Response) else None
            self.ledger.record(Call(name, body, answer, response.status, self.ledger.clock.now()))
            if not any(word in name for word in _QUIET):
                self.ledger.note("call", self.platform, _summary(name, answer, response.status), (perf_counter() - started) * 1000)
            return response

        return strike_and_record

    async def _answer(self, request: web.Request, handler: Handler, fault: Fault | None) -> web.StreamResponse:
        if fault is None:
            return await self._handled(request, handler)
        self.ledger.note("fault", self.platform, f"故障 {fault.kind}：{self._name(request)}")
        if fault.kind == "drop":
            return _hang_up(request)
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        if fault.kind == "token_death":
            self.kill_tokens()
        modern = "/v1.0/" in request.path
        response = error_answer(self.platform, fault, modern) or await self._handled(request, handler)
        return _hang_up(request) if fault.kind == "drop_after" else response

    async def _handled(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """A value of the wrong type is refused in the platform's manner, and noted: it is the product's mistake."""
        try:
            return await handler(request)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            self.ledger.problem(self.platform, f"{self._name(request)} 的参数类型不对：{error!r}")
            return malformed(self.platform, "/v1.0/" in request.path)

    def _name(self, request: web.Request) -> str:
        resource = request.match_info.route.resource
        path = resource.canonical if resource and "{tail}" not in resource.canonical else request.path
        return f"{self.platform} {path.removeprefix(self.prefix)}"


def _hang_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def _body(request: web.Request) -> Any:
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    return _json(await request.read())


def _json(body: Any) -> Any:
    try:
        return json.loads(body) if isinstance(body, bytes | str) and body else None
    except ValueError:
        return None


def _summary(name: str, answer: Any, status: int) -> str:
    code = answer.get("errcode") or answer.get("code") if isinstance(answer, dict) else None
    return f"{_SAID.get(name, name)} → {_REFUSED.get(code, code) or ('成功' if status < 400 else status)}"


async def json_object(request: web.Request) -> dict[str, Any] | None:
    """The request's JSON object; None when it is none."""
    body = _json(await request.read())
    return body if isinstance(body, dict) else None
