"""The platforms as callers: signed and encrypted by the documents alone (sandbox/signing.py), sent over the wire."""

import itertools
import json
import re
from typing import Any

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient
from pydantic import SecretStr

from platforms.dingtalk.sign import card_secret
from sandbox import signing
from store.clock import Clock
from store.settings import DingTalkSettings, WeComSettings

WECOM = WeComSettings(
    corp_id="ww1234567890abcdef",
    agent_id=1000002,
    secret=SecretStr("app-secret"),
    token=SecretStr("QDG6eK"),
    aes_key=SecretStr("jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"),
)
DINGTALK = DingTalkSettings(app_key="dingkey", app_secret=SecretStr("ding-secret"))
_numbers = itertools.count(7_000_000_000_000_000)


class WeComCaller:
    """WeCom as it calls the self-built app; every part of a call may be given otherwise than WeCom would."""

    def __init__(self, client: "TestClient[Any, Any]", clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self.token = WECOM.token.get_secret_value()
        self.aes_key = WECOM.aes_key.get_secret_value()

    def timestamp(self) -> str:
        return str(int(self._clock.now().timestamp()))

    def query(self, encrypted: str, timestamp: str = "") -> dict[str, str]:
        timestamp = timestamp or self.timestamp()
        signature = signing.wecom_signature(self.token, timestamp, "nonce1", encrypted)
        return {"msg_signature": signature, "timestamp": timestamp, "nonce": "nonce1"}

    def encrypt(self, text: str, receiver: str = WECOM.corp_id) -> str:
        return signing.wecom_encrypt(self.aes_key, receiver, text)

    async def post(self, encrypted: str, timestamp: str = "", **query: str) -> ClientResponse:
        body = f"<xml><ToUserName><![CDATA[{WECOM.corp_id}]]></ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
        return await self._client.post("/wecom/callback", params={**self.query(encrypted, timestamp), **query}, data=body)

    async def say(self, sender: str, text: str, msg_id: int | None = None) -> "Heard":
        """A text message; answers what rode back."""
        inner = f"<Content><![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]></Content><MsgId>{msg_id or next(_numbers)}</MsgId>"
        return await self.send(sender, "text", inner)

    async def press(self, sender: str, button: str, code: str = "code1", task_id: str = "task1") -> "Heard":
        """A press of a template card's button."""
        inner = (
            f"<Event>template_card_event</Event><EventKey><![CDATA[{button}]]></EventKey>"
            f"<TaskId>{task_id}</TaskId><CardType>button_interaction</CardType><ResponseCode>{code}</ResponseCode>"
        )
        return await self.send(sender, "event", inner)

    async def send(self, sender: str, kind: str, inner: str) -> "Heard":
        head = f"<ToUserName>{WECOM.corp_id}</ToUserName><FromUserName><![CDATA[{sender}]]></FromUserName>"
        xml = f"<xml>{head}<CreateTime>{self.timestamp()}</CreateTime><MsgType>{kind}</MsgType>{inner}<AgentID>1000002</AgentID></xml>"
        response = await self.post(self.encrypt(xml))
        return Heard(response.status, self._opened(await response.text()))

    def _opened(self, body: str) -> str:
        if not body.startswith("<xml>"):
            return body
        said = {tag: _element(body, tag) for tag in ("Encrypt", "MsgSignature", "TimeStamp", "Nonce")}
        right = signing.wecom_signature(self.token, said["TimeStamp"], said["Nonce"], said["Encrypt"])
        assert said["MsgSignature"] == right
        return signing.wecom_decrypt(self.aes_key, WECOM.corp_id, said["Encrypt"])


class Heard:
    """What the platform heard back."""

    def __init__(self, status: int, body: str) -> None:
        self.status = status
        self.body = body

    @property
    def kind(self) -> str:
        """MsgType of a WeCom reply; empty for an acknowledgement."""
        return _element(self.body, "MsgType") if self.body.startswith("<xml>") else ""

    @property
    def text(self) -> str:
        """The text of a WeCom reply."""
        return _element(self.body, "Content") if self.kind == "text" else ""

    @property
    def json(self) -> dict[str, Any]:
        """DingTalk's answers."""
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed


class DingTalkCaller:
    """DingTalk as it calls robot and card callbacks over HTTP."""

    def __init__(self, client: "TestClient[Any, Any]", clock: Clock) -> None:
        self._client = client
        self._clock = clock

    def timestamp(self) -> str:
        return str(int(self._clock.now().timestamp() * 1000))

    def robot_headers(self, timestamp: str = "") -> dict[str, str]:
        timestamp = timestamp or self.timestamp()
        return {"timestamp": timestamp, "sign": signing.dingtalk_sign(DINGTALK.app_secret.get_secret_value(), timestamp)}

    def card_headers(self, timestamp: str = "") -> dict[str, str]:
        timestamp = timestamp or self.timestamp()
        sign = signing.dingtalk_card_sign(card_secret(DINGTALK.app_secret.get_secret_value()), timestamp)
        return {"x-ddpaas-signature-timestamp": timestamp, "x-ddpaas-signature": sign}

    async def post(self, body: bytes | str, headers: dict[str, str] | None = None, path: str = "/dingtalk/robot") -> Heard:
        response = await self._client.post(path, data=body, headers=headers or self.robot_headers())
        return Heard(response.status, await response.text())

    async def say(self, sender: str, text: str, msg_id: str = "", **other: Any) -> Heard:
        """A text message to the robot; answers what rode back."""
        message = {
            "msgtype": "text",
            "text": {"content": f" {text}"},
            "msgId": msg_id or f"msg{next(_numbers)}",
            "conversationType": "1",
            "conversationId": "cid1",
            "senderStaffId": sender,
            "senderNick": "somebody",
            "createAt": int(self.timestamp()),
            "openThreadId": "ignored",
        }
        return await self.post(json.dumps({**message, **other}))

    async def press(self, sender: str, button: str, track: str = "track1") -> Heard:
        """A press of an interactive card's button."""
        content = {"cardPrivateData": {"actionIds": ["button1"], "params": {"button": button}}}
        body = {"type": "actionCallback", "outTrackId": track, "corpId": "ding1", "userId": sender, "content": json.dumps(content)}
        return await self.post(json.dumps(body), self.card_headers(), "/dingtalk/card")


def _element(xml: str, tag: str) -> str:
    found = re.search(rf"<{tag}>(.*?)</{tag}>", xml, re.DOTALL)
    if not found:
        return ""
    parts = re.findall(r"<!\[CDATA\[(.*?)\]\]>", found[1], re.DOTALL)
    return "".join(parts) if parts else found[1]
