"""The WeCom server calling the app: verify the URL, sign, encrypt, try 3 times, take the passive reply (documents 90238–90241)."""

import secrets
import time
from itertools import count
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from aiohttp import ClientError, ClientSession, ClientTimeout

from sandbox.callbacks import Answer
from sandbox.ledger import ChatMessage, Ledger
from sandbox.signing import BadCipher, wecom_decrypt, wecom_encrypt, wecom_signature
from sandbox.wecom.api import WeCom
from sandbox.wecom.cards import CardError, check_card
from sandbox.wecom.passive import card_from_xml, field, parse

_TRIES = 3
_SECONDS = 5
_VERIFY_SECONDS = 1
_SAVES = 3
_TEXT_BYTES = 2048
_CARD_REPLIES = ("update_button", "update_template_card")
_PLAIN_REPLIES = ("text", "image", "voice", "video", "news")
_ANSWERED_EVENTS = (
    "subscribe",
    "enter_agent",
    "LOCATION",
    "click",
    "view",
    "view_miniprogram",
    "scancode_waitmsg",
    "template_card_menu_event",
)


class WeComCaller:
    """Posts what people do to the product, as the platform would."""

    def __init__(self, wecom: WeCom, ledger: Ledger, session: ClientSession, url: str) -> None:
        self._wecom, self._ledger, self._session, self.url = wecom, ledger, session, url
        self._verified = False
        # Another run's ids are other ones: the desk keeps what it has heard, and would take a new message for an old one.
        self._msgids = count(6_054_768_590_064_713_728 + secrets.randbelow(2**60))

    async def say(self, userid: str, text: str, repeated: str = "") -> Answer:
        """A member writes to the app; `repeated` is the MsgId of a message that the platform still brings."""
        if not repeated:
            self._ledger.post(f"wecom/{userid}", "text", {"content": text}, mine=True)
        fields = self._message(userid, "text") | {"Content": text, "MsgId": repeated or str(next(self._msgids))}
        return await self._deliver(fields, f"{self._name(userid)}：{text}", None)

    async def event(self, userid: str, event: str, key: str = "") -> Answer:
        """A member enters the app, presses its menu, and the like."""
        return await self._deliver(
            self._message(userid, "event") | {"Event": event, "EventKey": key}, f"{self._name(userid)}：事件 {event}", None
        )

    async def press(self, message: ChatMessage, index: int, chosen: dict[str, list[str]] | None = None) -> Answer:
        """A member presses button `index` of a card; `chosen` holds option ids by question key."""
        userid, card = message.chat.removeprefix("wecom/"), message.content
        button = [each for each in card["button_list"] if not each.get("type")][index]
        self._ledger.mark_pressed(message, button["text"])
        fields = self._message(userid, "event") | {
            "Event": "template_card_event",
            "EventKey": button["key"],
            "TaskId": card.get("task_id", ""),
            "CardType": card["card_type"],
            "ResponseCode": self._wecom.new_code([message]),
        }
        return await self._deliver(fields, f"{self._name(userid)} 按下「{button['text']}」", message, _selected_xml(chosen or {}))

    async def _save_url(self) -> bool:
        """What an administrator does in the console: presses 保存 again while the program is still starting."""
        for _ in range(_SAVES):
            if await self.verify():
                return True
        return False

    async def verify(self) -> bool:
        """Saves the URL in the console: it must give back the decrypted echo within a second."""
        timestamp, nonce = self._stamp()
        echo = secrets.token_hex(8)
        encrypted = wecom_encrypt(self._aes_key, self._corp, echo)
        query = {
            "msg_signature": wecom_signature(self._token, timestamp, nonce, encrypted),
            "timestamp": timestamp,
            "nonce": nonce,
            "echostr": encrypted,
        }
        try:
            async with self._session.get(self.url, params=query, timeout=ClientTimeout(total=_VERIFY_SECONDS)) as response:
                self._verified = response.status == 200 and await response.text() == echo
        except (ClientError, TimeoutError):
            self._verified = False
        self._ledger.note("callback", "wecom", "验证回调地址" + ("通过" if self._verified else "失败"))
        return self._verified

    async def _deliver(self, fields: dict[str, str], what: str, message: ChatMessage | None, extra: str = "") -> Answer:
        if not self._verified and not await self._save_url():
            self._ledger.problem("wecom", f"回调地址没有通过验证：{self.url}")
            return Answer(0, "", 0, 0)
        inner = "<xml>" + "".join(f"<{name}>{_cdata(value)}</{name}>" for name, value in fields.items()) + extra + "</xml>"
        answer = await self._post(inner)
        self._ledger.note("callback", "wecom", answer.told(what), answer.milliseconds)
        if answer.status == 200 and answer.body not in ("", "success"):
            self._take_reply(fields, answer.body, message)
        return answer

    async def _post(self, inner: str) -> Answer:
        for attempt in range(1, _TRIES + 1):
            started = time.perf_counter()
            status, body = await self._try(*self._envelope(inner))
            answer = Answer(status, body, attempt, (time.perf_counter() - started) * 1000)
            if status == 200:
                break
        return answer

    async def _try(self, query: dict[str, str], envelope: str) -> tuple[int, str]:
        timeout, headers = ClientTimeout(total=_SECONDS), {"Content-Type": "text/xml"}
        try:
            async with self._session.post(self.url, params=query, data=envelope.encode(), headers=headers, timeout=timeout) as response:
                return response.status, await response.text()
        except (ClientError, TimeoutError):
            return 0, ""

    def _envelope(self, inner: str) -> tuple[dict[str, str], str]:
        timestamp, nonce = self._stamp()
        encrypted = wecom_encrypt(self._aes_key, self._corp, inner)
        query = {"msg_signature": wecom_signature(self._token, timestamp, nonce, encrypted), "timestamp": timestamp, "nonce": nonce}
        agent = self._wecom.settings.agent_id
        return (
            query,
            f"<xml><ToUserName><![CDATA[{self._corp}]]></ToUserName><AgentID><![CDATA[{agent}]]></AgentID><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>",
        )

    # passive replies

    def _take_reply(self, fields: dict[str, str], body: str, message: ChatMessage | None) -> None:
        try:
            reply = self._open_reply(body)
            kind = field(reply, "MsgType")
            self._check_allowed(fields, kind)
            if kind == "text":
                content = field(reply, "Content").encode()[:_TEXT_BYTES].decode(errors="ignore")
                self._ledger.post(f"wecom/{fields['FromUserName']}", "text", {"content": content})
            elif message is not None:
                self._update(message, kind, reply)
        except (BadCipher, ElementTree.ParseError, CardError, ValueError) as error:
            self._ledger.problem("wecom", f"被动回复不合规：{error}")

    def _open_reply(self, body: str) -> ElementTree.Element:
        outer = parse(body)
        encrypted = field(outer, "Encrypt")
        expected = wecom_signature(self._token, field(outer, "TimeStamp"), field(outer, "Nonce"), encrypted)
        if field(outer, "MsgSignature") != expected:
            raise ValueError("签名不对")
        return parse(wecom_decrypt(self._aes_key, self._corp, encrypted))

    def _check_allowed(self, fields: dict[str, str], kind: str) -> None:
        event = fields.get("Event", "")
        allowed = _CARD_REPLIES if event == "template_card_event" else _PLAIN_REPLIES
        if kind not in allowed or (event and event not in (*_ANSWERED_EVENTS, "template_card_event")):
            raise ValueError(f"{event or fields['MsgType']} 不能回复 {kind}")

    def _update(self, message: ChatMessage, kind: str, reply: ElementTree.Element) -> None:
        if kind == "update_button":
            self._wecom.replace(message, {"button": {"replace_name": field(reply, "Button/ReplaceName")}})
            return
        card = card_from_xml(reply.find("TemplateCard"))
        check_card({"task_id": "kept"} | card)
        self._wecom.replace(message, {"template_card": card})

    # small things

    def _message(self, userid: str, kind: str) -> dict[str, str]:
        created = str(int(self._ledger.clock.now().timestamp()))
        return {
            "ToUserName": self._corp,
            "FromUserName": userid,
            "CreateTime": created,
            "MsgType": kind,
            "AgentID": str(self._wecom.settings.agent_id),
        }

    def _stamp(self) -> tuple[str, str]:
        return str(int(self._ledger.clock.now().timestamp())), secrets.token_hex(8)

    def _name(self, userid: str) -> str:
        return self._wecom.directory.wecom.get(userid.lower(), userid)

    @property
    def _corp(self) -> str:
        return self._wecom.settings.corp_id

    @property
    def _token(self) -> str:
        return self._wecom.settings.token.get_secret_value()

    @property
    def _aes_key(self) -> str:
        return self._wecom.settings.aes_key.get_secret_value()


def _cdata(value: str) -> str:
    return f"<![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]>"


def _selected_xml(chosen: dict[str, list[str]]) -> str:
    items = "".join(
        f"<SelectedItem><QuestionKey>{escape(key)}</QuestionKey><OptionIds>{_options_xml(options)}</OptionIds></SelectedItem>"
        for key, options in chosen.items()
    )
    return f"<SelectedItems>{items}</SelectedItems>" if items else ""


def _options_xml(options: list[str]) -> str:
    return "".join(f"<OptionId>{escape(option)}</OptionId>" for option in options)
