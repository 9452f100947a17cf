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

    def send(self, user: str, message: dict[str, Any]) -> dict[str, Any]:
        """A message (its msgtype and content) to one member; answers msgid and, for a card with buttons, response_code.

        A template card is told apart by its task_id, so WeCom may drop its repetition; two equal texts are two messages.
        """
        check = {"enable_duplicate_check": 1, "duplicate_check_interval": RESEND_WINDOW} if "template_card" in message else {}
        return _reached(self.call("message/send", {"touser": user, "agentid": self.agent_id, **message, **check}))

    def update_card(self, user: str, code: str, card: dict[str, Any]) -> None:
        """Puts another card in the place of the one whose response code this is; a used or old code raises Action.GONE."""
        body = {"userids": [user], "agentid": self.agent_id, "response_code": code, "template_card": card}
        _reached(self.call("message/update_template_card", body))


def _reached(answer: dict[str, Any]) -> dict[str, Any]:
    """WeCom says 0 even when the only receiver was no valid one."""
    if answer.get("invaliduser") or answer.get("unlicenseduser"):
        raise PlatformError(Action.DROP, "invaliduser")
    return answer
