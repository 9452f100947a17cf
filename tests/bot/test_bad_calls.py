"""Calls that are not the platform's, or not whole: the right status, and nothing has happened."""

import asyncio
import gzip
import io
import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from bot.app import build_app
from store.settings import Settings
from store.transaction import Store
from tests.bot.conftest import Client
from tests.support.callers import DINGTALK, DingTalkCaller, WeComCaller
from tests.support.clock import TestClock

Rows = Callable[[], dict[str, int]]
TEXT = (
    "<xml><FromUserName>zhaomin</FromUserName><CreateTime>1</CreateTime>"
    "<MsgType>text</MsgType><Content>待办</Content><MsgId>1</MsgId></xml>"
)


async def test_the_url_is_verified_within_a_second(client: Client, wecom: WeComCaller):
    echostr = wecom.encrypt("6011396812345678901")
    response = await client.get("/wecom/callback", params={**wecom.query(echostr), "echostr": echostr})
    assert response.status == 200
    assert await response.text() == "6011396812345678901"


async def test_a_verification_whose_plus_signs_stand_in_the_address_as_they_are_is_understood(client: Client, wecom: WeComCaller):
    echostr = next(text for text in (wecom.encrypt(f"{number}") for number in range(1000)) if "+" in text)
    query = "&".join(f"{name}={value}" for name, value in wecom.query(echostr).items())
    response = await client.get(URL(f"/wecom/callback?{query}&echostr={echostr}", encoded=True))
    assert response.status == 200
    assert (await response.text()).isdecimal()


async def test_a_url_verification_that_is_not_wecoms_is_refused(client: Client, wecom: WeComCaller):
    echostr = wecom.encrypt("6011396812345678901")
    wrong = await client.get("/wecom/callback", params={**wecom.query(echostr), "msg_signature": "0" * 40, "echostr": echostr})
    missing = await client.get("/wecom/callback")
    assert (wrong.status, missing.status) == (401, 400)


async def test_a_wrong_signature_is_refused(wecom: WeComCaller, rows: Rows):
    before = rows()
    response = await wecom.post(wecom.encrypt(TEXT), msg_signature="0" * 40)
    assert response.status == 401
    assert rows() == before


@pytest.mark.parametrize("hours", [-2, 2])
async def test_a_stale_timestamp_is_refused(wecom: WeComCaller, rows: Rows, clock: TestClock, hours: int):
    before = rows()
    timestamp = str(int((clock.now() + timedelta(hours=hours)).timestamp()))
    assert (await wecom.post(wecom.encrypt(TEXT), timestamp)).status == 401
    assert rows() == before


@pytest.mark.parametrize("timestamp", ["9" * 400, "9" * 5000, "-1", "1e3", "soon"])
async def test_a_signed_timestamp_that_is_no_moment_is_refused(wecom: WeComCaller, dingtalk: DingTalkCaller, rows: Rows, timestamp: str):
    before = rows()
    assert (await wecom.post(wecom.encrypt(TEXT), timestamp)).status == 400
    assert (await dingtalk.post("{}", dingtalk.robot_headers(timestamp))).status == 400
    assert (await dingtalk.post("{}", dingtalk.card_headers(timestamp), "/dingtalk/card")).status == 400
    assert rows() == before


async def test_another_companys_receiver_is_refused(wecom: WeComCaller, rows: Rows):
    before = rows()
    assert (await wecom.post(wecom.encrypt(TEXT, "ww-another"))).status == 403
    assert rows() == before


async def test_damaged_base64_is_refused(wecom: WeComCaller, rows: Rows):
    before = rows()
    whole = wecom.encrypt(TEXT)
    for damaged in (whole[:-7], whole[:20], "~" + whole, whole + "=" + whole):
        assert (await wecom.post(damaged)).status == 400
    assert (await wecom.post(whole + whole)).status in (400, 403)
    assert rows() == before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"{}",
        b"<xml></xml>",
        b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]><xml><Encrypt>&c;</Encrypt></xml>',
        b"<a>" * 200_000,
    ],
)
async def test_what_is_no_envelope_is_refused(client: Client, wecom: WeComCaller, rows: Rows, body: bytes):
    before = rows()
    response = await client.post("/wecom/callback", params=wecom.query("x"), data=body)
    assert response.status == 400
    assert "Traceback" not in await response.text()
    assert rows() == before


@pytest.mark.parametrize(
    "inner", ["", "hello", "<xml></xml>", "<xml><MsgType>text</MsgType></xml>", '<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>']
)
async def test_what_is_no_message_is_refused(wecom: WeComCaller, rows: Rows, inner: str):
    before = rows()
    assert (await wecom.post(wecom.encrypt(inner))).status == 400
    assert rows() == before


@pytest.mark.parametrize("path", ["/wecom/callback", "/dingtalk/robot", "/dingtalk/card"])
async def test_a_body_of_two_megabytes_is_too_large(client: Client, rows: Rows, path: str, dingtalk: DingTalkCaller):
    before = rows()
    headers = dingtalk.robot_headers() | dingtalk.card_headers()
    response = await client.post(path, data=io.BytesIO(b"x" * 2_000_000), headers=headers)
    assert response.status == 413
    assert rows() == before


@pytest.mark.parametrize("path", ["/wecom/callback", "/dingtalk/robot", "/dingtalk/card"])
@pytest.mark.parametrize(
    "body", [b"this is no gzip", gzip.compress(b"{}"), gzip.compress(b"0" * 50_000_000)], ids=["none", "small", "large"]
)
async def test_a_packed_body_is_refused_and_not_unpacked(client: Client, rows: Rows, path: str, dingtalk: DingTalkCaller, body: bytes):
    before = rows()
    headers = dingtalk.robot_headers() | dingtalk.card_headers() | {"Content-Encoding": "gzip"}
    response = await client.post(path, data=body, headers=headers)
    assert response.status == 400, "413 would mean that it was unpacked"
    assert rows() == before


HALF_A_BODY = b"POST /wecom/callback HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n<xml>"
"""Is answered as soon as the rest is waited for."""


async def test_a_body_that_does_not_come_to_its_end_holds_no_connection(store: Store, rows: Rows):
    async with TestServer(build_app(store, body_seconds=0.05)) as server:
        before = rows()
        reader, writer = await asyncio.open_connection(server.host, server.port)
        writer.write(HALF_A_BODY)
        assert b"408" in await reader.readuntil(b"Request Timeout")
        writer.close()
        assert rows() == before


@pytest.mark.parametrize("sent", [HALF_A_BODY, b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\nX: \x00\r\n\r\n"])
async def test_who_hangs_up_or_speaks_no_http_leaves_no_trace_of_the_inside_in_the_log(
    store: Store, caplog: pytest.LogCaptureFixture, sent: bytes
):
    runner = web.AppRunner(build_app(store), access_log=None)  # as the program runs it: a test server ends what is under way
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    reader, writer = await asyncio.open_connection(*runner.addresses[0])
    writer.write(sent)
    await reader.readline()
    writer.close()
    async with asyncio.timeout(10):
        while runner.server and runner.server.connections:
            await asyncio.sleep(0)
    await runner.cleanup()
    assert [record for record in caplog.records if record.exc_info or record.levelno > logging.WARNING] == []


async def test_unknown_events_are_acknowledged_and_ignored(wecom: WeComCaller, rows: Rows):
    before = rows()
    for event in ("batch_job_result", "from_the_future", "unsubscribe", "template_card_menu_event"):
        heard = await wecom.send("zhaomin", "event", f"<Event>{event}</Event>")
        assert (heard.status, heard.body) == (200, "success")
    assert rows() == before


async def test_a_robot_call_with_a_wrong_or_stale_sign_is_refused(dingtalk: DingTalkCaller, rows: Rows, clock: TestClock):
    before = rows()
    stale = str(int((clock.now() - timedelta(hours=2)).timestamp() * 1000))
    for headers in ({}, {"timestamp": dingtalk.timestamp(), "sign": "x"}, dingtalk.robot_headers(stale)):
        for path in ("/dingtalk/robot", "/dingtalk/card"):
            heard = await dingtalk.post('{"msgtype": "text"}', headers or {"sign": ""}, path)
            assert heard.status == 401
    assert rows() == before


@pytest.mark.parametrize("body", ["", "{", "[]", '{"hello": 1}', "[" * 100_000, b"\xff\xfe"])
async def test_what_is_no_robot_message_is_refused(dingtalk: DingTalkCaller, rows: Rows, body: bytes | str):
    before = rows()
    assert (await dingtalk.post(body)).status == 400
    assert (await dingtalk.post(body, dingtalk.card_headers(), "/dingtalk/card")).status == 400
    assert rows() == before


async def test_a_message_without_text_is_acknowledged(dingtalk: DingTalkCaller, rows: Rows):
    before = rows()
    bare = await dingtalk.post('{"msgtype": "text", "msgId": "m2", "senderStaffId": "qianwei"}')
    assert bare.json == {"msgtype": "empty"}
    assert rows() == before


async def test_a_card_that_tells_of_no_button_is_acknowledged(dingtalk: DingTalkCaller, rows: Rows):
    before = rows()
    heard = await dingtalk.post('{"userId": "qianwei", "outTrackId": "t1"}', dingtalk.card_headers(), "/dingtalk/card")
    assert (heard.status, heard.json) == (200, {})
    assert rows() == before


async def test_a_closed_door_says_what_it_needs(store: Store, settings: Settings):
    for closed in (Settings(home=settings.home), Settings(home=settings.home, dingtalk=DINGTALK.model_copy(update={"mode": "stream"}))):
        shut = Store(closed.model_copy(update={"database_url": store.settings.database_url}), store.clock)
        async with TestClient(TestServer(build_app(shut))) as client:
            for path in ("/wecom/callback", "/wecom/robot", "/dingtalk/robot", "/dingtalk/card"):
                response = await client.post(path, data=b"x")
                assert response.status == 404
                assert "closed" in (await response.json())["error"]
        shut.close()


async def test_the_signature_is_needed_even_for_nothing(client: Client):
    assert (await client.post("/wecom/callback", data=b"<xml><Encrypt>abc</Encrypt></xml>")).status in (400, 401)
