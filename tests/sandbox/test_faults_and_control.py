"""Faults on demand, and the HTTP by which the page and the tests steer the stand-ins."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientConnectionError, ClientSession, ClientTimeout

from sandbox.server import Sandbox
from store.settings import Settings
from tests.sandbox.conftest import Call, Product
from tests.sandbox.test_dingtalk import batch
from tests.sandbox.test_wecom_api import text
from tests.support.clock import TestClock


@pytest.mark.parametrize("code", [-1, 45009, 45033, 60020])
async def test_an_error_code_strikes_so_many_calls(sandbox: Sandbox, wecom: Call, code: int) -> None:
    sandbox.faults.add("wecom message/send", str(code), times=2)
    assert [(await wecom("message/send", text()))["errcode"] for _ in range(3)] == [code, code, 0]
    assert len(sandbox.messages("zhaomin")) == 1
    assert sandbox.calls["wecom message/send"] == 3


async def test_values_of_the_wrong_type_are_refused_in_each_platforms_way_and_noted(
    sandbox: Sandbox, wecom: Call, dingtalk: Callable[..., Awaitable[tuple[int, dict[str, Any]]]]
) -> None:
    assert (await wecom("message/send", text() | {"touser": 5}))["errcode"] == 40035
    assert (await wecom("message/update_template_card", {"agentid": 1000002, "userids": 5}))["errcode"] == 40035
    status, body = await dingtalk("POST", "/v1.0/robot/oToMessages/batchSend", batch(userIds=5))
    assert (status, body["code"]) == (400, "invalidParameter")
    assert len(sandbox.ledger.problems) == 3
    assert not sandbox.ledger.messages


async def test_a_dropped_connection_may_have_taken_effect(sandbox: Sandbox, wecom: Call) -> None:
    sandbox.faults.add("wecom message/send", "drop")
    with pytest.raises(ClientConnectionError):
        await wecom("message/send", text())
    assert not sandbox.messages("zhaomin")
    sandbox.faults.add("wecom message/send", "drop_after")
    with pytest.raises(ClientConnectionError):
        await wecom("message/send", text())
    assert len(sandbox.messages("zhaomin")) == 1


async def test_a_gateway_answers_with_html(sandbox: Sandbox, http: ClientSession) -> None:
    sandbox.faults.add("dingtalk", "html502")
    async with http.get(sandbox.settings.dingtalk.oapi_base + "/gettoken") as response:
        assert (response.status, response.content_type) == (502, "text/html")


async def test_a_slow_answer_outlasts_an_impatient_caller(sandbox: Sandbox, http: ClientSession) -> None:
    sandbox.faults.add("wecom gettoken", "slow", seconds=0.3)
    with pytest.raises(asyncio.TimeoutError):
        await http.get(sandbox.settings.wecom.api_base + "gettoken", timeout=ClientTimeout(total=0.05))


async def test_a_token_dies_early(sandbox: Sandbox, wecom: Call) -> None:
    sandbox.faults.add("wecom message/send", "token_death")
    assert [(await wecom("message/send", text()))["errcode"] for _ in range(2)] == [40014, 0]


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("qps", 403, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"),
        ("quota", 403, "Forbidden.AccessDenied.ApiCountLimitForOrg"),
        ("busy", 500, "system.busy"),
    ],
)
async def test_dingtalk_refuses_in_words(
    sandbox: Sandbox, dingtalk: Callable[..., Awaitable[tuple[int, dict[str, Any]]]], kind: str, status: int, code: str
) -> None:
    sandbox.faults.add("batchSend", kind)
    answer = await dingtalk("POST", "/v1.0/robot/oToMessages/batchSend", batch())
    assert (answer[0], answer[1]["code"]) == (status, code)
    assert not sandbox.messages("qianwei")


async def test_faults_are_switched_over_http(sandbox: Sandbox, http: ClientSession) -> None:
    url = f"{sandbox.url}/sandbox/api/faults"
    async with http.post(url, json={"where": "wecom", "kind": "-1", "times": 2}) as response:
        assert (await response.json())["faults"][0]["times"] == 2
    async with http.post(url, json={"where": "wecom", "kind": "earthquake"}) as response:
        assert response.status == 400
    async with http.delete(url) as response:
        assert (await response.json())["faults"] == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("say", {"chat": "wecom/zhaomin"}),
        ("say", {"chat": "group/stock", "text": "你好"}),
        ("say", {"chat": "nobody", "text": "你好"}),
        ("press", {"message": "m99", "button": 0}),
        ("press", {"message": "m1", "button": {}}),
        ("trace", {"waybill": "SF0000000000000", "text": "已揽收"}),
        ("trace", {"waybill": "SF0000000000000", "text": "已揽收", "state": "飞行"}),
        ("clock", {"hours": -1}),
        ("clock", {}),
    ],
)
async def test_what_makes_no_sense_is_refused(sandbox: Sandbox, http: ClientSession, path: str, body: dict[str, Any]) -> None:
    async with http.post(f"{sandbox.url}/sandbox/api/{path}", json=body) as response:
        assert response.status == 400
        assert (await response.json())["error"]
    assert not sandbox.ledger.messages


async def test_a_person_writes_over_http(sandbox: Sandbox, http: ClientSession, product: tuple[Product, int]) -> None:
    async with http.post(f"{sandbox.url}/sandbox/api/say", json={"chat": "zhaomin", "text": "帮助"}) as response:
        assert (await response.json())["status"] == 200
    assert len(product[0].came) == 1


async def test_the_clock_moves_by_hours_and_to_the_next_working_day(sandbox: Sandbox, http: ClientSession, clock: TestClock) -> None:
    clock.forward(timedelta(days=4))  # a Friday
    for body, now in (({"hours": 4}, "2026-03-06T13:30:00+08:00"), ({"to": "next_working_day"}, "2026-03-09T09:00:00+08:00")):
        async with http.post(f"{sandbox.url}/sandbox/api/clock", json=body) as response:
            assert (await response.json())["now"] == now


async def test_news_arrive_as_events(sandbox: Sandbox, http: ClientSession, wecom: Call) -> None:
    async with http.get(f"{sandbox.url}/sandbox/api/events") as response:
        assert (await response.content.readline()).startswith(b": ready")
        await wecom("message/send", text(content="来了"))
        async with asyncio.timeout(5):
            while "来了" not in (line := (await response.content.readline()).decode()):
                pass
    assert '"chat": "wecom/zhaomin"' in line


async def test_the_settings_point_every_platform_here(sandbox: Sandbox, settings: Settings) -> None:
    made = sandbox.settings
    bases = [made.wecom.api_base, made.dingtalk.api_base, made.dingtalk.oapi_base, made.wechat.api_base, made.kuaidi100.api_base]
    hooks = [group.webhook.get_secret_value() for group in made.groups.values()]
    assert all(address.startswith(sandbox.url) for address in bases + hooks)
    assert made.wecom.is_open
    assert made.dingtalk.is_open
    assert made.wechat.is_open
    assert made.kuaidi100.is_open
    assert made.has_public_url
    assert (set(made.groups), made.movable_clock, made.home) == ({"stock", "logistics", "hongda"}, True, settings.home)
