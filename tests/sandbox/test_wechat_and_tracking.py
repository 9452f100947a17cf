"""The customer's side: template messages of the service account, and the pushes of the tracking service."""

import hashlib
import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import ClientSession

from sandbox.server import Sandbox
from tests.sandbox.conftest import Product
from tests.support.clock import TestClock


async def wechat(sandbox: Sandbox, http: ClientSession, **more: Any) -> int:
    values = {"character_string1": "SO260302-0007", "thing2": "已发货", "time3": "2026-03-05", "thing4": "顺丰 SF1234567890123"}
    body = {
        "touser": "openid-ruigu",
        "template_id": "progress-template",
        "data": {name: {"value": value} for name, value in values.items()},
    } | more
    query = {"access_token": sandbox.wechat.tokens.issue()}
    async with http.post(sandbox.settings.wechat.api_base + "message/template/send", params=query, json=body) as response:
        return int((await response.json())["errcode"])


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"touser": "somebody"}, 40003),
        ({"touser": "openid-of-a-stranger"}, 43004),
        ({"template_id": "old"}, 40037),
        ({"data": {"thing2": {"value": "已发货"}}}, 47003),
    ],
)
async def test_a_template_message_that_breaks_a_rule_is_refused(
    sandbox: Sandbox, http: ClientSession, more: dict[str, Any], code: int
) -> None:
    assert await wechat(sandbox, http, **more) == code
    assert not sandbox.messages("customer")


async def test_a_long_field_is_cut_and_noted(sandbox: Sandbox, http: ClientSession) -> None:
    values = {name: {"value": "字" * 21} for name in ("character_string1", "thing2", "time3", "thing4")}
    assert await wechat(sandbox, http, data=values) == 0
    (message,) = sandbox.messages("customer")
    assert message.content["fields"]["订单编号"] == "字" * 20
    assert len(message.overlong) == 4


async def test_a_repeated_client_id_is_shown_once_within_ten_minutes(sandbox: Sandbox, http: ClientSession, clock: TestClock) -> None:
    for _ in range(2):
        assert await wechat(sandbox, http, client_msg_id="p1") == 0
    assert len(sandbox.messages("customer")) == 1
    clock.forward(timedelta(minutes=10))
    await wechat(sandbox, http, client_msg_id="p1")
    assert len(sandbox.messages("customer")) == 2


async def test_a_bad_account_or_token_is_refused(sandbox: Sandbox, http: ClientSession) -> None:
    base = sandbox.settings.wechat.api_base
    for query, code in (({"appid": "x"}, 40013), ({"appid": sandbox.settings.wechat.app_id}, 40125)):
        async with http.get(base + "token", params={"grant_type": "client_credential", "secret": "x"} | query) as response:
            assert (await response.json())["errcode"] == code
    async with http.post(base + "message/template/send", params={"access_token": "x"}, json={}) as response:
        assert (await response.json())["errcode"] == 40001


async def subscribe(sandbox: Sandbox, http: ClientSession, port: int, **more: Any) -> str:
    settings = sandbox.settings.kuaidi100
    parameters = {"callbackurl": f"http://127.0.0.1:{port}/carriers/kuaidi100", "salt": settings.salt.get_secret_value()}
    param = {"company": "shunfeng", "number": "SF1234567890123", "key": settings.key.get_secret_value(), "parameters": parameters} | more
    async with http.post(settings.api_base + "/poll", data={"schema": "json", "param": json.dumps(param)}) as response:
        assert response.status == 200
        return str((await response.json())["returnCode"])


async def test_a_waybill_is_subscribed_once(sandbox: Sandbox, http: ClientSession, product: tuple[Product, int]) -> None:
    assert await subscribe(sandbox, http, product[1], key="wrong") == "600"
    assert await subscribe(sandbox, http, product[1], number="SF1") == "700"
    assert not sandbox.kuaidi100.waybills
    assert await subscribe(sandbox, http, product[1]) == "200"
    assert await subscribe(sandbox, http, product[1]) == "501"


async def test_a_push_is_signed_and_carries_the_whole_list(sandbox: Sandbox, http: ClientSession, product: tuple[Product, int]) -> None:
    await subscribe(sandbox, http, product[1])
    product[0].reply = json.dumps({"result": True, "returnCode": "200", "message": "成功"})
    await sandbox.push_trace("SF1234567890123", "已揽收", "揽收")
    await sandbox.push_trace("SF1234567890123", "已签收", "签收")
    form = parse_qs(product[0].came[-1])
    salt = sandbox.settings.kuaidi100.salt.get_secret_value()
    assert form["sign"] == [hashlib.md5((form["param"][0] + salt).encode()).hexdigest().upper()]
    result = json.loads(form["param"][0])
    assert (result["status"], result["lastResult"]["ischeck"]) == ("shutdown", "1")
    assert [trace["context"] for trace in result["lastResult"]["data"]] == ["已签收", "已揽收"]
    assert not sandbox.ledger.problems


async def test_a_push_that_is_not_taken_is_noted(sandbox: Sandbox, http: ClientSession, product: tuple[Product, int]) -> None:
    await subscribe(sandbox, http, product[1])
    await sandbox.push_trace("SF1234567890123", "已揽收", "揽收")
    assert sandbox.ledger.problems
    with pytest.raises(KeyError):
        await sandbox.push_trace("SF0000000000000", "已揽收")
