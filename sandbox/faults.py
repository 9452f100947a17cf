"""Faults on demand: what real platforms do on their bad days, switched on for the next calls that match."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

_EVERYWHERE = ("slow", "drop", "drop_after", "html502", "token_death", "qps", "quota", "busy")
_DINGTALKS = ("unavailable", "throttled", "punish", "forbidden", "refused")
KINDS = (*_EVERYWHERE, *_DINGTALKS)
"""Beside these, a number is an errcode of WeCom, WeChat or DingTalk's oapi, such as -1, 45009, 45033, 60020."""


@dataclass
class Fault:
    """Strikes the next `times` calls whose name (`wecom message/send`) contains `where`."""

    where: str
    kind: str
    times: int = 1
    seconds: float = 3.0
    """How long `slow` takes, in real time."""


class Faults:
    """The faults that are switched on now."""

    def __init__(self) -> None:
        self.on: list[Fault] = []

    def add(self, where: str, kind: str, times: int = 1, seconds: float = 3.0) -> None:
        """Switches a fault on. Raises ValueError for an unknown kind."""
        if kind not in KINDS and not kind.lstrip("-").isdigit():
            raise ValueError(f"unknown fault {kind}; known: {', '.join(KINDS)} or an errcode")
        self.on.append(Fault(where, kind, times, seconds))

    def clear(self) -> None:
        """Switches all off."""
        self.on.clear()

    def take(self, name: str) -> Fault | None:
        """The fault that strikes this call, used up by one."""
        fault = next((each for each in self.on if each.where in name), None)
        if fault:
            fault.times -= 1
            self.on = [each for each in self.on if each.times > 0]
        return fault


def error_answer(platform: str, fault: Fault, modern: bool) -> web.Response | None:
    """The answer that stands for the fault, or None when the call goes on. `modern` is DingTalk's api (not oapi)."""
    if fault.kind == "html502":
        return web.Response(status=502, text="<html><body><h1>502 Bad Gateway</h1></body></html>", content_type="text/html")
    if platform == "dingtalk" and fault.kind == "punish":
        return web.json_response({"status": 1111, "punish": "deny"}, status=403)
    if platform == "dingtalk" and modern:
        return _dingtalk_error(fault.kind)
    if platform == "dingtalk":
        return _oapi_error(fault.kind)
    code = {"busy": -1, "qps": 45009, "quota": 45009}.get(fault.kind)
    if code is None and not fault.kind.lstrip("-").isdigit():
        return None
    code = int(fault.kind) if code is None else code
    return web.json_response({"errcode": code, "errmsg": f"sandbox fault {code}"})


def malformed(platform: str, modern: bool) -> web.Response:
    """What a platform says to values that are not of the documented types."""
    if platform == "kuaidi100":
        return web.json_response({"result": False, "returnCode": "700", "message": "订阅参数不合规"})
    if modern:
        return web.json_response({"code": "invalidParameter", "message": "invalid parameter", "requestid": "sandbox"}, status=400)
    return web.json_response({"errcode": 40035, "errmsg": "invalid parameter"})


def _dingtalk_error(kind: str) -> web.Response | None:
    answers: dict[str, tuple[int, str]] = {
        "qps": (403, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"),
        "quota": (403, "Forbidden.AccessDenied.ApiCountLimitForOrg"),
        "busy": (500, "system.busy"),
        "unavailable": (503, "ServiceUnavailable"),
        "throttled": (403, "Throttling.Api"),
        "forbidden": (403, "Forbidden.AccessDenied.AccessTokenPermissionDenied"),
        "refused": (400, "param.error"),
        "-1": (500, "system.error"),
        "45009": (429, "system.busy"),
        "60020": (403, "Forbidden.AccessDenied.IpNotInWhiteList"),
    }
    if kind not in answers:
        return None
    status, code = answers[kind]
    return web.json_response({"code": code, "message": "sandbox fault", "requestid": "sandbox"}, status=status)


def _oapi_error(kind: str) -> web.Response | None:
    code = {"qps": "90018", "quota": "90020", "busy": "-1"}.get(kind, kind)
    if not code.lstrip("-").isdigit():
        return None
    body: dict[str, Any] = {
        "errcode": 88,
        "sub_code": code,
        "sub_msg": "sandbox fault",
        "errmsg": f"ding talk error[subcode={code},submsg=sandbox fault]",
    }
    return web.json_response({"errcode": -1, "errmsg": "system busy"} if code == "-1" else body)
