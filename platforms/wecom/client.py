"""Calls of the WeCom app: wechatpy's client, completed by what it lacks (update of cards, base URL, bounds)."""

from typing import Any

from redis import Redis
from wechatpy.work import WeChatClient

from platforms.errors import Action, PlatformError
from platforms.tencent import TencentCalls
from platforms.wecom.errors import consequence

RESEND_WINDOW = 1800
"""Seconds in which WeCom drops a repetition of the same request (duplicate check)."""


class WeComClient(TencentCalls, WeChatClient):  # type: ignore[misc]
    """The self-built app; `base_url` ends in /cgi-bin/. Methods raise PlatformError."""

    consequence = staticmethod(consequence)

    def __init__(self, redis: Redis, corp_id: str, secret: str, agent_id: int, base_url: str) -> None:
        super().__init__(corp_id, secret, auto_retry=False)
        self.agent_id = agent_id
        self.prepare(redis, f"wecom:{corp_id}:{agent_id}", base_url)

    def fetch_access_token(self) -> dict[str, Any]:
        return self._fetch_access_token(f"{self.API_BASE_URL}gettoken", {"corpid": self.corp_id, "corpsecret": self.secret})

    def send_text(self, user: str, text: str) -> dict[str, Any]:
        """A text of at most 2048 bytes to one member; answers msgid. Two equal texts are two messages: no duplicate check."""
        return self._send(user, {"msgtype": "text", "text": {"content": text}})

    def send_card(self, user: str, card: dict[str, Any]) -> dict[str, Any]:
        """A template card to one member; answers msgid and, for a card with buttons, response_code (72 hours, one use)."""
        check = {"enable_duplicate_check": 1, "duplicate_check_interval": RESEND_WINDOW} if "task_id" in card else {}
        return self._send(user, {"msgtype": "template_card", "template_card": card, **check})

    def update_card(self, user: str, code: str, card: dict[str, Any]) -> None:
        """Puts another card in the place of the one whose response code this is; a used or old code raises Action.GONE."""
        self._update(user, code, {"template_card": card})

    def close_card(self, user: str, code: str, words: str) -> None:
        """Greys the buttons of a card and writes `words` on the pressed one's place."""
        self._update(user, code, {"button": {"replace_name": words}})

    def _send(self, user: str, message: dict[str, Any]) -> dict[str, Any]:
        return _reached(self.call("message/send", {"touser": user, "agentid": self.agent_id, **message}))

    def _update(self, user: str, code: str, change: dict[str, Any]) -> None:
        _reached(self.call("message/update_template_card", {"userids": [user], "agentid": self.agent_id, "response_code": code, **change}))


def _reached(answer: dict[str, Any]) -> dict[str, Any]:
    """WeCom says 0 even when the only receiver was no valid one."""
    if answer.get("invaliduser") or answer.get("unlicenseduser"):
        raise PlatformError(Action.DROP, "invaliduser")
    return answer
