"""Calls of the WeChat service account 服务号: wechatpy's client with the bounds and the duplicate key it lacks."""

from typing import Any

from redis import Redis
from wechatpy import WeChatClient

from platforms.tencent import TencentCalls
from platforms.wechat.errors import consequence


class WeChatAccount(TencentCalls, WeChatClient):  # type: ignore[misc]
    """The account that reaches customers who follow it; `base_url` ends in /cgi-bin/. Methods raise PlatformError."""

    consequence = staticmethod(consequence)

    def __init__(self, redis: Redis, app_id: str, secret: str, base_url: str) -> None:
        super().__init__(app_id, secret, auto_retry=False)
        self.prepare(redis, f"wechat:{app_id}", base_url)

    def fetch_access_token(self) -> dict[str, Any]:
        parameters = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
        return self._fetch_access_token(f"{self.API_BASE_URL}token", parameters)

    def send_template(self, openid: str, template: str, data: dict[str, dict[str, str]], url: str, key: str) -> str:
        """A template message to a follower, once for each `key` within 10 minutes; answers the msgid."""
        body = {"touser": openid, "template_id": template, "data": data, "client_msg_id": key} | ({"url": url} if url else {})
        return str(self.call("message/template/send", body).get("msgid", ""))
