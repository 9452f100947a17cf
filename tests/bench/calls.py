"""Callbacks as WeCom sends them, signed, encrypted and ready to be written to a connection."""

import secrets
from dataclasses import dataclass
from itertools import count

from sandbox.signing import wecom_encrypt, wecom_signature
from store.clock import Clock
from store.settings import Settings

_numbers = count(8_000_000_000_000_000)


@dataclass(frozen=True)
class WeComCalls:
    """Makes whole HTTP requests for one serve process (or for what stands in its place)."""

    settings: Settings
    clock: Clock

    def say(self, userid: str, text: str) -> bytes:
        """A member writes `text` to the app."""
        return self._request(userid, "text", f"<Content><![CDATA[{text}]]></Content><MsgId>{next(_numbers)}</MsgId>")

    def press(self, userid: str, button: str) -> bytes:
        """A member presses a button with this key; the response code tells two presses apart."""
        card = f"<TaskId>bench</TaskId><CardType>button_interaction</CardType><ResponseCode>{next(_numbers)}</ResponseCode>"
        return self._request(userid, "event", f"<Event>template_card_event</Event><EventKey><![CDATA[{button}]]></EventKey>{card}")

    def _request(self, userid: str, kind: str, inner: str) -> bytes:
        wecom, moment = self.settings.wecom, str(int(self.clock.now().timestamp()))
        head = f"<ToUserName>{wecom.corp_id}</ToUserName><FromUserName>{userid}</FromUserName><CreateTime>{moment}</CreateTime>"
        message = f"<xml>{head}<MsgType>{kind}</MsgType>{inner}<AgentID>{wecom.agent_id}</AgentID></xml>"
        encrypted = wecom_encrypt(wecom.aes_key.get_secret_value(), wecom.corp_id, message)
        nonce = secrets.token_hex(8)
        signature = wecom_signature(wecom.token.get_secret_value(), moment, nonce, encrypted)
        body = f"<xml><ToUserName><![CDATA[{wecom.corp_id}]]></ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>".encode()
        path = f"/wecom/callback?msg_signature={signature}&timestamp={moment}&nonce={nonce}"
        return f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
