"""Group robots: keys, signatures, limits, and the messages that they take."""

import base64
import hashlib
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession, FormData

from sandbox.server import Sandbox
from sandbox.signing import dingtalk_sign
from tests.support.clock import TestClock


async def wecom_group(sandbox: Sandbox, http: ClientSession, body: dict[str, Any], key: str = "stock-robot") -> int:
    async with http.post(sandbox.settings.wecom.api_base + "webhook/send", params={"key": key}, json=body) as response:
        assert response.status == 200
        return int((await response.json())["errcode"])


def markdown(text: str = "**缺货**") -> dict[str, Any]:
    return {"msgtype": "markdown", "markdown": {"content": text}}


async def test_a_wecom_robot_needs_its_key(sandbox: Sandbox, http: ClientSession) -> None:
    assert await wecom_group(sandbox, http, markdown(), key="guessed") == 93000
    assert await wecom_group(sandbox, http, markdown()) == 0
    assert len(sandbox.messages("stock")) == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (markdown("字" * 1366), 45002),
        ({"msgtype": "text", "text": {"content": ""}}, 44004),
        ({"msgtype": "hologram", "hologram": {}}, 40008),
        ({"msgtype": "template_card", "template_card": {"card_type": "button_interaction", "main_title": {"title": "x"}}}, 42031),
        ({"msgtype": "image", "image": {"base64": base64.b64encode(b"png").decode(), "md5": "0" * 32}}, 301019),
        ({"msgtype": "file", "file": {"media_id": "somebody else's"}}, 40007),
        ({"msgtype": "news", "news": {"articles": []}}, 45008),
    ],
)
async def test_a_wecom_robot_refuses(sandbox: Sandbox, http: ClientSession, body: dict[str, Any], code: int) -> None:
    assert await wecom_group(sandbox, http, body) == code
    assert not sandbox.messages("stock")


async def test_an_image_with_its_digest_and_a_robots_own_file_are_taken(sandbox: Sandbox, http: ClientSession) -> None:
    digest = hashlib.md5(b"png").hexdigest()
    assert (
        await wecom_group(sandbox, http, {"msgtype": "image", "image": {"base64": base64.b64encode(b"png").decode(), "md5": digest}}) == 0
    )
    form = FormData()
    form.add_field("media", b"report", filename="report.xlsx")
    query = {"key": "stock-robot", "type": "file"}
    async with http.post(sandbox.settings.wecom.api_base + "webhook/upload_media", params=query, data=form) as response:
        media_id = (await response.json())["media_id"]
    assert await wecom_group(sandbox, http, {"msgtype": "file", "file": {"media_id": media_id}}) == 0


async def test_a_wecom_robot_takes_twenty_a_minute(sandbox: Sandbox, http: ClientSession, clock: TestClock) -> None:
    codes = [await wecom_group(sandbox, http, markdown()) for _ in range(21)]
    assert codes == [0] * 20 + [45009]
    clock.forward(timedelta(minutes=1))
    assert await wecom_group(sandbox, http, markdown()) == 0


async def dingtalk_group(sandbox: Sandbox, http: ClientSession, body: dict[str, Any], **query: str) -> int:
    group = sandbox.settings.groups["logistics"]
    timestamp = str(int(sandbox.clock.now().timestamp() * 1000))
    signed = {"timestamp": timestamp, "sign": dingtalk_sign(group.secret.get_secret_value(), timestamp)} | query
    async with http.post(
        group.webhook.get_secret_value() + f"&timestamp={signed['timestamp']}", params={"sign": signed["sign"]}, json=body
    ) as response:
        assert response.status == 200
        return int((await response.json())["errcode"])


def alert(**more: Any) -> dict[str, Any]:
    return {"msgtype": "markdown", "markdown": {"title": "物流超时", "text": "### 物流超时"}} | more


async def test_a_dingtalk_robot_checks_signature_and_time(sandbox: Sandbox, http: ClientSession) -> None:
    assert await dingtalk_group(sandbox, http, alert(), sign="guessed") == 310000
    old = str(int((sandbox.clock.now() - timedelta(hours=2)).timestamp() * 1000))
    assert await dingtalk_group(sandbox, http, alert(), timestamp=old) == 310000
    assert not sandbox.messages("logistics")
    assert await dingtalk_group(sandbox, http, alert()) == 0


@pytest.mark.parametrize(("body", "code"), [({"msgtype": "card"}, 400105), ({"msgtype": "markdown", "markdown": {"text": "x"}}, 40035)])
async def test_a_dingtalk_robot_refuses_shapes(sandbox: Sandbox, http: ClientSession, body: dict[str, Any], code: int) -> None:
    assert await dingtalk_group(sandbox, http, body) == code
    assert not sandbox.messages("logistics")


async def test_a_repeated_uuid_is_shown_once(sandbox: Sandbox, http: ClientSession) -> None:
    assert [await dingtalk_group(sandbox, http, alert(msgUuid="u1")) for _ in range(2)] == [0, 0]
    assert len(sandbox.messages("logistics")) == 1


async def test_a_dingtalk_robot_is_blocked_for_ten_minutes_after_twenty(sandbox: Sandbox, http: ClientSession, clock: TestClock) -> None:
    codes = [await dingtalk_group(sandbox, http, alert()) for _ in range(21)]
    assert codes == [0] * 20 + [130101]
    clock.forward(timedelta(minutes=9))
    assert await dingtalk_group(sandbox, http, alert()) == 130101
    clock.forward(timedelta(minutes=1))
    assert await dingtalk_group(sandbox, http, alert()) == 0


async def test_a_keyword_robot_wants_its_word(sandbox: Sandbox, http: ClientSession) -> None:
    sandbox.dingtalk.robots.keywords["logistics"] = ["跟单"]
    assert await dingtalk_group(sandbox, http, alert()) == 310000
    assert await dingtalk_group(sandbox, http, {"msgtype": "text", "text": {"content": "跟单：物流超时"}}) == 0
