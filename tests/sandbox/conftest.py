"""A running sandbox, and a product of a few lines that it calls back."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import ClientSession, web

from sandbox.server import Sandbox
from sandbox.signing import wecom_decrypt, wecom_encrypt, wecom_signature
from store.settings import Settings, WeComSettings
from tests.support.clock import TestClock


@dataclass
class Product:
    """Answers callbacks with what a test puts here, and keeps what came."""

    wecom: WeComSettings = field(default_factory=WeComSettings)
    came: list[str] = field(default_factory=list)
    """Decrypted inner XML of WeCom, bodies of the others."""
    requests: list[dict[str, Any]] = field(default_factory=list)
    reply: str = ""
    """Inner XML of a passive reply, or the JSON of DingTalk's; empty says nothing."""
    statuses: list[int] = field(default_factory=list)
    """HTTP statuses of the next answers; 200 afterwards."""

    async def verify(self, request: web.Request) -> web.Response:
        echo = request.query["echostr"]
        expected = wecom_signature(self.wecom.token.get_secret_value(), request.query["timestamp"], request.query["nonce"], echo)
        assert request.query["msg_signature"] == expected
        return web.Response(text=wecom_decrypt(self.wecom.aes_key.get_secret_value(), self.wecom.corp_id, echo))

    async def take_wecom(self, request: web.Request) -> web.Response:
        encrypted = (await request.text()).split("<Encrypt><![CDATA[")[1].split("]]>")[0]
        self.came.append(wecom_decrypt(self.wecom.aes_key.get_secret_value(), self.wecom.corp_id, encrypted))
        self.requests.append(dict(request.query))
        status = self.statuses.pop(0) if self.statuses else 200
        return web.Response(status=status, text=self._passive() if self.reply and status == 200 else "")

    def _passive(self) -> str:
        encrypted = wecom_encrypt(self.wecom.aes_key.get_secret_value(), self.wecom.corp_id, self.reply)
        signature = wecom_signature(self.wecom.token.get_secret_value(), "1", "n", encrypted)
        return f"<xml><Encrypt>{encrypted}</Encrypt><MsgSignature>{signature}</MsgSignature><TimeStamp>1</TimeStamp><Nonce>n</Nonce></xml>"

    async def take(self, request: web.Request) -> web.Response:
        self.came.append(await request.text())
        self.requests.append(dict(request.headers))
        return web.Response(text=self.reply or "{}", content_type="application/json")


@pytest.fixture
async def product() -> AsyncIterator[tuple[Product, int]]:
    """The product and its port."""
    product = Product()
    app = web.Application()
    app.router.add_get("/wecom/callback", product.verify)
    app.router.add_post("/wecom/callback", product.take_wecom)
    for path in ("/dingtalk/robot", "/dingtalk/card", "/carriers/kuaidi100"):
        app.router.add_post(path, product.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield product, runner.addresses[0][1]
    await runner.cleanup()


@pytest.fixture
async def sandbox(settings: Settings, clock: TestClock, product: tuple[Product, int]) -> AsyncIterator[Sandbox]:
    async with Sandbox(settings.model_copy(update={"http_port": product[1]}), clock) as running:
        product[0].wecom = running.settings.wecom
        yield running


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


Call = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
async def wecom(sandbox: Sandbox, http: ClientSession) -> Call:
    """Posts to WeCom's API with a valid token: `await wecom("message/send", {...})`."""
    base, settings = sandbox.settings.wecom.api_base, sandbox.settings.wecom

    async def call(path: str, body: dict[str, Any]) -> dict[str, Any]:
        query = {"corpid": settings.corp_id, "corpsecret": settings.secret.get_secret_value()}
        async with http.get(base + "gettoken", params=query) as response:
            token = (await response.json())["access_token"]
        async with http.post(base + path, params={"access_token": token}, json=body) as response:
            return dict(await response.json())

    return call


@pytest.fixture
async def dingtalk(sandbox: Sandbox, http: ClientSession) -> Callable[..., Awaitable[tuple[int, dict[str, Any]]]]:
    """Calls DingTalk's new API with a valid token: `await dingtalk("POST", "/v1.0/…", {...})` gives status and body."""
    settings = sandbox.settings.dingtalk

    async def call(method: str, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        pair = {"appKey": settings.app_key, "appSecret": settings.app_secret.get_secret_value()}
        async with http.post(settings.api_base + "/v1.0/oauth2/accessToken", json=pair) as response:
            token = (await response.json())["accessToken"]
        headers = {"x-acs-dingtalk-access-token": token}
        async with http.request(method, settings.api_base + path, json=body, headers=headers) as response:
            return response.status, dict(await response.json())

    return call
