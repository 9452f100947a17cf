"""A stand-in for the tracking service: waybills are subscribed, and each push carries the whole list, signed."""

import json
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from sandbox.callbacks import Answer
from sandbox.faults import Faults
from sandbox.gateway import Gateway
from sandbox.ledger import Ledger
from sandbox.signing import kuaidi100_sign
from store.settings import Settings

_SECONDS = 20
_BEIJING = ZoneInfo("Asia/Shanghai")
_STATES = {"在途": "0", "揽收": "1", "疑难": "2", "签收": "3", "退签": "4", "派件": "5", "退回": "6"}
STATES = tuple(_STATES)
"""What a trace may say of the parcel."""


@dataclass
class Waybill:
    """A subscribed waybill with all that has been pushed of it, oldest first."""

    company: str
    number: str
    url: str
    salt: str | None
    traces: list[dict[str, str]] = field(default_factory=list)


class Kuaidi100:
    """One account of the tracking service."""

    def __init__(self, settings: Settings, ledger: Ledger, faults: Faults, session: ClientSession) -> None:
        self.settings, self.ledger, self._session = settings.kuaidi100, ledger, session
        self.gateway = Gateway("kuaidi100", "/kuaidi100", ledger, faults, lambda: None)
        self.waybills: dict[str, Waybill] = {}

    def app(self) -> web.Application:
        """The routes under `/kuaidi100`."""
        app = self.gateway.app()
        app.router.add_post("/poll", self._subscribe)
        return app

    async def _subscribe(self, request: web.Request) -> web.Response:
        form = await request.post()
        param = _object(str(form.get("param", "")))
        parameters = param.get("parameters") or {}
        company, number, url = param.get("company", ""), str(param.get("number", "")), parameters.get("callbackurl", "")
        if param.get("key") != self.settings.key.get_secret_value():
            return _answer("600", "key 无权限")
        if form.get("schema") != "json" or not company or not 6 <= len(number) <= 32 or not url.startswith(("http://", "https://")):
            return _answer("700", "订阅参数不合规")
        if number in self.waybills:
            return _answer("501", "重复订阅")
        self.waybills[number] = Waybill(company, number, url, parameters.get("salt"))
        self.ledger.announce({"waybills": list(self.waybills)})
        return _answer("200", "提交成功")

    async def push(self, number: str, text: str, state: str = "在途", place: str = "", at: datetime | None = None) -> Answer:
        """Adds a trace and pushes the whole list. Raises KeyError for a waybill that nobody subscribed."""
        waybill = self.waybills[number]
        moment = (at or self.ledger.clock.now()).astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M:%S")
        waybill.traces.append(
            {
                "time": moment,
                "ftime": moment,
                "context": text,
                "location": place,
                "status": state,
                "statusCode": _STATES[state],
                "areaName": place,
            }
        )
        param = json.dumps(_push_body(waybill, _STATES[state]), ensure_ascii=False)
        sign = {} if waybill.salt is None else {"sign": kuaidi100_sign(param, waybill.salt)}
        return await self._post(waybill.url, param, sign, f"轨迹 {number} {state}")

    async def _post(self, url: str, param: str, sign: dict[str, str], what: str) -> Answer:
        # Only HTTP 200 with `result: true` counts as taken.
        started = time.perf_counter()
        try:
            async with self._session.post(url, data={"param": param} | sign, timeout=ClientTimeout(total=_SECONDS)) as response:
                status, body = response.status, await response.text()
        except (ClientError, TimeoutError):
            status, body = 0, ""
        answer = Answer(status, body, 1, (time.perf_counter() - started) * 1000)
        self.ledger.note("callback", "kuaidi100", answer.told(what), answer.milliseconds)
        if status == 200 and _object(body).get("result") is not True:
            self.ledger.problem("kuaidi100", "推送的应答里 result 不是 true")
        return answer


def _push_body(waybill: Waybill, state: str) -> dict[str, Any]:
    over = state == "3"
    return {
        "status": "shutdown" if over else "polling",
        "billstatus": "got",
        "message": "",
        "autoCheck": "0",
        "comOld": "",
        "comNew": "",
        "lastResult": {
            "message": "ok",
            "nu": waybill.number,
            "ischeck": "1" if over else "0",
            "com": waybill.company,
            "status": "200",
            "state": state,
            "condition": "F00",
            "data": list(reversed(waybill.traces)),
        },
    }


def _answer(code: str, message: str) -> web.Response:
    return web.json_response({"result": code == "200", "returnCode": code, "message": message})


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text or "{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
